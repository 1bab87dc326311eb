import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { OpenRollcall } from '../../src/bin/compose.ts';
import type { Listening } from '../../src/bin/listen.ts';
import { Report } from '../../src/domain/run.ts';
import { until } from '../e2e/support.ts';
import { startPushing, type Pushing } from '../support/pushing.ts';
import { isDeleted } from '../support/two-sides.ts';
import { contact, guid, textOf, user } from '../support/world.ts';
import { ask, type Answer } from './support.ts';

const PEOPLE = 40;
const SYLLABLES = ['ба', 'ве', 'ги', 'до', 'жу', 'за', 'ко', 'лу', 'ми', 'но'];
const WEBHOOK = 'canary-webhook-token-1';

/** A record that stood before the first run without a directory id: hints alone make no user for it. */
const STRANGER = guid(9);

let world: Pushing;
let opened: OpenRollcall;
let server: Listening;
let work: Promise<void>;
let stop: AbortController;
let token: string;
beforeEach(async () => {
  world = await startPushing({
    users: Array.from({ length: PEOPLE }, (_, index) => {
      const [tens, ones] = [SYLLABLES[Math.floor(index / 10)] ?? '', SYLLABLES[index % 10] ?? ''];
      return user(idOf(index), `${tens}${ones}${tens}рин ${ones}${tens}${ones}слав`, {
        extension: String(3000 + index),
      });
    }),
    standing: {
      Contact: [contact(guid(7), 'Ярослава Цвіркун')],
      SysAdminUnit: [
        {
          Id: guid(8),
          Name: 'stranger',
          ContactId: guid(7),
          SysAdminUnitTypeValue: 4,
          SysCultureId: 'a5420246-0a8e-e111-84a3-00155d054c03',
        },
      ],
      UsrWebitelUser: [{ Id: STRANGER, UsrUserId: guid(8), UsrActive: true, UsrExtension: '3999' }],
    },
    config: [
      'policy: { exclude: { logins: [rollcall] }, guards: { budgets: { contactsCreated: { count: 99 }, crmUsersCreated: { count: 99 } } } }',
      `server: { webhooks: { tokens: ["${WEBHOOK}"] } }`,
    ].join('\n'),
  });
  opened = await world.open();
  server = await opened.listen({ web: true, port: 0 });
  stop = new AbortController();
  work = opened.rollcall.work(stop.signal);
  ({ secret: token } = await opened.rollcall.tokens.create({
    name: 'console',
    scopes: ['read', 'operate'],
    expiresAt: null,
  }));
});
afterEach(async () => {
  stop.abort();
  await work;
  await server.close();
  await world.close();
});

const idOf = (index: number): string => String(201 + index);
const post = (path: string, body?: unknown): Promise<Answer> =>
  ask(`${server.url}${path}`, { method: 'POST', token, ...(body === undefined ? {} : { body }) });
const approve = (runId: string): Promise<Answer> => post(`/v1/runs/${runId}/approve`);
const Started = z.object({ runId: z.string() });
const State = z.object({
  runId: z.string(),
  kind: z.string(),
  trigger: z.string(),
  status: z.string(),
  phase: z.string(),
  problem: z.string().nullable(),
});
const Refused = z.object({ code: z.string(), message: z.string(), cure: z.string() });
const runs = async (): Promise<z.infer<typeof State>[]> =>
  z.array(State).parse((await ask(`${server.url}/v1/runs?limit=50`, { token })).json());
const stateOf = async (runId: string): Promise<z.infer<typeof State> | undefined> =>
  (await runs()).find((run) => run.runId === runId);
const awaiting = async (): Promise<string[]> =>
  (await runs()).filter(({ status }) => status === 'awaiting-approval').map(({ runId }) => runId);
/** The report of a run, once it has ended or waits. */
const reportOf = async (runId: string): Promise<Report> => {
  await until('the run has ended or waits', async () => {
    const state = await stateOf(runId);
    return state?.phase === 'done' || state?.status === 'awaiting-approval';
  });
  return Report.parse((await ask(`${server.url}/v1/runs/${runId}`, { token })).json());
};
const start = async (wish: Record<string, unknown>): Promise<Report> => {
  const answer = await post('/v1/runs', wish);
  expect(answer.status).toBe(202);
  return reportOf(Started.parse(answer.json()).runId);
};
const hear = (records: readonly string[]): Promise<Answer> =>
  ask(`${server.url}/v1/webhooks/creatio`, {
    method: 'POST',
    headers: { 'X-Rollcall-Token': WEBHOOK },
    body: records.map((id) => ({ entity: 'UsrWebitelUser', id, event: 'deleted' })),
  });
