import { describe, expect, test } from '@jest/globals';
import { createRandom } from '../../../src/sandbox/kit/random.ts';

const draw = (seed: number): number[] => {
  const random = createRandom(seed);
  return Array.from({ length: 20 }, () => random.next());
};

describe('seeded randomness', () => {
  test('the same seed gives the same sequence and another seed another one', () => {
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  test('int reaches both ends, chance keeps its rate, shuffle keeps its items', () => {
    const random = createRandom(3);
    const rolls = Array.from({ length: 600 }, () => random.int(1, 6));
    expect([...new Set(rolls)].toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
    const hits = Array.from({ length: 2000 }, () => random.chance(0.3)).filter(Boolean).length;
    expect(hits).toBeGreaterThan(500);
    expect(hits).toBeLessThan(700);
    const items = Array.from({ length: 50 }, (_, index) => index);
    const mixed = random.shuffle(items);
    expect(mixed).not.toEqual(items);
    expect(mixed.toSorted((a, b) => a - b)).toEqual(items);
  });

  test('guids are well formed and do not repeat', () => {
    const random = createRandom(3);
    const guids = Array.from({ length: 5000 }, () => random.guid());
    expect(new Set(guids).size).toBe(5000);
    for (const guid of guids)
      expect(guid).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });

  test('picking from nothing is an error', () => {
    expect(() => createRandom(1).pick([])).toThrow('empty');
  });
});
