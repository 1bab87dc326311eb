import { describe, expect, test } from '@jest/globals';
import { correlate } from '../../../src/domain/correlation/correlate.ts';
import type { Contact, DirectoryUser, TelephonyRecord } from '../../../src/domain/person.ts';
import { buildPlan } from '../../../src/domain/planning/build.ts';
import { EMPLOYEE, inputOf, person, scene } from './bench.ts';

const ivan: DirectoryUser = {
  id: '7',
  login: 'ivan.p',
  displayName: 'Іван Петренко',
  email: null,
  chatName: null,
  extension: null,
  defaultDevice: null,
  licences: [],
  roles: [],
  deleted: false,
};
const namesake: Contact = {
  id: 'c1',
  name: 'Петренко Іван',
  surname: null,
  givenName: null,
  middleName: null,
  email: null,
  phones: [],
  staff: true,
};
const record: TelephonyRecord = {
  id: 'r1',
  directoryUserId: '7',
  contactId: null,
  crmUserId: null,
  fields: { login: 'ivan.p' },
  licences: [],
  roles: [],
};

describe('how a record and its contact were found', () => {
  const found = (records: readonly TelephonyRecord[]) =>
    correlate({
      users: [ivan],
      records,
      contacts: [namesake],
      crmUsers: [],
      links: [],
      goneUserIds: new Set(),
      verdicts: [],
      policy: { preset: 'default' },
    })[0];

  test('is told apart: the record by its id, the contact by name alone', () => {
    expect(found([record])).toMatchObject({ rule: 'record-id', contactRule: 'name', contactId: 'c1' });
  });

  test('is the same rule where the record bears the contact', () => {
    expect(found([{ ...record, contactId: 'c1' }])).toMatchObject({
      rule: 'record-id',
      contactRule: 'record-id',
    });
  });
});

describe('planning on a CRM that was not read completely', () => {
  const given = (contactId: string | null) =>
    inputOf(
      scene({
        users: [person('7', 'Іван Петренко')],
        crm: {
          Contact: [{ Id: 'c1', Name: 'Петренко Іван', TypeId: EMPLOYEE }],
          UsrWebitelUser: [
            {
              Id: 'r1',
              UsrExternalId: '7',
              UsrUsername: 'user7',
              UsrName: 'Іван Петренко',
              UsrContactId: contactId,
            },
          ],
        },
      }),
    );
  const operationsOn = (contactId: string | null, problems: string[]) => {
    const input = given(contactId);
    return buildPlan({ ...input, crm: { ...input.crm, problems } });
  };

  test('gives a certain record no contact by name alone, since a namesake may not have been read', () => {
    expect(operationsOn(null, []).operations).not.toEqual([]);
    const plan = operationsOn(null, ['Contact: 2 rows were read, but the CRM counts 3']);
    expect(plan.operations.filter(({ entity }) => entity === 'telephonyRecord')).toEqual([]);
    expect(plan.omissions).toContainEqual(expect.objectContaining({ what: 'name-link', count: 1 }));
  });

  test('creates nothing', () => {
    const plan = operationsOn('c1', ['Contact: 2 rows were read, but the CRM counts 3']);
    expect(plan.operations.filter(({ kind }) => kind === 'create')).toEqual([]);
  });
});
