import type { Plan } from '../domain/planning/plan.ts';
import type { Report } from '../domain/run.ts';
import type { CaseRecord, RunRecord } from './ports/store.ts';
import type { Regression, RegressOptions } from './regress.ts';

/** One thing that `check` found; `error` keeps runs from working, `warning` does not. */
export interface Finding {
  readonly severity: 'error' | 'warning' | 'ok';
  /** Dotted: `creatio.sign-in`, `mapping.column.missing`, `webitel.scope.license`, … */
  readonly code: string;
  readonly message: string;
  readonly cure: string | null;
}

/** How a case is decided (design §9, `cases decide`). */
export type Decision =
  | { readonly kind: 'same'; readonly contactId: string }
  /** Rejects one candidate, or all of them when no contact is named. */
  | { readonly kind: 'different'; readonly contactId: string | null }
  | { readonly kind: 'create' };

export interface ImportOptions {
  readonly trigger: Report['trigger'];
  /** A saved plan to be applied after each of its rows has been checked again; without it, a fresh one is made. */
  readonly plan?: Plan;
  /** Asked once, between plan and apply, when there is something to apply. */
  confirm(plan: Plan, runId: string): Promise<boolean>;
  /** Send again what failed in an earlier run although its input has not changed. */
  readonly retryFailed?: boolean;
  /** Believe a reading that holds less than nine tenths of the last complete one: the people really left. */
  readonly acceptFewer?: boolean;
  readonly signal?: AbortSignal;
}

export interface ImportResult {
  readonly report: Report;
  /** The run had been cut off earlier and was continued. */
  readonly resumed: boolean;
}

/**
 * The use cases as commands, jobs and the server see them. Every method rejects with a `RollcallError`.
 * A run that is under way elsewhere makes `import` reject with `BUSY`, its id in `details.runId`.
 */
export interface Rollcall {
  check(): Promise<readonly Finding[]>;
  /** Reads both sides and plans; neither system nor the store is changed. */
  plan(signal?: AbortSignal): Promise<Plan>;
  import(options: ImportOptions): Promise<ImportResult>;
  runs(limit: number): Promise<readonly RunRecord[]>;
  /** `NOT_FOUND` when there is none. */
  run(id: string): Promise<RunRecord>;
  runPlan(id: string): Promise<Plan | null>;
  cases(options?: { status?: CaseRecord['status'] }): Promise<readonly CaseRecord[]>;
  case(id: string): Promise<CaseRecord>;
  decide(id: string, decision: Decision): Promise<CaseRecord>;
  revoke(id: string): Promise<CaseRecord>;
  /** `person` is a directory user id or login; writes a "not the same" verdict and forgets the link. */
  unlink(person: string): Promise<{ directoryUserId: string; contactId: string | null }>;
  /** Replays links and verdicts with the matching rules of this version; changes nobody. */
  regress(options?: RegressOptions): Promise<Regression>;
}
