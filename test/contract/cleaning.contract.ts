import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { SettledOperation } from '../../src/app/ports/runs.ts';
import type { Store } from '../../src/app/ports/store.ts';
import { RunOrder } from '../../src/domain/run.ts';
import { createStore } from '../../src/store/index.ts';
import { createHandClock } from '../store/support.ts';
import type { OpenedEngine } from './archive.contract.ts';
import { link, operation, plan, run } from './store.contract.ts';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-03-01T10:00:00.000Z');
/** Days since the start, as a moment. */
const day = (days: number): string => new Date(START + days * DAY_MS).toISOString();
const NEVER = day(-1000);

const failed = (id: string, code: string): SettledOperation => ({
  operationId: id,
  state: 'failed',
  code,
  message: 'bad',
  image: null,
});
const confirmed = (id: string): SettledOperation => ({
  operationId: id,
  state: 'confirmed',
  code: null,
  message: null,
  image: { Id: id },
});

/** What a store promises about old runs, on every engine. */
export function describeCleaning(title: string, openEngine: () => Promise<OpenedEngine>): void {
  describe(`cleaning the store on ${title}`, () => {
    const clock = createHandClock(day(0));
    let opened: OpenedEngine;
    let store: Store;
    beforeAll(async () => {
      opened = await openEngine();
      store = await createStore(opened.engine, { clock });
    });
    afterAll(() => opened.remove());
    beforeEach(() =>
      opened.engine.pool.query(
        'TRUNCATE rollcall.run, rollcall.link, rollcall.lasting_failure, rollcall.review_case CASCADE',
      ),
    );

    const today = (): string => new Date(clock.now()).toISOString();

    /** A run of one day that ended with these outcomes. */
    async function ended(id: string, outcomes: readonly SettledOperation[]): Promise<void> {
      await store.runs.create(run(id, { startedAt: today() }));
      const operations = outcomes.map(({ operationId }) => operation(operationId));
      await store.runs.savePlan(id, {
        plan: plan(operations, 2),
        places: operations.map(() => ({ stage: 0, chunk: 0 })),
        reading: {
          readAt: today(),
          domainId: '1',
          sizes: [],
          showsOwnRows: false,
          isPartial: false,
          strangers: null,
          crmUserRight: null,
        },
        phase: 'applying',
      });
      await store.runs.settle(id, outcomes, [link(id)]);
      await store.runs.addSpent(id, { creatio: { used: 1, retries: 0 } });
      await store.runs.update(id, { phase: 'done', status: 'succeeded', finishedAt: today() });
    }

    async function rowsOf(table: string, id: string): Promise<number> {
      const { rows } = await opened.engine.pool.query(
        `SELECT 1 FROM rollcall.${table} WHERE ${table === 'run' ? 'id' : 'run_id'} = $1`,
        [id],
      );
      return rows.length;
    }

    test('takes the details of old runs, and leaves their record and newer runs as they are', async () => {
      await ended('old', [confirmed('a')]);
      clock.move(10 * DAY_MS);
      const at = clock.now();
      await ended('new', [confirmed('a')]);
      const before = await store.runs.get('old');
      const whole = await store.runs.plan('new');
      const limits = { detailsBefore: new Date(at).toISOString(), runsBefore: NEVER };
      expect(await store.runs.clean({ ...limits, dryRun: true })).toEqual({ details: 1, runs: 0, cases: 0 });
      expect(await store.runs.plan('old')).not.toBeNull();
      expect(await store.runs.clean({ ...limits, dryRun: false })).toEqual({ details: 1, runs: 0, cases: 0 });
      expect(await store.runs.clean({ ...limits, dryRun: false })).toEqual({ details: 0, runs: 0, cases: 0 });
      for (const table of ['plan_person', 'plan_gone', 'run_link', 'operation'])
        expect([table, await rowsOf(table, 'old')]).toEqual([table, 0]);
      expect(await store.runs.planHead('old')).toBeNull();
      expect(await store.runs.reading('old')).toBeNull();
      expect(await store.runs.get('old')).toEqual(before);
      expect(await store.runs.spent('old')).toEqual({ creatio: { used: 1, retries: 0 } });
      expect(await store.runs.plan('new')).toEqual(whole);
      expect((await store.runs.images('new')).size).toBe(1);
      expect(await store.links.all('webitel')).toHaveLength(2);
    });

    test('takes older runs altogether, those that never came to a plan too', async () => {
      await ended('old', [confirmed('a'), failed('b', 'VALIDATION')]);
      await store.runs.create(run('broken', { startedAt: today() }));
      await store.runs.update('broken', { phase: 'done', status: 'failed', finishedAt: today() });
      clock.move(DAY_MS);
      const limit = today();
      await ended('new', [confirmed('c')]);
      const limits = { detailsBefore: NEVER, runsBefore: limit };
      expect(await store.runs.clean({ ...limits, dryRun: true })).toEqual({ details: 0, runs: 2, cases: 0 });
      expect(await store.runs.list(9)).toHaveLength(3);
      expect(await store.runs.clean({ ...limits, dryRun: false })).toEqual({ details: 0, runs: 2, cases: 0 });
      expect((await store.runs.list(9)).map(({ id }) => id)).toEqual(['new']);
      expect(await rowsOf('operation', 'old')).toBe(0);
      expect(await store.runs.plan('new')).not.toBeNull();
    });

    test('leaves runs alone that wait or are under way, and what an unfinished undo needs', async () => {
      await ended('before', [confirmed('z')]);
      clock.move(DAY_MS);
      await ended('undone', [confirmed('a')]);
      clock.move(DAY_MS);
      await ended('after', [confirmed('b')]);
      const order = RunOrder.parse({ undoes: 'undone' });
      await store.runs.create(run('undo', { kind: 'undo', order, startedAt: today() }));
      clock.move(100 * DAY_MS);
      const limits = { detailsBefore: today(), runsBefore: today(), dryRun: false };
      expect(await store.runs.clean(limits)).toEqual({ details: 0, runs: 1, cases: 0 });
      expect((await store.runs.list(9)).map(({ id }) => id).toSorted()).toEqual(['after', 'undo', 'undone']);
      expect(await store.runs.formerLinks('undone')).toHaveLength(1);
      await store.runs.update('undo', { phase: 'done', status: 'stopped', finishedAt: today() });
      expect(await store.runs.clean(limits)).toEqual({ details: 0, runs: 2, cases: 0 });
      expect((await store.runs.list(9)).map(({ id }) => id)).toEqual(['undo']);
    });

    test('keeps failures that last beyond the runs that met them, without what the CRM answered', async () => {
      const answered = (id: string): SettledOperation => ({ ...failed(id, 'VALIDATION'), image: { Id: id } });
      await ended('old', [answered('a'), answered('b'), failed('c', 'UNAVAILABLE')]);
      const lasting = await store.runs.lastingFailures();
      expect([...lasting.keys()].toSorted()).toEqual(['a', 'b']);
      clock.move(DAY_MS);
      await store.runs.clean({ detailsBefore: today(), runsBefore: NEVER, dryRun: false });
      expect(await rowsOf('operation', 'old')).toBe(0);
      expect(await store.runs.lastingFailures()).toEqual(lasting);
      await store.runs.clean({ detailsBefore: today(), runsBefore: today(), dryRun: false });
      expect(await store.runs.list(9)).toEqual([]);
      expect(await store.runs.lastingFailures()).toEqual(lasting);
      // Whatever becomes of it later counts, also when that run is gone, too.
      await ended('new', [confirmed('a'), failed('b', 'CONFLICT')]);
      const newer = await store.runs.lastingFailures();
      expect([...newer].map(([id, { code }]) => [id, code])).toEqual([['b', 'CONFLICT']]);
      clock.move(DAY_MS);
      await store.runs.clean({ detailsBefore: today(), runsBefore: today(), dryRun: false });
      expect(await store.runs.lastingFailures()).toEqual(newer);
    });

    test('goes on where it was broken off', async () => {
      await ended('old', [failed('a', 'VALIDATION'), confirmed('b')]);
      const lasting = await store.runs.lastingFailures();
      // As if the process had died right after it had made the run one that cannot be undone.
      await opened.engine.pool.query('UPDATE rollcall.run SET plan_head = NULL');
      clock.move(DAY_MS);
      const limits = { detailsBefore: today(), runsBefore: NEVER, dryRun: false };
      expect(await store.runs.clean(limits)).toEqual({ details: 0, runs: 0, cases: 0 });
      for (const table of ['plan_person', 'plan_gone', 'run_link', 'operation'])
        expect([table, await rowsOf(table, 'old')]).toEqual([table, 0]);
      expect(await store.runs.lastingFailures()).toEqual(lasting);
    });

    test('removes cases that were closed long ago and verdicts that were revoked, never those that stand', async () => {
      const disputed = (user: string) => ({
        kind: 'match' as const,
        directoryUserId: user,
        login: `user${user}`,
        displayName: user,
        reason: 'two',
        candidates: [],
      });
      const verdict = (id: string, user: string) =>
        ({
          id,
          directory: 'webitel',
          directoryUserId: user,
          kind: 'same',
          contactId: 'c',
          rejected: [],
        }) as const;
      const caseOf = async (user: string): Promise<string> =>
        (await store.cases.list()).find(({ directoryUserId }) => directoryUserId === user)?.id ?? '';
      await ended('old', []);
      await store.cases.reconcile('webitel', 'old', ['1', '2', '3', '4'].map(disputed), today());
      await store.cases.decide(await caseOf('1'), verdict('stands', '1'), today());
      await store.cases.decide(await caseOf('2'), verdict('revoked', '2'), today());
      await store.cases.revoke(await caseOf('2'), today());
      // Of the open ones, 2 and 3 are disputed no more; 4 is still, says a later run.
      clock.move(DAY_MS);
      const between = today();
      clock.move(DAY_MS);
      await ended('new', []);
      await store.cases.reconcile('webitel', 'new', [disputed('4')], today());
      const limits = { detailsBefore: NEVER, runsBefore: between };
      expect(await store.runs.clean({ ...limits, runsBefore: NEVER, dryRun: false })).toMatchObject({
        cases: 0,
      });
      expect(await store.runs.clean({ ...limits, dryRun: true })).toMatchObject({ runs: 1, cases: 2 });
      expect(await store.cases.list()).toHaveLength(4);
      expect(await store.runs.clean({ ...limits, dryRun: false })).toMatchObject({ runs: 1, cases: 2 });
      expect((await store.cases.list()).map((one) => [one.directoryUserId, one.status])).toEqual([
        ['1', 'decided'],
        ['4', 'open'],
      ]);
      expect((await store.cases.verdicts('webitel')).map(({ id }) => id)).toEqual(['stands']);
      const { rows } = await opened.engine.pool.query('SELECT id FROM rollcall.verdict');
      expect(rows).toEqual([{ id: 'stands' }]);
      // The verdict that stands can still be revoked where it was given.
      await store.cases.revoke(await caseOf('1'), today());
      expect(await store.cases.verdicts('webitel')).toEqual([]);
    });

    test('clears leases away that nobody gave back', async () => {
      await store.leases.acquire('old', 'somebody', 1000);
      clock.move(2 * DAY_MS);
      await store.leases.acquire('new', 'somebody', 1000);
      await store.runs.clean({ detailsBefore: NEVER, runsBefore: NEVER, dryRun: false });
      const { rows } = await opened.engine.pool.query(
        `SELECT name FROM rollcall.lease WHERE name IN ('old', 'new')`,
      );
      expect(rows).toEqual([{ name: 'new' }]);
    });

    test('never changes which failures last, however often and in whatever order outcomes came', async () => {
      const outcome = fc.constantFrom('confirmed', 'VALIDATION', 'UNAVAILABLE', null);
      const history = fc.array(fc.tuple(outcome, outcome, fc.boolean(), fc.boolean()), {
        minLength: 2,
        maxLength: 6,
      });
      await fc.assert(
        fc.asyncProperty(history, async (runs) => {
          await opened.engine.pool.query('TRUNCATE rollcall.run, rollcall.lasting_failure CASCADE');
          for (const [index, [x, y, isCleaned, goes]] of runs.entries()) {
            clock.move(DAY_MS);
            const outcomes = [
              ['x', x],
              ['y', y],
            ].flatMap(([id, what]) => {
              if (typeof id !== 'string' || typeof what !== 'string') return [];
              return [what === 'confirmed' ? confirmed(id) : failed(id, what)];
            });
            await ended(`run-${index}`, outcomes);
            if (!isCleaned) continue;
            const before = await store.runs.lastingFailures();
            for (const age of [2, 0]) {
              const detailsBefore = new Date(clock.now() - age * DAY_MS + 1).toISOString();
              const runsBefore = goes ? detailsBefore : NEVER;
              await store.runs.clean({ detailsBefore, runsBefore, dryRun: false });
              expect(await store.runs.lastingFailures()).toEqual(before);
            }
          }
        }),
        { numRuns: 15 },
      );
    }, 120_000);
  });
}
