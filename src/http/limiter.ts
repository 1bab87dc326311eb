import type { Clock } from '../app/ports/clock.ts';

/** What a host bears; everything that speaks to one host shares one limiter. */
export interface HostLimiterOptions {
  clock: Clock;
  /** Requests under way at the same time. Default 4. */
  concurrency?: number;
  /** Pause between two starts after the first push-back, in milliseconds; each further one doubles it. Default 100. */
  firstGapMs?: number;
  /** The longest pause between two starts. Default 5,000. */
  maxGapMs?: number;
}

/** How a request ended, as far as the limiter cares. */
export type LimiterReport = 'done' | 'failed' | { pushedBackMs: number };

/** The right to send one request. Must be given back exactly once. */
export interface Permit {
  leave(report: LimiterReport): void;
}

export interface HostLimiter {
  /**
   * Waits for its turn; rejects with the signal's reason if that is aborted first. `urgent` goes past the cap on
   * concurrency, never past a pause: a sign-in must not queue behind those who wait for it.
   */
  enter(options: { signal: AbortSignal; urgent?: boolean }): Promise<Permit>;
  /** Where the limiter stands: for the log and for metrics. */
  state(): { active: number; waiting: number; gapMs: number; pausedUntil: number };
}

interface Waiter {
  urgent: boolean;
  admit(permit: Permit): void;
}

/** From this rate on (starts a second) there is no pacing any more. */
const FULL_RATE = 50;

/**
 * A limiter for one host. It lets requests go unpaced until the host pushes back; then everybody is silent for as long
 * as the host asked, the pause between starts doubles, and every answered request wins back one start a second.
 */
export function createHostLimiter(options: HostLimiterOptions): HostLimiter {
  const { clock, concurrency = 4, firstGapMs = 100, maxGapMs = 5_000 } = options;
  const queue: Waiter[] = [];
  let active = 0;
  let gapMs = 0;
  let pausedUntil = 0;
  let lastStart = Number.NEGATIVE_INFINITY;
  let started = 0;
  let slowedAt = 0;
  let alarm: { at: number; stop: AbortController } | undefined;

  const opensAt = (): number => Math.max(pausedUntil, lastStart + gapMs);

  function pump(): void {
    for (;;) {
      const index = queue.findIndex((waiter) => waiter.urgent || active < concurrency);
      const waiter = queue[index];
      if (waiter === undefined) break;
      const opens = opensAt();
      if (opens > clock.now()) {
        setAlarm(opens);
        return;
      }
      queue.splice(index, 1);
      waiter.admit(permit());
    }
    alarm?.stop.abort();
    alarm = undefined;
  }

  function setAlarm(at: number): void {
    if (alarm?.at === at) return;
    alarm?.stop.abort();
    const mine = { at, stop: new AbortController() };
    alarm = mine;
    const ring = (): void => {
      if (alarm !== mine) return;
      alarm = undefined;
      pump();
    };
    clock.sleep(at - clock.now(), mine.stop.signal).then(ring, () => undefined);
  }

  function permit(): Permit {
    const turn = ++started;
    active += 1;
    lastStart = clock.now();
    let left = false;
    return {
      leave(report) {
        if (left) return;
        left = true;
        active -= 1;
        if (report === 'done') speedUp();
        else if (report !== 'failed') slowDown(turn, report.pushedBackMs);
        pump();
      },
    };
  }

  function speedUp(): void {
    if (gapMs === 0) return;
    const rate = 1000 / gapMs + 1;
    gapMs = rate >= FULL_RATE ? 0 : 1000 / rate;
  }

  function slowDown(turn: number, pauseMs: number): void {
    pausedUntil = Math.max(pausedUntil, clock.now() + pauseMs);
    // Requests that were under way together are one push-back, however many of them were refused.
    if (turn <= slowedAt) return;
    slowedAt = started;
    gapMs = gapMs === 0 ? firstGapMs : Math.min(maxGapMs, gapMs * 2);
  }

  return {
    enter({ signal, urgent = false }) {
      return new Promise<Permit>((resolve, reject) => {
        if (signal.aborted) {
          reject(asError(signal.reason));
          return;
        }
        const waiter: Waiter = {
          urgent,
          admit(given) {
            signal.removeEventListener('abort', giveUp);
            resolve(given);
          },
        };
        function giveUp(): void {
          const index = queue.indexOf(waiter);
          if (index !== -1) queue.splice(index, 1);
          pump();
          reject(asError(signal.reason));
        }
        signal.addEventListener('abort', giveUp, { once: true });
        queue.push(waiter);
        pump();
      });
    },
    state: () => ({ active, waiting: queue.length, gapMs, pausedUntil }),
  };
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('The call was aborted.');
}
