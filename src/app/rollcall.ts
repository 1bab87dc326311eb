import type { Plan } from '../domain/planning/plan.ts';
import type { Report, Trigger } from '../domain/run.ts';
import type { StartableKind } from './automation.ts';
import type { CleanedUp, CleanUpOptions } from './clean-up.ts';
import type { RetriedJob } from './dead-letters.ts';
import type { Heard } from './hints.ts';
import type { Released } from './holds.ts';
import type { NewHint } from './ports/hints.ts';
import type { DeadLetter } from './ports/jobs.ts';
import type { CaseRecord } from './ports/cases.ts';
import type { RunRecord } from './ports/runs.ts';
import type { Hold } from './ports/store.ts';
import type { Regression, RegressOptions } from './regress.ts';
import type { Tokens } from './tokens.ts';
import type { AskingRow, Triggered } from './trigger.ts';

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
  | { readonly kind: 'create' }
  /** Removes the soft-deleted user who keeps a login, for good. */
  | { readonly kind: 'purge' };

export interface RunOptions {
  readonly trigger: Trigger;
  /**
   * Asked once, between plan and apply, when there is something to apply and no guard has stopped it; without it, nobody
   * is asked.
   */
  confirm?(plan: Plan, runId: string): Promise<boolean>;
  /** Hears the plan of a run that does not ask, if it is made in this process. */
  show?(plan: Plan): void;
  readonly signal?: AbortSignal;
}

export interface ImportOptions extends RunOptions {
  /** A saved plan to be applied after each of its rows has been checked again; without it, a fresh one is made. */
  readonly plan?: Plan;
  /** Send again what failed in an earlier run although its input has not changed. */
  readonly retryFailed?: boolean;
  /** Only the people for whom something failed in this run; what failed is sent again. */
  readonly onlyFailedOf?: string;
  /** Believe a reading that holds less than nine tenths of the last complete one: the people really left. */
  readonly acceptFewer?: boolean;
  /** Take in people on hold, too; who comes through is released. */
  readonly includeHeld?: boolean;
}

export interface PushOptions extends RunOptions {
  /** Ids of telephony records; without them, all that differ. */
  readonly records?: readonly string[];
  /** Take in people on hold, too; who comes through is released. */
  readonly includeHeld?: boolean;
}

/** A run to be started and not followed. */
export interface Submission {
  readonly kind: StartableKind;
  readonly trigger: Trigger;
  /** For pushes: ids of telephony records; without them, all that differ. */
  readonly records?: readonly string[];
  /** As for imports. */
  readonly retryFailed?: boolean;
  readonly onlyFailedOf?: string;
  readonly acceptFewer?: boolean;
  readonly includeHeld?: boolean;
}

/** What the service can tell of itself beside its runs. */
export interface Backlog {
  readonly hints: number;
  readonly openCases: number;
}

export interface RunResult {
  readonly report: Report;
  /** The run had been cut off earlier and was continued. */
  readonly resumed: boolean;
}

/** A run as those are told of it who do not carry it. */
export type RunSummary = Omit<RunRecord, 'order'>;

/** What can be asked and decided without a run: the product answers it, and so does a service that has it open. */
export interface Consulted extends Pick<Rollcall, 'runPlan' | 'cases' | 'case' | 'decide' | 'revoke'> {
  runs(limit: number): Promise<readonly RunSummary[]>;
  run(id: string): Promise<RunSummary>;
  readonly tokens: Omit<Tokens, 'verify'>;
}

/**
 * The use cases as commands, jobs and the server see them. Every method rejects with a `RollcallError`.
 * A run that is under way elsewhere makes `import`, `undo` and `approve` reject with `BUSY`, its id in `details.runId`.
 */
export interface Rollcall {
  check(): Promise<readonly Finding[]>;
  /** Reads both sides and plans; neither system nor the store is changed. */
  plan(options?: { readonly signal?: AbortSignal; readonly includeHeld?: boolean }): Promise<Plan>;
  import(options: ImportOptions): Promise<RunResult>;
  /** Carries what differs in the CRM to the directory (design §6). */
  push(options: PushOptions): Promise<RunResult>;
  /** Both directions in one run. */
  sync(options: ImportOptions): Promise<RunResult>;
  /** Starts a run for whoever works on its jobs; a run that is under way makes it reject with `BUSY`. */
  submit(submission: Submission): Promise<RunRecord>;
  /** The same, but a run that is under way is answered instead; a row of the CRM may ask, and hears of the end. */
  trigger(submission: Submission, request?: AskingRow | null): Promise<Triggered>;
  /** Keeps hints, of which pushes are made; `VALIDATION` for an entity that the mapping does not name. */
  hear(hints: readonly NewHint[]): Promise<Heard>;
  /** Takes back what a run did and puts the people it touched on hold. */
  undo(id: string, options: RunOptions): Promise<RunResult>;
  /** Applies the plan of a run that a guard stopped, each row checked again. */
  approve(id: string, options: RunOptions): Promise<RunResult>;
  /** The same for whoever works on its jobs; it is not followed. */
  letGoOn(id: string): Promise<RunRecord>;
  runs(limit: number): Promise<readonly RunRecord[]>;
  /** `NOT_FOUND` when there is none. */
  run(id: string): Promise<RunRecord>;
  runPlan(id: string): Promise<Plan | null>;
  /** Takes from old runs what has been kept for long enough. */
  cleanUp(options: CleanUpOptions): Promise<CleanedUp>;
  cases(options?: { status?: CaseRecord['status'] }): Promise<readonly CaseRecord[]>;
  case(id: string): Promise<CaseRecord>;
  decide(id: string, decision: Decision): Promise<CaseRecord>;
  revoke(id: string): Promise<CaseRecord>;
  /** `person` is a directory user id or login; writes a "not the same" verdict and forgets the link. */
  unlink(person: string): Promise<{ directoryUserId: string; contactId: string | null }>;
  /** Takes back the last `unlink` of a person; `forgotten` is the contact that a run has linked them to since. */
  takeUnlinkBack(
    person: string,
  ): Promise<{ directoryUserId: string; contactId: string; forgotten: string | null }>;
  /** Replays links and verdicts with the matching rules of this version; changes nobody. */
  regress(options?: RegressOptions): Promise<Regression>;
  /** `person` is a directory user id or login. */
  hold(person: string, reason: string): Promise<Hold>;
  holds(): Promise<readonly Hold[]>;
  release(which: Released): Promise<readonly Hold[]>;
  /** Jobs that failed for good, newest first. */
  deadLetters(limit: number): Promise<readonly DeadLetter[]>;
  /** Tries such a job again, to its end; `NOT_FOUND` and `CONFLICT` when it is none. */
  retryDeadLetter(id: string, signal?: AbortSignal): Promise<RetriedJob>;
  /** Rejects with the reason when store or queue do not answer. */
  ready(): Promise<void>;
  readonly tokens: Tokens;
  backlog(): Promise<Backlog>;
  /** Works on jobs, makes pushes of hints and takes up runs that were cut off, until the signal is aborted. */
  work(signal: AbortSignal): Promise<void>;
  /** Starts runs when they are due, and asks the CRM what has changed where that is configured, until then. */
  schedule(signal: AbortSignal): Promise<void>;
}
