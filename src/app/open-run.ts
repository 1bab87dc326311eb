import type { Plan } from '../domain/planning/plan.ts';
import type { AppDeps } from './deps.ts';
import type { PeopleOfPlan } from './links.ts';
import type { RequestTally } from './ports/requests.ts';
import type { Snapshot } from './snapshot.ts';

/** What the caller of a run decides; kept in memory while the run is under way in this process. */
export interface RunOrder {
  readonly plan?: Plan | undefined;
  readonly retryFailed?: boolean | undefined;
  readonly acceptFewer?: boolean | undefined;
  confirm(plan: Plan, runId: string): Promise<boolean>;
}

/** A plan cut into chunks, with its people at hand. */
export interface Work {
  readonly chunks: readonly (readonly string[])[];
  readonly people: PeopleOfPlan;
  readonly operations: number;
}

/** A run while it is under way in this process. */
export interface OpenRun {
  readonly order: RunOrder;
  readonly startTally: Readonly<Record<string, RequestTally>>;
  snapshot: Snapshot | null;
  plan: Plan | null;
  /** What chunks are looked up in; made when the first one is applied. */
  work: Work | null;
  stopped: string | null;
  notes: string[];
  applied: number;
}

/** Requests sent so far, by product. */
export function tallies(deps: AppDeps): Record<string, RequestTally> {
  return { [deps.directory.product]: deps.directory.tally(), [deps.crm.product]: deps.crm.tally() };
}

/** Requests sent since `before`, by product. */
export function spent(
  deps: AppDeps,
  before: Readonly<Record<string, RequestTally>>,
): Record<string, RequestTally> {
  return Object.fromEntries(
    Object.entries(tallies(deps)).map(([system, tally]) => {
      const start = before[system];
      return [
        system,
        { ...tally, used: tally.used - (start?.used ?? 0), retries: tally.retries - (start?.retries ?? 0) },
      ];
    }),
  );
}
