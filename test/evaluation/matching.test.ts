import { beforeAll, describe, expect, test } from '@jest/globals';
import { evaluate, type Evaluation } from './evaluation.ts';
import { loadMatcher } from './matcher.ts';
import { describe as inWords } from './report/report.ts';

let evaluation: Evaluation;

beforeAll(async () => {
  evaluation = evaluate(await loadMatcher(), {
    seeds: [101],
    size: 2000,
    baselinePopulations: 0,
    hardNegatives: 300,
  });
});

/**
 * What this version of the matching reaches, so that it does not get worse unseen; docs/matching-evaluation.md has the
 * figures on large populations and the goals, which are higher.
 */
const REACHED = { wrong: 2, linked: 0.8, found: 0.9, arabicAcrossScripts: 1 };

describe('matching a generated population of 2,000 × 2,000', () => {
  test('links hardly anybody to somebody else, unless no rule could know', () => {
    const wrong = evaluation.tally.mistakes.filter(({ outcome }) => outcome === 'wrong');
    const shown = wrong.map(
      ({ left, linked }) => `${inWords(left.entry)} → ${linked === null ? '' : inWords(linked.entry)}`,
    );
    expect(shown.slice(REACHED.wrong)).toEqual([]);
  });

  test('links most of those whose name is their own, and shows the rest among five candidates', () => {
    const { uniqueWithoutArabic } = evaluation.tally;
    expect(uniqueWithoutArabic.right / uniqueWithoutArabic.pairs).toBeGreaterThan(REACHED.linked);
    expect(uniqueWithoutArabic.found / uniqueWithoutArabic.pairs).toBeGreaterThan(REACHED.found);
  });

  test('links hardly any Arabic name across scripts by the name alone', () => {
    const { right, wrong, unavoidable } = evaluation.tally.arabicAcrossScriptsWithoutEvidence;
    expect(right + wrong + unavoidable).toBeLessThanOrEqual(REACHED.arabicAcrossScripts);
  });
});

describe('hard negatives', () => {
  test('are never linked, however alone they stand, but for the numbered labels of queues', () => {
    const linked = evaluation.hardNegatives.flatMap((result) => result.linked);
    const people = linked.filter(({ kind }) => kind !== 'a queue');
    expect(people.map(({ kind, left, right }) => `${kind}: ${left.name} – ${right.name}`)).toEqual([]);
  });
});
