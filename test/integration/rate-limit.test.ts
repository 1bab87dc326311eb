import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createWebitelConnector } from '../../src/connectors/webitel/index.ts';
import { createSandboxClock } from '../../src/sandbox/kit/clock.ts';
import { createRandom } from '../../src/sandbox/kit/random.ts';
import type { Sandbox } from '../../src/sandbox/types.ts';
import { createWebitelSandbox } from '../../src/sandbox/webitel/index.ts';
import { createMemoryLogger } from '../http/support.ts';

const TOKEN = 'canary-of-the-token';
const REQUESTS = 240;
const PER_SECOND = 20;

let webitel: Sandbox;
let url: string;
beforeAll(async () => {
  webitel = createWebitelSandbox({
    clock: createSandboxClock(),
    random: createRandom(1).next,
    data: {
      users: [{ id: '10', name: 'Admin', username: 'admin' }],
      domain: [{ dc: '7', domain: 'acme.test' }],
    },
    latencyMs: 20,
    tokens: [{ token: TOKEN, userId: '10' }],
  });
  ({ url } = await webitel.listen());
});
afterAll(() => webitel.close());

test('a host that says its limit by 429 alone is used well over real HTTP, and no request is lost', async () => {
  webitel.setSwitches({ rateLimit: { perSecond: PER_SECOND } });
  const logger = createMemoryLogger();
  const connector = createWebitelConnector(
    { url, auth: { kind: 'token', token: TOKEN } },
    {
      logger,
      clock: {
        now: Date.now,
        sleep: (ms, signal) => wait(ms, undefined, signal === undefined ? {} : { signal }),
      },
      random: Math.random,
      randomBytes: (count) => new Uint8Array(count),
    },
  );
  await connector.whoAmI();
  let left = REQUESTS;
  let answered = 0;
  const startedAt = Date.now();
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const found = await connector.readUsersById(['10']);
      answered += found.length;
    }
  };
  await Promise.all(Array.from({ length: 8 }, caller));
  const seconds = (Date.now() - startedAt) / 1000;
  expect(answered).toBe(REQUESTS);
  // A busy machine sends fewer, so the rate is looked at loosely here; test/http/pace.test.ts does it exactly.
  expect(answered / seconds).toBeGreaterThan(PER_SECOND * 0.5);
  const refused = logger.lines.filter(({ message }) => message === 'A request is repeated.').length;
  expect(refused).toBeGreaterThan(0);
  expect(refused / (answered + refused)).toBeLessThan(0.06);
}, 60_000);
