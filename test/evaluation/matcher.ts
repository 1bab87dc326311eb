/**
 * The one door between the evaluation and what it evaluates: everything else here imports nothing of the product.
 * @see docs/matching-evaluation.md
 */
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { matchLists } from '../../src/app/match.ts';
import type { Entry } from './types.ts';

export interface Decision {
  /** Id of the left entry. */
  readonly left: string;
  /** `auto`: would be linked; `review`: a case; `none`: would be created. */
  readonly decision: 'auto' | 'review' | 'none';
  /** Id of the right entry, for `auto`. */
  readonly right: string | null;
  readonly rule: string | null;
  /** Best first. */
  readonly candidates: readonly Candidate[];
}

export interface Candidate {
  readonly right: string;
  /** What the matcher gives for ranking, from 0 to 1; null where it does not tell. */
  readonly score: number | null;
}

export type Matcher = (left: readonly Entry[], right: readonly Entry[]) => Decision[];

const Product = z.object({
  matchLists: z.custom<typeof matchLists>((value) => typeof value === 'function', 'There is no matchLists.'),
});

/** The matcher of a checkout, by the file that has `matchLists`: this one's unless a path is given. */
export async function loadMatcher(path?: string): Promise<Matcher> {
  const url = path === undefined ? new URL('../../src/app/match.ts', import.meta.url) : pathToFileURL(path);
  const product = Product.parse(await import(url.href));
  return (left, right) =>
    product.matchLists(left, right).map(({ left: id, decision, right: found, rule, candidates }) => ({
      left: id,
      decision,
      right: found ?? null,
      rule: rule ?? null,
      candidates: candidates.map((candidate) => ({ right: candidate.right, score: scoreOf(candidate) })),
    }));
}

function scoreOf(candidate: object): number | null {
  const score: unknown = 'score' in candidate ? candidate.score : null;
  return typeof score === 'number' ? score : null;
}
