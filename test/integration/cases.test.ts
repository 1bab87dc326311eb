import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CaseRecord } from '../../src/app/ports/cases.ts';
import type { Rollcall } from '../../src/app/rollcall.ts';
import { contact, CUSTOMER, guid, people, startWorld, textOf, user, type World } from '../support/world.ts';

/** Two users of one name, one contact. */
const TWIN_A = '301';
const TWIN_B = '302';
/** One user, two contacts of the name. */
const DOUBLE = '303';
/** A user whose name is met only at a customer. */
const OUTSIDER = '304';
/** The login is that of one employee's CRM user, the name is another employee's. */
const TORN = '305';
const CLEAR = '306';

const TWIN = guid(1);
const DOUBLE_OLD = guid(2);
const DOUBLE_NEW = guid(3);
const CUSTOMER_CONTACT = guid(4);
const BY_LOGIN = guid(5);
const BY_NAME = guid(6);
const CLEAR_CONTACT = guid(7);
const CRM_USER = guid(55);
const CLEAR_CRM_USER = guid(57);

const DATA = people({
  webitel: {
    users: [
      user(TWIN_A, 'Олена Коваль', { username: 'koval.1' }),
      user(TWIN_B, 'Olena Koval', { username: 'koval.2' }),
      user(DOUBLE, 'Богдан Гриценко', { username: 'hrytsenko', extension: '2303' }),
      user(OUTSIDER, 'Ірина Бондар', { username: 'bondar' }),
      user(TORN, 'Dmytro Savchenko', { username: 'd.savchenko' }),
      user(CLEAR, 'Roman Tkach', { username: 'tkach' }),
    ],
  },
  creatio: {
    Contact: [
      contact(TWIN, 'Коваль Олена'),
      contact(DOUBLE_OLD, 'Гриценко Богдан'),
      contact(DOUBLE_NEW, 'Гриценко Богдан', { MobilePhone: '2303' }),
      contact(CUSTOMER_CONTACT, 'Бондар Ірина', { TypeId: CUSTOMER }),
      contact(BY_LOGIN, 'Savchenko Oksana'),
      contact(BY_NAME, 'Савченко Дмитро'),
      contact(CLEAR_CONTACT, 'Ткач Роман'),
    ],
    SysAdminUnit: [
      {
        Id: CRM_USER,
        Name: 'd.savchenko',
        ContactId: BY_LOGIN,
        SysAdminUnitTypeValue: 4,
        SysCultureId: 'a5420246-0a8e-e111-84a3-00155d054c03',
      },
      {
        Id: CLEAR_CRM_USER,
        Name: 'r.tkach',
        ContactId: CLEAR_CONTACT,
        SysAdminUnitTypeValue: 4,
        SysCultureId: 'a5420246-0a8e-e111-84a3-00155d054c03',
      },
    ],
  },
});

let world: World;
let rollcall: Rollcall;

const begin = async (): Promise<void> => {
  world = await startWorld({ data: DATA });
  ({ rollcall } = await world.open());
};
const beginAndImport = async (): Promise<void> => {
  await begin();
  await world.import();
};
const end = () => world.close();

const openCases = () => rollcall.cases({ status: 'open' });
const caseOf = async (userId: string): Promise<CaseRecord> => {
  const found = (await openCases()).find(({ directoryUserId }) => directoryUserId === userId);
  if (found === undefined) throw new Error(`user ${userId} has no open case`);
  return found;
};
const hasCase = async (userId: string): Promise<boolean> =>
  (await openCases()).some(({ directoryUserId }) => directoryUserId === userId);
const contactOf = (userId: string) => world.record(userId)?.['UsrContactId'];
const contactsNamed = (name: string) => world.rows('Contact').filter((row) => row['Name'] === name);

