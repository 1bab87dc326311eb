import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { NO_AUTOMATION } from '../../src/app/automation.ts';
import type { AppDeps } from '../../src/app/deps.ts';
import { createPoller } from '../../src/app/poll.ts';
import type { CrmRow } from '../../src/app/ports/crm.ts';
import type { Store } from '../../src/app/ports/store.ts';
import { createStore, type Engine } from '../../src/store/index.ts';
import { createHandClock, createTestLogger, openTestEngine } from '../store/support.ts';
import { hintDeps, LICENCE_ROWS, RECORDS } from './hint-deps.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-03-01T10:00:00Z');

let engine: Engine;
let remove: () => Promise<void>;
beforeAll(async () => ({ engine, remove } = await openTestEngine()));
afterAll(() => remove());

let store: Store;
let clock: ReturnType<typeof createHandClock>;
/** By entity and id: when the row was changed, as the CRM says. */
let rows: Map<string, number>;
let deps: AppDeps;
beforeEach(async () => {
  await engine.pool.query('DROP SCHEMA IF EXISTS rollcall CASCADE');
  clock = createHandClock(new Date(START).toISOString());
  store = await createStore(engine, { clock });
  rows = new Map();
  deps = hintDeps({
    store,
    clock,
    logger: createTestLogger(),
    readRows: async ({ entity, filter = [] }) => {
      const [condition] = filter;
      if (condition === undefined || !('since' in condition)) throw new Error('Everything was asked for.');
      const items: (CrmRow & { Id: string })[] = [...rows]
        .filter(([key, changed]) => key.startsWith(`${entity} `) && changed >= Date.parse(condition.since))
        .map(([key, changed]) => ({
          Id: key.slice(entity.length + 1),
          ModifiedOn: new Date(changed).toISOString(),
        }));
      return { items, duplicates: [], pages: 1, count: items.length, lastPageShort: true };
    },
  });
});

const change = (id: string, at: number, entity = RECORDS): void => void rows.set(`${entity} ${id}`, at);
const poller = () =>
  createPoller(
    deps,
    {
      submit: async () => {
        throw new Error('A poll of changes starts nothing.');
      },
    },
    { ...NO_AUTOMATION, pollMs: MINUTE },
  );
/** Polls, and answers the rows that were heard of since the last time. */
async function poll(given: ReturnType<typeof poller>): Promise<string[]> {
  await given.step(new AbortController().signal);
  const heard = await store.hints.take(clock.now() + MINUTE, 100);
  await store.hints.remove(heard);
  return heard.map(({ rowId, source }) => `${rowId} ${source}`).toSorted();
}

describe('A poll', () => {
  test('hears of what was changed since the last one, once', async () => {
    const one = poller();
    change('old', START - 3_600_000);
    expect(await poll(one)).toEqual([]);
    change('a', START + 1000);
    change('row', START + 2000, LICENCE_ROWS);
    clock.move(MINUTE);
    expect(await poll(one)).toEqual(['a poll', 'row poll']);
    clock.move(MINUTE);
    expect(await poll(one)).toEqual([]);
    change('a', START + 2 * MINUTE);
    clock.move(MINUTE);
    expect(await poll(one)).toEqual(['a poll']);
  });

  test('hears of rows that become visible later than they say they were changed', async () => {
    const one = poller();
    change('a', START);
    await poll(one);
    change('late', START - MINUTE);
    clock.move(MINUTE);
    expect(await poll(one)).toEqual(['late poll']);
  });

  test('rests on the clock of the CRM, however wrong that is', async () => {
    const one = poller();
    const slow = -200_000;
    change('first', START + slow);
    await poll(one);
    for (let minute = 1; minute < 5; minute += 1) {
      change(`row-${minute}`, START + slow + minute * MINUTE);
      clock.move(MINUTE);
      expect(await poll(one)).toEqual([`row-${minute} poll`]);
    }
  });

  test('goes on where another process has left off, and leaves it alone while that is at it', async () => {
    const [one, other] = [poller(), poller()];
    change('a', START);
    expect(await poll(one)).toEqual(['a poll']);
    change('b', START + 1000);
    expect(await poll(other)).toEqual([]);
    clock.move(10 * MINUTE);
    expect(await poll(other)).toEqual(['b poll']);
    change('c', clock.now());
    expect(await poll(one)).toEqual([]);
    await other.end();
    expect(await poll(one)).toEqual(['c poll']);
  });
});
