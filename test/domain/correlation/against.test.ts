import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { correlate } from '../../../src/domain/correlation/correlate.ts';
import { inLanguage } from '../../../src/domain/correlation/explain.ts';
import type { Correlation, CorrelationInput } from '../../../src/domain/correlation/types.ts';
import type { DirectoryUser } from '../../../src/domain/person.ts';
import { contactOf, crmUserOf, inputOf, linkOf, recordOf, userOf } from './support.ts';

function first(user: Partial<DirectoryUser>, sides: Partial<CorrelationInput>): Correlation {
  const [found] = correlate(inputOf({ users: [userOf('1', user)], ...sides }));
  if (found === undefined) throw new Error('no correlation');
  return found;
}

describe('what speaks against a decisive rule makes a case', () => {
  test('another patronymic behind the same login or e-mail', () => {
    const user = { displayName: 'Коваленко Іван Петрович', login: 'ivan', email: 'ivan@a.test' };
    const contacts = [contactOf('c1', { name: 'Коваленко Іван Сидорович', email: 'ivan@a.test' })];
    const found = first(user, { contacts, crmUsers: [crmUserOf('u1', { login: 'ivan', contactId: 'c1' })] });
    expect(found.situation).toBe('disputed');
    expect(found.reason).toContain('patronymics differ');
    expect(first(user, { contacts }).situation).toBe('disputed');
  });

  test('father and son: another patronymic is another person, who may have no contact yet', () => {
    const contacts = [contactOf('c1', { name: 'Коваленко Іван Сидорович' })];
    expect(first({ displayName: 'Коваленко Іван Петрович' }, { contacts }).situation).toBe('unmatched');
  });

  test('a patronymic tells namesakes apart, in any script', () => {
    const contacts = [
      contactOf('c1', { name: 'Коваленко Іван Сидорович' }),
      contactOf('c2', { name: 'Kovalenko Ivan Petrovych' }),
    ];
    expect(first({ displayName: 'Коваленко Иван Петрович' }, { contacts })).toMatchObject({
      situation: 'matched',
      contactId: 'c2',
    });
  });

  test('the other gender behind the same login', () => {
    const contacts = [contactOf('c1', { name: 'Ткаченко Саша Іванівна' })];
    const crmUsers = [crmUserOf('u1', { login: 'tkachenko', contactId: 'c1' })];
    const found = first({ displayName: 'Ткаченко Олександр', login: 'tkachenko' }, { contacts, crmUsers });
    expect(found.situation).toBe('disputed');
    expect(found.reason).toContain('One is a man, the other a woman');
  });

  test.each([
    ['login', { crmUsers: [crmUserOf('u1', { login: 'sales1', contactId: 'c1' })] }, {}],
    ['email', {}, { email: 'sales1@a.test' }],
  ])('a clearly different name behind the same %s', (field, sides, mail) => {
    const contacts = [contactOf('c1', { name: 'Петренко Олег', ...mail })];
    const found = first(
      { displayName: 'Коваленко Іван', login: 'sales1', email: 'sales1@a.test' },
      { contacts, ...sides },
    );
    expect(found.situation).toBe('disputed');
    expect(found.reason).toContain(`the ${field} is the same`.slice(4));
    expect(found.candidates.map(({ contactId }) => contactId)).toEqual(['c1']);
  });

  test.each([
    ['Кирило Бйко', 'Кирило Бойко', 'The given names agree, but the surnames differ.'],
    ['Jason Ptice', 'Price Jason', 'The given names agree, but the surnames differ.'],
    ['J. Ptice', 'Jason Price', 'The given names agree, but the surnames differ.'],
    ['Olena Kovalenko', 'Коваленко Тетяна', 'The surnames agree, but the given names differ.'],
    ['Xqar Blont', 'Xqar Drusk', 'The names have one word in common, but the other differs.'],
    ['Коваленко Іван', 'Петренко Олег', 'Both the surnames and the given names differ.'],
  ])('%s and %s: the case says in which part the names differ', (displayName, name, difference) => {
    const contacts = [contactOf('c1', { name, email: 'one@a.test' })];
    const crmUsers = [crmUserOf('u1', { login: 'one', contactId: 'c1' })];
    const found = first({ displayName, login: 'one', email: 'one@a.test' }, { contacts, crmUsers });
    expect(found.reason).toBe(
      `The login is the same, but the names differ; logins are given out again. ${difference} A person has to decide.`,
    );
    const about = found.candidates.flatMap(({ evidence }) =>
      evidence.filter(({ field }) => field === 'name'),
    );
    expect(about.map(({ text, verdict }) => ({ text, verdict }))).toEqual([
      { text: difference, verdict: 'against' },
    ]);
    expect(inLanguage(found.reason, 'uk')).toMatch(/^Збігається логін, але імена різні;[^a-z]+$/u);
  });

  test.each([
    ['in a script that cannot be compared', '山田 太郎', 'Taro Yamada'],
    ['in Arabic letters', 'محمد الصباح', 'Mohamed Al-Sabah'],
    ['of one word', 'Reception', 'Петренко Олег'],
    ['with an initial only', 'Коваленко І.', 'Коваленко Іван'],
    ['with a slip', 'Ковалнеко Іван', 'Коваленко Іван'],
    ['with a diminutive', 'Коваленко Ваня', 'Коваленко Іван'],
  ])('but a name %s behind the same login does not', (_, displayName, name) => {
    const crmUsers = [crmUserOf('u1', { login: 'x1', contactId: 'c1' })];
    expect(
      first({ displayName, login: 'x1' }, { contacts: [contactOf('c1', { name })], crmUsers }),
    ).toMatchObject({
      situation: 'matched',
      rule: 'login',
      contactId: 'c1',
    });
  });

  test('a surname with an initial that is clearly another', () => {
    const crmUsers = [crmUserOf('u1', { login: 'molotko', contactId: 'c1' })];
    const contacts = [contactOf('c1', { name: 'Алфёровцева Нина' })];
    expect(first({ displayName: 'O. Molotko', login: 'molotko' }, { contacts, crmUsers }).situation).toBe(
      'disputed',
    );
  });

  test('an address or a login of the contact that is another user’s', () => {
    const users = [
      userOf('1', { displayName: 'Коваленко Іван' }),
      userOf('2', { displayName: 'Петренко Олег', login: 'oleg', email: 'oleg@a.test' }),
    ];
    const byMail = [contactOf('c1', { name: 'Ivan Kovalenko', email: 'oleg@a.test' })];
    expect(correlate(inputOf({ users, contacts: byMail }))[0]?.reason).toContain(
      'is that of Петренко Олег (oleg)',
    );
    const byLogin = [contactOf('c1', { name: 'Ivan Kovalenko' })];
    const crmUsers = [crmUserOf('u1', { login: 'OLEG', contactId: 'c1' })];
    expect(correlate(inputOf({ users, contacts: byLogin, crmUsers }))[0]?.situation).toBe('disputed');
  });

  test.each([
    ['o.kovalenko', 'o.kovalenko2', 'disputed'],
    ['o.kovalenko3', 'O.Kovalenko2', 'disputed'],
    ['o.kovalenko', 'oksana', 'matched'],
    ['3105', '3106', 'matched'],
  ])('logins of namesakes that are numbered apart: %s and %s', (mine, theirs, situation) => {
    const contacts = [contactOf('c1', { name: 'Oksana Kovalenko' })];
    const crmUsers = [crmUserOf('u1', { login: theirs, contactId: 'c1' })];
    expect(first({ displayName: 'Коваленко Оксана', login: mine }, { contacts, crmUsers }).situation).toBe(
      situation,
    );
  });

  test('two pairs whose surnames Belarusian may spell either way may be each other’s', () => {
    const users = [
      userOf('1', { displayName: 'Дарья Козлова' }),
      userOf('2', { displayName: 'Дар’я Казлова', login: 'kazlova' }),
    ];
    const contacts = [
      contactOf('c1', { name: 'Козлова Дарья Владимировна' }),
      contactOf('c2', { name: 'Казлова Дар’я' }),
    ];
    const situations = (input: Partial<CorrelationInput>): string[] =>
      correlate(inputOf({ users, contacts, ...input })).map(({ situation }) => situation);
    expect(situations({})).toEqual(['disputed', 'disputed']);
    expect(situations({ users: users.slice(0, 1), contacts: contacts.slice(0, 1) })).toEqual(['matched']);
    const crmUsers = [crmUserOf('u1', { login: 'kazlova', contactId: 'c2' })];
    expect(situations({ crmUsers })).toEqual(['matched', 'matched']);
  });

  test('names that differ by a mark which a system may have lost are of two people', () => {
    const users = [
      userOf('1', { displayName: 'William Lindström' }),
      userOf('2', { displayName: 'William Lindstrom' }),
    ];
    const contacts = [
      contactOf('c1', { name: 'William Lindström' }),
      contactOf('c2', { name: 'William Lindstrom' }),
    ];
    expect(correlate(inputOf({ users, contacts })).map(({ situation }) => situation)).toEqual([
      'disputed',
      'disputed',
    ]);
  });

  test('a number that only they have and that ties one of two similar names to somebody else', () => {
    const users = [
      userOf('1', { displayName: 'Sevcenko Vladimir', extension: '3561' }),
      userOf('2', { displayName: 'Uladzimir Shawchenka' }),
    ];
    const contacts = [
      contactOf('c1', { name: 'Uladzimir Saucenka' }),
      contactOf('c2', { name: 'Шевченко Владимир', phones: ['3561'] }),
    ];
    const found = correlate(inputOf({ users, contacts }));
    expect(found.map(({ situation }) => situation)).toEqual(['disputed', 'disputed']);
  });

  test('login and name that point to different contacts', () => {
    const contacts = [contactOf('c1', { name: 'Коваленко І.' }), contactOf('c2', { name: 'Коваленко Іван' })];
    const crmUsers = [crmUserOf('u1', { login: 'ivan', contactId: 'c1' })];
    const found = first({ displayName: 'Коваленко Іван', login: 'ivan' }, { contacts, crmUsers });
    expect(found.situation).toBe('disputed');
    expect(found.candidates.map(({ contactId }) => contactId).toSorted()).toEqual(['c1', 'c2']);
  });

  test('login and e-mail that point to different contacts', () => {
    const contacts = [
      contactOf('c1', { name: 'Коваленко Іван' }),
      contactOf('c2', { name: 'Коваленко Іван', email: 'i@a.test' }),
    ];
    const crmUsers = [crmUserOf('u1', { login: 'ivan', contactId: 'c1' })];
    expect(
      first({ displayName: 'Коваленко Іван', login: 'ivan', email: 'i@a.test' }, { contacts, crmUsers })
        .situation,
    ).toBe('disputed');
  });

  test.each([
    ['another mailbox of the same company', 'ivan.kovalenko@a.test', 'i.kovalenko2@a.test', 'disputed'],
    ['the same mailbox', 'ivan.kovalenko@a.test', 'Ivan.Kovalenko@a.test', 'matched'],
    ['the same words in another order', 'ivan.kovalenko@a.test', 'kovalenko.ivan@a.test', 'matched'],
    ['a private address', 'ivan.kovalenko@a.test', 'vanya77@mail.test', 'matched'],
    [
      'a private address that bears another name',
      'ivan.kovalenko@a.test',
      'oleg.petrenko@mail.test',
      'disputed',
    ],
    ['no address', 'ivan.kovalenko@a.test', null, 'matched'],
  ])('namesakes, and %s', (_, mine, theirs, situation) => {
    const contacts = [contactOf('c1', { name: 'Коваленко Іван', email: theirs })];
    expect(first({ displayName: 'Коваленко Іван', email: mine }, { contacts }).situation).toBe(situation);
  });
});

