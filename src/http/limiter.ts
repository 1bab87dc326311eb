import type { Clock } from '../app/ports/clock.ts';
import { createPace } from './pace.ts';

/** What a host bears; everything that speaks to one host shares one limiter. */
export interface HostLimiterOptions {
  clock: Clock;
  /** Requests under way at the same time. Default 4. */
  concurrency?: number;
  /** Pause between two starts after a push-back from which no rate can be read, in milliseconds. Default 100. */
  firstGapMs?: number;
  /** The longest pause between two starts. Default 5,000. */
  maxGapMs?: number;
}

/**
 * How a request ended, as far as the limiter cares: answered, come to nothing, or pushed back by a host that wants to
 * be left alone for so long (`null`: it did not say for how long).
 */
export type LimiterReport = 'done' | 'failed' | { pushedBackMs: number | null };

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
  /** It has had to wait for the pace, not only for the cap. */
  held: boolean;
  admit(permit: Permit): void;
}

/**
 * A limiter for one host. It lets requests go unpaced until the host pushes back; then everybody is silent for a while,
 * and from then on starts are paced as `createPace` learns from what is answered and what is refused.
 */
export function createHostLimiter(options: HostLimiterOptions): HostLimiter {
  const { clock, concurrency = 4, firstGapMs = 100, maxGapMs = 5_000 } = options;
  const pace = createPace({ firstGapMs, maxGapMs });
  const queue: Waiter[] = [];
  let active = 0;
  let pausedUntil = 0;
  let alarm: { at: number; stop: AbortController } | undefined;

  function pump(): void {
    for (;;) {
      const index = queue.findIndex((waiter) => waiter.urgent || active < concurrency);
      const waiter = queue[index];
      if (waiter === undefined) break;
      const opens = Math.max(pausedUntil, pace.opensAt());
      if (opens > clock.now()) {
        waiter.held = true;
        setAlarm(opens);
        return;
      }
      queue.splice(index, 1);
      waiter.admit(permit(waiter.held));
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

  function permit(held: boolean): Permit {
    const start = pace.started(clock.now(), held);
    active += 1;
    let left = false;
    return {
      leave(report) {
        if (left) return;
        left = true;
        active -= 1;
        if (report === 'done') pace.answered(start, clock.now());
        else if (report !== 'failed') {
          const silence = pace.refused(start, clock.now());
          pausedUntil = Math.max(pausedUntil, clock.now() + (report.pushedBackMs ?? silence));
        }
        pump();
      },
    };
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
          held: false,
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
    state: () => ({ active, waiting: queue.length, gapMs: pace.gapMs(), pausedUntil }),
  };
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('The call was aborted.');
}
