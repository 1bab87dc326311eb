import type { Evaluation } from '../evaluation.ts';
import type { Count } from '../metrics/tally.ts';
import type { Speed } from '../speed/measure.ts';
import { number, percent, table } from './tables.ts';

interface Goal {
  readonly asked: string;
  readonly measured: string;
  readonly isMet: boolean;
}

const SLICE = 3000;

/** What was asked for, beside what came out. */
export function goalsOf({ tally, hardNegatives }: Evaluation, speeds: readonly Speed[]): Goal[] {
  const { all, uniqueWithoutArabic: unique, clean, arabicAcrossScripts: arabic } = tally;
  const bareArabic = tally.arabicAcrossScriptsWithoutEvidence;
  const sliced = [tally.slices.language, tally.slices.scripts, tally.slices.evidence].flatMap((counts) => [
    ...counts.values(),
  ]);
  const smallest = sliced.reduce((one, other) => (other.right < one.right ? other : one));
  const linked = hardNegatives.reduce((sum, result) => sum + result.linked.length, 0);
  const tried = hardNegatives.reduce((sum, result) => sum + result.tried, 0);
  const arabicAll = tally.slices.language.get('ar') ?? arabic;
  return [
    {
      asked: 'no wrong automatic link',
      measured: `${all.wrong} wrong of ${number(all.right + all.wrong)}`,
      isMet: all.wrong === 0,
    },
    { asked: 'at least 10,000 automatic links', measured: number(all.right), isMet: all.right >= 10_000 },
    {
      asked: 'at least 3,000 on each slice (language, scripts, evidence)',
      measured: `${number(smallest.right)} on the smallest (${smallest.name})`,
      isMet: smallest.right >= SLICE,
    },
    share('unique names linked automatically (Arabic apart), at least 92 %', unique, 'right', 0.92),
    share(
      'unique names linked, or among five candidates (Arabic apart), at least 99 %',
      unique,
      'found',
      0.99,
    ),
    share('Arabic among five candidates, or linked, at least 99 %', arabicAll, 'found', 0.99),
    {
      asked: 'Arabic across scripts never by the name alone',
      measured: `${number(bareArabic.right + bareArabic.wrong + bareArabic.unavoidable)} linked`,
      isMet: bareArabic.right + bareArabic.wrong + bareArabic.unavoidable === 0,
    },
    {
      asked: 'cases for at most 5 % of clean people (unique names, Arabic across scripts apart)',
      measured: percent(clean.cases, clean.pairs, 2),
      isMet: clean.cases <= 0.05 * clean.pairs,
    },
    { asked: 'no hard negative linked', measured: `${linked} of ${number(tried)}`, isMet: linked === 0 },
    ...speeds
      .filter(({ size }) => size === 100_000)
      .map(({ best, flags }) => ({
        asked: `100,000 × 100,000 in under 5 s and 500 MB${flags === '' ? '' : ', heap bounded'}`,
        measured:
          best === null ? 'not enough memory' : `${best.seconds.toFixed(1)} s, ${best.peak.toFixed(0)} MB`,
        isMet: best !== null && best.seconds < 5 && best.peak < 500,
      })),
  ];
}

export function goalTable(goals: readonly Goal[]): string {
  return table(
    ['asked', 'measured', 'met'],
    goals.map(({ asked, measured, isMet }) => [asked, measured, isMet ? 'yes' : '**no**']),
  );
}

function share(asked: string, count: Count, part: 'right' | 'found', least: number): Goal {
  return { asked, measured: percent(count[part], count.pairs, 2), isMet: count[part] >= least * count.pairs };
}
