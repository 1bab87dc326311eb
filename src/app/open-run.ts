import { z } from 'zod';
import type { Plan } from '../domain/planning/plan.ts';
import type { AppDeps } from './deps.ts';
import type { PeopleOfPlan } from './links.ts';
import type { CrmUserRight } from './ports/crm.ts';
import type { RequestTally } from './ports/requests.ts';
import type { Snapshot } from './snapshot.ts';

/** Requests by product. */
export const Spent = z.record(z.string(), z.strictObject({ used: z.number(), retries: z.number() }));
export type Spent = z.infer<typeof Spent>;

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
  /** What the run had spent when it was cut off, as far as that was kept. */
  earlier: Spent;
  snapshot: Snapshot | null;
  /** The run was cut off: the snapshot may show rows that it had made before. */
  goesOn: boolean;
  /** Asked once a run, when somebody is to get a CRM user. */
  crmUserRight: CrmUserRight | null;
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

/** Requests of the whole run so far, by product; those before it was cut off are among them as far as they were kept. */
export function spent(deps: AppDeps, run: OpenRun): Spent {
  return Object.fromEntries(
    Object.entries(tallies(deps)).map(([system, tally]) => {
      const start = run.startTally[system];
      const earlier = run.earlier[system];
      return [
        system,
        {
          used: tally.used - (start?.used ?? 0) + (earlier?.used ?? 0),
          retries: tally.retries - (start?.retries ?? 0) + (earlier?.retries ?? 0),
        },
      ];
    }),
  );
}

/** Keeps what a run has spent, so that a cut-off does not make its report untrue. */
export async function keepSpent(deps: AppDeps, runId: string, run: OpenRun): Promise<void> {
  await deps.store.memory.set(spentKey(runId), JSON.stringify(spent(deps, run)));
}

export async function keptSpent(deps: AppDeps, runId: string): Promise<Spent> {
  const text = await deps.store.memory.get(spentKey(runId));
  return text === undefined ? {} : Spent.parse(JSON.parse(text));
}

function spentKey(runId: string): string {
  return `requests:${runId}`;
}
