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

describe('matching a generated population of 2,000 × 2,000', () => {
  test('links nobody to somebody else, unless no rule could know', () => {
    const wrong = evaluation.tally.mistakes.filter(({ outcome }) => outcome === 'wrong');
    expect(
      wrong.map(
        ({ left, linked }) => `${inWords(left.entry)} → ${linked === null ? '' : inWords(linked.entry)}`,
      ),
    ).toEqual([]);
  });

  test('links nine in ten whose name is their own, and shows the rest among five candidates', () => {
    const { uniqueWithoutArabic } = evaluation.tally;
    expect(uniqueWithoutArabic.right / uniqueWithoutArabic.pairs).toBeGreaterThan(0.9);
    expect(uniqueWithoutArabic.found / uniqueWithoutArabic.pairs).toBeGreaterThan(0.98);
  });

  test('never links Arabic names across scripts by the name alone', () => {
    const { right, wrong, unavoidable } = evaluation.tally.arabicAcrossScriptsWithoutEvidence;
    expect([right, wrong, unavoidable]).toEqual([0, 0, 0]);
  });
});

describe('hard negatives', () => {
  test('are never linked, however alone they stand', () => {
    const linked = evaluation.hardNegatives.flatMap((result) => result.linked);
    expect(linked.map(({ kind, left, right }) => `${kind}: ${left.name} – ${right.name}`)).toEqual([]);
  });
});
