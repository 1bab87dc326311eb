import { describe, expect, test } from '@jest/globals';
import { correlate } from '../../../src/domain/correlation/correlate.ts';
import type { Correlation, CorrelationInput } from '../../../src/domain/correlation/types.ts';
import { contactOf, crmUserOf, inputOf, linkOf, recordOf, userOf, verdictOf } from './support.ts';

const ivan = userOf('1', { login: 'ivan', displayName: 'Коваленко Іван', email: 'ivan@a.test' });
const ivanContact = contactOf('c1', { name: 'Ivan Kovalenko' });

function only(sides: Partial<CorrelationInput>): Correlation {
  const [first] = correlate(inputOf({ users: [ivan], ...sides }));
  if (first === undefined) throw new Error('no correlation');
  return first;
}

describe('rule 1, link', () => {
  const link = linkOf('1', { recordId: 'r1', contactId: 'c9', crmUserId: 'u9' });

  test('an active link stands, whatever the name says', () => {
    expect(only({ links: [link], contacts: [ivanContact] })).toMatchObject({
      situation: 'linked',
      rule: 'link',
      recordId: 'r1',
      contactId: 'c9',
      crmUserId: 'u9',
    });
  });

  test('a link whose user is gone plays no role', () => {
    expect(only({ links: [{ ...link, status: 'gone' }], contacts: [ivanContact] })).toMatchObject({
      situation: 'matched',
      rule: 'name',
    });
  });
});

describe('rule 2, the record that bears the id', () => {
  test('brings its contact and CRM user along', () => {
    const records = [recordOf('r1', { directoryUserId: '1', contactId: 'c5', crmUserId: 'u5' })];
    expect(only({ records, contacts: [ivanContact] })).toMatchObject({
      situation: 'matched',
      rule: 'record-id',
      recordId: 'r1',
      contactId: 'c5',
      crmUserId: 'u5',
    });
  });

  test('takes the contact from the later rules when it has none', () => {
    const crmUsers = [crmUserOf('u1', { contactId: 'c1' })];
    expect(
      only({ records: [recordOf('r1', { directoryUserId: '1' })], contacts: [ivanContact], crmUsers }),
    ).toMatchObject({
      situation: 'matched',
      rule: 'record-id',
      recordId: 'r1',
      contactId: 'c1',
      crmUserId: 'u1',
    });
  });

  test('is a case when the later rules leave the contact open', () => {
    const contacts = [ivanContact, contactOf('c2', { name: 'Коваленко Іван' })];
    const found = only({ records: [recordOf('r1', { directoryUserId: '1' })], contacts });
    expect(found).toMatchObject({ situation: 'disputed', recordId: 'r1', contactId: null });
    expect(found.candidates.map(({ contactId }) => contactId).toSorted()).toEqual(['c1', 'c2']);
  });

  test('keeps its record when there is no contact at all', () => {
    expect(only({ records: [recordOf('r1', { directoryUserId: '1' })] })).toMatchObject({
      situation: 'unmatched',
      rule: 'record-id',
      recordId: 'r1',
    });
  });

  test('two records with one id are a case, until a verdict says whose contact it is', () => {
    const records = [
      recordOf('r1', { directoryUserId: '1', contactId: 'c1' }),
      recordOf('r2', { directoryUserId: '1', contactId: 'c2' }),
    ];
    const contacts = [ivanContact, contactOf('c2', { name: 'Kovalenko' })];
    const found = only({ records, contacts });
    expect(found).toMatchObject({ situation: 'disputed', recordId: null });
    expect(found.reason).toContain('2 telephony records');
    expect(only({ records, contacts, verdicts: [verdictOf('1', 'same', 'c2')] })).toMatchObject({
      situation: 'matched',
      recordId: 'r2',
      contactId: 'c2',
    });
  });
});

