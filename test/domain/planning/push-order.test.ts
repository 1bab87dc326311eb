import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { DirectoryLicence, DirectoryUser } from '../../../src/domain/person.ts';
import type { Operation } from '../../../src/domain/planning/plan.ts';
import { arrangeDirectoryChanges, type Arranged } from '../../../src/domain/planning/push/arrange.ts';
import { mergeSet } from '../../../src/domain/planning/push/merge-set.ts';
import { person } from './bench.ts';

/** A directory that keeps its rules: a login and an extension belong to one user, and a seat is granted once. */
interface Model {
  readonly users: Map<string, { login: string; extension: string | null; licences: Set<string> }>;
  readonly seats: ReadonlyMap<string, number>;
}

function modelOf(users: readonly DirectoryUser[], seats: ReadonlyMap<string, number> = new Map()): Model {
  return {
    users: new Map(
      users.map(({ id, login, extension, licences }) => [
        id,
        { login, extension, licences: new Set(licences.map(({ product }) => product)) },
      ]),
    ),
    seats,
  };
}

/** Carries out one operation, and says what rule of the directory it breaks. */
function carryOut({ users, seats }: Model, { kind, target, after }: Operation): string | null {
  const user = users.get(target.id) ?? { login: '', extension: null, licences: new Set<string>() };
  if (kind === 'create') users.set(target.id, user);
  for (const [name, value] of Object.entries(after)) {
    if (name === 'login') user.login = String(value);
    if (name === 'extension') user.extension = typeof value === 'string' ? value : null;
    if (name.startsWith('licence:'))
      user.licences[value === true ? 'add' : 'delete'](name.slice('licence:'.length));
  }
  const all = [...users.values()];
  const logins = all.map(({ login }) => login.toLowerCase());
  const extensions = all.flatMap(({ extension }) => extension ?? []);
  if (new Set(logins).size < logins.length) return `a login twice after ${target.id}`;
  if (new Set(extensions).size < extensions.length) return `an extension twice after ${target.id}`;
  for (const [product, limit] of seats)
    if (all.filter(({ licences }) => licences.has(product)).length > limit) return `too many ${product}`;
  return null;
}

/** Any order that respects what operations depend on: those side by side come as they like. */
function someOrder(operations: readonly Operation[], draw: (below: number) => number): Operation[] {
  const open = [...operations];
  const ids = new Set(operations.map(({ id }) => id));
  const done = new Set<string>();
  const order: Operation[] = [];
  while (open.length > 0) {
    const ready = open.filter(({ dependsOn }) => dependsOn.every((id) => done.has(id) || !ids.has(id)));
    const next = ready[draw(ready.length)];
    if (next === undefined) throw new Error('Operations wait for one another.');
    open.splice(open.indexOf(next), 1);
    done.add(next.id);
    order.push(next);
  }
  return order;
}

function update(user: DirectoryUser, after: Operation['after']): Operation {
  const standing: Record<string, string | null> = { login: user.login, extension: user.extension };
  const before = Object.fromEntries(
    Object.keys(after).map((name) => [
      name,
      name in standing ? (standing[name] ?? null) : after[name] !== true,
    ]),
  );
  const target = { entity: 'users', id: user.id };
  const id = `directoryUser.update:${user.id}`;
  return {
    id,
    entity: 'directoryUser',
    kind: 'update',
    person: user.id,
    target,
    before,
    after,
    reason: 'x',
    dependsOn: [],
  };
}

function create(id: string, after: Operation['after']): Operation {
  const target = { entity: 'users', id };
  return {
    id: `directoryUser.create:${id}`,
    entity: 'directoryUser',
    kind: 'create',
    person: id,
    target,
    before: null,
    after,
    reason: 'x',
    dependsOn: [],
  };
}

function refusedTo(arranged: Arranged, id: string): readonly string[] {
  return (arranged.issues.get(id) ?? []).map(({ code, message }) => `${code} ${message}`);
}

/** People, each with what they are to get: somebody's value, a new one, none, or nothing new. */
const wishes = fc.record({
  people: fc.array(
    fc.record({
      hasExtension: fc.boolean(),
      login: fc.constantFrom('keep', 'new', 0, 1, 2, 3, 4, 5),
      extension: fc.constantFrom('keep', 'new', 'none', 0, 1, 2, 3, 4, 5),
    }),
    { minLength: 2, maxLength: 6 },
  ),
  added: fc.array(
    fc.record({ login: fc.constantFrom('new', 0, 1), extension: fc.constantFrom('new', 'none', 0, 1) }),
    {
      maxLength: 2,
    },
  ),
  order: fc.array(fc.nat(1000), { minLength: 40, maxLength: 40 }),
});

