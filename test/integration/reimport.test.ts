import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { contact, guid, people, startWorld, textOf, user, type World } from '../support/world.ts';

const ANN = '101';
const BOB = '102';

/** Two people who are linked, each with a device, a licence and a role. */
function linkedPeople() {
  const detail = (id: string) => ({
    extension: `2${id}`,
    device: { id: `7${id}`, name: `phone ${id}` },
    devices: [{ id: `7${id}`, name: `phone ${id}` }],
    license: [{ id: 'S-CC', prod: 'CALL_CENTER' }],
    roles: [{ id: '900', name: 'Operators' }],
  });
  return people({
    webitel: {
      users: [
        user(ANN, 'Олена Коваль', { email: 'olena@example.test', ...detail(ANN) }),
        user(BOB, 'Bohdan Hrytsenko', detail(BOB)),
      ],
    },
    creatio: {
      Contact: [contact(guid(1), 'Коваль Олена'), contact(guid(2), 'Гриценко Богдан')],
    },
  });
}

let world: World;

beforeEach(async () => {
  world = await startWorld({ data: linkedPeople() });
  expect(await world.import()).toMatchObject({
    status: 'succeeded',
    situations: { matched: 2, excluded: 1 },
  });
  world.counted();
});

afterEach(() => world.close());

const licencesOf = (recordId: unknown) =>
  world.rows('UsrWebitelUserLicense').filter((row) => row['UsrWebitelUserId'] === recordId);

describe('importing again after the directory has changed', () => {
  test('nothing changed: nothing is written', async () => {
    expect(await world.import()).toMatchObject({
      status: 'nothing-to-do',
      operations: {},
      situations: { linked: 2 },
    });
    expect(world.counted().writes).toBe(0);
  });

  test('a user was added: one record more, the others untouched', async () => {
    const before = world.record(ANN);
    world.webitel.insertRow('users', user('103', 'Ірина Бондар'));
    expect(await world.import()).toMatchObject({
      status: 'succeeded',
      situations: { linked: 2, unmatched: 1 },
      operations: { 'contact.create': 1, 'telephonyRecord.create': 1 },
    });
    expect(world.record('103')).toMatchObject({ UsrName: 'Ірина Бондар', UsrUsername: 'user103' });
    expect(world.record(ANN)).toEqual(before);
  });

  test('a user was renamed: the CRM owns the name, so the record keeps it and a push is pending', async () => {
    world.webitel.updateRow('users', ANN, { name: 'Олена Шевченко' });
    expect(await world.import()).toMatchObject({ status: 'nothing-to-do', pendingPush: 1, operations: {} });
    expect(world.record(ANN)).toMatchObject({ UsrName: 'Олена Коваль', UsrContactId: guid(1) });
  });

  test('a user got another default device: the directory owns it, so the record follows', async () => {
    world.webitel.insertRow('devices', { id: '999', name: 'new phone', account: 'new-phone' });
    world.webitel.updateRow('users', ANN, {
      device: { id: '999', name: 'new phone' },
      devices: [{ id: '999', name: 'new phone' }],
    });
    expect(await world.import()).toMatchObject({
      status: 'succeeded',
      pendingPush: 0,
      operations: { 'telephonyRecord.update': 1 },
    });
    expect(world.record(ANN)).toMatchObject({ UsrDefaultDevice: 'new phone', UsrName: 'Олена Коваль' });
    expect(await world.import()).toMatchObject({ status: 'nothing-to-do' });
  });

  test.each([
    ['deleted', () => world.webitel.deleteRow('users', BOB)],
    ['soft-deleted', () => void world.webitel.updateRow('users', BOB, { deleted_at: '1764000000000' })],
  ])('a user was %s: the record is marked and nothing else happens to it', async (_, remove) => {
    const before = world.record(BOB);
    remove();
    expect(await world.import()).toMatchObject({
      status: 'succeeded',
      gone: 1,
      situations: { linked: 1 },
      operations: { 'telephonyRecord.update': 1 },
    });
    const { UsrSyncStatusId, UsrLastSyncOn, ModifiedOn, ...after } = world.record(BOB) ?? {};
    expect(before).toMatchObject(after);
    expect(UsrSyncStatusId).not.toBe(before?.['UsrSyncStatusId']);
    expect(UsrLastSyncOn).toBeDefined();
    expect(ModifiedOn).toBeDefined();
    expect(licencesOf(before?.['Id'])).toHaveLength(1);
    expect(await world.import()).toMatchObject({ status: 'nothing-to-do', gone: 1 });
  });

  test('a user was deleted and made again under the same login: the successor takes the record over', async () => {
    const before = world.record(BOB);
    world.webitel.deleteRow('users', BOB);
    await world.import();
    world.webitel.insertRow('users', user('555', 'Bohdan Hrytsenko', { username: `user${BOB}` }));
    expect(await world.import()).toMatchObject({
      status: 'succeeded',
      situations: { linked: 1, matched: 1 },
      gone: 0,
    });
    expect(world.record('555')).toMatchObject({ Id: before?.['Id'], UsrContactId: guid(2) });
    expect(world.record(BOB)).toBeUndefined();
    expect(world.rows('UsrWebitelUser')).toHaveLength(2);
    expect(world.rows('Contact').filter((row) => row['Name'] === 'Bohdan Hrytsenko')).toEqual([]);
    expect(await world.import()).toMatchObject({ status: 'nothing-to-do', situations: { linked: 2 } });
  });

  test('a user was deleted and made again between two imports: the successor takes the record over at once', async () => {
    const before = world.record(BOB);
    world.webitel.deleteRow('users', BOB);
    world.webitel.insertRow('users', user('555', 'Bohdan Hrytsenko', { username: `USER${BOB}` }));
    expect(await world.import()).toMatchObject({
      status: 'succeeded',
      situations: { linked: 1, matched: 1 },
      gone: 0,
    });
    expect(world.record('555')).toMatchObject({ Id: before?.['Id'], UsrContactId: guid(2) });
    expect(world.rows('UsrWebitelUser')).toHaveLength(2);
    expect(await world.import()).toMatchObject({ status: 'nothing-to-do', situations: { linked: 2 } });
  });

  test('a soft-deleted user was restored: the record is in step again, and what was edited still waits', async () => {
    const before = world.record(BOB);
    world.webitel.updateRow('users', BOB, { deleted_at: '1764000000000' });
    await world.import();
    world.creatio.updateRow('UsrWebitelUser', textOf(before?.['Id']), { UsrExtension: '4444' });
    world.webitel.updateRow('users', BOB, { deleted_at: '0' });
    expect(await world.import()).toMatchObject({
      status: 'succeeded',
      gone: 0,
      situations: { linked: 1, matched: 1 },
      pendingPush: 1,
      operations: { 'telephonyRecord.update': 1 },
    });
    expect(world.record(BOB)).toMatchObject({
      UsrSyncStatusId: before?.['UsrSyncStatusId'],
      UsrExtension: '4444',
    });
    expect(await world.import()).toMatchObject({ status: 'nothing-to-do', gone: 0, pendingPush: 1 });
  });

  test('the domain is another one: the run stops and writes nothing', async () => {
    world.webitel.setSwitches({ domainId: '77' });
    await expect(world.import()).rejects.toMatchObject({ code: 'CONFLICT', details: { stopped: true } });
    expect(world.counted().writes).toBe(0);
    const { rollcall } = await world.open();
    expect((await rollcall.runs(1))[0]).toMatchObject({ status: 'stopped' });
  });

  test('a role was renamed: its row in the CRM is renamed, and nobody gets it twice', async () => {
    world.webitel.updateRow('roles', '900', { name: 'Line one' });
    expect(await world.import()).toMatchObject({ operations: { 'role.update': 1 }, pendingPush: 0 });
    expect(world.rows('UsrWebitelRole').map((row) => row['Name'])).toEqual(['Line one']);
    expect(world.rows('UsrWebitelUserRole')).toHaveLength(2);
    expect(await world.import()).toMatchObject({ status: 'nothing-to-do' });
  });

  test('a licence was renewed under a new serial: same product, so nobody gains or loses it', async () => {
    world.webitel.updateRow('licenses', 'S-CC', { id: 'S-CC-2027' });
    expect(await world.import()).toMatchObject({ operations: { 'licence.update': 1 }, pendingPush: 0 });
    expect(world.rows('UsrWebitelLicense').map((row) => row['UsrExternalId'])).toContain('S-CC-2027');
    expect(world.rows('UsrWebitelLicense')).toHaveLength(2);
    expect(world.rows('UsrWebitelUserLicense')).toHaveLength(2);
    expect(await world.import()).toMatchObject({ status: 'nothing-to-do' });
  });
});

