import { EventEmitter } from 'node:events';
import type { Clock } from '../app/ports/clock.ts';

/** When the end of a job in another process is looked for; ends in this process are heard at once. */
const FIRST_LOOK_MS = 250;
const LATER_LOOKS_MS = 2000;

/** Whoever waits for jobs to end: hears of those that end in this process, and looks for the others now and then. */
export interface Ends {
  /** A job of this process has ended. */
  tell(key: string): void;
  /** Looks again and again, until there is something to answer. Rejects as `look` does, or with the signal's reason. */
  until<T>(key: string, look: () => Promise<T | undefined>, signal: AbortSignal | undefined): Promise<T>;
}

/** @param closed aborted when the queue closes: nobody rests any longer then */
export function createEnds(clock: Clock, closed: AbortSignal): Ends {
  const ended = new EventEmitter().setMaxListeners(0);

  /** Hears of the end of a job from now on. */
  function listenFor(key: string): {
    rest(ms: number, signal: AbortSignal | undefined): Promise<void>;
    forget(): void;
  } {
    const heard = new AbortController();
    const wake = (): void => heard.abort();
    ended.once(key, wake);
    return {
      /** Until the end is heard of, or it is time to look for it. */
      async rest(ms, signal) {
        const signals = [heard.signal, closed, ...(signal === undefined ? [] : [signal])];
        try {
          await clock.sleep(ms, AbortSignal.any(signals));
        } catch (error) {
          if (!AbortSignal.any(signals).aborted) throw error;
        }
      },
      forget: () => void ended.removeListener(key, wake),
    };
  }

  return {
    tell: (key) => void ended.emit(key),
    async until(key, look, signal) {
      for (let ms = FIRST_LOOK_MS; ; ms = Math.min(ms * 2, LATER_LOOKS_MS)) {
        signal?.throwIfAborted();
        // Listening starts before looking, so that no end falls between the two.
        const listening = listenFor(key);
        try {
          const found = await look();
          if (found !== undefined) return found;
          await listening.rest(ms, signal);
        } finally {
          listening.forget();
        }
      }
    },
  };
}
