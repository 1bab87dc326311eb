import type { Clock } from '../app/ports/clock.ts';
import { isRollcallError, type RollcallError } from '../app/ports/errors.ts';
import type { HttpSession } from './types.ts';

type Headers = Readonly<Record<string, string>>;

export interface SignIn {
  /** The session's headers. Whoever asks while a sign-in is under way shares its outcome. */
  headers(signal: AbortSignal): Promise<Headers>;
}

/**
 * Lets one caller at a time into the session. A sign-in that all its callers gave up is aborted; one that was refused
 * is not tried again for `pauseMs`, since every wrong password brings the account nearer to being locked.
 */
export function createSignIn(session: HttpSession, clock: Clock, pauseMs: number): SignIn {
  let flight: { headers: Promise<Headers>; callers: number; stop: AbortController } | undefined;
  let refused: { error: RollcallError; until: number } | undefined;

  function take(): NonNullable<typeof flight> {
    if (flight !== undefined) return flight;
    const stop = new AbortController();
    const mine = { headers: session.headers(stop.signal), callers: 0, stop };
    flight = mine;
    const land = (): void => {
      if (flight === mine) flight = undefined;
    };
    mine.headers.then(land, (error: unknown) => {
      land();
      if (isRollcallError(error, 'AUTHENTICATION')) refused = { error, until: clock.now() + pauseMs };
    });
    return mine;
  }

  return {
    async headers(signal) {
      signal.throwIfAborted();
      if (refused !== undefined && clock.now() < refused.until) throw refused.error;
      refused = undefined;
      const mine = take();
      mine.callers += 1;
      const gaveUp = rejectOnAbort(signal);
      try {
        return await Promise.race([mine.headers, gaveUp.promise]);
      } finally {
        gaveUp.release();
        mine.callers -= 1;
        if (mine.callers === 0 && flight === mine) {
          flight = undefined;
          mine.stop.abort();
        }
      }
    },
  };
}

function rejectOnAbort(signal: AbortSignal): { promise: Promise<never>; release: () => void } {
  const listening = new AbortController();
  const promise = new Promise<never>((_, reject) => {
    const abort = (): void =>
      reject(signal.reason instanceof Error ? signal.reason : new Error('The call was aborted.'));
    signal.addEventListener('abort', abort, { once: true, signal: listening.signal });
  });
  return { promise, release: () => listening.abort() };
}