const removedUsers = (): number =>
  Array.from({ length: PEOPLE }, (_, index) => world.user(idOf(index))).filter((row) => isDeleted(row ?? {}))
    .length;
/** Deletes the records of these people in the CRM; answers their ids. */
const dismiss = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => {
    const record = world.recordOf(idOf(from + index));
    world.creatio.deleteRow('UsrWebitelUser', record);
    return record;
  });
const removalsOf = async (runId: string): Promise<number> =>
  (await opened.rollcall.runPlan(runId))?.operations.filter(({ kind }) => kind === 'delete').length ?? 0;
const allForgotten = (): Promise<boolean> =>
  until('no hint is left, and no run goes on', async () => {
    const { hints } = await opened.rollcall.backlog();
    return hints === 0 && (await runs()).every(({ phase }) => phase === 'done');
  });

describe('A run that a guard has stopped', () => {
  test('goes on with exactly its plan when it is approved, once', async () => {
    dismiss(0, 12);
    const { runId, status } = await start({ kind: 'sync' });
    expect([status, removedUsers()]).toEqual(['awaiting-approval', 0]);
    // Somebody goes after the plan was made: nobody has agreed to that.
    dismiss(20, 1);
    const answers = await Promise.all([approve(runId), approve(runId)]);
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([202, 409]);
    const refused = Refused.parse(answers.find((answer) => answer.status === 409)?.json());
    expect(refused).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining(runId) });
    await until('it has ended', async () => (await stateOf(runId))?.phase === 'done');
    expect(await reportOf(runId)).toMatchObject({ runId, status: 'succeeded', outcomes: { confirmed: 12 } });
    expect(removedUsers()).toBe(12);
    expect(world.withLogin('stranger')).toEqual([]);
    const again = await approve(runId);
    expect([again.status, again.json()]).toEqual([
      409,
      expect.objectContaining({
        code: 'CONFLICT',
        message: `Run ${runId} does not wait for approval: it was approved before and has ended as succeeded.`,
      }),
    ]);
  });

  test('cannot be approved once another has taken its place, and nothing is changed by trying', async () => {
    dismiss(0, 12);
    const { runId: older } = await start({ kind: 'sync' });
    const { runId: newer, notes } = await start({ kind: 'sync' });
    expect(notes).toContain(`It takes the place of run ${older}, which waited for approval.`);
    const answer = await approve(older);
    expect([answer.status, Refused.parse(answer.json())]).toEqual([
      409,
      {
        code: 'CONFLICT',
        message: `Run ${older} does not wait for approval: Run ${newer} took its place with a newer plan.`,
        cure: '`rollcall runs` shows what became of it, and which run waits now.',
      },
    ]);
    expect([await awaiting(), removedUsers()]).toEqual([[newer], 0]);
  });

  test('does nothing of what the CRM has taken back since', async () => {
    const rows = Array.from({ length: 5 }, (_, index) => world.record(idOf(index)) ?? {});
    dismiss(0, 12);
    const { runId } = await start({ kind: 'sync' });
    for (const row of rows) world.creatio.insertRow('UsrWebitelUser', row);
    expect((await approve(runId)).status).toBe(202);
    await until('it has ended', async () => (await stateOf(runId))?.phase === 'done');
    expect((await reportOf(runId)).outcomes).toMatchObject({ confirmed: 7, stale: 5 });
    expect(removedUsers()).toBe(7);
    expect(rows.some((row) => isDeleted(world.user(textOf(row['UsrExternalId'])) ?? {}))).toBe(false);
  });

  test('goes on waiting while another run is under way', async () => {
    dismiss(0, 12);
    const { runId } = await start({ kind: 'sync' });
    world.webitel.setFaults([
      { system: 'webitel', method: 'GET', path: '/users', fault: 'latency', delayMs: 1500 },
    ]);
    const other = Started.parse(
      (await post('/v1/runs', { kind: 'push', records: [world.recordOf(idOf(30))] })).json(),
    );
    const answer = await approve(runId);
    expect([answer.status, answer.json()]).toEqual([
      409,
      expect.objectContaining({ code: 'BUSY', message: expect.stringContaining(other.runId) }),
    ]);
    await reportOf(other.runId);
    expect([await awaiting(), removedUsers()]).toEqual([[runId], 0]);
  });

  test('outlives a sync that could not read the directory completely', async () => {
    dismiss(0, 12);
    const { runId } = await start({ kind: 'sync' });
    world.webitel.setFaults([
      { system: 'webitel', method: 'GET', path: '/users', fault: 'status', status: 502 },
    ]);
    await start({ kind: 'sync' }).catch(() => undefined);
    world.webitel.setFaults([]);
    expect(await awaiting()).toEqual([runId]);
  });
});

