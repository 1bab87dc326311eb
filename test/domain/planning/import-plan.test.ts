import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { v5 } from 'uuid';
import type { CrmRow } from '../../../src/app/ports/crm.ts';
import { operationContent } from '../../../src/domain/planning/failures.ts';
import type { PlannedPerson } from '../../../src/domain/planning/plan.ts';
import { planAfterRecheck, recheckPlan } from '../../../src/domain/planning/recheck.ts';
import { applied, digest, EMPLOYEE, person, planOf, scene, type Scene } from './bench.ts';

const guid = (text: string): string => v5(text, v5.URL);
const NAMES = [
  'Олена Коваль',
  'Olena Koval',
  'Роман Ткач',
  'Ткач Роман',
  'Lesia Moroz',
  'Шакіра',
  'Іван Франко',
];
const LICENCE = {
  serial: 'S-CC',
  product: 'CALL_CENTER',
  name: 'Contact centre',
  limit: 9,
  remain: 4,
  competitive: false,
  validUntil: null,
};

const contactOf = (id: string, name: string, isStaff = true): CrmRow => ({
  Id: guid(id),
  Name: name,
  TypeId: isStaff ? EMPLOYEE : null,
});

/** Small worlds with namesakes, standing records, users without contacts and contacts without users. */
const scenes: fc.Arbitrary<Scene> = fc
  .record({
    users: fc.array(
      fc.record({
        name: fc.constantFrom(...NAMES, ''),
        extension: fc.constantFrom(null, '201', '202'),
        isLicensed: fc.boolean(),
        hasRole: fc.boolean(),
        record: fc.constantFrom('none', 'by id', 'by login', 'bare'),
      }),
      { maxLength: 8 },
    ),
    contacts: fc.array(fc.record({ name: fc.constantFrom(...NAMES), isStaff: fc.boolean() }), {
      maxLength: 8,
    }),
  })
  .map(({ users, contacts }) =>
    scene({
      licences: [LICENCE],
      roles: [{ id: '900', name: 'Operators' }],
      users: users.map(({ name, extension, isLicensed, hasRole }, index) =>
        person(String(index + 1), name, {
          extension,
          licences: isLicensed ? [{ serial: 'S-CC', product: 'CALL_CENTER' }] : [],
          roles: hasRole ? [{ id: '900', name: 'Operators' }] : [],
        }),
      ),
      crm: {
        Contact: contacts.map(({ name, isStaff }, index) => contactOf(`contact ${index}`, name, isStaff)),
        UsrWebitelUser: users.flatMap(({ record }, index): CrmRow[] => {
          const id = String(index + 1);
          const row = {
            Id: guid(`record ${id}`),
            UsrChatName: 'kept',
            UsrExtension: index % 2 === 0 ? '999' : null,
          };
          if (record === 'by id') return [{ ...row, UsrExternalId: id, UsrUsername: `USER${id}` }];
          if (record === 'by login') return [{ ...row, UsrUsername: `User${id}` }];
          return record === 'bare' ? [row] : [];
        }),
      },
    }),
  );

describe('planning an import', () => {
  test('is pure: the same reading gives the same fingerprint, whatever the order of its rows', () => {
    fc.assert(
      fc.property(scenes, (given) => {
        const plan = planOf(given);
        expect(planOf(given).fingerprint).toBe(plan.fingerprint);
        const shuffled: Scene = {
          ...given,
          users: given.users.toReversed(),
          crm: Object.fromEntries(
            Object.entries(given.crm).map(([entity, rows]) => [entity, rows.toReversed()]),
          ),
        };
        expect(planOf(shuffled)).toEqual(plan);
      }),
    );
  });

  test('is done after one time: a plan that was carried out leaves nothing to plan', () => {
    fc.assert(
      fc.property(scenes, (given) => {
        const after = applied(given, planOf(given));
        const again = planOf(after);
        expect(again.operations).toEqual([]);
        expect(again.people.map(({ situation }) => situation).filter((one) => one === 'unmatched')).toEqual(
          [],
        );
        expect(planOf(applied(after, again)).fingerprint).toBe(again.fingerprint);
      }),
    );
  });

  test('writes each row once, and parents before their children', () => {
    fc.assert(
      fc.property(scenes, (given) => {
        const seen = new Set<string>();
        const rows = new Set<string>();
        for (const { id, target, dependsOn } of planOf(given).operations) {
          for (const parent of dependsOn) expect(seen).toContain(parent);
          expect(rows).not.toContain(target.id);
          seen.add(id);
          rows.add(target.id);
        }
      }),
    );
  });

  test('overwrites no filled column at a first meeting', () => {
    fc.assert(
      fc.property(scenes, (given) => {
        for (const { entity, before } of planOf(given).operations)
          if (entity === 'telephonyRecord')
            expect(Object.values(before ?? {}).filter((cell) => cell !== null)).toEqual([]);
      }),
    );
  });

  test('puts every user in exactly one situation', () => {
    fc.assert(
      fc.property(scenes, (given) => {
        const { people } = planOf(given);
        expect(people.map(({ userId }) => userId).toSorted()).toEqual(
          given.users.map(({ id }) => id).toSorted(),
        );
      }),
    );
  });
});

