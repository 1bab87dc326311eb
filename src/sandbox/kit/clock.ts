import type { SandboxClock } from '../types.ts';

/**
 * The clock of the sandboxes: it follows real time until it is set, and ticks on from there.
 *
 * @param startEpochMs where the clock starts, in milliseconds since 1970; without it, now.
 * @param realNow the time that makes it tick, in milliseconds.
 */
export function createSandboxClock(startEpochMs?: number, realNow: () => number = Date.now): SandboxClock {
  let offset = startEpochMs === undefined ? 0 : startEpochMs - realNow();
  return {
    now: () => realNow() + offset,
    set: (epochMs) => {
      offset = epochMs - realNow();
    },
    advance: (ms) => {
      offset += ms;
    },
  };
}
