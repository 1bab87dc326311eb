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
  /** The same where `keeping` keeps it together with something else; what it could not keep is kept the next time. */
  keepWith(keeping: (spent: Spent) => Promise<void>): Promise<void>;
}

export function createMeter(deps: AppDeps): Meter {
  const { runs } = deps.store;
  const pulses = new Map<string, { users: number; stop: AbortController; ended: Promise<void> }>();
  let last = tallies(deps);
  /** Taken once, and not kept since keeping failed. */
  let owed: Spent = {};

  /** Requests since the last call; synchronous, so that two who ask at once share them and none is counted twice. */
  function take(): Spent {
    const now = tallies(deps);
    const [before, more] = [last, owed];
    last = now;
    owed = {};
    return Object.fromEntries(
      Object.entries(now).map(([system, tally]) => [
        system,
        {
          used: tally.used - (before[system]?.used ?? 0) + (more[system]?.used ?? 0),
          retries: tally.retries - (before[system]?.retries ?? 0) + (more[system]?.retries ?? 0),
        },
      ]),
    );
  }

  async function keepWith(keeping: (spent: Spent) => Promise<void>): Promise<void> {
    const spent = take();
    try {
      await keeping(spent);
    } catch (error) {
      owed = sumOf(owed, spent);
      throw error;
    }
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

  const keep = (runId: string): Promise<void> => keepWith((spent) => runs.addSpent(runId, spent));

  return {
    keep,
    keepWith,
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

function sumOf(one: Spent, other: Spent): Spent {
  return Object.fromEntries(
    [...new Set([...Object.keys(one), ...Object.keys(other)])].map((system) => [
      system,
      {
        used: (one[system]?.used ?? 0) + (other[system]?.used ?? 0),
        retries: (one[system]?.retries ?? 0) + (other[system]?.retries ?? 0),
      },
    ]),
  );
}

/** Requests sent so far, by product. */
function tallies(deps: AppDeps): Record<string, RequestTally> {
  return { [deps.directory.product]: deps.directory.tally(), [deps.crm.product]: deps.crm.tally() };
}
