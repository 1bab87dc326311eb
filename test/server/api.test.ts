import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { Scope } from '../../src/app/ports/tokens.ts';
import type { OpenRollcall } from '../../src/bin/compose.ts';
import type { Listening } from '../../src/bin/listen.ts';
import { Report } from '../../src/domain/run.ts';
import { contact, guid, people, startWorld, user, type World } from '../support/world.ts';
import { until } from '../e2e/support.ts';
import { ask, type Answer, type Asking } from './support.ts';

let world: World;
let opened: OpenRollcall;
let server: Listening;
let work: Promise<void>;
const stop = new AbortController();
const tokens = new Map<Scope, string>();
beforeAll(async () => {
  world = await startWorld({
    data: people({
      webitel: {
        users: [user('2', 'Olena Shevchenko'), user('3', 'Ivan Franko'), user('4', 'Lesia Ukrainka')],
      },
      creatio: {
        Contact: [
          contact(guid(1), 'Olena Shevchenko'),
          contact(guid(2), 'Lesia Ukrainka'),
          contact(guid(3), 'Lesia Ukrainka'),
        ],
      },
    }),
    config: 'policy: { exclude: { logins: [rollcall] } }\nserver: { requestsPerMinute: 90 }',
  });
  opened = await world.open();
  server = await opened.listen({ web: true, port: 0 });
  work = opened.rollcall.work(stop.signal);
  for (const scope of ['trigger', 'read', 'operate'] as const) {
    const { secret } = await opened.rollcall.tokens.create({ name: scope, scopes: [scope], expiresAt: null });
    tokens.set(scope, secret);
  }
});
afterAll(async () => {
  stop.abort();
  await work;
  await server.close();
  await world.close();
});

const call = (path: string, scope: Scope | null, asking: Asking = {}): Promise<Answer> => {
  const token = scope === null ? undefined : tokens.get(scope);
  return ask(`${server.url}${path}`, { ...asking, ...(token === undefined ? {} : { token }) });
};
const Started = z.object({
  runId: z.string(),
  statusUrl: z.string(),
  alreadyRunning: z.boolean().optional(),
});
const ended = (path: string): Promise<Report> =>
  until('the run has a report', async () => {
    const report = Report.safeParse((await call(path, 'read')).json());
    return report.success && report.data;
  });
const OpenApi = z.object({
  openapi: z.string(),
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({ security: z.array(z.unknown()) }))),
});

