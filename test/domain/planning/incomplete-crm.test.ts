import { describe, expect, test } from '@jest/globals';
import { correlate } from '../../../src/domain/correlation/correlate.ts';
import type { Contact, DirectoryUser, TelephonyRecord } from '../../../src/domain/person.ts';

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
