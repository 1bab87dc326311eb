import type { Carrier } from './carry-out.ts';
import { cleanUpQuietly } from './clean-up.ts';
import type { AppDeps } from './deps.ts';
import type { HintWorker } from './hints.ts';
import type { Poller } from './poll.ts';
import { tellRequests } from './requests.ts';
import type { Scheduler } from './scheduler.ts';

/** How often a process that stays looks for runs that were cut off. */
const LOOK_EVERY_MS = 5000;
const CLEAN_EVERY_MS = 86_400_000;
/** How often it looks for hints that are due, and for request rows that are to be told something. */
const HINTS_EVERY_MS = 500;
/** How often schedules are looked at: they name minutes. */
const SCHEDULES_EVERY_MS = 5000;
/** The pause after a step that failed, so that what is away is not asked all the time. */
const AFTER_FAILURE_MS = 5000;

/**
 * Works on the jobs of runs until the signal is aborted, makes pushes of hints, and takes up runs that nobody works on
 * any more: the store, not the queue, says what is left (design §7).
 */
export async function workUntil(
  deps: AppDeps,
  carrier: Carrier,
  hints: HintWorker,
  signal: AbortSignal,
): Promise<void> {
  // Nobody else can work on a store that is ours: what the queue still holds is of a process that has died.
  if (deps.storeIsOurs) await deps.queue.reset();
  try {
    await deps.startWork(signal);
  } catch (error) {
    if (signal.aborted) return;
    throw error;
  }
  const working = [
    repeat(
      deps,
      LOOK_EVERY_MS,
      'Runs that were cut off could not be looked for; it is tried again.',
      signal,
      () => carrier.takeUp(),
    ),
    repeat(deps, HINTS_EVERY_MS, 'Hints could not be made a run of; it is tried again.', signal, () =>
      hints.step(signal),
    ),
    repeat(deps, CLEAN_EVERY_MS, 'Old runs could not be cleaned up; it is tried again.', signal, () =>
      cleanUpQuietly(deps),
    ),
    repeat(deps, HINTS_EVERY_MS, 'Requests could not be looked for; it is tried again.', signal, () =>
      tellRequests(deps),
    ),
  ];
  await Promise.all(working);
  await quietly(deps, () => hints.end());
}

/** Starts runs when they are due, and asks the CRM what has changed, until the signal is aborted. */
export async function scheduleUntil(
  deps: Pick<AppDeps, 'clock' | 'logger'>,
  { scheduler, poller, pollMs }: { scheduler: Scheduler; poller: Poller; pollMs: number | null },
  signal: AbortSignal,
): Promise<void> {
  const looking = [
    repeat(deps, SCHEDULES_EVERY_MS, 'Schedules could not be looked at; it is tried again.', signal, () =>
      scheduler.step(),
    ),
    ...(pollMs === null
      ? []
      : [
          repeat(
            deps,
            pollMs,
            'The CRM could not be asked what has changed; it is tried again.',
            signal,
            () => poller.step(signal),
          ),
        ]),
  ];
  await Promise.all(looking);
  await quietly(deps, () => Promise.all([scheduler.end(), poller.end()]));
}

/** Leaves no task to others; if that fails, they find out by themselves, only later. */
async function quietly({ logger }: Pick<AppDeps, 'logger'>, end: () => Promise<unknown>): Promise<void> {
  try {
    await end();
  } catch (error) {
    logger.debug('What this process had taken on could not be given back.', { error });
  }
}

async function repeat(
  { clock, logger }: Pick<AppDeps, 'clock' | 'logger'>,
  everyMs: number,
  problem: string,
  signal: AbortSignal,
  step: () => Promise<unknown>,
): Promise<void> {
  while (!signal.aborted) {
    let pause = everyMs;
    try {
      await step();
    } catch (error) {
      if (!signal.aborted) logger.warn(problem, { error });
      pause = Math.max(everyMs, AFTER_FAILURE_MS);
    }
    await clock.sleep(pause, signal).catch(() => undefined);
  }
}
