import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { NewHint } from '../../src/app/ports/hints.ts';
import type { Store } from '../../src/app/ports/store.ts';
import { createStore, type Engine } from '../../src/store/index.ts';
import { createHandClock } from '../store/support.ts';
import { link } from './store.contract.ts';

const AT = Date.parse('2026-03-01T10:00:00Z');

function hint(rowId: string, changes: Partial<NewHint> = {}): NewHint {
  return { entity: 'Record', rowId, event: 'modified', source: 'webhook', ...changes };
}

/** What every engine must make of hints, requests and tokens. */
export function describeHints(
  name: string,
  open: () => Promise<{ engine: Engine; remove(): Promise<void> }>,
): void {
  describe(`Hints on ${name}`, () => {
    let engine: Engine;
    let remove: () => Promise<void>;
    let store: Store;
    beforeAll(async () => ({ engine, remove } = await open()));
    afterAll(() => remove());
    beforeEach(async () => {
      await engine.pool.query('DROP SCHEMA IF EXISTS rollcall CASCADE');
      store = await createStore(engine, { clock: createHandClock('2026-03-01T10:00:00Z') });
    });
    const add = (at: number, ...hints: NewHint[]): Promise<void> =>
      store.hints.add(hints, { now: at, due: at + 2000 });
    /** What waits once one of them is due. */
    const due = async (at: number): Promise<string[]> => {
      const [{ count, isDue }, taken] = [await store.hints.waiting(at), await store.hints.take(at, 100)];
      expect(count).toBe(taken.length);
      return isDue ? taken.map(({ rowId, event }) => `${rowId} ${event}`) : [];
    };

    test('are due once the first of them is, together with those that came meanwhile', async () => {
      await add(AT, hint('a'));
      await add(AT + 1500, hint('b'));
      expect(await due(AT + 1999)).toEqual([]);
      expect(await due(AT + 2000)).toEqual(['a modified', 'b modified']);
    });

    test('on one row are one hint with the newest event, in the turn of the first', async () => {
      await add(AT, hint('a', { event: 'added' }), hint('a'), hint('a', { event: 'deleted' }));
      await add(AT + 1900, hint('a', { event: 'added' }));
      expect(await due(AT + 2000)).toEqual(['a added']);
      expect(await store.hints.count()).toBe(1);
    });

    test('that come while others are taken are not taken away with them', async () => {
      await add(AT, hint('a'), hint('b'));
      const taken = await store.hints.take(AT + 2000, 100);
      await add(AT + 2000, hint('b'));
      await store.hints.give(taken, 'run-1');
      expect(await due(AT + 4000)).toEqual(['b modified']);
      await store.hints.remove(taken);
      expect(await due(AT + 4000)).toEqual(['b modified']);
    });

    test('that a run was given are forgotten with it, and wait again when it failed', async () => {
      await add(AT, hint('a'));
      await store.hints.give(await store.hints.take(AT + 2000, 100), 'run-1');
      expect(await store.hints.givenTo()).toEqual(['run-1']);
      expect(await due(AT + 9000)).toEqual([]);
      expect(await store.hints.takeBack('run-1', { now: AT, pausesMs: [5000, 60_000] })).toBe(0);
      expect(await due(AT + 4999)).toEqual([]);
      await store.hints.give(await store.hints.take(AT + 5000, 100), 'run-2');
      expect(await store.hints.takeBack('run-2', { now: AT, pausesMs: [5000, 60_000] })).toBe(0);
      await store.hints.give(await store.hints.take(AT + 60_000, 100), 'run-3');
      expect(await store.hints.takeBack('run-3', { now: AT, pausesMs: [5000, 60_000] })).toBe(1);
      expect(await store.hints.count()).toBe(0);
    });

    test('that a run was given which was stopped wait again however often', async () => {
      await add(AT, hint('a'));
      const pausesMs = [5000, 60_000];
      for (const pause of [5000, 60_000, 60_000, 60_000]) {
        await store.hints.give(await store.hints.take(AT + 100_000, 100), 'run');
        expect(await store.hints.takeBack('run', { now: AT, pausesMs, goOn: true })).toBe(0);
        expect(await due(AT + pause - 1)).toEqual([]);
        expect(await due(AT + pause)).toEqual(['a modified']);
      }
    });

    test('heard again while a run has them wait for their own turn', async () => {
      await add(AT, hint('a'));
      await store.hints.give(await store.hints.take(AT + 2000, 100), 'run-1');
      await add(AT + 3000, hint('a'));
      await store.hints.forget('run-1');
      expect(await due(AT + 4999)).toEqual([]);
      expect(await due(AT + 5000)).toEqual(['a modified']);
    });

    test('that are put off do not come with the others before their time', async () => {
      await add(AT, hint('a'));
      const [taken] = await store.hints.take(AT + 2000, 100);
      if (taken === undefined) throw new Error('No hint was due.');
      await store.hints.postpone([{ ...taken, notBefore: AT + 9000 }]);
      await add(AT + 3000, hint('b'));
      expect(await due(AT + 5000)).toEqual(['b modified']);
      expect(await due(AT + 9000)).toEqual(['a modified', 'b modified']);
    });

    test('are kept by many senders at once, on the same rows', async () => {
      const rows = Array.from({ length: 20 }, (_, index) => hint(`row-${index}`));
      await Promise.all(
        Array.from({ length: 20 }, (_, index) => add(AT, ...(index % 2 === 0 ? rows : rows.toReversed()))),
      );
      expect(await store.hints.count()).toBe(20);
    });

    test('that come together keep their own turns and times, and are one statement or few', async () => {
      const query = jest.spyOn(engine.pool, 'connect');
      await Promise.all([
        ...Array.from({ length: 30 }, (_, index) => add(AT + index, hint(`row-${index}`))),
        add(AT + 5000, hint('late', { event: 'added' })),
        add(AT + 6000, hint('row-0', { event: 'deleted' })),
      ]);
      const connections = query.mock.calls.length;
      query.mockRestore();
      expect(connections).toBeLessThanOrEqual(2);
      // The one that was heard again is in the turn of the first, and the last to be heard.
      expect(await store.hints.waiting(AT + 1999)).toMatchObject({ count: 31, isDue: false });
      expect(await store.hints.waiting(AT + 2000)).toEqual({ count: 31, isDue: true, newest: AT + 6000 });
      expect(await due(AT + 2000)).toEqual(expect.arrayContaining(['row-0 deleted', 'late added']));
    });

    test('that are too many for one statement are all kept, and taken in the order in which they were heard', async () => {
      await add(AT, ...Array.from({ length: 600 }, (_, index) => hint(`row-${index}`)));
      await add(AT + 1, hint('last'));
      const taken = await store.hints.take(AT + 2000, 1000);
      expect([taken.length, taken.at(-1)?.rowId]).toEqual([601, 'last']);
      expect(new Set(taken.map(({ rowId }) => rowId)).size).toBe(601);
      expect(await store.hints.take(AT + 2000, 300)).toEqual(taken.slice(0, 300));
      await store.hints.give(taken, 'run-1');
      expect(await store.hints.count()).toBe(0);
    });

    test('that cannot be kept fail with those that came with them, and hold nobody up', async () => {
      await engine.pool.query('ALTER TABLE rollcall.hint RENAME TO elsewhere');
      const both = await Promise.allSettled([add(AT, hint('a')), add(AT, hint('b'))]);
      expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      await engine.pool.query('ALTER TABLE rollcall.elsewhere RENAME TO hint');
      await add(AT, hint('a'));
      expect(await store.hints.count()).toBe(1);
    });

    test('find the record of a row by its link, also that of a licence row that is gone', async () => {
      await store.links.save([
        link('1', { recordId: 'r-1' }),
        link('2', {
          recordId: 'r-2',
          base: {
            fields: {},
            licences: { crm: ['CC'], directory: ['CC'], rows: { CC: 'licence-row' } },
            roles: { crm: ['9'], directory: ['9'], rows: { 9: 'role-row' } },
          },
        }),
      ]);
      const found = await store.links.recordsBehind('webitel', ['r-1', 'licence-row', 'role-row', 'nobody']);
      expect(Object.fromEntries(found)).toEqual({ 'r-1': 'r-1', 'licence-row': 'r-2', 'role-row': 'r-2' });
    });

    test('of requests: a row that is given another run is told of that one from the start', async () => {
      await store.requests.save({ id: 'q', runId: 'run-1', requestedBy: 'c' }, AT);
      await store.requests.setTelling('q', 'run-1', 'done');
      await store.requests.setTold('q', 'run-1', 'done');
      expect(await store.requests.open(10)).toEqual([]);
      await store.requests.save({ id: 'q', runId: 'run-2', requestedBy: null }, AT);
      // What was being said of the old run does not count for the new one.
      await store.requests.setTold('q', 'run-1', 'done');
      expect(await store.requests.open(10)).toEqual([
        { id: 'q', runId: 'run-2', requestedBy: null, telling: null, told: null },
      ]);
    });

    test('of tokens: one is revoked once', async () => {
      const token = {
        id: 't',
        name: 'creatio',
        scopes: ['trigger', 'read'] as const,
        createdAt: '2026-03-01T10:00:00.000Z',
        expiresAt: null,
        revokedAt: null,
      };
      await store.tokens.add(token, 'hash');
      expect(await store.tokens.find('t')).toEqual({ token, hash: 'hash' });
      expect(await store.tokens.revoke('t', '2026-03-02T10:00:00.000Z')).toBe(true);
      expect(await store.tokens.revoke('t', '2026-03-03T10:00:00.000Z')).toBe(false);
      expect(await store.tokens.all()).toEqual([{ ...token, revokedAt: '2026-03-02T10:00:00.000Z' }]);
    });
  });
}
