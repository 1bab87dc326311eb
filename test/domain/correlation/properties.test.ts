import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { matchLists, type MatchEntry, type MatchResult } from '../../../src/app/match.ts';
import { compareNames } from '../../../src/domain/names/compare.ts';
import { eachKey, eachLooseKey } from '../../../src/domain/names/lookup.ts';
import { readName } from '../../../src/domain/names/name.ts';

/** Names of few people in many spellings, so that namesakes and near ones meet. */
const NAMES = [
  'Коваленко Іван',
  'Ivan Kovalenko',
  'Коваленко Іван Петрович',
  'Коваленко Іван Сидорович',
  'Коваленко І.',
  'Коваленко Ваня',
  'Ковалнеко Іван',
  'Коваленкова Олена',
  'Kovalenko Olena',
  'Раманаў Сяргей',
  'Романов Сергей',
  'عبدالله الصباح',
  'Abdullah Al-Sabah',
  'Abdullah Sabah',
  'John Michael Smith',
  'Smith J.',
  'Петър Иванов Дънков',
  'Dankov Petar',
  'Reception',
  'Іван',
  '',
];

const person = fc.record({
  name: fc.constantFrom(...NAMES),
  email: fc.constantFrom(undefined, undefined, 'ivan.kovalenko@a.test', 'i.kovalenko@a.test', 'o@b.test'),
  extension: fc.constantFrom(undefined, undefined, '101', '102'),
});
const list = fc.array(person, { maxLength: 8 });

function entriesOf(people: readonly Omit<MatchEntry, 'id'>[], prefix: string): MatchEntry[] {
  return people.map((one, index) => ({ id: `${prefix}${index}`, ...one }));
}

function links(results: readonly MatchResult[]): string[] {
  return results.flatMap(({ left, right }) => (right === undefined ? [] : [`${left} ${right}`])).toSorted();
}

