import { BASELINES, runBaseline } from './baselines/baselines.ts';
import { createPopulation } from './generator/population.ts';
import { generatedHardNegatives, listedHardNegatives, type HardNegative } from './hard-negatives.ts';
import type { Matcher } from './matcher.ts';
import { createCalibration, type Calibration } from './metrics/calibration.ts';
import { judge } from './metrics/judge.ts';
import { createTally, type Tally } from './metrics/tally.ts';

export interface EvaluationOptions {
  readonly seeds: readonly number[];
  readonly size: number;
  /** On how many of the populations the baselines are run too; some of them are slow. */
  readonly baselinePopulations: number;
  /** How many hard negatives to generate, beside those of the list. */
  readonly hardNegatives?: number;
  /** Hears what is under way. */
  readonly onProgress?: (text: string) => void;
}

export interface Evaluation {
  readonly seeds: readonly number[];
  readonly size: number;
  readonly tally: Tally;
  readonly calibration: Calibration;
  /** Ours and theirs on the same populations. */
  readonly baselines: ReadonlyMap<string, Tally>;
  readonly hardNegatives: readonly HardNegativeResult[];
}

export interface HardNegativeResult {
  readonly kind: string;
  readonly tried: number;
  readonly linked: readonly HardNegative[];
}

const OURS = 'Rollcall';
const GENERATED_HARD_NEGATIVES = 2000;

/** Matches generated populations and pools what came out; the baselines work on the same ones. */
export function evaluate(matcher: Matcher, options: EvaluationOptions): Evaluation {
  const { seeds, size, baselinePopulations, onProgress = () => undefined } = options;
  const tally = createTally();
  const calibration = createCalibration();
  const ours = createTally();
  const baselines = new Map([[OURS, ours], ...BASELINES.map(({ name }) => [name, createTally()] as const)]);
  for (const [index, seed] of seeds.entries()) {
    onProgress(`population ${seed}`);
    const population = createPopulation({ seed, size });
    const lists = [population.left, population.right].map((side) => side.map(({ entry }) => entry));
    const [left = [], right = []] = lists;
    const judgements = judge(population, matcher(left, right));
    tally.add(judgements);
    calibration.add(judgements);
    if (index >= baselinePopulations) continue;
    ours.add(judgements);
    for (const baseline of BASELINES) {
      const counts = baselines.get(baseline.name);
      if (counts === undefined) continue;
      onProgress(`population ${seed}, ${baseline.name}`);
      counts.add(judge(population, runBaseline(baseline, population)));
    }
  }
  onProgress('hard negatives');
  return {
    seeds,
    size,
    tally,
    calibration,
    baselines,
    hardNegatives: tryHardNegatives(matcher, seeds[0] ?? 1, options.hardNegatives),
  };
}

/** Each pair alone, so that nothing but the matcher's own rules stands between them. */
export function tryHardNegatives(
  matcher: Matcher,
  seed: number,
  generated = GENERATED_HARD_NEGATIVES,
): HardNegativeResult[] {
  const negatives = [...listedHardNegatives(), ...generatedHardNegatives(seed, generated)];
  const byKind = new Map<string, { tried: number; linked: HardNegative[] }>();
  for (const negative of negatives) {
    const [decision] = matcher([{ id: 'u1', ...negative.left }], [{ id: 'c1', ...negative.right }]);
    let result = byKind.get(negative.kind);
    if (result === undefined) {
      result = { tried: 0, linked: [] };
      byKind.set(negative.kind, result);
    }
    result.tried += 1;
    if (decision?.decision === 'auto') result.linked.push(negative);
  }
  return [...byKind].map(([kind, result]) => ({ kind, ...result }));
}