describe('rule 3, the record that is adopted', () => {
  test('by login, without case', () => {
    const records = [recordOf('r1', { fields: { login: ' IVAN ' }, contactId: 'c5' })];
    expect(only({ records })).toMatchObject({
      situation: 'matched',
      rule: 'record-adopted',
      recordId: 'r1',
      contactId: 'c5',
    });
  });

  test('by the contact or the CRM user that the later rules find', () => {
    const contacts = [ivanContact];
    expect(only({ records: [recordOf('r1', { contactId: 'c1' })], contacts })).toMatchObject({
      situation: 'matched',
      rule: 'record-adopted',
      recordId: 'r1',
      contactId: 'c1',
    });
    const crmUsers = [crmUserOf('u1', { contactId: 'c1' })];
    expect(only({ records: [recordOf('r1', { crmUserId: 'u1' })], contacts, crmUsers })).toMatchObject({
      rule: 'record-adopted',
      recordId: 'r1',
    });
  });

  test('two that could be adopted are a case', () => {
    const byLogin = [
      recordOf('r1', { fields: { login: 'ivan' } }),
      recordOf('r2', { fields: { login: 'Ivan' } }),
    ];
    expect(only({ records: byLogin }).situation).toBe('disputed');
    const byContact = [recordOf('r1', { contactId: 'c1' }), recordOf('r2', { contactId: 'c1' })];
    expect(only({ records: byContact, contacts: [ivanContact] }).situation).toBe('disputed');
  });

  test('a record with an id of its own is never adopted', () => {
    const other = userOf('2', { login: 'other', displayName: 'Петренко Олег' });
    const records = [recordOf('r2', { directoryUserId: '2', fields: { login: 'ivan' }, contactId: 'c7' })];
    expect(only({ users: [ivan, other], records })).toMatchObject({ situation: 'unmatched', recordId: null });
  });

  test('the record of a user who is confirmed gone goes to the successor of the same login', () => {
    const records = [recordOf('r1', { directoryUserId: '77', fields: { login: 'Ivan' }, contactId: 'c5' })];
    expect(only({ records, goneUserIds: new Set(['77']) })).toMatchObject({
      situation: 'matched',
      rule: 'record-successor',
      recordId: 'r1',
      contactId: 'c5',
    });
  });

  test('as long as the absence is not confirmed, it is a case', () => {
    const records = [recordOf('r1', { directoryUserId: '77', fields: { login: 'Ivan' }, contactId: 'c5' })];
    const found = only({ records, contacts: [contactOf('c5', { name: 'Коваленко Іван' })] });
    expect(found.situation).toBe('disputed');
    expect(found.reason).toContain('not confirmed');
  });
});

describe('rule 4, verdicts', () => {
  const contacts = [ivanContact, contactOf('c2', { name: 'Коваленко Іван' })];

  test('"same" links', () => {
    expect(only({ contacts, verdicts: [verdictOf('1', 'same', 'c2')] })).toMatchObject({
      situation: 'matched',
      rule: 'verdict',
      contactId: 'c2',
    });
  });

  test('"different" outranks a link and a record, and the contact is never proposed again', () => {
    const links = [linkOf('1', { recordId: 'r1', contactId: 'c1' })];
    const records = [recordOf('r1', { directoryUserId: '1', contactId: 'c1' })];
    const found = only({
      links,
      records,
      contacts: [ivanContact],
      verdicts: [verdictOf('1', 'different', 'c1')],
    });
    expect(found).toMatchObject({ situation: 'unmatched', contactId: null, recordId: 'r1' });
    expect(found.candidates).toEqual([]);
  });

  test('"different" with one contact leaves the other candidates to be decided', () => {
    const found = only({ contacts, verdicts: [verdictOf('1', 'different', 'c1')] });
    expect(found.situation).toBe('disputed');
    expect(found.candidates.map(({ contactId }) => contactId)).toEqual(['c2']);
  });

  test('"different" without a contact rejects all that were proposed', () => {
    expect(only({ contacts, verdicts: [verdictOf('1', 'different', null, ['c1', 'c2'])] })).toMatchObject({
      situation: 'unmatched',
      contactId: null,
    });
  });

  test('"create" outranks the name, too', () => {
    expect(only({ contacts: [ivanContact], verdicts: [verdictOf('1', 'create')] }).situation).toBe(
      'unmatched',
    );
  });

  test('a record whose contact was rejected stays with the user of its login', () => {
    const users = [userOf('2', { login: 'olha', displayName: 'Петренко Ольга' }), ivan];
    const records = [recordOf('r1', { fields: { login: 'olha' }, contactId: 'c1' })];
    const [olha, found] = correlate(
      inputOf({ users, records, contacts: [ivanContact], verdicts: [verdictOf('2', 'different', 'c1')] }),
    );
    expect(olha).toMatchObject({ situation: 'unmatched', recordId: 'r1' });
    expect(found).toMatchObject({ situation: 'matched', rule: 'name', contactId: 'c1', recordId: null });
  });

  test('"create" leaves the user unmatched although there are candidates', () => {
    expect(only({ contacts, verdicts: [verdictOf('1', 'create')] })).toMatchObject({
      situation: 'unmatched',
      candidates: [],
    });
  });
});