describe('one contact, one user', () => {
  const contacts = [contactOf('c1', { name: 'Коваленко Іван', email: 'ivan@a.test' })];

  test('equal claims make both a case', () => {
    const users = [userOf('1', { displayName: 'A B' }), userOf('2', { displayName: 'C D' })];
    const records = [
      recordOf('r1', { directoryUserId: '1', contactId: 'c1' }),
      recordOf('r2', { directoryUserId: '2', contactId: 'c1' }),
    ];
    expect(correlate(inputOf({ users, records, contacts })).map(({ situation }) => situation)).toEqual([
      'disputed',
      'disputed',
    ]);
  });

  test('the stronger claim wins, and the weaker is told who has the contact', () => {
    const users = [
      userOf('1', { displayName: 'Коваленко Іван', login: 'other', email: 'ivan@a.test' }),
      userOf('2', { displayName: 'Коваленко І.', login: 'ivan' }),
    ];
    const crmUsers = [crmUserOf('u1', { login: 'ivan', contactId: 'c1' })];
    const [weaker, stronger] = correlate(inputOf({ users, contacts, crmUsers }));
    expect(stronger).toMatchObject({ situation: 'matched', rule: 'login', contactId: 'c1' });
    expect(weaker).toMatchObject({ situation: 'disputed', contactId: null });
    expect(weaker?.reason).toContain('Коваленко І. (ivan)');
    expect(weaker?.candidates.map(({ contactId }) => contactId)).toEqual(['c1']);
  });

  test('a link is never given up to a record', () => {
    const users = [userOf('1', { displayName: 'A B' }), userOf('2', { displayName: 'C D' })];
    const found = correlate(
      inputOf({
        users,
        contacts,
        links: [linkOf('1', { contactId: 'c1' })],
        records: [recordOf('r2', { directoryUserId: '2', contactId: 'c1' })],
      }),
    );
    expect(found.map(({ situation }) => situation)).toEqual(['linked', 'disputed']);
  });
});

