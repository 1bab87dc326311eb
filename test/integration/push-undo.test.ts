import { afterEach, describe, expect, test } from '@jest/globals';
import type { Report } from '../../src/domain/run.ts';
import { idsIn, LICENCES, startPushing, type Pushing } from '../support/pushing.ts';
import { inDirectory, isDeleted } from '../support/two-sides.ts';
import { textOf } from '../support/world.ts';

let world: Pushing;
afterEach(() => world.close());

async function undo(run: Report): Promise<Report> {
  const { rollcall } = await world.open();
  return (await rollcall.undo(run.runId, { trigger: 'command' })).report;
}
const IDS = ['201', '202', '203'];
const everybody = () => IDS.map((id) => inDirectory(world, id));

/** The next syncs leave what was undone as it is. */
async function expectUndone(before: ReturnType<typeof everybody>): Promise<void> {
  expect(everybody()).toEqual(before);
  await world.sync();
  expect(everybody()).toEqual(before);
}

describe('undoing a push', () => {
  test('of swapped extensions and logins gives everybody their own back', async () => {
    world = await startPushing();
    const before = everybody();
    for (const id of ['201', '202']) world.edit(id, { UsrExtension: '', UsrUsername: `moving${id}` });
    world.edit('201', { UsrExtension: '2202', UsrUsername: 'b.hrytsenko' });
    world.edit('202', { UsrExtension: '2201', UsrUsername: 'o.koval' });
    const pushed = await world.push();
    expect(pushed).toMatchObject({ status: 'succeeded' });
    expect(inDirectory(world, '201')).toMatchObject({ extension: '2202', login: 'b.hrytsenko' });
    expect(await undo(pushed)).toMatchObject({ status: 'succeeded', failures: [] });
    await expectUndone(before);
  });

  test('of an extension that passed on gives it back', async () => {
    world = await startPushing();
    const before = everybody();
    world.edit('202', { UsrExtension: '2288' });
    world.edit('201', { UsrExtension: '2202' });
    const pushed = await world.push();
    expect(pushed).toMatchObject({ status: 'succeeded' });
    expect(await undo(pushed)).toMatchObject({ status: 'succeeded', failures: [] });
    await expectUndone(before);
  });

  test('of a last seat that passed on gives it back', async () => {
    world = await startPushing({ licenses: [{ ...LICENCES[0], limit: 1 }, { ...LICENCES[1] }] });
    const before = everybody();
    world.withdraw(world.recordOf('201'), 'licence', 'CALL_CENTER');
    world.grant(world.recordOf('203'), 'licence', 'CALL_CENTER');
    const pushed = await world.push();
    expect(pushed).toMatchObject({ status: 'succeeded' });
    expect(await undo(pushed)).toMatchObject({ status: 'succeeded', failures: [] });
    await expectUndone(before);
  });

  test('of grants, names and a switch gives them back', async () => {
    world = await startPushing();
    const before = everybody();
    world.edit('201', { UsrActive: false, UsrName: 'Олена Ткач' });
    world.grant(world.recordOf('202'), 'licence', 'CHAT');
    world.withdraw(world.recordOf('202'), 'role', '900');
    world.grant(world.recordOf('203'), 'role', '901');
    const pushed = await world.push();
    expect(pushed).toMatchObject({ status: 'succeeded' });
    expect(await undo(pushed)).toMatchObject({ status: 'succeeded', failures: [] });
    await expectUndone(before);
  });

  test('leaves what somebody has changed since, and says so', async () => {
    world = await startPushing();
    world.edit('201', { UsrExtension: '2299' });
    world.edit('202', { UsrExtension: '2298' });
    const pushed = await world.push();
    world.webitel.updateRow('users', '201', { extension: '2297' });
    const undone = await undo(pushed);
    expect(undone.failures).toMatchObject([{ person: '201', code: 'CHANGED_SINCE' }]);
    expect([inDirectory(world, '201')?.extension, inDirectory(world, '202')?.extension]).toEqual([
      '2297',
      '2202',
    ]);
  });
});

test('undoing a sync takes back both directions', async () => {
  world = await startPushing();
  const before = everybody();
  const device = world.record('202')?.['UsrDefaultDevice'] ?? null;
  world.edit('201', { UsrExtension: '2299' });
  world.webitel.updateRow('users', '203', { name: 'Хтось Інший' });
  const added = world.add({ login: 'new.one', licences: ['CHAT'] });
  const synced = await world.sync();
  expect(synced).toMatchObject({ status: 'succeeded', added: 1 });
  const [made] = world.withLogin('new.one');
  expect(inDirectory(world, '203')?.name).toBe('Ірина Бондар');
  await undo(synced);
  expect(isDeleted(world.user(textOf(made?.['id'])) ?? {})).toBe(true);
  const row = world.rows('UsrWebitelUser').find((one) => one['Id'] === added);
  expect(textOf(row?.['UsrExternalId'])).toBe('');
  expect(inDirectory(world, '201')).toEqual(before[0]);
  // What somebody wrote in the directory before is there again.
  expect(inDirectory(world, '203')?.name).toBe('Хтось Інший');
  expect(world.record('202')?.['UsrDefaultDevice'] ?? null).toBe(device);
  expect(idsIn(world.user('201')?.['license'])).toEqual(['S-CC']);
  await world.sync();
  expect(inDirectory(world, '203')?.name).toBe('Хтось Інший');
});
