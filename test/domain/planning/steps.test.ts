import { expect, test } from '@jest/globals';
import { planInSteps } from '../../../src/domain/planning/build.ts';
import { STEP } from '../../../src/domain/steps.ts';
import { EMPLOYEE, inputOf, MAPPING, person, scene } from './bench.ts';

/** So many people on both sides, half of them with a contact of their name. */
function sides(count: number) {
  // Each digit a syllable, so that nobody's name is a slip of the keyboard away from another's.
  const syllables = ['bara', 'cedo', 'fimu', 'gokel', 'hupi', 'jarno', 'lexti', 'mosda', 'nurev', 'pizok'];
  const word = (index: number): string =>
    String(index)
      .split('')
      .map((digit) => syllables[Number(digit)])
      .join('');
  const names = Array.from({ length: count }, (_, index) => `Olena ${word(index)}enko`);
  return inputOf(
    scene({
      users: names.map((name, index) => person(String(index + 1), name)),
      crm: {
        [MAPPING.contact.entity]: names
          .slice(0, count / 2)
          .map((Name, index) => ({ Id: `c${index}`, Name, [MAPPING.contact.type.column]: EMPLOYEE })),
      },
    }),
  );
}

function stepsFor(count: number): number {
  const steps = planInSteps(sides(count));
  let taken = 0;
  while (steps.next().done !== true) taken += 1;
  return taken;
}

test('a plan for more people takes more steps, not longer ones: names, opinions, outcomes, words and operations', () => {
  const [some, twice] = [stepsFor(2 * STEP), stepsFor(4 * STEP)];
  // Eight passes over the users, and two over the contacts, of whom there are half as many.
  expect(twice - some).toBe(2 * 8 + 2);
});
