import { describe, expect, test } from '@jest/globals';
import { BASELINES, runBaseline } from './baselines/baselines.ts';
import { jaroWinkler } from './baselines/jaro-winkler.ts';
import { uniquePairs } from './baselines/unique.ts';
import { createPopulation } from './generator/population.ts';
import type { Decision } from './matcher.ts';
import { upperBound } from './metrics/bound.ts';
import { judge } from './metrics/judge.ts';
import { createTally } from './metrics/tally.ts';

const population = createPopulation({ seed: 5, size: 400, missing: 0.05 });

/** Decisions of a matcher that knows the truth, or is wrong in a way of its own. */
function decide(right: (left: string) => string | null): Decision[] {
  return population.left.map(({ entry }) => {
    const found = right(entry.id);
    return {
      left: entry.id,
      decision: found === null ? 'none' : 'auto',
      right: found,
      rule: 'name',
      candidates: [],
    };
  });
}

describe('judging decisions', () => {
  test('finds no fault with the truth', () => {
    const tally = createTally();
    tally.add(
      judge(
        population,
        decide((left) => population.truth.get(left) ?? null),
      ),
    );
    expect(tally.all).toMatchObject({ pairs: 380, right: 380, wrong: 0, unavoidable: 0, found: 380 });
    expect([...tally.slices.language.values()].reduce((sum, { right }) => sum + right, 0)).toBe(380);
  });

  test('counts every link to somebody else as wrong', () => {
    const [first, second] = population.right;
    const tally = createTally();
    tally.add(
      judge(
        population,
        decide((left) =>
          population.truth.get(left) === first?.entry.id ? (second?.entry.id ?? null) : null,
        ),
      ),
    );
    expect(tally.all).toMatchObject({ right: 0, wrong: 1 });
    expect(tally.mistakes.map(({ own, linked }) => [own, linked])).toEqual([[first, second]]);
  });

  test('excuses only a link to a namesake, of somebody whose own contact is missing', () => {
    const alone = population.left.find(({ entry }) => population.truth.get(entry.id) === null);
    const [contact] = population.right;
    if (alone === undefined || contact === undefined) throw new Error('The population is too small.');
    const namesake = { ...contact, person: { ...alone.person, number: -1 }, spelling: alone.spelling };
    // The namesake's own user is not in the lists.
    const truth = new Map(
      [...population.truth].map(([user, own]) => [user, own === contact.entry.id ? null : own]),
    );
    const withNamesake = { ...population, truth, right: [namesake, ...population.right.slice(1)] };
    const decisions = decide((left) => (left === alone.entry.id ? contact.entry.id : null));
    const outcomeOf = (judged: ReturnType<typeof judge>) =>
      judged.find(({ left }) => left === alone)?.outcome;
    expect(outcomeOf(judge(population, decisions))).toBe('wrong');
    expect(outcomeOf(judge(withNamesake, decisions))).toBe('unavoidable');
    expect(outcomeOf(judge({ ...withNamesake, truth: population.truth }, decisions))).toBe('wrong');
    const otherAddress = { ...namesake, entry: { ...contact.entry, email: 'somebody.else@corp.example' } };
    const left = population.left.map((one) =>
      one === alone ? { ...alone, entry: { ...alone.entry, email: 'who.it.is@corp.example' } } : one,
    );
    const judged = judge(
      { ...withNamesake, left, right: [otherAddress, ...population.right.slice(1)] },
      decisions,
    );
    expect(judged.find(({ left: { entry } }) => entry.id === alone.entry.id)?.outcome).toBe('wrong');
  });
});

describe('the bound of the share of errors', () => {
  test('follows the rule of three, and grows with the errors', () => {
    expect(upperBound(0, 3000)).toBeCloseTo(0.001, 4);
    expect(upperBound(1, 1000)).toBeCloseTo(4.744 / 1000, 5);
    expect(upperBound(5, 1000)).toBeCloseTo(10.513 / 1000, 5);
    expect(upperBound(0, 0)).toBe(1);
  });
});

describe('the baselines', () => {
  test('compare by Jaro and Winkler as published', () => {
    expect(jaroWinkler('martha', 'marhta')).toBeCloseTo(0.9611, 4);
    expect(jaroWinkler('dwayne', 'duane')).toBeCloseTo(0.84, 4);
    expect(jaroWinkler('dixon', 'dicksonx')).toBeCloseTo(0.8133, 4);
    expect(jaroWinkler('', 'a')).toBe(0);
  });

  test('link what is met once on both sides, and nothing else', () => {
    const links = uniquePairs(
      [
        [0, 0],
        [1, 1],
        [1, 2],
        [2, 3],
        [3, 3],
        [4, 4],
        [4, 4],
      ],
      { left: 5, right: 5 },
    );
    expect([...links]).toEqual([
      [0, 0],
      [4, 4],
    ]);
  });

  test.each(BASELINES)('$name: links some rightly, and gives one decision for each user', (baseline) => {
    const tally = createTally();
    tally.add(judge(population, runBaseline(baseline, population)));
    expect(tally.all.right).toBeGreaterThan(20);
    expect(tally.all.pairs).toBe(380);
  });
});