/** Imports, and imports again to see that nothing is left to do. */
async function importTwice(): Promise<void> {
  await world.import();
  const settled = world.rows('UsrWebitelUser');
  expect((await world.import()).operations).toEqual({});
  expect(world.rows('UsrWebitelUser')).toEqual(settled);
}

describe('what is ambiguous', () => {
  beforeAll(begin);
  afterAll(end);

  test('becomes a case, and nobody is created or linked for it', async () => {
    const contacts = world.rows('Contact');
    expect(await world.import()).toMatchObject({
      status: 'succeeded',
      situations: { matched: 1, disputed: 5, unmatched: 0 },
      cases: 5,
      operations: { 'telephonyRecord.create': 1 },
    });
    expect(world.rows('Contact')).toEqual(contacts);
    expect(world.rows('UsrWebitelUser').map((row) => row['UsrExternalId'])).toEqual([CLEAR]);
    expect((await openCases()).map(({ directoryUserId }) => directoryUserId).toSorted()).toEqual(
      [TWIN_A, TWIN_B, DOUBLE, OUTSIDER, TORN].toSorted(),
    );
  });

  test('stays the same case in the next run', async () => {
    const before = await openCases();
    expect(await world.import()).toMatchObject({ status: 'nothing-to-do', cases: 5 });
    expect((await openCases()).map(({ id }) => id).toSorted()).toEqual(before.map(({ id }) => id).toSorted());
  });

  test.each([
    ['two users of one name', TWIN_A, [TWIN], /Olena Koval|2 directory users|name/],
    ['two contacts of one name', DOUBLE, [DOUBLE_NEW, DOUBLE_OLD], /name/],
    ['a name that is met only outside the staff', OUTSIDER, [CUSTOMER_CONTACT], /not staff/],
    ['a login that says one and a name that says another', TORN, [BY_LOGIN, BY_NAME], /login/],
  ])(
    'names its candidates, best first, with the reasons in words: %s',
    async (_, userId, candidates, reason) => {
      const found = await caseOf(userId);
      expect(found.reason).toMatch(reason);
      const ids = found.candidates.map(({ contactId }) => contactId);
      if (userId === TORN) expect(ids.toSorted()).toEqual(candidates.toSorted());
      else expect(ids).toEqual(candidates);
      const scores = found.candidates.map(({ score }) => score);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      for (const { evidence } of found.candidates) {
        expect(evidence.length).toBeGreaterThan(0);
        for (const { text } of evidence) expect(text).toMatch(/^[A-Z].+\.$/u);
      }
    },
  );

  test('shows both values of what was compared', async () => {
    const [best] = (await caseOf(DOUBLE)).candidates;
    expect(best?.evidence).toContainEqual(
      expect.objectContaining({
        field: 'name',
        directoryValue: 'Богдан Гриценко',
        crmValue: 'Гриценко Богдан',
        verdict: 'for',
      }),
    );
    expect(best?.evidence).toContainEqual(
      expect.objectContaining({
        field: 'extension',
        directoryValue: '2303',
        crmValue: '2303',
        verdict: 'for',
      }),
    );
  });
});

