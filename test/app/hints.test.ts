import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { NO_AUTOMATION } from '../../src/app/automation.ts';
import type { RunRequest } from '../../src/app/carry-out.ts';
import type { AppDeps } from '../../src/app/deps.ts';
import { createHintWorker, hear } from '../../src/app/hints.ts';
import type { CrmRow } from '../../src/app/ports/crm.ts';
import type { NewHint } from '../../src/app/ports/hints.ts';
import type { Store } from '../../src/app/ports/store.ts';
import { createStore, type Engine } from '../../src/store/index.ts';
import { link, run } from '../contract/store.contract.ts';
import { createHandClock, createTestLogger, openTestEngine, type LogLine } from '../store/support.ts';
import { hintDeps, LICENCE_ROWS, RECORDS } from './hint-deps.ts';

let engine: Engine;
let remove: () => Promise<void>;
beforeAll(async () => ({ engine, remove } = await openTestEngine()));
afterAll(() => remove());

let store: Store;
let clock: ReturnType<typeof createHandClock>;
let lines: LogLine[];
let submitted: Pick<RunRequest, 'kind' | 'trigger' | 'order'>[];
let crmRows: Map<string, CrmRow>;
let asked: number;
let deps: AppDeps;
beforeEach(async () => {
  await engine.pool.query('DROP SCHEMA IF EXISTS rollcall CASCADE');
  clock = createHandClock('2026-03-01T10:00:00Z');
  store = await createStore(engine, { clock });
  lines = [];
  submitted = [];
  crmRows = new Map();
  asked = 0;
  deps = depsOf(true);
  only = worker();
});

const depsOf = (storeIsOurs: boolean): AppDeps =>
  hintDeps({
    store,
    clock,
    storeIsOurs,
    logger: createTestLogger(lines),
    findRows: async ({ by: { values } }) => {
      asked += Math.ceil(values.length / 25);
      return values.map((id) => crmRows.get(String(id))).filter((row) => row !== undefined);
    },
  });

const worker = (given = deps) =>
  createHintWorker(
    given,
    {
      submit: async (request) => {
        const record = run(randomUUID(), { kind: request.kind, trigger: request.trigger });
        // The store knows of a run that is in the way.
        await store.runs.create(record);
        submitted.push(request);
        return record;
      },
    },
    NO_AUTOMATION,
  );
let only: ReturnType<typeof worker>;
const step = (given = only): Promise<void> => given.step(new AbortController().signal);
const recordHint = (rowId: string, changes: Partial<NewHint> = {}): NewHint => ({
  entity: RECORDS,
  rowId,
  event: 'modified',
  source: 'webhook',
  ...changes,
});
const keep = (...hints: NewHint[]) => hear(deps, NO_AUTOMATION, hints);
const end = async (status: 'succeeded' | 'failed' = 'succeeded'): Promise<void> => {
  const underWay = await store.runs.underWay();
  if (underWay === null) throw new Error('No run is under way.');
  await store.runs.update(underWay.id, {
    phase: 'done',
    status,
    finishedAt: new Date(clock.now()).toISOString(),
  });
};
const records = (): (readonly string[] | null)[] => submitted.map(({ order }) => order.records);

