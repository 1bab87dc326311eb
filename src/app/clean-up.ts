import type { AppDeps } from './deps.ts';
import type { RunStore } from './ports/runs.ts';

const DAY_MS = 86_400_000;

/** How long finished runs are kept, in days (`retention` in `rollcall.yaml`). */
export interface Retention {
  /** With everything that an undo needs. */
  readonly details: number;
  /** With their reports. */
  readonly runs: number;
}

export interface CleanUpOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Takes runs that ended before so many days away altogether, whatever the retention says. */
  readonly olderThanDays?: number | undefined;
  /** Only counts. */
  readonly dryRun?: boolean | undefined;
}

/** How many finished runs lost their details, and how many runs and closed cases are gone. */
export interface CleanedUp {
  readonly details: number;
  readonly runs: number;
  readonly cases: number;
}

interface CleaningDeps {
  readonly store: { readonly runs: Pick<RunStore, 'clean'> };
  readonly retention: Retention;
}

/**
 * Takes from finished runs what has been kept for long enough: first their plans, operations, images and former links,
 * after which they cannot be undone, later their reports, and with these the cases that were closed by then. What later
 * runs rest on stays: verdicts that stand, links, holds, and what was refused and must not be sent again unchanged.
 */
export async function cleanUp(
  { store, retention }: CleaningDeps,
  { now, olderThanDays, dryRun = false }: CleanUpOptions,
): Promise<CleanedUp> {
  const before = (days: number): string => new Date(now - days * DAY_MS).toISOString();
  return store.runs.clean({
    detailsBefore: before(retention.details),
    runsBefore: before(Math.min(retention.runs, olderThanDays ?? Infinity)),
    dryRun,
  });
}

/** The same beside other work, which must not fail because of it. */
export async function cleanUpQuietly(deps: CleaningDeps & Pick<AppDeps, 'clock' | 'logger'>): Promise<void> {
  try {
    const cleaned = await cleanUp(deps, { now: deps.clock.now() });
    if (Object.values(cleaned).some((number) => number > 0))
      deps.logger.info('Old runs were cleared away.', { ...cleaned });
  } catch (error) {
    deps.logger.warn('Old runs could not be cleared away; it is tried again.', { error });
  }
}
