import { afterEach, expect, test } from '@jest/globals';
import { inLanguage } from '../../src/app/explain.ts';
import type { CaseRecord } from '../../src/app/ports/cases.ts';
import type { Rollcall } from '../../src/app/rollcall.ts';
import type { Row } from '../../src/sandbox/types.ts';
import { contact, guid, people, startWorld, user, type World } from '../support/world.ts';

const ID = '628';
const CONTACT = guid(1);
const CRM_USER = guid(51);
/** The emptier one comes first by id, and bears the contact. */
const EMPTY = guid(20);
const FULL = guid(21);
const DIRECTORY_ROW = 'b1e5f2c4-3d57-4f0a-9c58-7a1d2e9f0001';

let world: World;
let rollcall: Rollcall;

const begin = async (empty: Row = {}, full: Row = {}): Promise<void> => {
  world = await startWorld({
    data: people({
      webitel: { users: [user(ID, 'Тарас Лисенко', { username: 't.lysenko', extension: '2628' })] },
      creatio: {
        Contact: [contact(CONTACT, 'Лисенко Тарас')],
        SysAdminUnit: [
          {
            Id: CRM_USER,
            Name: 't.lysenko',
            ContactId: CONTACT,
            SysAdminUnitTypeValue: 4,
            SysCultureId: 'a5420246-0a8e-e111-84a3-00155d054c03',
          },
        ],
        UsrDirectory: [{ Id: DIRECTORY_ROW, Name: 'Webitel' }],
        UsrWebitelUser: [
          {
            Id: EMPTY,
            UsrName: 'Лисенко',
            UsrExternalId: ID,
            UsrContactId: CONTACT,
            UsrDirectoryId: DIRECTORY_ROW,
            ...empty,
          },
          {
            Id: FULL,
            UsrName: 'Тарас Лисенко',
            UsrUsername: 't.lysenko',
            UsrExtension: '2628',
            UsrExternalId: ID,
            UsrUserId: CRM_USER,
            UsrDirectoryId: DIRECTORY_ROW,
            ...full,
          },
        ],
      },
    }),
  });
  ({ rollcall } = await world.open());
  await world.import();
};
const theCase = async (): Promise<CaseRecord> => {
  const [found] = await rollcall.cases({ status: 'open' });
  if (found === undefined) throw new Error('There is no case.');
  return found;
};
const record = (id: string) => world.rows('UsrWebitelUser').find((row) => row['Id'] === id);

afterEach(() => world.close());

test('a case about two records of one id shows both, and says what to do in the CRM', async () => {
  await begin();
  const { reason } = await theCase();
  expect(reason).toContain('2 telephony records bear the id 628.');
  expect(reason).toContain(`Record ${EMPTY}: name Лисенко, login –, extension –, CRM user –.`);
  expect(reason).toContain(
    `Record ${FULL}: name Тарас Лисенко, login t.lysenko, extension 2628, CRM user t.lysenko.`,
  );
  expect(reason).toMatch(/delete the others in the CRM/u);
  expect(inLanguage(reason, 'uk')).toContain(`Запис ${FULL}: ім’я Тарас Лисенко, логін t.lysenko`);
});

test('a decision takes the record with the CRM user and the extension, and names the other one', async () => {
  await begin();
  await rollcall.decide((await theCase()).id, { kind: 'same', contactId: CONTACT });
  const report = await world.import();
  expect(report).toMatchObject({ status: 'succeeded', failures: [], situations: { matched: 1 } });
  expect(record(FULL)).toMatchObject({ UsrContactId: CONTACT, UsrUserId: CRM_USER, UsrExtension: '2628' });
  expect(report.warnings).toContainEqual(
    expect.objectContaining({ person: ID, code: 'record.doubled', message: expect.stringContaining(EMPTY) }),
  );
  expect(await world.import()).toMatchObject({ status: 'nothing-to-do', situations: { linked: 1 } });
});

test('what the other record holds is not written where the CRM would refuse it for ever', async () => {
  // Each has what the other lacks.
  await begin({ UsrExtension: '2628' }, { UsrExtension: null });
  await rollcall.decide((await theCase()).id, { kind: 'same', contactId: CONTACT });
  const report = await world.import();
  expect(report).toMatchObject({ status: 'succeeded', failures: [] });
  expect(record(FULL)).toMatchObject({ UsrContactId: CONTACT, UsrUserId: CRM_USER });
  expect(record(EMPTY)).toMatchObject({ UsrExtension: '2628' });
  expect(await world.import()).toMatchObject({ status: 'nothing-to-do', situations: { linked: 1 } });
});

test('whoever deletes one of the two in the CRM has decided', async () => {
  await begin();
  world.creatio.deleteRow('UsrWebitelUser', FULL);
  expect(await world.import()).toMatchObject({
    status: 'succeeded',
    situations: { matched: 1 },
    warnings: [{ code: 'displayName.kept' }],
  });
  expect(record(EMPTY)).toMatchObject({ UsrContactId: CONTACT, UsrExtension: '2628' });
  expect(await rollcall.cases({ status: 'open' })).toEqual([]);
});