describe('Hints', () => {
  test('that come within two seconds of the first become one push of their records', async () => {
    await store.links.save([link('1', { recordId: 'r-1' }), link('2', { recordId: 'r-2' })]);
    await keep(recordHint('r-1'));
    clock.move(1900);
    await keep(recordHint('r-2', { event: 'deleted' }), recordHint('r-1'));
    await step();
    expect(submitted).toEqual([]);
    clock.move(100);
    await step();
    expect(submitted).toMatchObject([{ kind: 'push', trigger: 'webhook' }]);
    expect(records()).toEqual([['r-1', 'r-2']]);
    expect(asked).toBe(0);
  });

  test('wait while a run is under way, and those of an import become one run afterwards', async () => {
    await store.links.save(
      Array.from({ length: 500 }, (_, index) => link(String(index), { recordId: `r-${index}` })),
    );
    await store.runs.create(run('import'));
    // One that no link knows would be looked for in the CRM: not now.
    await keep(recordHint('stranger', { event: 'deleted' }));
    for (let index = 0; index < 2000; index += 100) {
      await keep(...Array.from({ length: 100 }, (_, at) => recordHint(`r-${(index + at) % 500}`)));
      clock.move(500);
      await step();
    }
    expect({ submitted, asked }).toEqual({ submitted: [], asked: 0 });
    await end();
    await step();
    // As long as more keep coming, one run for all of them is worth waiting for.
    expect(submitted).toEqual([]);
    await keep(recordHint('r-7'));
    clock.move(1999);
    await step();
    expect(submitted).toEqual([]);
    clock.move(1);
    await step();
    // From 500 records on, reading everybody costs less.
    expect(records()).toEqual([null]);
    await end();
    await step();
    expect(await store.hints.count()).toBe(0);
    expect(submitted).toHaveLength(1);
    expect(asked).toBe(0);
  });

  test('do not wait for others for ever', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `r-${index}`);
    await store.links.save(ids.map((recordId, index) => link(String(index), { recordId })));
    for (let second = 0; submitted.length === 0 && second < 100; second += 1) {
      await keep(...ids.map((id) => recordHint(id)));
      clock.move(1000);
      await step();
    }
    expect(records()).toEqual([ids.toSorted()]);
  });

  test('on licence rows are of the record that their link or the CRM names, also when they are gone', async () => {
    await store.links.save([
      link('1', {
        recordId: 'r-1',
        base: {
          fields: {},
          licences: { crm: ['CC'], directory: ['CC'], rows: { CC: 'gone-row' } },
          roles: { crm: [], directory: [], rows: {} },
        },
      }),
    ]);
    crmRows.set('new-row', { Id: 'new-row', RecordId: 'r-9' });
    await keep(
      recordHint('gone-row', { entity: LICENCE_ROWS, event: 'deleted' }),
      recordHint('new-row', { entity: LICENCE_ROWS, event: 'added' }),
    );
    clock.move(2000);
    await step();
    expect(records()).toEqual([['r-1', 'r-9']]);
  });

  test('on a licence row that went from one record to another are of both', async () => {
    await store.links.save([link('1', { recordId: 'r-1' })]);
    crmRows.set('row-1', { Id: 'row-1', RecordId: 'r-2' });
    await keep(recordHint('row-1', { entity: LICENCE_ROWS }));
    clock.move(2000);
    await step();
    expect(records()).toEqual([['r-1', 'r-2']]);
  });

  test('on a record that cannot be read yet are tried again until it can', async () => {
    await keep(recordHint('late', { event: 'added' }));
    clock.move(2000);
    await step();
    expect(submitted).toEqual([]);
    crmRows.set('late', { Id: 'late' });
    clock.move(1000);
    await step();
    expect(records()).toEqual([['late']]);
  });

  test('on a record that never can be read are dropped after about a minute, with a line in the log', async () => {
    await keep(recordHint('never', { event: 'added' }));
    let waited = 0;
    for (; (await store.hints.count()) > 0; waited += 1) {
      clock.move(1000);
      await step();
      if (waited > 200) throw new Error('It is never dropped.');
    }
    expect(waited).toBeGreaterThan(45);
    expect(waited).toBeLessThan(90);
    expect(submitted).toEqual([]);
    expect(lines).toMatchObject([{ level: 'warn', fields: { entity: RECORDS, rowId: 'never' } }]);
    expect(asked).toBeLessThan(10);
  });

  test('on a record that is gone and was never linked are forgotten at once', async () => {
    await keep(recordHint('nobody', { event: 'deleted' }));
    clock.move(2000);
    await step();
    expect(submitted).toEqual([]);
    expect(await store.hints.count()).toBe(0);
  });

  test('outlive a run that fails: they are given to another one later', async () => {
    await store.links.save([link('1', { recordId: 'r-1' })]);
    await keep(recordHint('r-1'));
    clock.move(2000);
    await step();
    await end('failed');
    await step();
    expect(submitted).toHaveLength(1);
    clock.move(30_000);
    await step();
    expect(records()).toEqual([['r-1'], ['r-1']]);
  });

  test('that come while a run has their row become another run', async () => {
    await store.links.save([link('1', { recordId: 'r-1' })]);
    await keep(recordHint('r-1'));
    clock.move(2000);
    await step();
    await keep(recordHint('r-1'));
    clock.move(2000);
    await end();
    await step();
    expect(submitted).toHaveLength(2);
  });

  test.each([
    ['killed, where nobody else can have the store', true, false],
    ['stopped, where others share the store', false, true],
  ])('are taken at once by the next process when one was %s', async (_, storeIsOurs, isEnded) => {
    await store.links.save([link('1', { recordId: 'r-1' })]);
    const [one, other] = [worker(depsOf(storeIsOurs)), worker(depsOf(storeIsOurs))];
    await keep(recordHint('r-1'));
    clock.move(2000);
    await step(one);
    await end();
    if (isEnded) await one.end();
    await keep(recordHint('r-1', { event: 'deleted' }));
    clock.move(2000);
    await step(other);
    expect(submitted).toHaveLength(2);
  });

  test('are taken by one process at a time', async () => {
    await store.links.save([link('1', { recordId: 'r-1' })]);
    const shared = depsOf(false);
    const [one, other] = [worker(shared), worker(shared)];
    await keep(recordHint('r-1'));
    clock.move(2000);
    await Promise.all([step(one), step(other)]);
    await end();
    await Promise.all([step(one), step(other)]);
    expect(submitted).toHaveLength(1);
  });

  test('on contacts and CRM users are taken and come to nothing, those on strangers are refused', async () => {
    expect(
      await keep(recordHint('c', { entity: 'Contact' }), recordHint('u', { entity: 'SysAdminUnit' })),
    ).toEqual({
      kept: 0,
      ignored: 2,
    });
    await expect(keep(recordHint('r-1'), recordHint('x', { entity: 'Order' }))).rejects.toMatchObject({
      code: 'VALIDATION',
    });
    expect(await store.hints.count()).toBe(0);
  });
});
