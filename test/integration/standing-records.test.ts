import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Report } from '../../src/domain/run.ts';
import type { CaseRecord } from '../../src/app/ports/cases.ts';
import type { Row } from '../../src/sandbox/types.ts';
import { contact, guid, people, startWorld, textOf, user, type World } from '../support/world.ts';

const BY_LOGIN = '201';
const BY_CRM_USER = '202';
const BY_CONTACT = '203';
const BY_ID = '204';
const TWO_LOOSE = '205';
const TWO_WITH_ID = '206';
const BARE = '207';
const EXACT = '208';
const CONTACTLESS = '209';
const record = (id: string): string => guid(1000 + Number(id));
const second = (id: string): string => guid(2000 + Number(id));

const CHAT_ROW = guid(701);
const LOCAL_ROLE = guid(801);
const DIRECTORY_ROW = 'b1e5f2c4-3d57-4f0a-9c58-7a1d2e9f0001';
const SYNCED = 'c2f6a3d5-4e68-4a1b-8d69-8b2e3fa00002';
/** What a change of a row changes by itself, and the status that goes with it. */
const STAMPS = new Set(['ModifiedOn', 'ModifiedById', 'UsrLastSyncOn', 'UsrSyncStatusId']);

const DATA = people({
  webitel: {
    users: [
      user(BY_LOGIN, 'Олена Коваль', {
        username: 'o.koval',
        email: 'olena@example.test',
        chat_name: 'Lena',
        extension: '2201',
        license: [{ id: 'S-CC', prod: 'CALL_CENTER' }],
        roles: [{ id: '900', name: 'Operators' }],
      }),
      user(BY_CRM_USER, 'Bohdan Hrytsenko', { username: 'b.hrytsenko', extension: '2202' }),
      user(BY_CONTACT, 'Ірина Бондар', { username: 'i.bondar', extension: '2203' }),
      user(BY_ID, 'Dmytro Savchenko', {
        username: 'd.savchenko',
        email: 'dmytro@example.test',
        extension: '2204',
        device: { id: '7204', name: 'desk phone' },
        license: [{ id: 'S-CC', prod: 'CALL_CENTER' }],
        roles: [{ id: '900', name: 'Operators' }],
      }),
      user(TWO_LOOSE, 'Lesia Moroz', { username: 'l.moroz', extension: '2205' }),
      user(TWO_WITH_ID, 'Taras Lysenko', { username: 't.lysenko', extension: '2206' }),
      user(BARE, 'Roman Tkach', { username: 'r.tkach', extension: '2207' }),
      user(EXACT, 'Pavlo Zhuk', { username: 'p.zhuk', extension: '2208' }),
      user(CONTACTLESS, 'Zynoviia Halahan', { username: 'z.halahan', email: 'zh@example.test' }),
    ],
  },
  creatio: {
    Contact: [
      contact(guid(1), 'Коваль Олена'),
      contact(guid(2), 'Somebody Entirely'),
      contact(guid(3), 'Бондар Ірина'),
      contact(guid(4), 'Савченко Дмитро'),
      contact(guid(5), 'Мороз Леся'),
      contact(guid(6), 'Лисенко Тарас'),
      contact(guid(7), 'Ткач Роман'),
      contact(guid(8), 'Жук Павло'),
    ],
    SysAdminUnit: [
      // The contact's name says nothing; the login of the CRM user does.
      {
        Id: guid(52),
        Name: 'B.Hrytsenko',
        SysAdminUnitTypeValue: 4,
        SysCultureId: 'a5420246-0a8e-e111-84a3-00155d054c03',
      },
    ],
    UsrWebitelLicense: [{ Id: CHAT_ROW, Name: 'Chat', Code: 'CHAT', UsrExternalId: 'S-CHAT' }],
    UsrWebitelRole: [{ Id: LOCAL_ROLE, Name: 'Only in the CRM' }],
    UsrWebitelUser: [
      {
        Id: record(BY_LOGIN),
        UsrName: 'Koval Olena',
        UsrUsername: 'O.KOVAL',
        UsrExtension: '9999',
        UsrEmail: 'lena.private@example.test',
        UsrContactId: guid(1),
      },
      { Id: record(BY_CRM_USER), UsrName: 'Bohdan', UsrUserId: guid(52) },
      { Id: record(BY_CONTACT), UsrName: 'Ira', UsrContactId: guid(3), UsrChatName: 'Irynka' },
      {
        Id: record(BY_ID),
        UsrName: 'Савченко Д.',
        UsrUsername: 'D.Savchenko',
        UsrExternalId: BY_ID,
        UsrExtension: '8888',
        UsrEmail: 'other@example.test',
        UsrChatName: 'Dima',
        UsrDefaultDevice: 'old phone',
        UsrContactId: guid(4),
        UsrEnableStun: true,
        UsrActive: true,
        UsrDirectoryId: DIRECTORY_ROW,
      },
      { Id: record(TWO_LOOSE), UsrName: 'Lesia Moroz', UsrUsername: 'l.moroz', UsrContactId: guid(5) },
      { Id: second(TWO_LOOSE), UsrName: 'Moroz', UsrUsername: 'L.Moroz' },
      { Id: record(TWO_WITH_ID), UsrName: 'Taras', UsrExternalId: TWO_WITH_ID, UsrContactId: guid(6) },
      { Id: second(TWO_WITH_ID), UsrName: 'Lysenko', UsrExternalId: TWO_WITH_ID },
      { Id: record(BARE), UsrExternalId: BARE },
      {
        Id: record(EXACT),
        UsrName: 'Pavlo Zhuk',
        UsrUsername: 'p.zhuk',
        UsrExtension: '2208',
        UsrExternalId: EXACT,
        UsrContactId: guid(8),
        UsrDirectoryId: DIRECTORY_ROW,
        UsrSyncStatusId: SYNCED,
      },
      { Id: record(CONTACTLESS), UsrUsername: 'z.halahan', UsrChatName: 'Zina' },
    ],
    UsrWebitelUserLicense: [
      { Id: guid(711), UsrWebitelUserId: record(BY_LOGIN), UsrLicenseId: CHAT_ROW },
      { Id: guid(712), UsrWebitelUserId: record(BY_ID), UsrLicenseId: CHAT_ROW },
    ],
    UsrWebitelUserRole: [{ Id: guid(811), UsrWebitelUserId: record(BY_LOGIN), UsrRoleId: LOCAL_ROLE }],
  },
});

