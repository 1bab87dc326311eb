import type { Clock } from '../../src/app/ports/clock.ts';
import { createHostLimiter, type HostLimiter } from '../../src/http/limiter.ts';

/** A clock whose time passes only when nothing else is left to be done. */
export interface VirtualClock extends Clock {
  /** Lets time pass up to a moment, waking sleepers in their order. */
  runUntil(epochMs: number): Promise<void>;
}

export function createVirtualClock(): VirtualClock {
  let now = 0;
  const sleepers: { at: number; wake: () => void }[] = [];
  return {
    now: () => now,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        const sleeper = { at: now + ms, wake: resolve };
        const index = sleepers.findIndex(({ at }) => at > sleeper.at);
        sleepers.splice(index === -1 ? sleepers.length : index, 0, sleeper);
        signal?.addEventListener('abort', () => {
          const place = sleepers.indexOf(sleeper);
          if (place !== -1) sleepers.splice(place, 1);
          reject(new Error('The sleep was aborted.'));
        });
      });
    },
    async runUntil(epochMs) {
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        const next = sleepers[0];
        if (next === undefined || next.at > epochMs) break;
        sleepers.shift();
        now = next.at;
        next.wake();
      }
      now = epochMs;
    },
  };
}

/** Does a host take a request that arrives now? */
export type Host = (now: number) => boolean;

/** Counts from second to second; `phaseMs` is how far into one the clock starts. */
export function fixedWindow(rate: number, phaseMs = 0): Host {
  let second = -1;
  let taken = 0;
  return (now) => {
    const current = Math.floor((now + phaseMs) / 1000);
    if (current !== second) taken = 0;
    second = current;
    if (taken >= rate) return false;
    taken += 1;
    return true;
  };
}

/** Counts what it took in the last second. */
export function slidingWindow(rate: number): Host {
  const taken: number[] = [];
  return (now) => {
    while (taken[0] !== undefined && taken[0] <= now - 1000) taken.shift();
    if (taken.length >= rate) return false;
    taken.push(now);
    return true;
  };
}

/** Lets unused requests be saved up. */
export function tokenBucket(rate: number, burst = 20): Host {
  let tokens = burst;
  let filled = 0;
  return (now) => {
    tokens = Math.min(burst, tokens + ((now - filled) / 1000) * rate);
    filled = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

export interface Client {
  /** Milliseconds there and back, a tenth more or less. */
  readonly latencyMs?: number;
  /** Callers that always have a request to send. */
  readonly callers?: number;
  readonly startsAtMs?: number;
  /** By how much its timers are late at most, as on a machine that is busy with other things. */
  readonly lateMs?: number;
}

/** What a client was answered, by the second. */
export interface Record {
  readonly limiter: HostLimiter;
  readonly answered: number[];
  readonly refused: number[];
}

/** Lets clients with a limiter of their own ask one host until the clock says `untilMs`. */
export function ask(clock: VirtualClock, host: Host, client: Client, random: () => number): Record {
  const { latencyMs = 100, callers = 8, startsAtMs = 0, lateMs = 0 } = client;
  const late: Clock = {
    now: () => clock.now(),
    sleep: (ms, signal) => clock.sleep(ms + random() * lateMs, signal),
  };
  const record: Record = { limiter: createHostLimiter({ clock: late }), answered: [], refused: [] };
  const never = new AbortController().signal;
  const count = (list: number[]): void => {
    const second = Math.floor(clock.now() / 1000);
    list[second] = (list[second] ?? 0) + 1;
  };
  const call = async (): Promise<never> => {
    await clock.sleep(startsAtMs);
    for (let attempt = 1; ;) {
      const permit = await record.limiter.enter({ signal: never });
      const half = (latencyMs / 2) * (0.9 + 0.2 * random());
      await clock.sleep(half);
      const isTaken = host(clock.now());
      await clock.sleep(half);
      count(isTaken ? record.answered : record.refused);
      permit.leave(isTaken ? 'done' : { pushedBackMs: null });
      if (isTaken) {
        attempt = 1;
        continue;
      }
      // As the door waits before it repeats a request.
      const backoff = Math.min(20_000, 500 * 2 ** (attempt - 1));
      attempt += 1;
      await clock.sleep(backoff / 2 + (random() * backoff) / 2);
    }
  };
  for (let index = 0; index < callers; index += 1) void call();
  return record;
}

/** Sum over the seconds from `from` up to, not including, `to`. */
export function total(seconds: readonly number[], from = 0, to = Number.POSITIVE_INFINITY): number {
  return seconds.reduce((sum, count, second) => (second >= from && second < to ? sum + count : sum), 0);
}

/** Random numbers from a seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