describe('logins and extensions that pass from one user to another', () => {
  test('are never held twice, end where they are asked for, and are refused only where somebody else ends with them', () => {
    let [asked, granted] = [0, 0];
    fc.assert(
      fc.property(wishes, ({ people, added, order }) => {
        const users = people.map(({ hasExtension }, index) =>
          person(String(201 + index), `P${index}`, {
            login: `User${index}`,
            extension: hasExtension ? `10${index}` : null,
          }),
        );
        const loginOf = (wish: string | number, own: string): string =>
          typeof wish === 'number' ? `user${wish % users.length}` : wish === 'new' ? `new${own}` : '';
        const extensionOf = (wish: string | number, own: string): string | null =>
          typeof wish === 'number' ? `10${wish % users.length}` : wish === 'new' ? `9${own}` : null;
        const operations = [
          ...users.flatMap((user, index) => {
            const wish = people[index];
            const after: Record<string, string | null> = {};
            if (wish === undefined) return [];
            if (wish.login !== 'keep') after['login'] = loginOf(wish.login, user.id);
            if (wish.extension !== 'keep') after['extension'] = extensionOf(wish.extension, user.id);
            return Object.keys(after).length === 0 ? [] : [update(user, after)];
          }),
          ...added.map((wish, index) =>
            create(`new ${index}`, {
              login: loginOf(wish.login, `a${index}`),
              extension: extensionOf(wish.extension, `8${index}`),
            }),
          ),
        ];
        const arranged = arrangeDirectoryChanges(operations, users, [], 0);
        const model = modelOf(users);
        let turn = 0;
        for (const operation of someOrder(
          arranged.operations,
          (below) => (order[turn++ % order.length] ?? 0) % below,
        ))
          expect(carryOut(model, operation)).toBeNull();
        for (const operation of operations) {
          const issues = refusedTo(arranged, operation.target.id);
          const end = model.users.get(operation.target.id);
          for (const field of ['login', 'extension'] as const) {
            const wanted = operation.after[field];
            if (wanted === undefined || wanted === null) continue;
            asked += 1;
            if (!issues.some((issue) => issue.startsWith(`CONFLICT ${field} `))) {
              if (operation.kind === 'create' && issues.length > 0) continue;
              expect(end?.[field]).toBe(wanted);
              granted += 1;
              continue;
            }
            expect(end?.[field]).not.toBe(wanted);
            const others = [...model.users].filter(([id]) => id !== operation.target.id);
            const rivals = operations.filter(
              ({ target, after }) =>
                target.id !== operation.target.id &&
                String(after[field]).toLowerCase() === String(wanted).toLowerCase(),
            );
            expect(
              rivals.length > 0 ||
                others.some(([, user]) => user[field]?.toLowerCase() === String(wanted).toLowerCase()),
            ).toBe(true);
          }
        }
      }),
      { numRuns: 1000 },
    );
    expect(granted).toBeGreaterThan(asked / 4);
  });

  test('any permutation is possible', () => {
    const permutations = fc.integer({ min: 2, max: 7 }).chain((size) =>
      fc.record({
        logins: fc.shuffledSubarray([...Array(size).keys()], { minLength: size, maxLength: size }),
        extensions: fc.shuffledSubarray([...Array(size).keys()], { minLength: size, maxLength: size }),
        order: fc.array(fc.nat(1000), { minLength: 40, maxLength: 40 }),
      }),
    );
    fc.assert(
      fc.property(permutations, ({ logins, extensions, order }) => {
        const users = logins.map((_, index) =>
          person(String(201 + index), `P${index}`, { login: `user${index}`, extension: `10${index}` }),
        );
        const operations = users.flatMap((user, index) => {
          const after: Record<string, string> = {};
          if (logins[index] !== index) after['login'] = `user${logins[index] ?? ''}`;
          if (extensions[index] !== index) after['extension'] = `10${extensions[index] ?? ''}`;
          return Object.keys(after).length === 0 ? [] : [update(user, after)];
        });
        const arranged = arrangeDirectoryChanges(operations, users, [], 0);
        expect([...arranged.issues]).toEqual([]);
        const model = modelOf(users);
        let turn = 0;
        for (const operation of someOrder(
          arranged.operations,
          (below) => (order[turn++ % order.length] ?? 0) % below,
        ))
          expect(carryOut(model, operation)).toBeNull();
        for (const [index, { id }] of users.entries())
          expect(model.users.get(id)).toMatchObject({
            login: `user${logins[index] ?? ''}`,
            extension: `10${extensions[index] ?? ''}`,
          });
      }),
      { numRuns: 700 },
    );
  });
});