const ANN = person('1', 'Олена Коваль', {
  extension: '201',
  defaultDevice: { id: '7', name: 'desk phone' },
  licences: [{ serial: 'S-CC', product: 'CALL_CENTER' }],
});
const first = scene({
  licences: [LICENCE],
  users: [ANN],
  crm: { Contact: [contactOf('ann', 'Коваль Олена')] },
});
const linked = (): Scene => applied(first, planOf(first));
const only = (given: Scene): PlannedPerson => {
  const [one] = planOf(given).people;
  if (one === undefined) throw new Error('nobody is planned');
  return one;
};
const edited = (given: Scene, changes: CrmRow): Scene => ({
  ...given,
  crm: {
    ...given.crm,
    UsrWebitelUser: (given.crm['UsrWebitelUser'] ?? []).map((row) => ({ ...row, ...changes })),
  },
});

describe('a linked user', () => {
  test('is linked with what both sides held', () => {
    expect(linked().links).toEqual([
      expect.objectContaining({
        directoryUserId: '1',
        contactId: guid('ann'),
        status: 'active',
        base: expect.objectContaining({
          fields: expect.objectContaining({ extension: { crm: '201', directory: '201' } }),
          licences: expect.objectContaining({ crm: ['CALL_CENTER'], directory: ['CALL_CENTER'] }),
        }),
      }),
    ]);
  });

  test('whose field of the CRM was cleared is a pending push and not filled again', () => {
    const cleared = edited(linked(), { UsrExtension: null });
    expect(planOf(cleared).operations).toEqual([]);
    expect(only(cleared)).toMatchObject({ situation: 'linked', pendingPush: true });
  });

  test('whose device changed in the directory gets it into the record', () => {
    const given = { ...linked(), users: [{ ...ANN, defaultDevice: { id: '8', name: 'new phone' } }] };
    expect(planOf(given).operations).toEqual([
      expect.objectContaining({
        before: expect.objectContaining({ UsrDefaultDevice: 'desk phone' }),
        after: expect.objectContaining({ UsrDefaultDevice: 'new phone' }),
        reason: expect.stringContaining('“new phone” instead of “desk phone”'),
      }),
    ]);
  });

  test('whose record is missing in an incomplete reading is nothing to be pushed', () => {
    const without = { ...linked(), crm: { ...linked().crm, UsrWebitelUser: [] } };
    expect(only(without)).toMatchObject({ pendingPush: true });
    const doubtful = { ...without, crmProblems: ['UsrWebitelUser: 1 of 2 rows'] };
    expect(only(doubtful)).toMatchObject({ pendingPush: false });
    expect(planOf(doubtful).omissions).toEqual([
      expect.objectContaining({ what: 'pending-delete', count: 1 }),
    ]);
  });
});

describe('a user who is gone', () => {
  const gone = (): Scene => ({ ...linked(), users: [], goneUserIds: new Set(['1']) });

  test('has the status of the record marked, and nothing else, once', () => {
    const plan = planOf(gone());
    const record = plan.operations.filter(({ entity }) => entity === 'telephonyRecord');
    expect(record.map(({ after }) => Object.keys(after))).toEqual([['UsrSyncStatusId']]);
    const after = applied(gone(), plan);
    expect(after.links).toEqual([expect.objectContaining({ status: 'gone' })]);
    expect(planOf(after).operations).toEqual([]);
  });

  test('is left alone where the CRM was not read completely', () => {
    const plan = planOf({ ...gone(), crmProblems: ['Contact: rows are missing'] });
    expect(plan.operations).toEqual([]);
    expect(plan.gone).toEqual([]);
    expect(plan.omissions).toEqual([expect.objectContaining({ what: 'gone', count: 1 })]);
  });
});

describe('what failed before', () => {
  const plan = planOf(first);
  const record = plan.operations.find(({ entity }) => entity === 'telephonyRecord');
  const failure = {
    digest: record === undefined ? '' : digest(operationContent(record)),
    code: 'VALIDATION',
    message: 'too long',
  };
  const failures = new Map([[record?.id ?? '', failure]]);

  test('is not sent again unchanged, nor what depends on it, and is listed for its person', () => {
    const again = planOf({ ...first, failures });
    expect(again.operations.filter((one) => one.person === '1')).toEqual([]);
    expect(only({ ...first, failures }).issues).toEqual([
      expect.objectContaining({
        severity: 'failure',
        code: 'VALIDATION',
        message: expect.stringContaining('too long'),
      }),
    ]);
  });

  test('is sent again once its input has changed', () => {
    const changed = { ...first, failures, users: [{ ...ANN, extension: '202' }] };
    expect(planOf(changed).operations.map(({ id }) => id)).toContain(record?.id);
    expect(only(changed).issues).toEqual([]);
  });
});

describe('checking a saved plan again', () => {
  test('everything stands where nothing has changed', () => {
    const { standing, stale } = recheckPlan(planOf(first), planOf(first));
    expect(standing).toEqual(planOf(first).operations);
    expect(stale.size).toBe(0);
  });

  test('what would be written differently is stale, with everything that depends on it', () => {
    const saved = planOf(first);
    const fresh = planOf({ ...first, users: [{ ...ANN, extension: '299' }] });
    const { standing, stale } = recheckPlan(saved, fresh);
    expect([...stale.values()]).toEqual([
      'It would write something else now.',
      expect.stringContaining('It depends on telephonyRecord.create:'),
    ]);
    expect(standing.every((one) => one.person === null)).toBe(true);
    expect(planAfterRecheck(saved, fresh, { standing, stale }).people).toEqual([
      expect.objectContaining({ userId: '1', base: null }),
    ]);
  });

  test('a seat more or less in use makes no licence stale', () => {
    const fresh = planOf({ ...first, licences: [{ ...LICENCE, remain: 3 }] });
    expect(recheckPlan(planOf(first), fresh).stale.size).toBe(0);
  });
});