describe('One run waits for approval', () => {
  test('when three people in ten are removed and each is told by a webhook of its own', async () => {
    // A few at a time, so that several runs come of them.
    for (let from = 0; from < 12; from += 4) {
      const answers = await Promise.all(dismiss(from, 4).map((record) => hear([record])));
      expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
      // The first few are within the budget; all others wait in one run.
      await until('they are dealt with', async () => {
        const waiting = await Promise.all((await awaiting()).map(removalsOf));
        return removedUsers() === 4 && waiting.join() === (from === 0 ? '' : String(from));
      });
    }
    const [waiting = ''] = await awaiting();
    expect(await removalsOf(waiting)).toBe(8);
    expect((await approve(waiting)).status).toBe(202);
    await until('it has ended', async () => (await stateOf(waiting))?.phase === 'done');
    expect(removedUsers()).toBe(12);
    expect(await awaiting()).toEqual([]);
    expect(await start({ kind: 'sync' })).toMatchObject({ status: 'nothing-to-do' });
  });

  test('when a push that a person started comes upon hints that wait: it takes them in', async () => {
    expect((await hear(dismiss(0, 8))).status).toBe(202);
    const [hinted = ''] = await until('the hints wait for approval', async () => {
      const ids = await awaiting();
      return ids.length > 0 && ids;
    });
    expect(await removalsOf(hinted)).toBe(8);
    // What no guard stops neither waits nor moves anybody away.
    const [one = ''] = dismiss(30, 1);
    expect(await start({ kind: 'push', records: [one] })).toMatchObject({ status: 'succeeded' });
    expect([await awaiting(), removedUsers()]).toEqual([[hinted], 1]);

    const { runId, status, notes } = await start({ kind: 'push', records: dismiss(10, 6) });
    expect(status).toBe('awaiting-approval');
    expect(await awaiting()).toEqual([runId]);
    expect(notes).toContain(
      `It takes the place of run ${hinted}, which waited for approval, and is about 14 records with theirs.`,
    );
    expect((await stateOf(hinted))?.problem).toContain(`Run ${runId} took its place`);
    expect(await removalsOf(runId)).toBe(14);

    expect((await approve(runId)).status).toBe(202);
    await allForgotten();
    expect(removedUsers()).toBe(15);
    // The hints went with the run that carried them over: no other run was made of them.
    expect((await runs()).filter(({ trigger }) => trigger === 'webhook')).toHaveLength(1);
  });

  test('when hints come upon a push that a person started: they take it in, with whom only a person can name', async () => {
    const { runId: asked } = await start({ kind: 'push', records: [...dismiss(0, 7), STRANGER] });
    expect(await awaiting()).toEqual([asked]);
    await hear(dismiss(10, 8));
    const [hinted = ''] = await until('the hints wait in its place', async () => {
      const ids = await awaiting();
      return ids[0] !== asked && ids.length > 0 && ids;
    });
    expect(await awaiting()).toEqual([hinted]);
    expect(await removalsOf(hinted)).toBe(15);
    expect((await approve(hinted)).status).toBe(202);
    await allForgotten();
    expect(removedUsers()).toBe(15);
    expect(world.withLogin('stranger')).toHaveLength(1);
  });

  test('when a sync comes upon hints that wait: they are done with it', async () => {
    await hear(dismiss(0, 8));
    await until('the hints wait for approval', async () => (await awaiting()).length === 1);
    const { runId, status } = await start({ kind: 'sync' });
    expect([status, await awaiting()]).toEqual(['awaiting-approval', [runId]]);
    expect((await approve(runId)).status).toBe(202);
    await allForgotten();
    expect(removedUsers()).toBe(8);
    expect((await runs()).filter(({ trigger }) => trigger === 'webhook')).toHaveLength(1);
  });
});