let world: World;
let report: Report;
let before: Map<string, Row>;
let cases: readonly CaseRecord[];

const rowsById = (): Map<string, Row> =>
  new Map(world.rows('UsrWebitelUser').map((row) => [textOf(row['Id']), row]));
const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || value === '00000000-0000-0000-0000-000000000000';
const namesOf = (details: string, lookup: string, column: string, recordId: string): string[] => {
  const names = new Map(world.rows(lookup).map((row) => [row['Id'], textOf(row['Name'])]));
  return world
    .rows(details)
    .filter((row) => row['UsrWebitelUserId'] === recordId)
    .map((row) => names.get(row[column] ?? '') ?? '')
    .toSorted();
};
const licencesOf = (recordId: string) =>
  namesOf('UsrWebitelUserLicense', 'UsrWebitelLicense', 'UsrLicenseId', recordId);
const rolesOf = (recordId: string) => namesOf('UsrWebitelUserRole', 'UsrWebitelRole', 'UsrRoleId', recordId);

beforeAll(async () => {
  world = await startWorld({ data: DATA });
  before = rowsById();
  report = await world.import();
  cases = await (await world.open()).rollcall.cases({ status: 'open' });
});

afterAll(() => world.close());

describe('the first import over telephony records that stood before', () => {
  test('adopts them all, doubles nobody, and makes cases of the doubled ones', () => {
    expect(report).toMatchObject({
      status: 'succeeded',
      situations: { linked: 0, matched: 6, unmatched: 1, disputed: 2, excluded: 1, invalid: 0 },
      cases: 2,
    });
    expect(report.operations['telephonyRecord.create']).toBeUndefined();
    expect([...rowsById().keys()]).toEqual([...before.keys()]);
  });

  test('overwrites no filled column of any record', () => {
    for (const [id, row] of rowsById())
      for (const [column, value] of Object.entries(before.get(id) ?? {}))
        if (!STAMPS.has(column) && !isEmpty(value))
          expect([id, column, row[column]]).toEqual([id, column, value]);
  });

  test.each([
    ['its login, in another case', BY_LOGIN, { UsrContactId: guid(1) }],
    ['its CRM user', BY_CRM_USER, { UsrUserId: guid(52), UsrUsername: 'b.hrytsenko', UsrExtension: '2202' }],
    ['its contact', BY_CONTACT, { UsrContactId: guid(3), UsrUsername: 'i.bondar', UsrExtension: '2203' }],
  ])('finds a record without id by %s, and fills what is empty', (_, id, filled) => {
    expect(rowsById().get(record(id))).toMatchObject({
      UsrExternalId: id,
      UsrDirectoryId: DIRECTORY_ROW,
      UsrSyncStatusId: SYNCED,
      ...filled,
    });
  });

  test('fills a record that bears nothing but the id', () => {
    expect(rowsById().get(record(BARE))).toMatchObject({
      UsrName: 'Roman Tkach',
      UsrUsername: 'r.tkach',
      UsrExtension: '2207',
      UsrContactId: guid(7),
      UsrDirectoryId: DIRECTORY_ROW,
      UsrSyncStatusId: SYNCED,
    });
  });

  test('gives a record without a contact one of its own where the CRM has none', () => {
    const created = world.rows('Contact').filter((row) => row['Name'] === 'Zynoviia Halahan');
    expect(created).toHaveLength(1);
    expect(rowsById().get(record(CONTACTLESS))).toMatchObject({
      UsrExternalId: CONTACTLESS,
      UsrContactId: created[0]?.['Id'],
      UsrChatName: 'Zina',
      UsrEmail: 'zh@example.test',
    });
    expect(report.operations['contact.create']).toBe(1);
  });

  test('names every field that differs, with both values', () => {
    const kept = (id: string) =>
      report.warnings
        .filter(({ person }) => person === id)
        .map(({ code }) => code)
        .toSorted();
    expect(kept(BY_LOGIN)).toEqual(['displayName.kept', 'email.kept', 'extension.kept', 'login.kept']);
    expect(kept(BY_ID)).toEqual([
      'chatName.kept',
      'defaultDevice.kept',
      'displayName.kept',
      'email.kept',
      'extension.kept',
      'login.kept',
    ]);
    expect(
      report.warnings.find(({ person, code }) => person === BY_ID && code === 'extension.kept')?.message,
    ).toMatch(/8888.*2204/);
  });

  test('unites licences and roles: what either side has is there, and nothing is taken away', () => {
    expect(licencesOf(record(BY_LOGIN))).toEqual(['Chat', 'Contact centre']);
    expect(rolesOf(record(BY_LOGIN))).toEqual(['Only in the CRM', 'Operators']);
    expect(licencesOf(record(BY_ID))).toEqual(['Chat', 'Contact centre']);
    expect(rolesOf(record(BY_ID))).toEqual(['Operators']);
  });

  test('leaves a record that has everything already untouched, and links it', () => {
    expect(rowsById().get(record(EXACT))).toEqual(before.get(record(EXACT)));
  });

  test.each([
    ['without ids', TWO_LOOSE, guid(5)],
    ['with the same id', TWO_WITH_ID, guid(6)],
  ])('touches neither of two records %s for one user', (_, id, candidate) => {
    for (const one of [record(id), second(id)]) {
      expect(rowsById().get(one)).toEqual(before.get(one));
      expect([...licencesOf(one), ...rolesOf(one)]).toEqual([]);
    }
    const open = cases.find(({ directoryUserId }) => directoryUserId === id);
    expect(open?.reason).toMatch(/2 telephony records/);
    expect(open?.candidates.map(({ contactId }) => contactId)).toEqual([candidate]);
  });
});

