import type { AppDeps } from './deps.ts';
import type { RequestTally, Spent } from './ports/requests.ts';

/** How long a run counts as alive after a sign of life, and how often one is given. */
const ALIVE_MS = 30_000;
const SIGN_EVERY_MS = 10_000;

/** Counts what runs cost and says that they are alive, while this process works on them. */
export interface Meter {
  /** Does a piece of work for a run. */
  during<T>(runId: string, work: () => Promise<T>): Promise<T>;
  /** Adds what was sent since the last time to the run, so that a cut-off does not make its report untrue. */
  keep(runId: string): Promise<void>;
}

export function createMeter(deps: AppDeps): Meter {
  const { runs } = deps.store;
  const pulses = new Map<string, { users: number; stop: AbortController; ended: Promise<void> }>();
  let last = tallies(deps);

  /** Requests since the last call; synchronous, so that two who ask at once share them and none is counted twice. */
  function take(): Spent {
    const now = tallies(deps);
    const before = last;
    last = now;
    return Object.fromEntries(
      Object.entries(now).map(([system, tally]) => [
        system,
        {
          used: tally.used - (before[system]?.used ?? 0),
          retries: tally.retries - (before[system]?.retries ?? 0),
        },
      ]),
    );
  }

  async function pulse(runId: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await runs.keepAlive(runId, deps.clock.now() + ALIVE_MS);
      } catch (error) {
        deps.logger.warn('The sign of life of a run could not be kept; it is tried again.', { runId, error });
      }
      await deps.clock.sleep(SIGN_EVERY_MS, signal).catch(() => undefined);
    }
  }

  function enter(runId: string): void {
    const known = pulses.get(runId);
    if (known !== undefined) {
      known.users += 1;
      return;
    }
    // What was sent for other purposes before is not the run's.
    if (pulses.size === 0) take();
    const stop = new AbortController();
    pulses.set(runId, { users: 1, stop, ended: pulse(runId, stop.signal) });
  }

  async function leave(runId: string): Promise<void> {
    const known = pulses.get(runId);
    if (known === undefined) return;
    known.users -= 1;
    if (known.users > 0) return;
    pulses.delete(runId);
    known.stop.abort();
    await known.ended;
  }

  const keep = (runId: string): Promise<void> => runs.addSpent(runId, take());

  return {
    keep,
    async during(runId, work) {
      enter(runId);
      try {
        return await work();
      } finally {
        try {
          await keep(runId);
        } finally {
          await leave(runId);
        }
      }
    },
  };
}

/** Requests sent so far, by product. */
function tallies(deps: AppDeps): Record<string, RequestTally> {
  return { [deps.directory.product]: deps.directory.tally(), [deps.crm.product]: deps.crm.tally() };
}
