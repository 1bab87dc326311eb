import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { applyOperations } from '../../src/app/apply.ts';
import type { StoredOperation } from '../../src/app/ports/runs.ts';
import type { Operation } from '../../src/domain/planning/plan.ts';
import { createStore, type Engine } from '../../src/store/index.ts';
import { operation, plan, run } from '../contract/store.contract.ts';
import { createHandClock, createTestLogger, openTestEngine } from '../store/support.ts';
import { hintDeps } from './hint-deps.ts';

let engine: Engine;
let remove: () => Promise<void>;
beforeAll(async () => ({ engine, remove } = await openTestEngine()));
afterAll(() => remove());

const CONTACT = operation('contact.create:c');
const RECORD: Operation = {
  ...operation('telephonyRecord.create:r'),
  entity: 'telephonyRecord',
  dependsOn: [CONTACT.id],
};
const ROW: Operation = { ...operation('recordRole.create:x'), entity: 'recordRole', dependsOn: [RECORD.id] };

test.each([
  ['has confirmed', 'confirmed', [RECORD.id, ROW.id], { confirmed: 3, skipped: 0 }],
  ['has found out of date', 'stale', [], { confirmed: 0, skipped: 2 }],
] as const)(
  'what a worker who was taken for dead %s is known to the one in its place',
  async (_what, state, written, counts) => {
    await engine.pool.query('DROP SCHEMA IF EXISTS rollcall CASCADE');
    const clock = createHandClock('2026-03-01T10:00:00Z');
    const store = await createStore(engine, { clock });
    const operations = [CONTACT, RECORD, ROW];
    await store.runs.create(run('r'));
    await store.runs.savePlan('r', {
      plan: plan(operations),
      places: operations.map(() => ({ stage: 0, chunk: 0 })),
      reading: null,
      phase: 'applying',
    });
    const sent: string[] = [];
    // One operation a request, so that the others come after the first is settled.
    const deps = hintDeps({
      store,
      clock,
      logger: createTestLogger([]),
      write: async (writes) => {
        sent.push(...writes.map(({ ref }) => ref));
        return writes.map(({ ref, id }) => ({ ref, state: 'done', row: { Id: id } }));
      },
    });
    const asRead: readonly StoredOperation[] = await store.runs.chunk('r', 0);
    await store.runs.settle(
      'r',
      [{ operationId: CONTACT.id, state, code: null, message: null, image: null }],
      [],
    );
    await applyOperations(deps, 'r', asRead, new Set(), (outcomes) => store.runs.settle('r', outcomes, []));
    expect(sent).toEqual(written);
    expect(await store.runs.countByState('r')).toMatchObject(counts);
  },
);
