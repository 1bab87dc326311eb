import { appendFile, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { z } from 'zod';
import { Report } from '../../src/domain/run.ts';
import { startService, type Service } from './service-bench.ts';
import { type Bench, cell, openBench, type Row, type Sandboxes, until } from './support.ts';

jest.setTimeout(400_000);

const TOKEN = 'canary-webhook-token-9';
/** What the CRM's administrator may expect (issue: within 5 s of its webhook). */
const SOON_MS = 5000;
/** What a machine that is busy with other tests needs; the figure itself is printed. */
const PATIENCE_MS = 60_000;

const State = z.object({ runId: z.string(), kind: z.string(), status: z.string(), phase: z.string() });

let bench: Bench;
let sandboxes: Sandboxes;
let service: Service;

async function start(users: number, switches: Record<string, unknown>): Promise<void> {
  bench = await openBench();
  sandboxes = await bench.sandbox([
    '--users',
    String(users),
    '--contacts',
    String(users * 4),
    '--crm-users',
    String(Math.round(users * 0.8)),
    '--seed',
    '7',
  ]);
  const config = join(sandboxes.folder, 'service.yaml');
  await copyFile(sandboxes.config, config);
  await appendFile(config, `server: { port: 0, webhooks: { tokens: ["${TOKEN}"] } }\n`);
  service = await startService(bench, config);
  await sandboxes.control.post('/switches', {
    system: 'creatio',
    values: {
      webhookUrl: `${service.url}/v1/webhooks/creatio`,
      webhookToken: TOKEN,
      webhookTokenHeader: 'X-Rollcall-Token',
      ...switches,
    },
  });
}

const runs = async (): Promise<z.infer<typeof State>[]> =>
  z.array(State).parse((await service.ask('/v1/runs?limit=200')).json());

const reportOf = async (runId: string): Promise<Report> =>
  Report.parse((await service.ask(`/v1/runs/${runId}`)).json());

/** What a process of the CRM starts, to its end. */
async function execute(name: string): Promise<Report> {
  const answer = await service.ask(`/v1/processes/${name}/execute`, { method: 'POST', body: {} });
  expect(answer.status).toBe(202);
  const { runId } = z.object({ runId: z.string() }).parse(answer.json());
  await until(
    `${name} has ended`,
    async () => (await runs()).some((run) => run.runId === runId && run.phase === 'done'),
    240_000,
  );
  return reportOf(runId);
}

/** Every hint has been given to a run, and every run has ended. */
async function quiet(): Promise<z.infer<typeof State>[]> {
  await sandboxes.control.deliveries();
  return until(
    'all hints are dealt with',
    async () => {
      const figures = await service.ask('/metrics');
      const waiting = /^rollcall_hints_waiting(?:\{[^}]*\})? (\d+)$/m.exec(figures.text)?.[1];
      const all = await runs();
      return waiting === '0' && all.every(({ phase }) => phase === 'done') && all;
    },
    240_000,
  );
}

const table = async (system: 'creatio' | 'webitel', name: string): Promise<Row[]> =>
  (await sandboxes.control.state())[system][name] ?? [];

describe('after a first import of 500', () => {
  beforeAll(() => start(500, { webhookDuplicates: 0.2, webhookReordering: 0.2 }));
  afterAll(() => bench.close());

  test('the hints that it causes lead to no write, and cost at most 20 requests', async () => {
    const imported = await execute('GetWebitelUsers');
    expect(imported.status).toBe('succeeded');
    const before = await table('webitel', 'users');
    const ended = await quiet();
    const deliveries = await sandboxes.control.deliveries();
    expect(deliveries.length).toBeGreaterThan(1500);
    expect(deliveries.every(({ outcome }) => outcome === 'delivered')).toBe(true);
    const pushes = ended.filter(({ kind }) => kind === 'push');
    expect(pushes.length).toBeGreaterThan(0);
    const reports = await Promise.all(pushes.map(({ runId }) => reportOf(runId)));
    for (const { status, operations } of reports) expect([status, operations]).toEqual(['nothing-to-do', {}]);
    expect(await table('webitel', 'users')).toEqual(before);
    const costs = reports.map(({ requests: { used, floor, bySystem } }) => ({ used, floor, bySystem }));
    const all = costs.reduce((sum, { used }) => sum + used, 0);
    if (all > 20)
      throw new Error(`${deliveries.length} hints cost ${all} requests: ${JSON.stringify(costs)}`);
  });
});

