import type { AppDeps } from './deps.ts';
import { RollcallError } from './ports/errors.ts';

/** How long a process that has died keeps others from the CRM. */
const LEASE_MS = 60_000;
const RENEW_MS = 20_000;

/**
 * Does work while no other process that shares the store works on the same CRM. Where this process alone has the store,
 * nothing needs to be asked.
 *
 * @throws RollcallError BUSY when another process is at work
 */
export async function alone<T>(deps: AppDeps, work: () => Promise<T>): Promise<T> {
  if (deps.storeIsOurs) return work();
  const { leases, runs } = deps.store;
  const name = `runs:${deps.mapping.directory}`;
  const owner = deps.identity.newId();
  if (!(await leases.acquire(name, owner, LEASE_MS))) {
    const [other] = await runs.unfinished();
    throw new RollcallError(
      'BUSY',
      `Run ${other?.id ?? 'of another process'} is under way; one run at a time works on a CRM.`,
      {
        cure: 'Wait until it has ended; `rollcall runs` shows where it stands.',
        ...(other === undefined ? {} : { details: { runId: other.id } }),
      },
    );
  }
  const stop = new AbortController();
  const renewing = renew(deps, name, owner, stop.signal);
  try {
    return await work();
  } finally {
    stop.abort();
    await renewing;
    await leases.release(name, owner);
  }
}

async function renew(deps: AppDeps, name: string, owner: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const ended = await deps.clock.sleep(RENEW_MS, signal).then(
      () => false,
      () => true,
    );
    if (ended) return;
    try {
      await deps.store.leases.acquire(name, owner, LEASE_MS);
    } catch (error) {
      deps.logger.warn('The lease of the run could not be renewed; it is tried again.', { error });
    }
  }
}
