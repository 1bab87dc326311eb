import { token_set_ratio } from 'fuzzball';
import type { Decision } from '../matcher.ts';
import type { Appearance, Population } from '../types.ts';
import { jaroWinkler } from './jaro-winkler.ts';
import { blockedPairs, uniquePairs, type Pairs } from './unique.ts';

/** A simple way of matching, to compare with. */
export interface Baseline {
  readonly name: string;
  pairs(left: readonly Appearance[], right: readonly Appearance[]): Pairs;
}

const THRESHOLD = 0.9;
/** Longer lists of names that begin alike (Олександр and Олександр) are left out, or it would not end. */
const MOST_PAIRS_IN_BLOCK = 1_000_000;

export const BASELINES: readonly Baseline[] = [
  {
    name: 'same text, lower case',
    pairs: (left, right) => equalPairs(left.map(lowerCase), right.map(lowerCase)),
  },
  {
    name: 'same given name and same surname',
    pairs: (left, right) => equalPairs(left.map(firstAndLast), right.map(firstAndLast)),
  },
  {
    name: 'Jaro-Winkler at least 0.9',
    pairs: (left, right) => similarPairs(left, right, (one, other) => jaroWinkler(one, other) >= THRESHOLD),
  },
  {
    name: 'fuzzball token set at least 0.9',
    pairs: (left, right) =>
      similarPairs(
        left,
        right,
        (one, other) => token_set_ratio(one, other, { full_process: false }) >= THRESHOLD * 100,
      ),
  },
];

/** Each person linked, where the baseline meets exactly one on either side. */
export function runBaseline({ pairs }: Baseline, { left, right }: Population): Decision[] {
  const links = uniquePairs(pairs(left, right), { left: left.length, right: right.length });
  return left.map(({ entry }, place) => {
    const other = links.get(place);
    const linked = other === undefined ? null : (right[other]?.entry.id ?? null);
    return {
      left: entry.id,
      decision: linked === null ? 'none' : 'auto',
      right: linked,
      rule: null,
      candidates: [],
    };
  });
}

function lowerCase({ entry }: Appearance): string {
  return entry.name.normalize('NFC').trim().toLowerCase();
}

/** As two systems with a field for each would have them: the baseline need not find out which word is which. */
function firstAndLast({ spelling }: Appearance): string {
  return `${spelling.given} ${spelling.surname}`.normalize('NFC').toLowerCase();
}

function* equalPairs(
  left: readonly string[],
  right: readonly string[],
): Generator<readonly [number, number]> {
  const places = new Map<string, number[]>();
  for (const [place, text] of left.entries()) {
    const known = places.get(text);
    if (known === undefined) places.set(text, [place]);
    else known.push(place);
  }
  for (const [place, text] of right.entries())
    for (const other of places.get(text) ?? []) yield [other, place];
}

/** Words in the order of the alphabet, so that only spelling counts; compared where two words begin with the same three letters. */
function* similarPairs(
  left: readonly Appearance[],
  right: readonly Appearance[],
  isSimilar: (one: string, other: string) => boolean,
): Generator<readonly [number, number]> {
  const sorted = (appearance: Appearance): string => wordsOf(appearance).toSorted().join(' ');
  const starts = (appearance: Appearance): string[] => wordsOf(appearance).map((word) => word.slice(0, 3));
  const [lefts, rights] = [left.map(sorted), right.map(sorted)];
  for (const pair of blockedPairs(left.map(starts), right.map(starts), MOST_PAIRS_IN_BLOCK)) {
    const [one, other] = [lefts[pair[0]], rights[pair[1]]];
    if (one !== undefined && other !== undefined && isSimilar(one, other)) yield pair;
  }
}

function wordsOf(appearance: Appearance): string[] {
  return lowerCase(appearance).match(/[\p{L}\p{M}\p{N}'’ʼ-]+/gu) ?? [];
}