describe('the push after it', () => {
  test('has nothing to do: nobody in the directory loses a licence, a role, a name or an extension', async () => {
    const users = world.webitel.state()['users'];
    const { rollcall } = await world.open();
    for (const pushed of [
      await rollcall.push({ trigger: 'command' }),
      await rollcall.push({ trigger: 'webhook', records: [...rowsById().keys()] }),
      await rollcall.sync({ trigger: 'schedule' }),
    ])
      expect(pushed.report).toMatchObject({ status: 'nothing-to-do', operations: {}, failures: [] });
    expect(world.webitel.state()['users']).toEqual(users);
  });
});

describe('the imports after it', () => {
  test('the second one has nothing to do and only reads', async () => {
    world.counted();
    expect(await world.import()).toMatchObject({
      status: 'nothing-to-do',
      situations: { linked: 7, disputed: 2 },
      pendingPush: 0,
      operations: {},
    });
    expect(world.counted().writes).toBe(0);
  });

  test('what an administrator edits in an adopted record is left alone and waits for a push', async () => {
    world.creatio.updateRow('UsrWebitelUser', record(BY_LOGIN), { UsrExtension: '5555' });
    world.creatio.updateRow('UsrWebitelUser', record(BY_CONTACT), { UsrUsername: '' });
    const [grant] = world
      .rows('UsrWebitelUserLicense')
      .filter((row) => row['UsrWebitelUserId'] === record(BY_ID) && row['UsrLicenseId'] !== CHAT_ROW);
    world.creatio.deleteRow('UsrWebitelUserLicense', textOf(grant?.['Id']));
    const edited = rowsById();
    world.counted();
    expect(await world.import()).toMatchObject({ status: 'nothing-to-do', pendingPush: 3, operations: {} });
    expect(world.counted().writes).toBe(0);
    expect(rowsById()).toEqual(edited);
    expect(licencesOf(record(BY_ID))).toEqual(['Chat']);
  });

  test('what the directory changes in a field that was kept differing is not carried over either', async () => {
    world.webitel.updateRow('users', BY_ID, { extension: '2299' });
    expect(await world.import()).toMatchObject({ status: 'nothing-to-do', pendingPush: 3 });
    expect(rowsById().get(record(BY_ID))).toMatchObject({ UsrExtension: '8888' });
  });

  test('a verdict about the contact says which of two records without ids is the user’s', async () => {
    const { rollcall } = await world.open();
    const open = cases.find(({ directoryUserId }) => directoryUserId === TWO_LOOSE);
    await rollcall.decide(open?.id ?? '', { kind: 'same', contactId: guid(5) });
    const other = rowsById().get(second(TWO_LOOSE));
    expect(await world.import()).toMatchObject({
      status: 'succeeded',
      situations: { linked: 7, matched: 1, disputed: 1 },
    });
    expect(rowsById().get(record(TWO_LOOSE))).toMatchObject({ UsrExternalId: TWO_LOOSE });
    expect(rowsById().get(second(TWO_LOOSE))).toEqual(other);
    expect(await world.import()).toMatchObject({ status: 'nothing-to-do', situations: { linked: 8 } });
  });
});
