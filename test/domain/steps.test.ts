import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { allAtOnce, eachInSteps, mapInSteps, STEP } from '../../src/domain/steps.ts';

describe('long work in steps', () => {
  test('deals with every item, in order, and with at most so many of them in one step', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 * STEP + 1 }), (count) => {
        const items = Array.from({ length: count }, (_, index) => index);
        const seen: number[] = [];
        const perStep: number[] = [];
        const steps = eachInSteps(items, (item) => seen.push(item));
        for (let before = 0; ; before = seen.length) {
          const { done } = steps.next();
          perStep.push(seen.length - before);
          if (done === true) break;
        }
        expect(seen).toEqual(items);
        expect(Math.max(...perStep)).toBeLessThanOrEqual(STEP);
      }),
    );
  });

  test('answers the same as all at once', () => {
    const items = Array.from({ length: 2 * STEP + 7 }, (_, index) => index);
    expect(allAtOnce(mapInSteps(items, (item) => item * 2))).toEqual(items.map((item) => item * 2));
  });
});