describe('The interface', () => {
  test('starts the process of the CRM at once, answers a second call with the same run, and reports', async () => {
    const first = await call('/v1/processes/GetWebitelUsers/execute', 'trigger', { method: 'POST' });
    expect(first.status).toBe(202);
    const { runId, statusUrl, alreadyRunning } = Started.parse(first.json());
    expect(alreadyRunning).toBeUndefined();
    expect(statusUrl).toBe(`/v1/runs/${runId}`);
    const second = await call('/v1/processes/SyncWebitelUsers/execute', 'trigger', {
      method: 'POST',
      body: '',
      headers: { 'content-type': 'application/json' },
    });
    expect([second.status, second.json()]).toEqual([202, { runId, statusUrl, alreadyRunning: true }]);
    const report = await ended(statusUrl);
    expect(report).toMatchObject({ runId, kind: 'import', trigger: 'process', status: 'succeeded' });
    expect((await call('/v1/runs?limit=1', 'read')).json()).toMatchObject([{ runId, phase: 'done' }]);
  });

  test('streams how a run goes on, to its end', async () => {
    const { runId } = Started.parse(
      (await call('/v1/processes/GetWebitelUsers/execute', 'trigger', { method: 'POST' })).json(),
    );
    const { status, headers, text } = await call(`/v1/runs/${runId}/events`, 'read');
    expect(status).toBe(200);
    expect(headers['content-type']).toContain('text/event-stream');
    const events = text.split('\n\n').filter((event) => event !== '');
    expect(events.every((event) => /^(event: \w+\ndata: \{.*\}|: still here)$/u.test(event))).toBe(true);
    expect(events.at(-1)).toMatch(/^event: end\ndata: .*"phase":"done"/u);
    expect(text).toContain(`"runId":"${runId}"`);
  });

  test('lists cases, and lets them be decided and decisions be taken back', async () => {
    const Cases = z.array(z.object({ id: z.string(), login: z.string(), status: z.string() }));
    const [open] = Cases.parse((await call('/v1/cases?status=open', 'read')).json());
    expect(open).toMatchObject({ login: 'user4' });
    const path = `/v1/cases/${open?.id ?? ''}`;
    const decided = await call(`${path}/decide`, 'operate', {
      method: 'POST',
      body: { kind: 'same', contactId: guid(2) },
    });
    expect([decided.status, decided.json()]).toEqual([200, expect.objectContaining({ status: 'decided' })]);
    const listed = async (query: string): Promise<number> =>
      Cases.parse((await call(`/v1/cases${query}`, 'read')).json()).length;
    expect([await listed(''), await listed('?status=all'), await listed('?status=decided')]).toEqual([
      0, 1, 1,
    ]);
    const revoked = await call(`${path}/revoke`, 'operate', { method: 'POST' });
    expect([revoked.status, revoked.json()]).toEqual([200, expect.objectContaining({ status: 'open' })]);
    expect(
      (await call(`${path}/decide`, 'operate', { method: 'POST', body: { kind: 'maybe' } })).status,
    ).toBe(400);
    expect((await call('/v1/cases/none/revoke', 'operate', { method: 'POST' })).status).toBe(404);
  });

  test.each<[string, Scope, unknown, RegExp]>([
    [
      '/v1/processes/GetWebitelUsers/execute',
      'trigger',
      { requestId: 'x' },
      /: requestId must be a GUID such as [0-9a-f-]{36}\./,
    ],
    ['/v1/runs', 'operate', undefined, /: the body is missing: it must be an object\./],
    ['/v1/runs', 'operate', {}, /: kind is missing: it must be "import", "push" or "sync"\./],
    [
      '/v1/runs',
      'operate',
      { kind: 'undo', dance: 1 },
      /kind must be "import".*has a key that nobody knows here: dance\./,
    ],
    ['/v1/runs', 'operate', { kind: 'push', records: ['1'] }, /: records\.0 must be a GUID/],
    [
      '/v1/cases/x/decide',
      'operate',
      { kind: 'maybe' },
      /: kind must be "same", "different", "create" or "purge"\./,
    ],
    ['/v1/cases/x/decide', 'operate', { kind: 'same' }, /: contactId is missing: it must be a/],
  ])('says in plain words what is wrong: %s (%s) with %j', async (path, scope, body, words) => {
    const answer = await call(path, scope, { method: 'POST', ...(body === undefined ? {} : { body }) });
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'VALIDATION', message: expect.stringMatching(words) });
    expect(answer.text).not.toMatch(/Invalid|Too (small|big)|expected (string|number|object)/u);
  });

  test('says in plain words what is wrong with a query', async () => {
    const answers = await Promise.all(
      ['/v1/runs?limit=0', '/v1/runs?limit=900', '/v1/runs?limit=x', '/v1/cases?status=odd'].map((path) =>
        call(path, 'read'),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    const Said = z.object({ message: z.string() });
    expect(answers.map(({ json }) => Said.parse(json()).message)).toEqual([
      'The query is not as it should be: limit must be at least 1.',
      'The query is not as it should be: limit must be at most 200.',
      'The query is not as it should be: limit must be a number.',
      'The query is not as it should be: status must be "open", "decided", "closed" or "all".',
    ]);
  });

  test('approves what waits for it, and nothing else', async () => {
    const [latest] = await opened.rollcall.runs(1);
    const answer = await call(`/v1/runs/${latest?.id ?? ''}/approve`, 'operate', { method: 'POST' });
    expect([answer.status, answer.json()]).toEqual([409, expect.objectContaining({ code: 'CONFLICT' })]);
  });

  test('knows no run, process or path that is not there', async () => {
    for (const path of ['/v1/runs/none', '/v1/runs/none/events', '/v1/nothing'])
      expect((await call(path, 'read')).status).toBe(404);
    const process = await call('/v1/processes/constructor/execute', 'trigger', { method: 'POST' });
    expect([process.status, process.json()]).toEqual([404, expect.objectContaining({ code: 'NOT_FOUND' })]);
  });
});

