import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { OpenRollcall } from '../../src/bin/compose.ts';
import type { Listening } from '../../src/bin/listen.ts';
import { createTestLogger, type LogLine } from '../store/support.ts';
import { guid, people, startWorld, type World } from '../support/world.ts';
import { ask, signed, type Answer, type Asking } from './support.ts';

const TOKEN = 'canary-webhook-token-1';
const OLD_TOKEN = 'canary-webhook-token-0';
const SECRET = 'whsec_Y2FuYXJ5LXNlY3JldC1udW1iZXItb25lLTI0Ynl0ZXM=';
const OLD_SECRET = 'whsec_Y2FuYXJ5LXNlY3JldC1udW1iZXItemVyby0yNGJ5dGU=';
const NOW = Date.now();

let world: World;
let opened: OpenRollcall;
let server: Listening;
const lines: LogLine[] = [];
beforeAll(async () => {
  world = await startWorld({
    data: people({}),
    logger: createTestLogger(lines),
    config: `server: { metrics: open, webhooks: { tokens: ["${TOKEN}", "${OLD_TOKEN}"], secrets: ["${SECRET}", "${OLD_SECRET}"] } }`,
  });
  opened = await world.open();
  server = await opened.listen({ web: true, port: 0 });
});
afterAll(async () => {
  await server.close();
  await world.close();
});

const send = (body: unknown, headers: Asking['headers'] = { 'X-Rollcall-Token': TOKEN }): Promise<Answer> =>
  ask(`${server.url}/v1/webhooks/creatio`, { method: 'POST', body, headers });
const hint = { entity: 'UsrWebitelUser', id: guid(1), event: 'modified' };
const waiting = async (): Promise<number> => (await opened.rollcall.backlog()).hints;
const counted = async (outcome: string): Promise<number> => {
  const { text } = await ask(`${server.url}/metrics`);
  return Number(new RegExp(`rollcall_webhooks_total\\{outcome="${outcome}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
};

describe('A webhook', () => {
  test('with a token in its header is kept before it is answered', async () => {
    const before = await waiting();
    const answer = await send({ ...hint, id: guid(100) });
    expect([answer.status, answer.json()]).toEqual([202, { kept: 1, ignored: 0 }]);
    expect(await waiting()).toBe(before + 1);
  });

  test('is understood as Creatio writes it, one row or many', async () => {
    const before = await waiting();
    const rows = [
      { Entity: 'UsrWebitelUser', RecordId: guid(201).toUpperCase(), Event: 'Updated' },
      { entity: 'UsrWebitelUserLicense', ID: guid(202), event: 'Deleted' },
      { entity: 'UsrWebitelUserRole', recordId: guid(203), EVENT: 'inserted' },
      { entity: 'Contact', id: guid(204), event: 'modified' },
    ];
    const answer = await send(JSON.stringify(rows), {
      'X-Rollcall-Token': OLD_TOKEN,
      'content-type': 'text/plain',
    });
    expect([answer.status, answer.json()]).toEqual([202, { kept: 3, ignored: 1 }]);
    expect(await waiting()).toBe(before + 3);
  });

  test('that comes again and again, in any order, is one hint', async () => {
    const before = await waiting();
    const events = ['added', 'modified', 'deleted', 'modified', 'added'];
    const answers = await Promise.all(events.map((event) => send({ ...hint, id: guid(300), event })));
    expect(answers.map(({ status }) => status)).toEqual(events.map(() => 202));
    expect(await waiting()).toBe(before + 1);
  });

  test.each([
    ['the secret', SECRET, 0, 202],
    ['an older secret', OLD_SECRET, 0, 202],
    ['a clock four minutes slow', SECRET, -240_000, 202],
    ['a clock six minutes slow', SECRET, -360_000, 401],
    ['a clock six minutes fast', SECRET, 360_000, 401],
    ['another secret', 'whsec_YW5vdGhlciBzZWNyZXQgb2YgdGhpcnR5LXR3byBieXRlcw==', 0, 401],
  ])('signed with %s', async (_, secret, skew, status) => {
    const body = JSON.stringify({ ...hint, id: guid(400) });
    expect((await send(body, signed(secret, body, Date.now() + skew))).status).toBe(status);
  });

  test('may bear several signatures, one of which is right', async () => {
    const body = JSON.stringify({ ...hint, id: guid(400) });
    const headers = signed(SECRET, body, NOW);
    const many = `v1a,AAAA v1,${'A'.repeat(43)}= ${headers['webhook-signature'] ?? ''}`;
    expect((await send(body, { ...headers, 'webhook-signature': many })).status).toBe(202);
  });

  test.each<[string, number, string, unknown, Asking['headers']]>([
    ['no proof', 401, 'unauthorised', hint, {}],
    ['a wrong token', 401, 'unauthorised', hint, { 'X-Rollcall-Token': `${TOKEN}x` }],
    ['an empty token', 401, 'unauthorised', hint, { 'X-Rollcall-Token': '' }],
    ['a token of the interface', 401, 'unauthorised', hint, { authorization: `Bearer ${TOKEN}` }],
    ['a signature of another body', 401, 'unauthorised', hint, signed(SECRET, '{}', NOW)],
    [
      'a signature of another id',
      401,
      'unauthorised',
      hint,
      { ...signed(SECRET, JSON.stringify(hint), NOW), 'webhook-id': 'msg_2' },
    ],
    [
      'a timestamp that is none',
      401,
      'unauthorised',
      hint,
      { ...signed(SECRET, JSON.stringify(hint), NOW), 'webhook-timestamp': 'now' },
    ],
    ['broken JSON', 400, 'invalid', '{"entity":', undefined],
    ['nothing', 400, 'invalid', '', undefined],
    ['an unknown entity', 400, 'invalid', { ...hint, entity: 'Order' }, undefined],
    ['one unknown entity among many', 400, 'invalid', [hint, { ...hint, entity: 'Order' }], undefined],
    ['no GUID', 400, 'invalid', { ...hint, id: "1' or 1 eq 1" }, undefined],
    ['the empty GUID', 400, 'invalid', { ...hint, id: '00000000-0000-0000-0000-000000000000' }, undefined],
    ['no id', 400, 'invalid', { entity: hint.entity, event: 'added' }, undefined],
    ['an event that is none', 400, 'invalid', { ...hint, event: 'exploded' }, undefined],
    ['too many rows', 400, 'invalid', Array.from({ length: 101 }, () => hint), undefined],
    ['no rows', 400, 'invalid', [], undefined],
    ['two megabytes', 413, 'too-large', Buffer.alloc(2_000_000, '{'), undefined],
  ])(
    'with %s is refused with %i, and leaves nothing but a counter and a line in the log',
    async (_, status, outcome, body, headers) => {
      const [before, hints, written] = [await counted(outcome), await waiting(), lines.length];
      const answer = await send(body, headers);
      expect(answer.status).toBe(status);
      expect(answer.json()).toEqual({
        code: status === 401 ? 'AUTHENTICATION' : 'VALIDATION',
        message: expect.any(String),
        cure: expect.any(String),
      });
      expect(await counted(outcome)).toBe(before + 1);
      expect(await waiting()).toBe(hints);
      expect(lines.slice(written)).toHaveLength(1);
      expect(JSON.stringify(lines)).not.toMatch(/canary|msg_|1 eq 1/);
    },
  );
});