describe('an edit in the CRM, told by its own processes with duplicates and in any order', () => {
  beforeAll(async () => {
    await start(40, { webhookDuplicates: 0.5, webhookReordering: 0.5 });
    expect((await execute('GetWebitelUsers')).status).toBe('succeeded');
    await quiet();
  });
  afterAll(() => bench.close());

  const users = (): Promise<Row[]> => table('webitel', 'users');
  const edit = (op: string, name: string, rest: Record<string, unknown>): Promise<void> =>
    sandboxes.control.post('/rows', { system: 'creatio', table: name, op, ...rest });
  /** A linked person with a licence. */
  const someone = async (): Promise<{ record: Row; userId: string }> => {
    const details = await table('creatio', 'UsrWebitelUserLicense');
    const record = (await table('creatio', 'UsrWebitelUser')).find(
      (row) =>
        cell(row, 'UsrExternalId') !== '' &&
        details.some((detail) => cell(detail, 'UsrWebitelUserId') === cell(row, 'Id')),
    );
    if (record === undefined) throw new Error('Nobody is linked.');
    return { record, userId: cell(record, 'UsrExternalId') };
  };
  const took: Record<string, number> = {};
  const seen = async (what: string, look: (users: readonly Row[]) => boolean): Promise<void> => {
    const from = performance.now();
    await until(what, async () => look(await users()), PATIENCE_MS);
    took[what] = Math.round(performance.now() - from);
  };

  test('is in the directory soon, and the next sync has nothing to do', async () => {
    const { record, userId } = await someone();
    const id = cell(record, 'Id');
    const user = (all: readonly Row[]): Row | undefined => all.find((row) => row['id'] === userId);

    await edit('update', 'UsrWebitelUser', { id, row: { UsrName: 'Зовсім Інша', UsrExtension: '98765' } });
    await seen('name and extension', (all) => {
      const now = user(all);
      return cell(now, 'name') === 'Зовсім Інша' && cell(now, 'extension') === '98765';
    });
    const [licence] = (await table('creatio', 'UsrWebitelUserLicense')).filter(
      (row) => cell(row, 'UsrWebitelUserId') === id,
    );
    const held = (all: readonly Row[]): number =>
      z.array(z.unknown()).parse(user(all)?.['license'] ?? []).length;
    const count = held(await users());
    await edit('delete', 'UsrWebitelUserLicense', { id: cell(licence, 'Id') });
    await seen('a licence taken away', (all) => held(all) === count - 1);
    await edit('insert', 'UsrWebitelUserLicense', {
      row: { UsrWebitelUserId: id, UsrLicenseId: cell(licence, 'UsrLicenseId') },
    });
    await seen('a licence given', (all) => held(all) === count);
    await edit('update', 'UsrWebitelUser', { id, row: { UsrActive: false } });
    await seen('switched off', (all) => held(all) === 0);
    await edit('update', 'UsrWebitelUser', { id, row: { UsrActive: true } });
    await seen('switched on', (all) => held(all) === count);

    const free = await freeCrmUser();
    await edit('insert', 'UsrWebitelUser', {
      row: { UsrUserId: free, UsrExtension: '98766', UsrActive: true },
    });
    await seen('a user added', (all) => all.some((row) => cell(row, 'extension') === '98766'));
    const added = await until('id and device have come back', async () =>
      (await table('creatio', 'UsrWebitelUser')).find(
        (row) => cell(row, 'UsrUserId') === free && cell(row, 'UsrExternalId') !== '',
      ),
    );
    expect(cell(added, 'UsrDefaultDevice')).not.toBe('');
    await edit('delete', 'UsrWebitelUser', { id: cell(added, 'Id') });
    await seen('a user removed', (all) => {
      const gone = all.find((row) => row['id'] === cell(added, 'UsrExternalId'));
      return cell(gone, 'deleted_at') !== '' && cell(gone, 'deleted_at') !== '0';
    });
    await quiet();

    expect(await execute('SyncWebitelUsers')).toMatchObject({ kind: 'sync', operations: {} });
    const slow = Object.entries(took).filter(([, ms]) => ms > SOON_MS);
    expect({ took, slow }).toMatchObject({ slow: [] });
  });

  /** A CRM user whom no telephony record names, with a login that the directory does not know. */
  async function freeCrmUser(): Promise<string> {
    const taken = new Set((await table('creatio', 'UsrWebitelUser')).map((row) => cell(row, 'UsrUserId')));
    const logins = new Set((await users()).map((row) => cell(row, 'username').toLowerCase()));
    const free = (await table('creatio', 'SysAdminUnit')).find(
      (row) =>
        row['SysAdminUnitTypeValue'] === 4 &&
        !taken.has(cell(row, 'Id')) &&
        !logins.has(cell(row, 'Name').toLowerCase()) &&
        /^[A-Za-z0-9._-]+$/.test(cell(row, 'Name')) &&
        cell(row, 'ContactId') !== '',
    );
    if (free === undefined) throw new Error('Every CRM user has a record.');
    return cell(free, 'Id');
  }
});