describe('a decision', () => {
  beforeEach(beginAndImport);
  afterEach(end);

  test('“same” links the user to that contact, in the next run and for good', async () => {
    const decided = await rollcall.decide((await caseOf(DOUBLE)).id, { kind: 'same', contactId: DOUBLE_OLD });
    expect(decided).toMatchObject({ status: 'decided', verdictIds: [expect.any(String)] });
    await importTwice();
    expect(contactOf(DOUBLE)).toBe(DOUBLE_OLD);
    expect(await hasCase(DOUBLE)).toBe(false);
  });

  test('“same” in a mixed-up upper-case id is understood', async () => {
    await rollcall.decide((await caseOf(TORN)).id, { kind: 'same', contactId: BY_NAME.toUpperCase() });
    await importTwice();
    expect(contactOf(TORN)).toBe(BY_NAME);
  });

  test('“same” for one of two users of a name leaves the other a case that says who has the contact', async () => {
    await rollcall.decide((await caseOf(TWIN_B)).id, { kind: 'same', contactId: TWIN });
    await importTwice();
    expect(contactOf(TWIN_B)).toBe(TWIN);
    expect(world.record(TWIN_A)).toBeUndefined();
    const [candidate] = (await caseOf(TWIN_A)).candidates;
    expect(candidate?.evidence.map(({ text }) => text).join(' ')).toContain('Olena Koval (koval.2)');
  });

  test('“different” rejects one candidate: it is proposed no more', async () => {
    await rollcall.decide((await caseOf(DOUBLE)).id, { kind: 'different', contactId: DOUBLE_NEW });
    await importTwice();
    expect(contactOf(DOUBLE)).not.toBe(DOUBLE_NEW);
    // Two contacts of the name stay two: the one that is left is not taken unasked.
    expect((await caseOf(DOUBLE)).candidates.map(({ contactId }) => contactId)).toEqual([DOUBLE_OLD]);
    await rollcall.decide((await caseOf(DOUBLE)).id, { kind: 'different', contactId: DOUBLE_OLD });
    await importTwice();
    expect(contactOf(DOUBLE)).toBe(contactsNamed('Богдан Гриценко')[0]?.['Id']);
  });

  test.each([
    ['“different” from all candidates', { kind: 'different', contactId: null }],
    ['“create”', { kind: 'create' }],
  ] as const)('%s makes the user a person of their own, once', async (_, decision) => {
    await rollcall.decide((await caseOf(OUTSIDER)).id, decision);
    expect(await world.import()).toMatchObject({
      situations: { unmatched: 1, disputed: 4 },
      operations: { 'contact.create': 1, 'telephonyRecord.create': 1 },
    });
    expect(contactsNamed('Ірина Бондар')).toHaveLength(1);
    expect(contactOf(OUTSIDER)).toBe(contactsNamed('Ірина Бондар')[0]?.['Id']);
    expect(await world.import()).toMatchObject({ status: 'nothing-to-do', situations: { linked: 2 } });
    expect(await world.import()).toMatchObject({ status: 'nothing-to-do', cases: 4 });
  });

  test('two users of one name may both be created', async () => {
    for (const id of [TWIN_A, TWIN_B]) await rollcall.decide((await caseOf(id)).id, { kind: 'create' });
    await importTwice();
    const ids = [TWIN, contactOf(TWIN_A), contactOf(TWIN_B)];
    expect(new Set(ids).size).toBe(3);
    expect(ids).not.toContain(undefined);
  });

  test('holds although the product was closed and opened again', async () => {
    await rollcall.decide((await caseOf(OUTSIDER)).id, { kind: 'same', contactId: CUSTOMER_CONTACT });
    await world.shut();
    ({ rollcall } = await world.open());
    await importTwice();
    expect(contactOf(OUTSIDER)).toBe(CUSTOMER_CONTACT);
  });
});

