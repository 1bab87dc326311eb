import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { CrmRow } from '../../../src/app/ports/crm.ts';
import type { DirectoryUser } from '../../../src/domain/person.ts';
import type { Plan } from '../../../src/domain/planning/plan.ts';
import { applied, MAPPING, person, planOf, scene, type Scene } from './bench.ts';

const LICENCE = {
  serial: 'S',
  product: 'CC',
  name: 'Centre',
  limit: 99,
  remain: 50,
  competitive: false,
  validUntil: null,
};
const NAMES = ['Олена Коваль', 'Bohdan Hrytsenko', 'Ірина Бондар', 'Lesia Moroz', 'Роман Ткач'];
const RECORDS = MAPPING.record.entity;

/** People whom an import has linked. */
const settled: Scene = (() => {
  const users = NAMES.map((name, index) =>
    person(String(201 + index), name, {
      extension: `10${index}`,
      licences: index % 2 === 0 ? [{ serial: 'S', product: 'CC' }] : [],
    }),
  );
  const empty = scene({ users, licences: [LICENCE], withoutCrmUsers: 'none are made' });
  return applied(empty, planOf(empty));
})();

const edits = fc.array(
  fc.record({
    who: fc.nat(NAMES.length - 1),
    side: fc.constantFrom('crm', 'directory'),
    what: fc.constantFrom('name', 'extension', 'active', 'licence'),
    value: fc.nat(6),
  }),
  { maxLength: 8 },
);
type Edit = (typeof edits extends fc.Arbitrary<infer T> ? T : never)[number];

function edited(given: Scene, { who, side, what, value }: Edit): Scene {
  const id = String(201 + who);
  if (side === 'directory')
    return {
      ...given,
      users: given.users.map((user): DirectoryUser => {
        if (user.id !== id) return user;
        if (what === 'name') return { ...user, displayName: `Name ${value}` };
        if (what === 'extension') return { ...user, extension: value === 0 ? null : `20${who}${value}` };
        if (what === 'licence')
          return { ...user, licences: value % 2 === 0 ? [] : [{ serial: 'S', product: 'CC' }] };
        return user;
      }),
    };
  const record = given.crm[RECORDS]?.find((row) => row['UsrExternalId'] === id);
  const change = (columns: CrmRow): Scene => ({
    ...given,
    crm: {
      ...given.crm,
      [RECORDS]: (given.crm[RECORDS] ?? []).map((row) => (row === record ? { ...row, ...columns } : row)),
    },
  });
  if (what === 'name') return change({ UsrName: `Name ${value}` });
  if (what === 'active') return change({ UsrActive: value % 2 === 0 });
  // Extensions of others as well: whoever has one may give it up, or keep it.
  if (what === 'extension') return change({ UsrExtension: value === 0 ? null : `10${value}` });
  const details = given.crm['UsrWebitelUserLicense'] ?? [];
  return {
    ...given,
    crm: {
      ...given.crm,
      UsrWebitelUserLicense: details.filter((row) => row['UsrWebitelUserId'] !== record?.['Id']),
    },
  };
}

/** Both sides once the plan is carried out. */
function carriedOut(given: Scene, plan: Plan): Scene {
  const ofCrm = plan.operations.filter(({ entity }) => entity !== 'directoryUser');
  const after = applied(given, { ...plan, operations: ofCrm });
  const users = new Map(given.users.map((user) => [user.id, user]));
  for (const { entity, target, after: cells } of plan.operations) {
    const user = users.get(target.id);
    if (entity !== 'directoryUser' || user === undefined) continue;
    const { displayName, extension, 'licence:CC': licence } = cells;
    users.set(target.id, {
      ...user,
      ...(typeof displayName === 'string' ? { displayName } : {}),
      ...(extension === undefined ? {} : { extension: typeof extension === 'string' ? extension : null }),
      ...(licence === undefined
        ? {}
        : { licences: licence === true ? [{ serial: 'S', product: 'CC' }] : [] }),
    });
  }
  return { ...after, users: [...users.values()] };
}

test('what a sync has carried out leaves nothing for the next one, whatever was edited on both sides', () => {
  let changed = 0;
  fc.assert(
    fc.property(edits, (list) => {
      const before: Scene = { ...list.reduce(edited, settled), kind: 'sync' };
      const plan = planOf(before);
      if (plan.operations.some(({ entity }) => entity === 'directoryUser')) changed += 1;
      const after = carriedOut(before, plan);
      const refused = plan.people.some(({ issues }) => issues.some(({ severity }) => severity === 'failure'));
      const extensions = after.users.flatMap(({ extension }) => extension ?? []);
      expect(new Set(extensions).size).toBe(extensions.length);
      // Whoever was refused something is asked again, and others may have made room.
      if (!refused) expect(planOf(after).operations.filter(({ entity }) => entity !== 'licence')).toEqual([]);
    }),
    { numRuns: 300 },
  );
  expect(changed).toBeGreaterThan(100);
});

test('a plan does not depend on the order in which things are read', () => {
  fc.assert(
    fc.property(edits, fc.infiniteStream(fc.nat(1000)), (list, order) => {
      const before: Scene = { ...list.reduce(edited, settled), kind: 'sync' };
      const shuffled = <T>(items: readonly T[]): T[] =>
        items
          .map((item) => ({ item, place: Number(order.next().value) }))
          .toSorted((a, b) => a.place - b.place)
          .map(({ item }) => item);
      const other: Scene = {
        ...before,
        users: shuffled(before.users),
        links: shuffled(before.links),
        crm: Object.fromEntries(Object.entries(before.crm).map(([entity, rows]) => [entity, shuffled(rows)])),
      };
      expect(planOf(other).fingerprint).toBe(planOf(before).fingerprint);
    }),
    { numRuns: 200 },
  );
});
