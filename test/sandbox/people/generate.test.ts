import { describe, expect, test } from '@jest/globals';
import { generatePeople, type People } from '../../../src/sandbox/people/generate.ts';
import type { Row } from '../../../src/sandbox/types.ts';

const SIZES = [
  { users: 500, contacts: 2000, crmUsers: 400, seed: 7 },
  { users: 500, contacts: 2000, crmUsers: 400, seed: 8 },
  { users: 1500, contacts: 3000, crmUsers: 1000, seed: 1 },
];
const EMPLOYEE = '60733efc-f36b-1410-a883-16d83cab0980';

const text = (row: Row | undefined, column: string): string => {
  const value = row?.[column];
  return typeof value === 'string' ? value : '';
};
const lower = (row: Row | undefined, column: string): string => text(row, column).toLowerCase();
/** The ids of the licences that a directory user holds. */
const grantsOf = (user: Row): string[] => {
  const grants = user['license'];
  if (!Array.isArray(grants)) return [];
  return grants.map((grant) =>
    typeof grant === 'object' && grant !== null && !Array.isArray(grant) ? text(grant, 'id') : '',
  );
};
const bare = (name: string): string =>
  name
    .toLowerCase()
    .replace(/['’ʼ`]/gu, "'")
    .split(/\s+/)
    .filter(Boolean)
    .toSorted()
    .join(' ');

interface Pair {
  user: Row;
  contact: Row | undefined;
  crmUser: Row | undefined;
}

function study({ data, truth }: People) {
  const rows = (table: string): Row[] => data.creatio[table] ?? [];
  const contacts = new Map(rows('Contact').map((row) => [text(row, 'Id'), row]));
  const units = new Map(rows('SysAdminUnit').map((row) => [text(row, 'Id'), row]));
  const users = data.webitel['users'] ?? [];
  const pairs = users.map((user): Pair => {
    const known = truth[text(user, 'id')];
    return { user, contact: contacts.get(known?.contact ?? ''), crmUser: units.get(known?.crmUser ?? '') };
  });
  const people = rows('SysAdminUnit').filter((row) => row['SysAdminUnitTypeValue'] === 4);
  const ofUsers = new Set(people.map((row) => text(row, 'ContactId')));
  const staff = rows('Contact').filter((row) => row['TypeId'] === EMPLOYEE || ofUsers.has(text(row, 'Id')));
  return { rows, users, pairs, people, staff, matched: pairs.filter((pair) => pair.contact !== undefined) };
}

const share = (part: number, whole: number): number => part / whole;

describe.each(SIZES)('people of %o', (size) => {
  const people = generatePeople(size);
  const { rows, users, pairs, people: crmUsers, staff, matched } = study(people);

  test('there are exactly as many as asked for', () => {
    expect(users).toHaveLength(size.users);
    expect(rows('Contact')).toHaveLength(size.contacts);
    expect(crmUsers).toHaveLength(size.crmUsers);
    expect(Object.keys(people.truth).toSorted()).toEqual(users.map((user) => text(user, 'id')).toSorted());
  });

  test('the truth names rows that exist, each once, and the CRM user is that of the contact', () => {
    expect(new Set(matched.map(({ contact }) => text(contact, 'Id'))).size).toBe(matched.length);
    for (const [id, known] of Object.entries(people.truth)) {
      const pair = pairs.find(({ user }) => user['id'] === id);
      if (known.contact !== null) expect(text(pair?.contact, 'Id')).toBe(known.contact);
      if (known.crmUser !== null) expect(text(pair?.crmUser, 'ContactId')).toBe(known.contact);
    }
  });

  test('about 87 % of the users have a contact, always one of the staff', () => {
    expect(share(matched.length, users.length)).toBeGreaterThan(0.84);
    expect(share(matched.length, users.length)).toBeLessThan(0.89);
    const ids = new Set(staff.map((row) => text(row, 'Id')));
    for (const { contact } of matched) expect(ids).toContain(text(contact, 'Id'));
  });

  test('e-mails agree for about 60 %, and logins often', () => {
    const mails = matched.filter(
      ({ user, contact }) => lower(user, 'email') !== '' && lower(user, 'email') === lower(contact, 'Email'),
    );
    expect(share(mails.length, matched.length)).toBeGreaterThan(0.54);
    expect(share(mails.length, matched.length)).toBeLessThan(0.7);
    const logins = matched.filter(({ user, crmUser }) => lower(user, 'username') === lower(crmUser, 'Name'));
    expect(share(logins.length, crmUsers.length)).toBeGreaterThan(0.4);
  });

  test('a login or an e-mail never points to somebody else', () => {
    const byLogin = new Map(crmUsers.map((row) => [lower(row, 'Name'), text(row, 'ContactId')]));
    const holders = new Map<string, Row[]>();
    for (const row of rows('Contact')) {
      const sharers = holders.get(lower(row, 'Email')) ?? [];
      holders.set(lower(row, 'Email'), [...sharers.slice(0, 2), row]);
    }
    for (const { user, contact } of pairs) {
      const owner = byLogin.get(lower(user, 'username'));
      if (owner !== undefined) expect(owner).toBe(text(contact, 'Id'));
      const sharers = lower(user, 'email') === '' ? [] : (holders.get(lower(user, 'email')) ?? []);
      if (sharers.length === 1) expect(text(sharers[0], 'Id')).toBe(text(contact, 'Id'));
    }
  });

  test('a few mailboxes are shared by several people on both sides', () => {
    const count = (list: Row[], column: string): Map<string, number> => {
      const seen = new Map<string, number>();
      for (const row of list) seen.set(lower(row, column), (seen.get(lower(row, column)) ?? 0) + 1);
      seen.delete('');
      return new Map([...seen].filter(([, times]) => times > 1));
    };
    const left = count(users, 'email');
    const right = count(rows('Contact'), 'Email');
    expect(left.size).toBeGreaterThan(0);
    expect([...left.keys()].toSorted()).toEqual([...right.keys()].toSorted());
  });

  test('between 1 and 3 % of the users share a name with somebody else of the staff', () => {
    const bearers = new Map<string, number>();
    const named = (row: Row | undefined): string => bare(`${text(row, 'Surname')} ${text(row, 'GivenName')}`);
    for (const row of staff)
      if (text(row, 'Surname') !== '') bearers.set(named(row), (bearers.get(named(row)) ?? 0) + 1);
    const doubled = matched.filter(({ contact }) => (bearers.get(named(contact)) ?? 0) > 1);
    expect(share(doubled.length, users.length)).toBeGreaterThan(0.007);
    expect(share(doubled.length, users.length)).toBeLessThan(0.03);
  });

  test('a user without a contact bears no name of the staff, unless login and e-mail say otherwise', () => {
    const named = new Map(
      staff.map((row) => [bare(`${text(row, 'Surname')} ${text(row, 'GivenName')}`), row]),
    );
    const lonely = pairs.filter(({ contact }) => contact === undefined);
    let told = 0;
    for (const { user } of lonely) {
      const namesake = named.get(bare(text(user, 'name')));
      if (namesake === undefined) continue;
      told += 1;
      expect(lower(namesake, 'Email')).not.toBe('');
      expect(lower(user, 'email')).not.toBe('');
      expect(lower(namesake, 'Email')).not.toBe(lower(user, 'email'));
    }
    expect(told).toBeLessThanOrEqual(lonely.length * 0.06);
  });

  test('customers bear the name of some employees', () => {
    const ids = new Set(staff.map((row) => text(row, 'Id')));
    const names = new Set(staff.map((row) => bare(`${text(row, 'Surname')} ${text(row, 'GivenName')}`)));
    const doubles = rows('Contact').filter(
      (row) =>
        !ids.has(text(row, 'Id')) && names.has(bare(`${text(row, 'Surname')} ${text(row, 'GivenName')}`)),
    );
    expect(doubles.length).toBeGreaterThan(0);
    expect(doubles.length).toBeLessThan(size.contacts * 0.03);
  });

  test('names come in four scripts and several spellings, and at most 6 % have nothing but a weak or shared name', () => {
    const names = users.map((user) => text(user, 'name'));
    const has = (pattern: RegExp): number => names.filter((name) => pattern.test(name)).length;
    expect(has(/\p{Script=Cyrillic}/u)).toBeGreaterThan(users.length * 0.4);
    expect(has(/^[\p{Script=Latin}\P{L}]+$/u)).toBeGreaterThan(users.length * 0.15);
    expect(has(/\p{Script=Arabic}/u)).toBeGreaterThan(0);
    expect(has(/[ыэъ]/u)).toBeGreaterThan(0);
    expect(has(/\p{Script=Cyrillic}[a-zA-Z]|[a-zA-Z]\p{Script=Cyrillic}| {2}|\s$/u)).toBeGreaterThan(0);
    expect(has(/\p{L}\.$/u)).toBeGreaterThan(0);
    const untied = matched.filter(
      ({ user, contact, crmUser }) =>
        lower(user, 'username') !== lower(crmUser, 'Name') &&
        (lower(user, 'email') === '' || lower(user, 'email') !== lower(contact, 'Email')),
    );
    const weak = untied.filter(({ user, contact }) => {
      const words = bare(text(contact, 'Name')).split(' ');
      const own = bare(text(user, 'name')).split(' ');
      const isSameScript =
        /\p{Script=Cyrillic}/u.test(text(user, 'name')) ===
        /\p{Script=Cyrillic}/u.test(text(contact, 'Name'));
      return isSameScript && own.filter((word) => words.includes(word)).length < 2;
    });
    expect(weak.length).toBeGreaterThan(0);
    expect(share(weak.length, users.length)).toBeLessThan(0.06);
  });

  test('extensions are unique strings of 3 to 5 digits, some with a leading zero, and about 5 % have none', () => {
    const extensions = users.map((user) => text(user, 'extension')).filter(Boolean);
    expect(new Set(extensions).size).toBe(extensions.length);
    for (const extension of extensions) expect(extension).toMatch(/^\d{3,5}$/);
    expect(extensions.some((extension) => extension.startsWith('0'))).toBe(true);
    expect(share(users.length - extensions.length, users.length)).toBeGreaterThan(0.02);
    expect(share(users.length - extensions.length, users.length)).toBeLessThan(0.09);
  });

  test('logins fit the directory and differ in more than case', () => {
    const logins = users.map((user) => text(user, 'username'));
    for (const login of logins) expect(login).toMatch(/^[A-Za-z0-9._-]+$/);
    expect(new Set(logins.map((login) => login.toLowerCase())).size).toBe(logins.length);
  });

  test('seats add up and grants name licences that are valid', () => {
    const licences = people.data.webitel['licenses'] ?? [];
    const grants = users.flatMap(grantsOf);
    for (const licence of licences) {
      const used = grants.filter((id) => id === licence['id']).length;
      if (licence['competitive'] !== true) expect(Number(licence['limit']) - used).toBe(licence['remain']);
      if (used > 0) expect(Number(licence['not_after'])).toBeGreaterThan(Date.now());
    }
    expect(licences.some((licence) => Number(licence['not_after']) < Date.now())).toBe(true);
    for (const user of users) expect(['1', '2', '3']).toContain(String(grantsOf(user).length));
  });

  test('about 4 % have a telephony record already, in every kind, exactly one of them twice', () => {
    const records = rows('UsrWebitelUser');
    expect(share(records.length, users.length)).toBeGreaterThan(0.03);
    expect(share(records.length, users.length)).toBeLessThan(0.05);
    const ids = records.map((row) => text(row, 'UsrExternalId')).filter(Boolean);
    expect(ids.length - new Set(ids).size).toBe(1);
    const detailed = new Set(rows('UsrWebitelUserLicense').map((row) => row['UsrWebitelUserId']));
    expect(records.some((row) => text(row, 'UsrExternalId') === '')).toBe(true);
    expect(records.some((row) => text(row, 'UsrExternalId') !== '' && !detailed.has(text(row, 'Id')))).toBe(
      true,
    );
    for (const row of records) {
      const pair = pairs.find(({ user }) => lower(user, 'username') === lower(row, 'UsrUsername'));
      expect(text(row, 'UsrContactId')).toBe(text(pair?.contact, 'Id'));
    }
    const names = new Map(pairs.map(({ user }) => [lower(user, 'username'), user]));
    expect(records.some((row) => names.get(lower(row, 'UsrUsername'))?.['name'] !== row['UsrName'])).toBe(
      true,
    );
    expect(
      records.some((row) => names.get(lower(row, 'UsrUsername'))?.['username'] !== row['UsrUsername']),
    ).toBe(true);
  });

  test('the integration account stands on both sides as one person', () => {
    const own = pairs.filter(({ user }) => user['username'] === 'rollcall');
    expect(own).toHaveLength(1);
    expect(own[0]?.contact).toBeDefined();
    expect(own[0]?.crmUser?.['Name']).toBe('rollcall');
    expect(JSON.stringify(own[0]?.user['license'])).toContain('"users","roles","devices","license"');
  });

  test('rows are stamped in rising order with a few equal stamps, and every reference leads somewhere', () => {
    const stamps = rows('Contact').map((row) => text(row, 'CreatedOn'));
    expect(stamps).toEqual(stamps.toSorted());
    const equal = stamps.length - new Set(stamps).size;
    expect(equal).toBeGreaterThan(0);
    expect(equal).toBeLessThan(stamps.length * 0.05);
    const ids = new Set(
      Object.values(people.data.creatio).flatMap((table) => table.map((row) => text(row, 'Id'))),
    );
    for (const [table, list] of Object.entries(people.data.creatio)) {
      for (const row of list) {
        for (const [column, value] of Object.entries(row)) {
          if (!column.endsWith('Id') || column === 'Id' || column === 'UsrExternalId') continue;
          if (value === null || value === '') continue;
          if (!ids.has(text(row, column)))
            throw new Error(`${table}.${column} of ${text(row, 'Id')} leads nowhere`);
        }
      }
    }
  });
});

describe('the generator', () => {
  test('the same seed gives the same people and another seed others', () => {
    const size = { users: 60, contacts: 200, crmUsers: 40 };
    const once = JSON.stringify(generatePeople({ ...size, seed: 5 }));
    expect(JSON.stringify(generatePeople({ ...size, seed: 5 }))).toBe(once);
    expect(JSON.stringify(generatePeople({ ...size, seed: 6 }))).not.toBe(once);
  });

  test.each([
    { users: 1, contacts: 2, crmUsers: 2 },
    { users: 10, contacts: 3, crmUsers: 2 },
    { users: 5, contacts: 100, crmUsers: 60 },
    { users: 3, contacts: 2, crmUsers: 9 },
    { users: 30, contacts: 40, crmUsers: 30 },
  ])('odd numbers are met too: %o', (size) => {
    const { users, people, rows } = study(generatePeople({ ...size, seed: 3 }));
    expect([users.length, rows('Contact').length, people.length]).toEqual([
      size.users,
      size.contacts,
      size.crmUsers,
    ]);
  });
});
