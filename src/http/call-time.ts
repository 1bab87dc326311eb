import { setMaxListeners } from 'node:events';
import type { Clock } from '../app/ports/clock.ts';

/** The time that one call has, and the signal that ends it. */
export interface CallTime {
  /** Aborted by the caller's signal or when the deadline passes. */
  readonly signal: AbortSignal;
  /** Milliseconds left, never below 0. */
  remainingMs(): number;
  /** Did the deadline end the call, and not the caller? */
  expired(): boolean;
  /** Why the signal was aborted. */
  reason(): Error;
  /** Must be called when the call is over. */
  release(): void;
}

/**
 * The deadline counts on the clock for waiting and on a real timer for input and output, which no clock of a test can
 * hurry along.
 */
export function createCallTime(clock: Clock, deadlineMs: number, outer: AbortSignal | undefined): CallTime {
  const controller = new AbortController();
  const endsAt = clock.now() + deadlineMs;
  let expired = false;
  const timer = setTimeout(() => {
    if (controller.signal.aborted) return;
    expired = true;
    controller.abort(new Error('The time for the call ran out.'));
  }, deadlineMs);
  const abort = (): void => {
    controller.abort(outer?.reason instanceof Error ? outer.reason : new Error('The call was aborted.'));
  };
  if (outer !== undefined) {
    // One signal stops a whole run, and many of its calls are under way at once: that is no leak.
    setMaxListeners(Number.POSITIVE_INFINITY, outer);
    if (outer.aborted) abort();
    else outer.addEventListener('abort', abort, { once: true });
  }

  return {
    signal: controller.signal,
    remainingMs: () => (expired ? 0 : Math.max(0, endsAt - clock.now())),
    expired: () => expired,
    reason: () =>
      controller.signal.reason instanceof Error
        ? controller.signal.reason
        : new Error('The call was aborted.'),
    release() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', abort);
    },
  };
}
