import type { Random } from '../kit/random.ts';

/** 4 January 2021, when the first row was added. */
const FIRST_MS = Date.UTC(2021, 0, 4, 8);
/** 30 June 2025, before which the last one was. */
const LAST_MS = Date.UTC(2025, 5, 30, 18);
/** Share of rows that bear the same stamp as the row before: added by one import. */
const SAME_SHARE = 0.02;

/** Stamps of rows in the order in which they were added, in milliseconds since 1970: rising, a few of them equal. */
export function drawStamps(count: number, random: Random): number[] {
  const step = (LAST_MS - FIRST_MS) / Math.max(1, count);
  let last = FIRST_MS;
  return Array.from({ length: count }, (_, at) => {
    if (at > 0 && random.chance(SAME_SHARE)) return last;
    last = Math.max(last + 1, Math.floor(FIRST_MS + at * step + random.next() * step * 0.9));
    return last;
  });
}

/** A stamp as Creatio's data has it. */
export const iso = (ms: number): string => new Date(ms).toISOString();