describe('revoking a verdict', () => {
  beforeEach(beginAndImport);
  afterEach(end);

  test('before the next run opens the case again, and nothing comes of the verdict', async () => {
    const { id } = await caseOf(DOUBLE);
    await rollcall.decide(id, { kind: 'same', contactId: DOUBLE_OLD });
    expect(await rollcall.revoke(id)).toMatchObject({ status: 'open', verdictIds: [], decidedAt: null });
    expect(await world.import()).toMatchObject({ status: 'nothing-to-do', cases: 5 });
    expect(world.record(DOUBLE)).toBeUndefined();
  });

  test.each([
    ['same', DOUBLE, { kind: 'same', contactId: DOUBLE_OLD }],
    ['same, against what login or name says', TORN, { kind: 'same', contactId: BY_NAME }],
    ['create', OUTSIDER, { kind: 'create' }],
    ['different', TWIN_A, { kind: 'different', contactId: null }],
  ] as const)(
    '“%s” takes the link back: the person is a case again, with the candidates of before, and the record stays',
    async (_, userId, decision) => {
      const before = await caseOf(userId);
      await rollcall.decide(before.id, decision);
      await importTwice();
      const record = world.record(userId);
      const contacts = world.rows('Contact');
      expect(record).toBeDefined();

      expect(await rollcall.revoke(before.id)).toMatchObject({ status: 'open' });
      expect(await world.import()).toMatchObject({ status: 'nothing-to-do', cases: 5, operations: {} });
      const again = await caseOf(userId);
      expect(again.candidates.map(({ contactId }) => contactId).toSorted()).toEqual(
        before.candidates.map(({ contactId }) => contactId).toSorted(),
      );
      expect(await world.import()).toMatchObject({ status: 'nothing-to-do', cases: 5 });
      expect(world.record(userId)).toEqual(record);
      expect(world.rows('Contact')).toEqual(contacts);
    },
  );

  test('lets the next verdict lead the record to another contact, and says so in the plan', async () => {
    await rollcall.decide((await caseOf(DOUBLE)).id, { kind: 'same', contactId: DOUBLE_OLD });
    await world.import();
    const id = world.record(DOUBLE)?.['Id'];
    const [decided] = await rollcall.cases({ status: 'decided' });
    await rollcall.revoke(decided?.id ?? '');
    await world.import();
    await rollcall.decide((await caseOf(DOUBLE)).id, { kind: 'same', contactId: DOUBLE_NEW });
    const plan = await world.plan();
    const nameOf = (contactId: string): string =>
      textOf(world.rows('Contact').find((row) => row['Id'] === contactId)?.['Name']);
    // Two contacts of one name are told apart by their ids.
    const [now, next] =
      nameOf(DOUBLE_OLD) === nameOf(DOUBLE_NEW)
        ? [`${nameOf(DOUBLE_OLD)} (${DOUBLE_OLD})`, `${nameOf(DOUBLE_NEW)} (${DOUBLE_NEW})`]
        : [nameOf(DOUBLE_OLD), nameOf(DOUBLE_NEW)];
    expect(plan.operations[0]?.reason).toContain(`contact “${next}” instead of “${now}”`);
    expect(plan.operations).toEqual([
      expect.objectContaining({
        id: `telephonyRecord.update:${textOf(id)}`,
        before: { UsrContactId: DOUBLE_OLD },
        after: { UsrContactId: DOUBLE_NEW },
        reason: expect.stringContaining('A person ruled out the contact that the record bears'),
      }),
    ]);
    await importTwice();
    expect(world.record(DOUBLE)).toMatchObject({ Id: id, UsrContactId: DOUBLE_NEW });
  });

  test('a second time leaves the case open, whatever contact and CRM user an earlier verdict had made', async () => {
    const first = await caseOf(DOUBLE);
    await rollcall.decide(first.id, { kind: 'different', contactId: null });
    await world.import();
    const { Id: id, UsrContactId: made, UsrUserId: madeUser } = world.record(DOUBLE) ?? {};
    expect(world.rows('SysAdminUnit').find((row) => row['Id'] === madeUser)).toMatchObject({
      Name: 'hrytsenko',
      ContactId: made,
    });
    await rollcall.revoke(first.id);
    await world.import();

    const second = await caseOf(DOUBLE);
    await rollcall.decide(second.id, { kind: 'same', contactId: DOUBLE_OLD });
    const moved = await world.import();
    expect(contactOf(DOUBLE)).toBe(DOUBLE_OLD);
    // What nobody has any more is named, with its ids.
    expect(moved.warnings).toContainEqual(
      expect.objectContaining({
        person: DOUBLE,
        code: 'contact.left',
        message: `The contact Богдан Гриценко (${textOf(made)}) and the CRM user hrytsenko (${textOf(madeUser)}) that Rollcall made for Богдан Гриценко (hrytsenko) are left without a telephony record; delete what nobody needs in the CRM.`,
      }),
    );

    await rollcall.revoke(second.id);
    for (const _ of [1, 2]) {
      const { report } = await rollcall.sync({ trigger: 'schedule' });
      expect(report).toMatchObject({ status: 'nothing-to-do', cases: 5, warnings: [] });
      expect((await caseOf(DOUBLE)).candidates.map(({ contactId }) => contactId).toSorted()).toEqual(
        [DOUBLE_OLD, DOUBLE_NEW].toSorted(),
      );
    }
    expect(world.record(DOUBLE)).toMatchObject({ Id: id, UsrContactId: DOUBLE_OLD });
  });

  test('lets the same verdict be given again, without a second contact', async () => {
    for (let round = 0; round < 2; round += 1) {
      const { id } = await caseOf(OUTSIDER);
      await rollcall.decide(id, { kind: 'create' });
      await world.import();
      if (round === 0) await rollcall.revoke(id);
      await world.import();
    }
    expect(contactsNamed('Ірина Бондар')).toHaveLength(1);
    expect(contactOf(OUTSIDER)).toBe(contactsNamed('Ірина Бондар')[0]?.['Id']);
    expect(await hasCase(OUTSIDER)).toBe(false);
    expect(await world.import()).toMatchObject({ status: 'nothing-to-do', situations: { linked: 2 } });
  });

  test('leaves a link alone that an administrator has made anew by hand in the CRM', async () => {
    const { id } = await caseOf(DOUBLE);
    await rollcall.decide(id, { kind: 'same', contactId: DOUBLE_OLD });
    await world.import();
    world.creatio.updateRow('UsrWebitelUser', textOf(world.record(DOUBLE)?.['Id']), {
      UsrContactId: DOUBLE_NEW,
    });
    await world.import();
    await rollcall.revoke(id);
    expect(await world.import()).toMatchObject({ status: 'nothing-to-do', situations: { linked: 2 } });
    expect(contactOf(DOUBLE)).toBe(DOUBLE_NEW);
  });
});

