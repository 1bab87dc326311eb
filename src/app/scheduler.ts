import type { Automation, Schedule } from './automation.ts';
import type { Carrier } from './carry-out.ts';
import type { AppDeps } from './deps.ts';
import { NO_ORDER } from './orders.ts';
import { isRollcallError } from './ports/errors.ts';

/** A run that was missed is made up for once, unless it is older than this. */
const STILL_WANTED_MS = 6 * 3_600_000;
/** So long a schedule waits for another run to end. */
const PATIENCE_MS = 3_600_000;
/** Times that are stepped over at once; a schedule that missed more goes on with the next step. */
const MOST_STEPS = 10_000;
const LATEST_RUNS = 50;

const LEASE = 'scheduler';
const LEASE_MS = 60_000;

/** Starts runs when they are due, one step at a time; of all processes that take steps, one is at it. */
export interface Scheduler {
  step(): Promise<void>;
  /** Lets another process look at once. */
  end(): Promise<void>;
}

export function createScheduler(
  deps: Pick<AppDeps, 'store' | 'clock' | 'logger' | 'identity'>,
  carrier: Pick<Carrier, 'submit'>,
  { schedules, metrics }: Automation,
): Scheduler {
  const { clock, logger } = deps;
  const { leases, memory, runs } = deps.store;
  const owner = deps.identity.newId();
  /** Since when schedules wait for another run to end, by name and time. */
  const waitingSince = new Map<string, number>();

  const keyOf = ({ name }: Schedule): string => `schedule:${name}`;
  const done = async (schedule: Schedule, due: number, outcome: string): Promise<void> => {
    await memory.set(keyOf(schedule), new Date(due).toISOString());
    waitingSince.delete(schedule.name);
    metrics.count('schedules', outcome);
  };

  /** Was the run started by a process that died before it could say so? */
  async function wasStarted({ kind }: Schedule, due: number): Promise<boolean> {
    const latest = await runs.list(LATEST_RUNS);
    return latest.some(
      (run) => run.trigger === 'schedule' && run.kind === kind && Date.parse(run.startedAt) >= due,
    );
  }

  async function look(schedule: Schedule): Promise<void> {
    const now = clock.now();
    const kept = await memory.get(keyOf(schedule));
    if (kept === undefined) {
      // What was due before anybody knew of the schedule is not missed.
      await memory.set(keyOf(schedule), new Date(now).toISOString());
      return;
    }
    const due = latestDue(schedule, Date.parse(kept), now);
    if (due === null) return;
    const fields = { schedule: schedule.name, due: new Date(due).toISOString() };
    const since = waitingSince.get(schedule.name) ?? now;
    if (now - due > STILL_WANTED_MS && since === now) {
      logger.warn('A scheduled run was missed too long ago; the next one is waited for.', fields);
      await done(schedule, due, 'missed');
      return;
    }
    if (await wasStarted(schedule, due)) {
      await done(schedule, due, 'started');
      return;
    }
    try {
      const { id } = await carrier.submit({ kind: schedule.kind, trigger: 'schedule', order: NO_ORDER });
      logger.info('A scheduled run was started.', { ...fields, runId: id });
      await done(schedule, due, 'started');
    } catch (error) {
      if (!isRollcallError(error, 'BUSY')) throw error;
      waitingSince.set(schedule.name, since);
      if (now - since < PATIENCE_MS) return;
      logger.warn('A scheduled run was left out: another run was under way all the time.', fields);
      await done(schedule, due, 'busy');
    }
  }

  return {
    async step() {
      if (schedules.length === 0 || !(await leases.acquire(LEASE, owner, LEASE_MS))) return;
      for (const schedule of schedules) await look(schedule);
    },
    end: () => leases.release(LEASE, owner),
  };
}

/** The last time that has come since the schedule was seen to; several of them are one. */
function latestDue(schedule: Schedule, after: number, now: number): number | null {
  let due: number | null = null;
  let next = schedule.next(after);
  for (let steps = 0; next <= now && steps < MOST_STEPS; steps += 1) {
    due = next;
    next = schedule.next(next);
  }
  return due;
}
