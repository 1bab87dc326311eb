import type { Judgement } from './judge.ts';

/** Counts over the judgements of one slice. */
export interface Count {
  readonly name: string;
  /** People who are on both sides. */
  pairs: number;
  right: number;
  wrong: number;
  unavoidable: number;
  cases: number;
  /** Linked to the right entry, or that entry is among the first five candidates. */
  found: number;
}

/** One way to slice; null leaves a judgement out. */
export type Slicing = (judgement: Judgement) => readonly string[];

export const SLICINGS = {
  language: ({ left }) => [left.person.language],
  scripts: ({ left, own, linked }) => {
    const other = own ?? linked;
    return other === null ? [] : [`${left.spelling.script} – ${other.spelling.script}`];
  },
  evidence: ({ evidence }) => [evidence],
  namesakes: ({ namesakes }) => [
    namesakes === 0 ? '0' : namesakes === 1 ? '1' : namesakes < 5 ? '2–4' : '5 and more',
  ],
  corruption: ({ left, own }) => [
    ...new Set([...left.spelling.corruptions, ...(own?.spelling.corruptions ?? [])]),
  ],
  romanisation: ({ left, own }) =>
    [left, ...(own === null ? [] : [own])].flatMap(({ spelling }) =>
      spelling.system === 'none' ? [] : [`${spelling.language}: ${spelling.system}`],
    ),
} as const satisfies Record<string, Slicing>;

export type SlicingName = keyof typeof SLICINGS;

const SLICING_NAMES = ['language', 'scripts', 'evidence', 'namesakes', 'corruption', 'romanisation'] as const;

export interface Tally {
  readonly all: Count;
  /** The name is nobody else's. */
  readonly unique: Count;
  readonly uniqueWithoutArabic: Count;
  /**
   * Nobody else has the name, and both sides are written without a mistake. Arabic across scripts is left out: by the name
   * alone it has to become a case.
   */
  readonly clean: Count;
  readonly cleanAll: Count;
  readonly arabicAcrossScripts: Count;
  readonly arabicAcrossScriptsWithoutEvidence: Count;
  /** People on the left only. */
  readonly alone: Count;
  readonly slices: Readonly<Record<SlicingName, ReadonlyMap<string, Count>>>;
  readonly rules: ReadonlyMap<string, Count>;
  readonly mistakes: readonly Judgement[];
  /** Among the people on both sides whose name is unique and who were not linked. */
  readonly missed: readonly Judgement[];
  add(judgements: readonly Judgement[]): void;
}

export function createTally(): Tally {
  const slices = {
    language: new Map<string, Count>(),
    scripts: new Map<string, Count>(),
    evidence: new Map<string, Count>(),
    namesakes: new Map<string, Count>(),
    corruption: new Map<string, Count>(),
    romanisation: new Map<string, Count>(),
  };
  const rules = new Map<string, Count>();
  const mistakes: Judgement[] = [];
  const missed: Judgement[] = [];
  const tally = {
    all: emptyCount('all'),
    unique: emptyCount('unique names'),
    uniqueWithoutArabic: emptyCount('unique names, without Arabic'),
    clean: emptyCount('clean, unique names, no Arabic across scripts'),
    cleanAll: emptyCount('clean, all'),
    arabicAcrossScripts: emptyCount('Arabic, across scripts'),
    arabicAcrossScriptsWithoutEvidence: emptyCount('Arabic, across scripts, nothing but the name'),
    alone: emptyCount('without a contact'),
  };
  const add = (judgement: Judgement): void => {
    const { left, own, linked, outcome, namesakes, isClean, evidence, decision } = judgement;
    const isUnique = namesakes === 0;
    const isArabic = left.person.language === 'ar';
    const other = own ?? linked;
    const isAcross = isArabic && other !== null && other.spelling.script !== left.spelling.script;
    const counts: Count[] = [tally.all];
    if (own === null) counts.push(tally.alone);
    if (isUnique) counts.push(tally.unique);
    if (isUnique && !isArabic) counts.push(tally.uniqueWithoutArabic);
    if (isClean) counts.push(tally.cleanAll);
    if (isClean && isUnique && !isAcross) counts.push(tally.clean);
    if (isAcross) counts.push(tally.arabicAcrossScripts);
    if (isAcross && evidence === 'none') counts.push(tally.arabicAcrossScriptsWithoutEvidence);
    for (const name of SLICING_NAMES)
      for (const slice of new Set<string>(SLICINGS[name](judgement)))
        counts.push(countOf(slices[name], slice));
    if (decision.rule !== null) counts.push(countOf(rules, decision.rule));
    for (const count of counts) addTo(count, judgement);
    if (outcome === 'wrong' || outcome === 'unavoidable') mistakes.push(judgement);
    else if (own !== null && isUnique && outcome !== 'right') missed.push(judgement);
  };
  return {
    ...tally,
    slices,
    rules,
    mistakes,
    missed,
    add: (judgements) => {
      for (const judgement of judgements) add(judgement);
    },
  };
}

function emptyCount(name: string): Count {
  return { name, pairs: 0, right: 0, wrong: 0, unavoidable: 0, cases: 0, found: 0 };
}

function countOf(counts: Map<string, Count>, name: string): Count {
  let count = counts.get(name);
  if (count === undefined) {
    count = emptyCount(name);
    counts.set(name, count);
  }
  return count;
}

function addTo(count: Count, { own, outcome, rank }: Judgement): void {
  if (outcome === 'wrong') count.wrong += 1;
  if (outcome === 'unavoidable') count.unavoidable += 1;
  if (outcome === 'case') count.cases += 1;
  if (own === null) return;
  count.pairs += 1;
  if (outcome === 'right') count.right += 1;
  if (rank !== null && rank <= 5) count.found += 1;
}
