import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { RunRecord } from '../../src/app/ports/runs.ts';
import { inClosedStore } from '../support/closed-store.ts';
import { startPushing, type Pushing } from '../support/pushing.ts';
import { inDirectory, isDeleted } from '../support/two-sides.ts';
import { user } from '../support/world.ts';

const PEOPLE = 40;
const REMOVED = 12;
const SYLLABLES = ['ба', 'ве', 'ги', 'до', 'жу', 'за', 'ко', 'лу', 'ми', 'но'];

let world: Pushing;
beforeEach(async () => {
  world = await startPushing({
    users: Array.from({ length: PEOPLE }, (_, index) => {
      const [tens, ones] = [SYLLABLES[Math.floor(index / 10)] ?? '', SYLLABLES[index % 10] ?? ''];
      return user(String(201 + index), `${tens}${ones}${tens}рин ${ones}${tens}${ones}слав`, {
        extension: String(3000 + index),
      });
    }),
    config:
      'policy: { exclude: { logins: [rollcall] }, guards: { budgets: { contactsCreated: { count: 99 }, crmUsersCreated: { count: 99 } } } }',
  });
});
afterEach(() => world.close());

const leavers = Array.from({ length: REMOVED }, (_, index) => String(201 + index));
const removedUsers = (): number => leavers.filter((id) => isDeleted(world.user(id) ?? {})).length;
const waiting = async (): Promise<RunRecord[]> =>
  (await (await world.open()).rollcall.runs(50)).filter(({ status }) => status === 'awaiting-approval');

/** A webhook about one record, carried to its end. */
async function hint(recordId: string): Promise<void> {
  const { rollcall } = await world.open();
  await rollcall.push({ trigger: 'webhook', records: [recordId] });
}

async function approve(): Promise<void> {
  const runs = await waiting();
  expect(runs).toHaveLength(1);
  const { rollcall } = await world.open();
  await rollcall.approve(runs[0]?.id ?? '', { trigger: 'command' });
}

test('records of three people in ten are removed at once: the sync stops, and approval continues exactly that', async () => {
  for (const id of leavers) world.creatio.deleteRow('UsrWebitelUser', world.recordOf(id));
  const report = await world.sync();
  expect(report).toMatchObject({
    status: 'awaiting-approval',
    guards: [{ guard: 'budget.recordsRemoved', number: REMOVED, allowed: 5 }],
  });
  expect(removedUsers()).toBe(0);
  await approve();
  expect(removedUsers()).toBe(REMOVED);
  expect(await waiting()).toEqual([]);
  expect(await world.sync()).toMatchObject({ status: 'nothing-to-do', crm: { complete: true } });
});

test('the same people by one hint each: a few go, the rest waits in one run, and harmless edits go through', async () => {
  const records = leavers.map((id) => world.recordOf(id));
  for (const [index, record] of records.entries()) {
    world.creatio.deleteRow('UsrWebitelUser', record);
    await hint(record);
    expect(removedUsers()).toBeLessThanOrEqual(5);
    expect((await waiting()).length).toBe(index < 5 ? 0 : 1);
  }
  expect(removedUsers()).toBe(5);
  world.edit('230', { UsrExtension: '3999' });
  await hint(world.recordOf('230'));
  expect(inDirectory(world, '230')?.extension).toBe('3999');
  expect(await waiting()).toHaveLength(1);
  const [run] = await waiting();
  const plan = await (await world.open()).rollcall.runPlan(run?.id ?? '');
  expect(plan?.operations.filter(({ kind }) => kind === 'delete')).toHaveLength(REMOVED - 5);
  await approve();
  expect(removedUsers()).toBe(REMOVED);
  expect(await waiting()).toEqual([]);
  expect(await world.sync()).toMatchObject({ status: 'nothing-to-do', crm: { complete: true } });
});

test('what was removed counts for 24 hours, and no longer', async () => {
  const [sixth = '', seventh = '', ...others] = leavers.map((id) => world.recordOf(id));
  const remove = async (record: string): Promise<void> => {
    world.creatio.deleteRow('UsrWebitelUser', record);
    await hint(record);
  };
  for (const record of others.slice(0, 5)) await remove(record);
  await letPass('23 hours 50 minutes');
  await remove(sixth);
  expect(removedUsers()).toBe(5);
  expect(await waiting()).toHaveLength(1);
  await letPass('20 minutes');
  await remove(seventh);
  // The budget is free again; what waits for a person waits on.
  expect(removedUsers()).toBe(6);
  expect(await waiting()).toHaveLength(1);
});

/** Everything that was done so far was done that much earlier. */
async function letPass(time: string): Promise<void> {
  await inClosedStore(world, (store) =>
    store.query('UPDATE rollcall.operation SET changed_at = changed_at - $1::interval', [time]),
  );
}

test('a sync that comes while hints wait leaves one run to approve, with everybody in it', async () => {
  const records = leavers.map((id) => world.recordOf(id));
  for (const record of records) world.creatio.deleteRow('UsrWebitelUser', record);
  for (const record of records.slice(0, 8)) await hint(record);
  expect(await waiting()).toHaveLength(1);
  await world.sync();
  expect(await waiting()).toHaveLength(1);
  await hint(records[9] ?? '');
  expect(await waiting()).toHaveLength(1);
  await approve();
  expect(removedUsers()).toBe(REMOVED);
});
