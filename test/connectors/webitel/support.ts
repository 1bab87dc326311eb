import { afterEach } from '@jest/globals';
import type { DirectoryConnector } from '../../../src/app/ports/directory.ts';
import { createWebitelConnector, type WebitelAuth } from '../../../src/connectors/webitel/index.ts';
import { createRandom } from '../../../src/sandbox/kit/random.ts';
import type { Row, Sandbox, SandboxClock, Tables } from '../../../src/sandbox/types.ts';
import { createWebitelSandbox } from '../../../src/sandbox/webitel/index.ts';
import { createFakeClock, createMemoryLogger, type FakeClock } from '../../http/support.ts';

export const TOKEN = 'canary-of-the-token';
export const PASSWORD = 'canary of the password';
export const ADMIN_ID = '10';
export const NOW = 1_764_000_000_000;

const clock: SandboxClock = { now: () => NOW, set: () => undefined, advance: () => undefined };

/** An administrator with id 10 and `others` people from id 101 on, two roles, two licences. */
export function sampleTables(others: number): Tables {
  const people: Row[] = Array.from({ length: others }, (_, at) => ({
    id: String(101 + at),
    name: `Person ${at + 1}`,
    username: `user.${at + 1}`,
  }));
  return {
    users: [{ id: ADMIN_ID, name: 'Admin', username: 'admin' }, ...people],
    roles: [
      { id: '40', name: 'Operators' },
      { id: '41', name: 'Supervisors' },
    ],
    licenses: [
      { id: 'LIC-1', product: 'CALL_CENTER', name: 'Contact centre', limit: 2, not_after: NOW + 1000 },
      { id: 'LIC-2', product: 'CHAT', limit: 1, competitive: true },
    ],
    domain: [{ dc: '7', domain: 'acme.test' }],
  };
}

export interface Directory {
  sandbox: Sandbox;
  url: string;
  connector: DirectoryConnector;
  /** The connector's own clock, on which sleeping takes no time. */
  clock: FakeClock;
  /** Everything that was logged, as text. */
  readonly log: () => string;
  /** `METHOD route` → how often the sandbox was asked. */
  readonly asked: () => Record<string, number>;
}

const running: Sandbox[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((sandbox) => sandbox.close()));
});

/** A sandbox with a connector to it; it is closed after the test. */
export async function startDirectory(
  tables: Tables = sampleTables(3),
  options: { token?: string; path?: string; auth?: WebitelAuth } = {},
): Promise<Directory> {
  const sandbox = createWebitelSandbox({
    clock,
    random: createRandom(7).next,
    data: tables,
    tokens: [{ token: TOKEN, userId: ADMIN_ID }],
    passwords: [{ password: PASSWORD, userId: ADMIN_ID }],
  });
  running.push(sandbox);
  const { url } = await sandbox.listen();
  const logger = createMemoryLogger();
  const connectorClock = createFakeClock();
  const connector = createWebitelConnector(
    {
      url: `${url}${options.path ?? ''}`,
      auth: options.auth ?? { kind: 'token', token: options.token ?? TOKEN },
    },
    { logger, clock: connectorClock, random: () => 0.5, randomBytes: (count) => new Uint8Array(count) },
  );
  return {
    sandbox,
    url,
    connector,
    clock: connectorClock,
    log: () => JSON.stringify(logger.lines),
    asked: () =>
      Object.fromEntries(sandbox.requests().map(({ method, route, count }) => [`${method} ${route}`, count])),
  };
}