describe('rule 5, login', () => {
  test('the directory login is the CRM login, without case; an e-mail as login is compared whole', () => {
    const contacts = [contactOf('c1', { name: 'Kovalenko Ivan' })];
    const crmUsers = [crmUserOf('u1', { login: 'IVAN', contactId: 'c1' })];
    expect(only({ contacts, crmUsers })).toMatchObject({ rule: 'login', contactId: 'c1', crmUserId: 'u1' });
    const byMail = [crmUserOf('u1', { login: 'ivan@company.test', contactId: 'c1' })];
    expect(only({ contacts: [contactOf('c1', { name: 'Supervisor' })], crmUsers: byMail }).situation).toBe(
      'unmatched',
    );
  });

  test('a CRM user without a contact is matched alone when the name finds nobody', () => {
    expect(only({ crmUsers: [crmUserOf('u1', { login: 'ivan' })] })).toMatchObject({
      situation: 'matched',
      rule: 'login',
      contactId: null,
      crmUserId: 'u1',
    });
  });

  test('a CRM user without a contact takes the one contact of the name, and of several none', () => {
    const crmUsers = [crmUserOf('u1', { login: 'ivan' })];
    expect(only({ crmUsers, contacts: [ivanContact] })).toMatchObject({ contactId: 'c1', crmUserId: 'u1' });
    const contacts = [ivanContact, contactOf('c2', { name: 'Коваленко Іван' })];
    expect(only({ crmUsers, contacts }).situation).toBe('disputed');
  });

  test('two CRM users with the login are no match', () => {
    const crmUsers = [
      crmUserOf('u1', { login: 'ivan', contactId: 'c1' }),
      crmUserOf('u2', { login: 'Ivan', contactId: 'c2' }),
    ];
    expect(only({ crmUsers, contacts: [contactOf('c1'), contactOf('c2')] }).situation).not.toBe('matched');
  });
});

describe('rule 6, e-mail', () => {
  test.each([
    ['the contact', { contacts: [contactOf('c1', { name: 'Ivan Kovalenko', email: 'IVAN@a.test' })] }],
    [
      'the CRM user',
      { contacts: [ivanContact], crmUsers: [crmUserOf('u1', { contactId: 'c1', email: 'ivan@A.test' })] },
    ],
    [
      'both, of one person',
      {
        contacts: [contactOf('c1', { name: 'Ivan Kovalenko', email: 'ivan@a.test' })],
        crmUsers: [crmUserOf('u1', { contactId: 'c1', email: 'ivan@a.test' })],
      },
    ],
  ])('is decisive when %s has it alone', (_, sides) => {
    expect(only(sides)).toMatchObject({ situation: 'matched', rule: 'email', contactId: 'c1' });
  });

  test('tells namesakes apart', () => {
    const contacts = [
      contactOf('c1', { name: 'Коваленко Іван' }),
      contactOf('c2', { name: 'Коваленко Іван', email: 'ivan@a.test' }),
    ];
    expect(only({ contacts })).toMatchObject({ rule: 'email', contactId: 'c2' });
  });

  test.each([
    ['on the side of the CRM', [ivan], ['c1', 'c2']],
    [
      'on the side of the directory',
      [ivan, userOf('2', { displayName: 'Петренко Олег', email: 'ivan@a.test' })],
      ['c1'],
    ],
  ])('is no match when it is shared %s', (_, users, ids) => {
    const contacts = ids.map((id) => contactOf(id, { name: `Office ${id}`, email: 'ivan@a.test' }));
    const [found] = correlate(inputOf({ users, contacts }));
    expect(found?.situation).toBe('unmatched');
  });
});

