import { describe, expect, test } from '@jest/globals';
import { MatchList, matchLists } from '../../src/app/match.ts';

const entries = (list: readonly unknown[]) => MatchList.parse(list);

describe('matching two lists', () => {
  test('says for each left entry whether it would be linked, reviewed or created', () => {
    const left = entries([
      { id: 'a', name: 'Згурський Богдан Іванович' },
      { id: 'b', name: 'Коваленко Іван' },
      { id: 'c', name: 'Reception' },
      { id: 'd', name: 'Сашко Гриценко', login: 'sasha' },
    ]);
    const right = entries([
      { id: '1', name: 'Bohdan Zghurskyi' },
      { id: '2', name: 'Ivan Kovalenko' },
      { id: '3', name: 'Коваленко Иван' },
      { id: '4', name: 'Олександр Гриценко', login: 'SASHA' },
    ]);
    const results = matchLists(left, right);
    expect(results.map(({ left: id, decision, right: found, rule }) => [id, decision, found, rule])).toEqual([
      ['a', 'auto', '1', 'name'],
      ['b', 'review', undefined, undefined],
      ['c', 'none', undefined, undefined],
      ['d', 'auto', '4', 'login'],
    ]);
    expect(results[0]?.candidates).toHaveLength(1);
    expect(results[0]?.candidates[0]?.evidence[0]).toMatchObject({
      rule: 'name',
      verdict: 'for',
      weight: 'decisive',
    });
    expect(results[1]?.candidates.map((candidate) => candidate.right).toSorted()).toEqual(['2', '3']);
    expect(results[2]?.candidates).toEqual([]);
  });

  test.each([
    ['Олена Коваленко', 'Олена Коваленкова'],
    ['Наталія Бойко', 'Наталія Байко'],
    ['Сергій Коваль', 'Сергій Ковальчук'],
    ['Олександр Ткаченко', 'Олександра Ткаченко'],
    ['Коваленко Іван Петрович', 'Коваленко Іван Сидорович'],
    ['Коваленко І.', 'Коваленко Іван'],
    ['Сашко Гриценко', 'Олександр Гриценко'],
    ['Ковалнеко Іван', 'Коваленко Іван'],
    ['عبدالله الصباح', 'Abdullah Al-Sabah'],
  ])('never links %s with %s by the name alone', (one, other) => {
    const [there] = matchLists(entries([{ id: 'a', name: one }]), entries([{ id: '1', name: other }]));
    const [back] = matchLists(entries([{ id: 'a', name: other }]), entries([{ id: '1', name: one }]));
    expect(there?.decision).not.toBe('auto');
    expect(back?.decision).toBe(there?.decision);
  });

  test('ranks the candidate whose inner phone is the user’s extension first', () => {
    const [found] = matchLists(
      entries([{ id: 'a', name: 'Коваленко Іван', extension: '105' }]),
      entries([
        { id: '1', name: 'Ivan Kovalenko', extension: '104' },
        { id: '2', name: 'Ivan Kovalenko', extension: '105' },
      ]),
    );
    expect(found?.decision).toBe('review');
    expect(found?.candidates.map(({ right }) => right)).toEqual(['2', '1']);
    expect(found?.candidates[0]?.evidence.map(({ rule }) => rule)).toContain('extension');
  });

  test('refuses unknown keys, missing names and repeated ids', () => {
    expect(() => entries([{ id: 'a', name: 'X', mail: 'a@b.test' }])).toThrow(/mail/);
    expect(() => entries([{ id: 'a' }])).toThrow();
    expect(() =>
      entries([
        { id: 'a', name: 'X' },
        { id: 'a', name: 'Y' },
      ]),
    ).toThrow(/twice/);
  });

  test('takes numbers for ids and null for what is not known', () => {
    expect(matchLists(entries([{ id: 7, name: 'Reception', email: null }]), [])).toEqual([
      { left: '7', decision: 'none', candidates: [] },
    ]);
  });
});