describe('A token', () => {
  const anything: [string, 'GET' | 'POST', Scope][] = [
    ['/v1/runs', 'GET', 'read'],
    ['/v1/cases', 'GET', 'read'],
    ['/metrics', 'GET', 'read'],
    ['/v1/runs', 'POST', 'operate'],
    ['/v1/runs/x/approve', 'POST', 'operate'],
    ['/v1/processes/GetWebitelUsers/execute', 'POST', 'trigger'],
  ];

  test.each(anything)('is needed for %s (%s), with the scope %s', async (path, method, scope) => {
    expect(await call(path, null, { method })).toMatchObject({ status: 401 });
    for (const other of (['trigger', 'read', 'operate'] as const).filter((one) => one !== scope)) {
      const answer = await call(path, other, { method });
      expect([answer.status, answer.json()]).toEqual([403, expect.objectContaining({ code: 'FORBIDDEN' })]);
    }
  });

  test('that is revoked, has run out or was made up opens nothing', async () => {
    const { tokens: own } = opened.rollcall;
    const { token, secret } = await own.create({ name: 'x', scopes: ['read'], expiresAt: null });
    const statusWith = async (given: string): Promise<number> =>
      (await ask(`${server.url}/v1/runs`, { token: given })).status;
    expect(await statusWith(secret)).toBe(200);
    expect(await statusWith(`${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`)).toBe(401);
    await own.revoke(token.id);
    expect(await statusWith(secret)).toBe(401);
    const soon = new Date(Date.now() + 400).toISOString();
    const brief = await own.create({ name: 'y', scopes: ['read'], expiresAt: soon });
    await until('it has run out', async () => (await statusWith(brief.secret)) === 401);
    await expect(own.revoke('0000000000000000')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('of whatever scope neither lists nor makes others, nor revokes them', async () => {
    for (const scope of ['trigger', 'read', 'operate'] as const)
      for (const [path, method] of [
        ['/v1/tokens', 'GET'],
        ['/v1/tokens', 'POST'],
        ['/v1/tokens/x/revoke', 'POST'],
      ] as const) {
        const body = { name: 'more', scopes: ['operate'] };
        const answer = await call(path, scope, { method, ...(method === 'POST' ? { body } : {}) });
        expect([answer.status, answer.json()]).toEqual([403, expect.objectContaining({ code: 'FORBIDDEN' })]);
      }
    expect((await opened.rollcall.tokens.list()).map(({ name }) => name)).not.toContain('more');
  });

  test('is kept as a hash alone', async () => {
    expect(JSON.stringify(await opened.rollcall.tokens.list())).not.toContain(tokens.get('read'));
  });
});

describe('The server', () => {
  test('shows in its document every route, and nothing that is not there', async () => {
    const { openapi, paths } = OpenApi.parse((await ask(`${server.url}/openapi.json`)).json());
    expect(openapi).toBe('3.1.0');
    const shown = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(shown.toSorted()).toEqual([
      'GET /healthz',
      'GET /metrics',
      'GET /openapi.json',
      'GET /readyz',
      'GET /v1/cases',
      'GET /v1/cases/{id}',
      'GET /v1/runs',
      'GET /v1/runs/{id}',
      'GET /v1/runs/{id}/events',
      'GET /v1/runs/{id}/plan',
      'GET /v1/tokens',
      'POST /v1/cases/{id}/decide',
      'POST /v1/cases/{id}/revoke',
      'POST /v1/processes/{name}/execute',
      'POST /v1/runs',
      'POST /v1/runs/{id}/approve',
      'POST /v1/tokens',
      'POST /v1/tokens/{id}/revoke',
      'POST /v1/webhooks/creatio',
    ]);
    for (const line of shown) {
      const [method = 'GET', path = ''] = line.split(' ');
      const { status, json } = await ask(`${server.url}${path.replaceAll(/\{\w+\}/gu, 'x')}`, {
        method: method === 'POST' ? 'POST' : 'GET',
      });
      // What needs no token answers, everything else wants one: neither would be so for a path that is not there.
      const isOpen = paths[path]?.[method.toLowerCase()]?.security.length === 0;
      expect([line, status, isOpen || json()]).toEqual([
        line,
        isOpen ? 200 : 401,
        isOpen || expect.objectContaining({ code: 'AUTHENTICATION' }),
      ]);
    }
  });

  test('tells how it is without a token, and its figures with one', async () => {
    expect((await ask(`${server.url}/healthz`)).json()).toEqual({ status: 'ok' });
    expect((await ask(`${server.url}/readyz`)).json()).toEqual({ status: 'ready' });
    const { status, text } = await call('/metrics', 'read');
    expect(status).toBe(200);
    expect(text).toMatch(/^rollcall_last_run_status\{kind="import",status="nothing-to-do"\} 1$/mu);
    expect(text).toMatch(/^rollcall_cases_open 1$/mu);
  });

  test('leaves its address where only this account can read it', async () => {
    // Where others can open the store, commands need no service.
    if (!opened.storeIsOurs) return;
    const { mode } = await stat(join(world.directory, '.rollcall', 'server.json'));
    expect((mode & 0o777).toString(8)).toBe('600');
  });

  test('lets nobody ask more often than it says, and counts by token', async () => {
    const answers: number[] = [];
    for (let times = 0; times < 100; times += 1) answers.push((await call('/v1/cases', 'read')).status);
    expect(answers).toContain(429);
    expect((await call('/v1/runs/x/approve', 'operate', { method: 'POST' })).status).not.toBe(429);
  });
});