describe('rule 7, name', () => {
  test('links the one staff contact of the name, with its CRM user', () => {
    const crmUsers = [crmUserOf('u1', { contactId: 'c1' })];
    const found = only({ contacts: [ivanContact], crmUsers });
    expect(found).toMatchObject({ situation: 'matched', rule: 'name', contactId: 'c1', crmUserId: 'u1' });
    expect(found.evidence).toHaveLength(1);
    expect(found.evidence[0]?.text).toContain('KMU-55');
  });

  test('a name that is met only outside the staff is a case', () => {
    const found = only({ contacts: [{ ...ivanContact, staff: false }] });
    expect(found.situation).toBe('disputed');
    expect(found.reason).toContain('not staff');
    expect(found.candidates.map(({ contactId }) => contactId)).toEqual(['c1']);
  });

  test('a customer of the name does not stand in the way of the staff contact', () => {
    expect(
      only({ contacts: [ivanContact, contactOf('c2', { name: 'Коваленко Іван', staff: false })] }),
    ).toMatchObject({
      situation: 'matched',
      contactId: 'c1',
    });
  });

  test.each([
    ['two contacts', [ivan], ['c1', 'c2']],
    ['two users', [ivan, userOf('2', { displayName: 'Ivan Kovalenko' })], ['c1']],
  ])('%s of one name are cases', (_, users, ids) => {
    const contacts = ids.map((id) => contactOf(id, { name: 'Коваленко Іван' }));
    for (const found of correlate(inputOf({ users, contacts }))) {
      expect(found.situation).toBe('disputed');
      expect(found.candidates.map(({ contactId }) => contactId).toSorted()).toEqual(ids);
    }
  });

  test('a namesake who is linked elsewhere still makes the name ambiguous', () => {
    const users = [ivan, userOf('2', { displayName: 'Иван Коваленко' })];
    const links = [linkOf('2', { contactId: 'c9' })];
    const contacts = [ivanContact, contactOf('c9', { name: 'Коваль Іван' })];
    const [found] = correlate(inputOf({ users, links, contacts }));
    expect(found).toMatchObject({ situation: 'disputed', contactId: null });
    expect(found?.reason).toContain('2 directory users');
  });

  test('a namesake who is linked already leaves a case behind, not a match', () => {
    const users = [ivan, userOf('2', { displayName: 'Коваленко Іван' })];
    const links = [linkOf('2', { contactId: 'c1' })];
    const [found] = correlate(inputOf({ users, links, contacts: [ivanContact] }));
    expect(found).toMatchObject({ situation: 'disputed', contactId: null });
    expect(
      found?.candidates[0]?.evidence.some(
        ({ rule, verdict }) => rule === 'uniqueness' && verdict === 'against',
      ),
    ).toBe(true);
  });
});

