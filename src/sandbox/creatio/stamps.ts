import { formatInstant } from './values.ts';

const MICROS_PER_SECOND = 1_000_000;

/** How far stamps may run ahead of the clock, because several rows share a millisecond, before it was set back. */
const LEAD_LIMIT_MICROS = 10 * MICROS_PER_SECOND;

/**
 * Makes stamps for rows: the server's time with microseconds, each later than the one before, so that the order of
 * creation is the order of stamps.
 *
 * @param now milliseconds since 1970.
 */
export function createStampClock(now: () => number): () => string {
  let last = 0;
  return () => {
    const present = Math.floor(now() * 1000);
    const isLeading = last >= present && last - present < LEAD_LIMIT_MICROS;
    last = isLeading ? last + 1 : present;
    return formatInstant(Math.floor(last / 1000), last % MICROS_PER_SECOND);
  };
}
