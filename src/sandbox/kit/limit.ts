import { z } from 'zod';

/**
 * A limit of requests a second, as a gateway in front of the product enforces it: what comes beyond is answered with
 * 429 and not handled.
 */
export const rateLimitSchema = z
  .strictObject({
    perSecond: z.number().positive(),
    /**
     * How the gateway counts: from second to second (`fixed`), what it took within the last second (`sliding`), or with
     * unused requests saved up (`bucket`).
     */
    counts: z.enum(['fixed', 'sliding', 'bucket']).default('fixed'),
    /** How many requests a bucket saves up. */
    burst: z.int().min(1).default(20),
    /** The header `Retry-After` of a refusal, in seconds; `null` sends none. */
    retryAfter: z.number().nonnegative().nullable().default(null),
  })
  .nullable()
  .default(null);
export type RateLimit = z.output<typeof rateLimitSchema>;

export interface Limiter {
  /** May a request be handled that comes now? Counts it if so. */
  takes(limit: NonNullable<RateLimit>, now: number): boolean;
}

const SECOND = 1000;

/** Counts the requests of one sandbox; another limit starts a new count. */
export function createLimiter(): Limiter {
  let counted: NonNullable<RateLimit> | undefined;
  let taken: number[] = [];
  let second = 0;
  let saved = 0;
  let savedAt = 0;

  const take = (now: number): true => {
    taken.push(now);
    return true;
  };

  return {
    takes(limit, now) {
      if (counted !== limit) {
        counted = limit;
        taken = [];
        saved = limit.burst;
        savedAt = now;
      }
      if (limit.counts === 'bucket') {
        saved = Math.min(limit.burst, saved + ((now - savedAt) / SECOND) * limit.perSecond);
        savedAt = now;
        if (saved < 1) return false;
        saved -= 1;
        return true;
      }
      if (limit.counts === 'sliding') taken = taken.filter((at) => at > now - SECOND);
      else if (Math.floor(now / SECOND) !== second) taken = [];
      second = Math.floor(now / SECOND);
      return taken.length < limit.perSecond && take(now);
    },
  };
}