describe('a number beside an Arabic name in two scripts', () => {
  const user = userOf('1', { displayName: 'عبدالله الصباح', phones: ['+380 67 123 45 67'] });
  const contact = contactOf('c1', { name: 'Abdullah Al-Sabah', phones: ['(067) 123-45-67'] });
  const decide = (sides: Partial<CorrelationInput>): Correlation | undefined =>
    correlate(inputOf({ users: [user], contacts: [contact], ...sides }))[0];

  test('links when nobody else has it, in whatever notation', () => {
    expect(decide({ policy: { preset: 'default', country: 'UA' } })).toMatchObject({
      situation: 'matched',
      rule: 'number',
      contactId: 'c1',
    });
    expect(decide({})).toMatchObject({ situation: 'matched', rule: 'number' });
  });

  test('does not when it is shared, or another country’s', () => {
    const other = contactOf('c2', { name: 'Петренко Олег', phones: ['0671234567'] });
    expect(decide({ contacts: [contact, other] })?.situation).toBe('disputed');
    const abroad = { ...contact, phones: ['+44 67 123 45 67'] };
    expect(decide({ contacts: [abroad] })?.situation).toBe('disputed');
  });

  test('does not help a name with a slip, a diminutive or an initial', () => {
    for (const name of ['Ковалнеко Іван', 'Коваленко Ваня', 'Коваленко І.']) {
      const users = [userOf('1', { displayName: 'Коваленко Іван', extension: '105' })];
      const found = decide({ users, contacts: [contactOf('c1', { name, phones: ['105'] })] });
      expect(found).toMatchObject({ situation: 'disputed' });
      expect(found?.candidates[0]?.evidence.map(({ rule }) => rule)).toContain('extension');
    }
  });
});

describe('rule 8, weaker name evidence', () => {
  test.each(['Коваленко І.', 'Коваленко Ваня', 'Ковалнеко Іван'])('%s is a case with a candidate', (name) => {
    const found = only({ contacts: [contactOf('c1', { name })] });
    expect(found.situation).toBe('disputed');
    expect(found.candidates.map(({ contactId }) => contactId)).toEqual(['c1']);
  });

  test('makes the full name doubtful as long as it is nobody’s', () => {
    const users = [
      userOf('1', { displayName: 'Коваленко І.' }),
      userOf('2', { displayName: 'Коваленко Іван' }),
    ];
    const found = correlate(inputOf({ users, contacts: [ivanContact] }));
    expect(found.map(({ situation }) => situation)).toEqual(['disputed', 'disputed']);
    expect(found[1]?.reason).toContain('Коваленко І. (login-1), who has none yet');
    const contacts = [ivanContact, contactOf('c2', { name: 'Коваленко І.' })];
    expect(only({ contacts })).toMatchObject({ situation: 'disputed' });
    expect(only({ contacts }).candidates.map(({ contactId }) => contactId)).toEqual(['c1', 'c2']);
  });

  test('does not reach for a contact that is another user’s by more than the name', () => {
    const users = [userOf('1', { displayName: 'Коваленко І.' }), { ...ivan, id: '2' }];
    const contacts = [{ ...ivanContact, email: 'ivan@a.test' }];
    const [found] = correlate(inputOf({ users, contacts }));
    expect(found).toMatchObject({ situation: 'unmatched' });
  });

  test('a number that both have, and nobody else, takes the doubt away', () => {
    const users = [
      userOf('1', { displayName: 'Коваленко І.' }),
      userOf('2', { displayName: 'Коваленко Іван', extension: '105' }),
    ];
    const [, found] = correlate(inputOf({ users, contacts: [{ ...ivanContact, phones: ['105'] }] }));
    expect(found).toMatchObject({ situation: 'matched', rule: 'name' });
  });

  test('does not reach beyond the staff', () => {
    expect(only({ contacts: [contactOf('c1', { name: 'Коваленко І.', staff: false })] }).situation).toBe(
      'unmatched',
    );
  });
});

test('nobody is unmatched for want of a reason', () => {
  const found = only({ contacts: [contactOf('c1', { name: 'Петренко Олег' })] });
  expect(JSON.parse(JSON.stringify(found))).toEqual({
    userId: '1',
    situation: 'unmatched',
    rule: null,
    contactRule: null,
    recordId: null,
    contactId: null,
    crmUserId: null,
    evidence: [],
    candidates: [],
    reason: 'Neither login, e-mail nor name is met in the CRM.',
  });
});