describe('decisions over two lists', () => {
  test('are the same when the lists change sides', () => {
    fc.assert(
      fc.property(list, list, (one, other) => {
        const [left, right] = [entriesOf(one, 'a'), entriesOf(other, 'b')];
        const there = links(matchLists(left, right));
        const back = links(matchLists(right, left)).map((link) => link.split(' ').toReversed().join(' '));
        expect(back.toSorted()).toEqual(there);
      }),
      { numRuns: 1500 },
    );
  });

  test('are the same where a contact has the address of one user and the number of another', () => {
    const users = [
      { id: 'a0', name: 'Коваленко Іван', email: 'o@b.test' },
      { id: 'a1', name: 'عبدالله الصباح', extension: '101' },
    ];
    const contacts = [{ id: 'b0', name: 'Abdullah Al-Sabah', email: 'o@b.test', extension: '101' }];
    expect(links(matchLists(users, contacts))).toEqual([]);
    expect(links(matchLists(contacts, users))).toEqual([]);
  });

  test('are the same where two have one name, and a third the same consonants and the number of one', () => {
    const users = [
      { id: 'a0', name: 'عبدالله الصباح', extension: '102' },
      { id: 'a1', name: 'Abdullah Al-Sabah', email: 'o@b.test' },
    ];
    const contacts = [
      { id: 'b0', name: 'Abdullah Al-Sabah', email: 'o@b.test' },
      { id: 'b1', name: 'Abdullah Al-Sabah', extension: '102' },
    ];
    expect(links(matchLists(users, contacts))).toEqual(['a1 b0']);
    expect(links(matchLists(contacts, users))).toEqual(['b0 a1']);
  });

  test('do not depend on the order of the lists', () => {
    fc.assert(
      fc.property(list, list, (one, other) => {
        const [left, right] = [entriesOf(one, 'a'), entriesOf(other, 'b')];
        const said = (results: readonly MatchResult[]): string[] =>
          results
            .map(({ left: name, decision, right: found, candidates }) =>
              JSON.stringify([name, decision, found, candidates.map((c) => c.right)]),
            )
            .toSorted((a, b) => a.localeCompare(b));
        expect(said(matchLists(left.toReversed(), right.toReversed()))).toEqual(
          said(matchLists(left, right)),
        );
      }),
      { numRuns: 800 },
    );
  });

  test('never give one contact to two users', () => {
    fc.assert(
      fc.property(list, list, (one, other) => {
        const found = matchLists(entriesOf(one, 'a'), entriesOf(other, 'b')).flatMap(
          ({ right }) => right ?? [],
        );
        expect(new Set(found).size).toBe(found.length);
      }),
      { numRuns: 800 },
    );
  });

  test.each([
    ['e-mail', { email: 'same@a.test' }],
    ['login', { login: 'same.login' }],
    ['extension', { extension: '777' }],
    ['phone', { phone: '+380441234567' }],
    ['department', { department: 'Sales' }],
  ])('agreeing evidence (%s) never lowers a candidate', (_, more) => {
    const place = ({ decision, right, candidates }: MatchResult, id: string): number => {
      if (decision === 'auto') return right === id ? 0 : 100;
      const index = candidates.findIndex((candidate) => candidate.right === id);
      return index < 0 ? 50 : index + 1;
    };
    fc.assert(
      fc.property(person, list, fc.nat(7), (user, other, chosen) => {
        const right = entriesOf(other, 'b');
        const target = right[chosen];
        fc.pre(target !== undefined);
        const bare = { id: 'a0', name: user.name };
        const [before] = matchLists([bare], right);
        const [after] = matchLists(
          [{ ...bare, ...more }],
          right.map((entry) => (entry === target ? { ...entry, ...more } : entry)),
        );
        fc.pre(before !== undefined && after !== undefined && before.decision !== 'none');
        fc.pre(place(before, target.id) < 50);
        expect(place(after, target.id)).toBeLessThanOrEqual(place(before, target.id));
      }),
      { numRuns: 1000 },
    );
  });

  test('are made of anything that comes in', () => {
    const awkward = [
      '\ud800\udbff',
      '\u0301'.repeat(500),
      '\u200f\u202e\u2066',
      'ж'.repeat(10_000),
      `${'zh'.repeat(4_000)} ${'ch'.repeat(1_000)}`,
      'ال'.repeat(5_000),
      'a b c d e f g h i j k l m n o p',
      '-.-.- ...',
      '🙂 🙂',
      '((((',
    ];
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...awkward), fc.string({ unit: 'binary', maxLength: 80 })), {
          maxLength: 6,
        }),
        (texts) => {
          const people = texts.map((name) => ({
            name,
            email: name,
            login: name,
            phone: name,
            extension: name,
          }));
          const results = matchLists(entriesOf(people, 'a'), entriesOf(people, 'b'));
          expect(JSON.parse(JSON.stringify(results))).toHaveLength(texts.length);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('the keys of many names', () => {
  const keysOf = (text: string): number[] => {
    const keys = new Set<number>();
    eachKey(readName(text), (key) => keys.add(key));
    return [...keys];
  };
  const looseKeysOf = (text: string, side: 'stored' | 'sought'): number[] => {
    const keys = new Set<number>();
    eachLooseKey(readName(text), side, (key) => keys.add(key));
    return [...keys];
  };

  test('bring together whatever the comparison calls the same, or alike', () => {
    for (const left of NAMES)
      for (const right of NAMES) {
        const { strength, conflict } = compareNames(readName(left), readName(right));
        if (strength === 'none' || conflict !== null) continue;
        const sought = new Set([...keysOf(right), ...looseKeysOf(right, 'sought')]);
        const stored = [...keysOf(left), ...looseKeysOf(left, 'stored')];
        expect([left, right, stored.some((key) => sought.has(key))]).toEqual([left, right, true]);
      }
  });
});