interface Someone {
  name: string;
  email: string | null;
  login: number;
}

interface Drawn {
  users: Someone[];
  contacts: { who: Someone; staff: boolean; hasUser: boolean }[];
  records: { user: number; contact: number; login: number }[];
}

describe('the batch', () => {
  const names = [
    'Коваленко Іван',
    'Ivan Kovalenko',
    'Коваленко Іван Петрович',
    'Коваленко І.',
    'Петренко Олег',
    'Reception',
  ];
  const mails = [null, 'ivan@a.test', 'office@a.test', 'oleg@b.test'];
  const person = fc.record({
    name: fc.constantFrom(...names),
    email: fc.constantFrom(...mails),
    login: fc.nat(9),
  });
  const batch = fc.record({
    users: fc.array(person, { maxLength: 7 }),
    contacts: fc.array(fc.record({ who: person, staff: fc.boolean(), hasUser: fc.boolean() }), {
      maxLength: 7,
    }),
    records: fc.array(fc.record({ user: fc.nat(8), contact: fc.nat(8), login: fc.nat(9) }), { maxLength: 3 }),
  });

  const inputFrom = ({ users, contacts, records }: Drawn): CorrelationInput =>
    inputOf({
      users: users.map(({ name, email, login }, index) =>
        userOf(String(index), { displayName: name, email, login: `login${index < 3 ? login : index + 20}` }),
      ),
      contacts: contacts.map(({ who, staff }, index) =>
        contactOf(`c${index}`, { name: who.name, email: who.email, staff }),
      ),
      crmUsers: contacts.flatMap(({ who, hasUser }, index) =>
        hasUser ? [crmUserOf(`u${index}`, { login: `login${who.login}`, contactId: `c${index}` })] : [],
      ),
      records: records.map(({ user, contact, login }, index) =>
        recordOf(`r${index}`, {
          directoryUserId: user < 4 ? String(user) : null,
          contactId: contact < 5 ? `c${contact}` : null,
          fields: { login: `login${login}` },
        }),
      ),
    });

  test('is decided alike in whatever order it comes', () => {
    fc.assert(
      fc.property(batch, (drawn) => {
        const input = inputFrom(drawn);
        const turned: CorrelationInput = {
          ...input,
          users: input.users.toReversed(),
          contacts: input.contacts.toReversed(),
          crmUsers: input.crmUsers.toReversed(),
          records: input.records.toReversed(),
        };
        const brief = (all: readonly Correlation[]): unknown[] =>
          all
            .map(({ userId, situation, rule, recordId, contactId, crmUserId, candidates }) => ({
              userId,
              situation,
              rule,
              recordId,
              contactId,
              crmUserId,
              candidates: candidates.map((candidate) => candidate.contactId),
            }))
            .toSorted((one, other) => (one.userId < other.userId ? -1 : 1));
        expect(brief(correlate(turned))).toEqual(brief(correlate(input)));
      }),
      { numRuns: 600 },
    );
  });

  test('gives no contact, CRM user or record to two users, and every user one outcome', () => {
    fc.assert(
      fc.property(batch, (drawn) => {
        const input = inputFrom(drawn);
        const found = correlate(input);
        expect(found.map(({ userId }) => userId)).toEqual(input.users.map(({ id }) => id));
        const matched = found.filter(({ situation }) => situation === 'matched');
        for (const key of ['contactId', 'crmUserId', 'recordId'] as const) {
          const given = matched.flatMap((one) => one[key] ?? []);
          expect(new Set(given).size).toBe(given.length);
        }
        for (const one of found) expect(one.candidates.length).toBeLessThanOrEqual(10);
      }),
      { numRuns: 600 },
    );
  });

  test('of 20,000 on each side is decided in seconds', () => {
    const surnames = Array.from({ length: 2_000 }, (_, index) => {
      const syllables = ['ба', 'ве', 'гу', 'до', 'жи', 'зо', 'ка', 'лу', 'ме', 'ни'];
      return Array.from(String(index))
        .map((digit) => syllables[Number(digit)] ?? '')
        .join('');
    });
    const given = ['Іван', 'Олена', 'Дмитро', 'Юлія', 'Микола', 'Ганна', 'Петро', 'Ольга', 'Тарас', 'Марія'];
    const all = surnames.flatMap((surname) => given.map((name) => `${surname}ленко ${name}`));
    const started = performance.now();
    const found = correlate(
      inputOf({
        users: all.map((displayName, index) => userOf(String(index), { displayName })),
        contacts: all.map((name, index) => contactOf(`c${index}`, { name })),
      }),
    );
    expect(found.every(({ situation }) => situation === 'matched')).toBe(true);
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  test('of one name only is a pile of cases, quickly', () => {
    const users = Array.from({ length: 3_000 }, (_, index) =>
      userOf(String(index), { displayName: 'Коваленко Іван' }),
    );
    const contacts = Array.from({ length: 3_000 }, (_, index) =>
      contactOf(`c${index}`, { name: 'Ivan Kovalenko' }),
    );
    const found = correlate(inputOf({ users, contacts }));
    expect(found.every(({ situation }) => situation === 'disputed')).toBe(true);
    expect(found[0]?.candidates).toHaveLength(10);
  });
});

describe('seed-strict', () => {
  const strict = { policy: { preset: 'seed-strict' } } as const;

  test.each([
    ['login', { login: 'Ivan.K' }, ' ivan.k '],
    ['name', { displayName: 'Коваленко  Іван' }, 'коваленко іван'],
  ])('links by %s equal to the name of a contact', (_, user, name) => {
    expect(first(user, { ...strict, contacts: [contactOf('c1', { name })] })).toMatchObject({
      situation: 'matched',
      rule: 'name',
      contactId: 'c1',
    });
  });

  test('knows no other spelling, no e-mail and no CRM login', () => {
    const user = { displayName: 'Коваленко Іван', login: 'ivan', email: 'i@a.test' };
    const contacts = [contactOf('c1', { name: 'Ivan Kovalenko', email: 'i@a.test' })];
    const crmUsers = [crmUserOf('u1', { login: 'ivan', contactId: 'c1' })];
    expect(first(user, { ...strict, contacts, crmUsers }).situation).toBe('unmatched');
  });

  test('more than one hit on either side is a case, and links and records still count', () => {
    const two = [contactOf('c1', { name: 'A B' }), contactOf('c2', { name: 'a b' })];
    expect(first({ displayName: 'A B' }, { ...strict, contacts: two }).situation).toBe('disputed');
    const records = [recordOf('r1', { directoryUserId: '1', contactId: 'c2' })];
    expect(first({ displayName: 'A B' }, { ...strict, contacts: two, records })).toMatchObject({
      rule: 'record-id',
      contactId: 'c2',
    });
  });
});
