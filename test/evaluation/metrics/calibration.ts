import type { Judgement } from './judge.ts';

/** Of the candidates with such a score, or in such a place, how many were the person. */
export interface Bin {
  readonly name: string;
  candidates: number;
  right: number;
}

export interface Calibration {
  /** By the score that the matcher gives; empty where it gives none. */
  readonly byScore: readonly Bin[];
  /** By the place among the candidates of a case. */
  readonly byPlace: readonly Bin[];
  add(judgements: readonly Judgement[]): void;
}

const BINS = 10;
const PLACES = 5;

export function createCalibration(): Calibration {
  const byScore = Array.from({ length: BINS }, (_, bin): Bin => ({
    name: `${(bin / BINS).toFixed(1)}–${((bin + 1) / BINS).toFixed(1)}`,
    candidates: 0,
    right: 0,
  }));
  const byPlace = Array.from({ length: PLACES }, (_, place): Bin => ({
    name: String(place + 1),
    candidates: 0,
    right: 0,
  }));
  return {
    byScore,
    byPlace,
    add: (judgements) => {
      for (const { decision, own } of judgements) {
        if (decision.decision !== 'review') continue;
        for (const [place, { right, score }] of decision.candidates.slice(0, PLACES).entries()) {
          const bins = [byPlace[place]];
          if (score !== null) bins.push(byScore[Math.max(0, Math.min(BINS - 1, Math.floor(score * BINS)))]);
          for (const bin of bins) {
            if (bin === undefined) continue;
            bin.candidates += 1;
            if (right === own?.entry.id) bin.right += 1;
          }
        }
      }
    },
  };
}
