import type { AppDeps } from './deps.ts';
import { isRollcallError } from './ports/errors.ts';
import type { Runner } from './runner.ts';

/** How long others leave the look to a process that gives no sign of life, and how often one is given. */
const LEASE_MS = 60_000;
const RENEW_EVERY_MS = 20_000;
/** How often one who waits for another's look asks whether it has ended. */
const ASK_EVERY_MS = 1000;
/** The pause after a look for which a system was not there. */
const AFTER_FAILURE_MS = 5000;

/**
 * Looks again at a run whose workers have all died or were stopped, before its jobs go on: on a server they outlive their
 * workers, and nobody knows how long the run has lain. What has not been sent is held against both systems as they are
 * now. A run that somebody works on is left alone; so is one on a store of our own, whose jobs are made anew.
 *
 * A system that is not there is waited for; nothing is applied meanwhile.
 */
export async function lookAgain(
  deps: AppDeps,
  runner: Pick<Runner, 'prepare' | 'fail'>,
  signal?: AbortSignal,
): Promise<void> {
  const { store, clock, logger } = deps;
  if (deps.storeIsOurs) return;
  const owner = deps.identity.newId();
  for (;;) {
    signal?.throwIfAborted();
    const run = await store.runs.underWay();
    if (run?.phase !== 'applying') return;
    // Whoever looks gives signs of life: only the lease tells that the look has not ended.
    const lease = await holdLease(deps, `look-again:${run.id}`, owner);
    if (lease === null) {
      await clock.sleep(ASK_EVERY_MS, signal);
      continue;
    }
    try {
      if (await store.runs.isAlive(run.id)) return;
      logger.info('A run that was cut off is looked at again before it goes on.', { runId: run.id });
      await runner.prepare(run.id, signal);
      return;
    } catch (error) {
      signal?.throwIfAborted();
      if (!isRollcallError(error) || !error.retryable) {
        await runner.fail(run.id, error);
        return;
      }
      logger.warn('A run that was cut off could not be looked at again; it is tried again.', {
        runId: run.id,
        error,
      });
    } finally {
      await lease.release();
    }
    await clock.sleep(AFTER_FAILURE_MS, signal);
  }
}

/** Takes a lease and renews it until it is released; `null` where another has it. */
async function holdLease(
  { store: { leases }, clock }: AppDeps,
  name: string,
  owner: string,
): Promise<{ release(): Promise<void> } | null> {
  if (!(await leases.acquire(name, owner, LEASE_MS))) return null;
  const released = new AbortController();
  const renewing = (async () => {
    while (!released.signal.aborted) {
      await clock.sleep(RENEW_EVERY_MS, released.signal).catch(() => undefined);
      // A store that is away for a moment is asked again in time.
      if (!released.signal.aborted) await leases.acquire(name, owner, LEASE_MS).catch(() => false);
    }
  })();
  return {
    async release() {
      released.abort();
      await renewing;
      await leases.release(name, owner);
    },
  };
}
