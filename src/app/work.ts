import type { Carrier } from './carry-out.ts';
import { cleanUpQuietly } from './clean-up.ts';
import type { AppDeps } from './deps.ts';

/** How often a process that stays looks for runs that were cut off. */
const LOOK_EVERY_MS = 5000;
const CLEAN_EVERY_MS = 86_400_000;

/**
 * Works on the jobs of runs until the signal is aborted, and takes up runs that nobody works on any more: the store, not
 * the queue, says what is left (design §7).
 */
export async function workUntil(deps: AppDeps, carrier: Carrier, signal: AbortSignal): Promise<void> {
  // Nobody else can work on a store that is ours: what the queue still holds is of a process that has died.
  if (deps.storeIsOurs) await deps.queue.reset();
  await deps.startWork();
  let cleanedAt = -Infinity;
  while (!signal.aborted) {
    try {
      await carrier.takeUp();
    } catch (error) {
      deps.logger.warn('Runs that were cut off could not be looked for; it is tried again.', { error });
    }
    if (deps.clock.now() - cleanedAt >= CLEAN_EVERY_MS) {
      cleanedAt = deps.clock.now();
      await cleanUpQuietly(deps);
    }
    await deps.clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined);
  }
}