describe('unlinking a person', () => {
  beforeEach(beginAndImport);
  afterEach(end);

  test.each([
    ['directory user id', CLEAR],
    ['login, in any case', 'TKACH'],
  ])(
    'by %s leaves the CRM as it is, and the contact is never linked or proposed again',
    async (_, person) => {
      const before = world.rows('UsrWebitelUser');
      expect(await rollcall.unlink(person)).toEqual({ directoryUserId: CLEAR, contactId: CLEAR_CONTACT });
      expect(world.rows('UsrWebitelUser')).toEqual(before);
      const id = world.record(CLEAR)?.['Id'];

      const plan = await world.plan();
      expect(plan.people.find(({ userId }) => userId === CLEAR)).toMatchObject({ situation: 'unmatched' });
      expect(plan.operations.find(({ entity }) => entity === 'telephonyRecord')?.reason).toContain(
        'A person ruled out the contact that the record bears',
      );
      await importTwice();
      await importTwice();
      expect(world.record(CLEAR)).toMatchObject({ Id: id });
      expect(contactOf(CLEAR)).not.toBe(CLEAR_CONTACT);
      expect(world.record(CLEAR)?.['UsrUserId']).not.toBe(CLEAR_CRM_USER);
      expect(contactsNamed('Roman Tkach').map((row) => row['Id'])).toEqual([contactOf(CLEAR)]);
      expect(await hasCase(CLEAR)).toBe(false);
    },
  );

  test('also from a contact that an import made: the next one is another', async () => {
    await rollcall.decide((await caseOf(OUTSIDER)).id, { kind: 'create' });
    await world.import();
    const first = contactOf(OUTSIDER);
    await rollcall.unlink(OUTSIDER);
    await importTwice();
    expect(contactOf(OUTSIDER)).not.toBe(first);
    expect(contactsNamed('Ірина Бондар')).toHaveLength(2);
  });

  test('is taken back before the next run: they are linked to the same contact again, and nothing was made', async () => {
    const before = { records: world.rows('UsrWebitelUser'), contacts: world.rows('Contact') };
    await rollcall.unlink('tkach');
    expect(await rollcall.takeUnlinkBack('TKACH')).toEqual({
      directoryUserId: CLEAR,
      contactId: CLEAR_CONTACT,
      forgotten: null,
    });
    expect(await world.import()).toMatchObject({ status: 'nothing-to-do', situations: { matched: 1 } });
    expect(await world.import()).toMatchObject({ status: 'nothing-to-do', situations: { linked: 1 } });
    expect({ records: world.rows('UsrWebitelUser'), contacts: world.rows('Contact') }).toEqual(before);
    await expect(rollcall.takeUnlinkBack('tkach')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('is taken back after a run has made a new contact: a case asks which is theirs', async () => {
    await rollcall.unlink(CLEAR);
    await world.import();
    const made = textOf(contactOf(CLEAR));
    expect(made).not.toBe(CLEAR_CONTACT);
    expect(await rollcall.takeUnlinkBack(CLEAR)).toEqual({
      directoryUserId: CLEAR,
      contactId: CLEAR_CONTACT,
      forgotten: made,
    });
    expect(await world.import()).toMatchObject({ status: 'nothing-to-do', operations: {} });
    expect((await caseOf(CLEAR)).candidates.map(({ contactId }) => contactId)).toEqual([CLEAR_CONTACT]);

    await rollcall.decide((await caseOf(CLEAR)).id, { kind: 'same', contactId: CLEAR_CONTACT });
    const { warnings } = await world.import();
    expect(warnings).toMatchObject([
      { person: CLEAR, code: 'contact.left', message: expect.stringContaining(made) },
    ]);
    expect(contactOf(CLEAR)).toBe(CLEAR_CONTACT);
    expect(await world.import()).toMatchObject({ status: 'nothing-to-do', situations: { linked: 1 } });
  });

  test('from one of two contacts lets the other be decided on', async () => {
    await rollcall.decide((await caseOf(DOUBLE)).id, { kind: 'same', contactId: DOUBLE_OLD });
    await world.import();
    await rollcall.unlink(DOUBLE);
    await world.import();
    expect((await caseOf(DOUBLE)).candidates.map(({ contactId }) => contactId)).toEqual([DOUBLE_NEW]);
    expect(contactOf(DOUBLE)).toBe(DOUBLE_OLD);
    await rollcall.decide((await caseOf(DOUBLE)).id, { kind: 'same', contactId: DOUBLE_NEW });
    await importTwice();
    expect(contactOf(DOUBLE)).toBe(DOUBLE_NEW);
  });
});

describe('a wrong word', () => {
  beforeAll(beginAndImport);
  afterAll(end);

  test('about an unknown case, candidate or person is a clear error and changes nothing', async () => {
    const { id } = await caseOf(DOUBLE);
    await expect(rollcall.decide('nope', { kind: 'create' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('nope'),
      cure: expect.stringContaining('rollcall cases'),
    });
    await expect(rollcall.revoke('nope')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(rollcall.revoke(id)).rejects.toMatchObject({ code: 'CONFLICT' });
    for (const kind of ['same', 'different'] as const)
      await expect(rollcall.decide(id, { kind, contactId: TWIN })).rejects.toMatchObject({
        code: 'VALIDATION',
        cure: expect.stringContaining(DOUBLE_NEW),
      });
    await expect(rollcall.unlink('nobody')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('nobody'),
    });
    await rollcall.decide(id, { kind: 'create' });
    await expect(rollcall.decide(id, { kind: 'create' })).rejects.toMatchObject({
      code: 'CONFLICT',
      cure: expect.stringContaining('revoke'),
    });
  });
});