describe('importing again after the CRM has changed', () => {
  const recordId = (userId: string) => textOf(world.record(userId)?.['Id']);

  test.each([
    ['edited', { UsrExtension: '4444', UsrChatName: 'Lena' }],
    ['cleared', { UsrEmail: '' }],
  ])('fields of a record were %s: they stay, and a push is pending', async (_, changes) => {
    world.creatio.updateRow('UsrWebitelUser', recordId(ANN), changes);
    const before = world.record(ANN);
    expect(await world.import()).toMatchObject({ status: 'nothing-to-do', pendingPush: 1 });
    expect(world.record(ANN)).toEqual(before);
  });

  test('a record was deleted: it is not made again, and a push is pending', async () => {
    for (const row of licencesOf(recordId(BOB)))
      world.creatio.deleteRow('UsrWebitelUserLicense', textOf(row['Id']));
    world.creatio.deleteRow('UsrWebitelUser', recordId(BOB));
    expect(await world.import()).toMatchObject({
      status: 'nothing-to-do',
      pendingPush: 1,
      situations: { linked: 2 },
    });
    expect(world.record(BOB)).toBeUndefined();
  });

  test('a licence row was deleted: it is not made again, and a push is pending', async () => {
    const [row] = licencesOf(recordId(ANN));
    world.creatio.deleteRow('UsrWebitelUserLicense', textOf(row?.['Id']));
    expect(await world.import()).toMatchObject({ status: 'nothing-to-do', pendingPush: 1 });
    expect(licencesOf(recordId(ANN))).toEqual([]);
  });

  test('a contact was deleted: nobody is made again and the record keeps standing without one', async () => {
    world.creatio.setSwitches({ deleteReferenced: 'clear' });
    world.creatio.deleteRow('Contact', guid(2));
    const report = await world.import();
    expect(report).toMatchObject({ status: 'nothing-to-do', situations: { linked: 2 }, operations: {} });
    expect(report.warnings).toContainEqual(expect.objectContaining({ person: BOB, code: 'contact.cleared' }));
    expect(world.rows('Contact').filter((row) => /Hrytsenko|Гриценко/u.test(textOf(row['Name'])))).toEqual(
      [],
    );
  });
});