describe('seats', () => {
  const PRODUCTS = ['A', 'B'];
  const worlds = fc.record({
    remain: fc.record({ A: fc.nat(3), B: fc.nat(3) }),
    people: fc.array(
      fc.record({ holds: fc.subarray(PRODUCTS), flips: fc.subarray(PRODUCTS), isNew: fc.boolean() }),
      { minLength: 1, maxLength: 7 },
    ),
    order: fc.array(fc.nat(1000), { minLength: 40, maxLength: 40 }),
  });

  test('are never granted beyond what there is, and nobody is made without a licence that was asked for', () => {
    fc.assert(
      fc.property(worlds, ({ remain, people, order }) => {
        const users = people.flatMap(({ isNew, holds }, index) =>
          isNew
            ? []
            : [
                person(String(201 + index), `P${index}`, {
                  licences: holds.map((product) => ({ serial: `S-${product}`, product })),
                }),
              ],
        );
        const held = (product: string): number =>
          users.filter(({ licences }) => licences.some((licence) => licence.product === product)).length;
        const limits = new Map(
          PRODUCTS.map((product) => [product, held(product) + (product === 'A' ? remain.A : remain.B)]),
        );
        const licences = PRODUCTS.map((product): DirectoryLicence => ({
          serial: `S-${product}`,
          product,
          name: product,
          limit: limits.get(product) ?? 0,
          remain: (limits.get(product) ?? 0) - held(product),
          competitive: false,
          validUntil: null,
        }));
        const operations = people.flatMap(({ isNew, holds, flips }, index) => {
          const id = String(201 + index);
          if (isNew)
            return [
              create(id, {
                login: `user${id}`,
                ...Object.fromEntries(flips.map((key) => [`licence:${key}`, true])),
              }),
            ];
          const user = users.find((one) => one.id === id);
          if (user === undefined || flips.length === 0) return [];
          return [
            update(user, Object.fromEntries(flips.map((key) => [`licence:${key}`, !holds.includes(key)]))),
          ];
        });
        const arranged = arrangeDirectoryChanges(operations, users, licences, 0);
        const model = modelOf(users, limits);
        let turn = 0;
        for (const operation of someOrder(
          arranged.operations,
          (below) => (order[turn++ % order.length] ?? 0) % below,
        ))
          expect(carryOut(model, operation)).toBeNull();
        for (const operation of operations) {
          const refused = refusedTo(arranged, operation.target.id).length > 0;
          const end = model.users.get(operation.target.id);
          if (operation.kind === 'create') expect(end === undefined).toBe(refused);
          for (const [name, isWanted] of Object.entries(operation.after)) {
            if (!name.startsWith('licence:') || (refused && isWanted === true)) continue;
            expect(end?.licences.has(name.slice('licence:'.length))).toBe(isWanted);
          }
        }
        // Whoever is refused is so for want of seats, not because somebody else was.
        for (const product of PRODUCTS) {
          const wanting = operations.filter(({ after }) => after[`licence:${product}`] === true).length;
          const free = (limits.get(product) ?? 0) - held(product);
          if (wanting <= free)
            for (const { person: id } of operations)
              expect(
                refusedTo(arranged, id ?? '').filter((issue) => issue.includes(`No seat of ${product} `)),
              ).toEqual([]);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('merging a set', () => {
  const KEYS = ['a', 'b', 'c', 'd'];
  const some = fc.subarray(KEYS);
  const sets = fc.record({
    crm: some,
    directory: some,
    rows: some,
    held: some,
    managed: some,
    owner: fc.constantFrom('crm', 'directory', 'manual'),
  });

  test('ends with what it says, leaves alone what nobody manages, and has nothing to do twice', () => {
    fc.assert(
      fc.property(sets, ({ crm, directory, rows, held, managed, owner }) => {
        const base = { crm, directory, rows: {} };
        const details = rows.map((key) => ({ id: `row ${key}`, itemId: key, key }));
        const isManaged = (key: string): boolean => managed.includes(key);
        const merged = mergeSet(base, details, held, owner, isManaged);
        const sides = { crm: new Set(rows), directory: new Set(held) };
        for (const { key, system, isWanted } of merged.changes) {
          // Each change changes something.
          expect(sides[system].has(key)).toBe(!isWanted);
          sides[system][isWanted ? 'add' : 'delete'](key);
        }
        expect([sides.crm, sides.directory]).toEqual([merged.crm, merged.directory]);
        for (const key of KEYS.filter((one) => !isManaged(one)))
          expect([sides.crm.has(key), sides.directory.has(key)]).toEqual([
            rows.includes(key),
            held.includes(key),
          ]);
        if (owner !== 'manual') expect(merged.conflicts).toEqual([]);
        if (owner === 'crm') expect(merged.changes.filter(({ system }) => system === 'crm')).toEqual([]);
        if (owner === 'directory')
          expect(merged.changes.filter(({ system }) => system === 'directory')).toEqual([]);
        const again = mergeSet(
          { crm: [...sides.crm], directory: [...sides.directory], rows: {} },
          [...sides.crm].map((key) => ({ id: key, itemId: key, key })),
          [...sides.directory],
          owner,
          isManaged,
        );
        expect([again.changes, again.conflicts]).toEqual([[], []]);
      }),
      { numRuns: 1000 },
    );
  });
});
