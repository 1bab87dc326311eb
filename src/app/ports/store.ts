import type { Link, Verdict } from '../../domain/person.ts';
import type { Operation, Plan, PlannedCandidate } from '../../domain/planning/plan.ts';
import type { OperationState, Report, RunStatus } from '../../domain/run.ts';
import type { CrmRow } from './crm.ts';

/** One run as it is kept. `report` is filled step by step; its figures are final once `finishedAt` is set. */
export interface RunRecord {
  readonly id: string;
  readonly kind: 'import';
  readonly trigger: Report['trigger'];
  readonly status: RunStatus;
  /** `reading` until the plan is kept, `applying` until nothing is left, then `done`. */
  readonly phase: 'reading' | 'applying' | 'done';
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly report: Report | null;
  /** Why the run failed or was stopped, in words with the cure; null otherwise. */
  readonly problem: string | null;
}

/** One operation of a run with its state. */
export interface StoredOperation {
  readonly operation: Operation;
  /** Position in the plan, from 0. */
  readonly position: number;
  readonly state: OperationState;
  readonly code: string | null;
  readonly message: string | null;
}

/** The outcome of one operation, to be kept together with the links that it completes. */
export interface SettledOperation {
  readonly operationId: string;
  readonly state: Exclude<OperationState, 'planned' | 'intended'>;
  readonly code: string | null;
  readonly message: string | null;
  /** The row after the operation, as the product gave it back; what undo and verification rest on. Never secrets. */
  readonly image: CrmRow | null;
}

export interface RunStore {
  create(run: RunRecord): Promise<void>;
  get(id: string): Promise<RunRecord | null>;
  /** Newest first. */
  list(limit: number): Promise<readonly RunRecord[]>;
  /** Runs that are not finished, oldest first. */
  unfinished(): Promise<readonly RunRecord[]>;
  update(
    id: string,
    changes: Partial<Pick<RunRecord, 'status' | 'phase' | 'finishedAt' | 'report' | 'problem'>>,
  ): Promise<void>;
  /** Keeps the plan and its operations as `planned` and moves the run to `applying`, all or nothing. */
  savePlan(id: string, plan: Plan): Promise<void>;
  plan(id: string): Promise<Plan | null>;
  /** In plan order. */
  operations(id: string, states?: readonly OperationState[]): Promise<readonly StoredOperation[]>;
  /** These operations, in plan order; an id that the run does not have is left out. */
  operationsById(id: string, operationIds: readonly string[]): Promise<readonly StoredOperation[]>;
  /** Marks operations as about to be sent; written before anything is sent. */
  markIntended(id: string, operationIds: readonly string[]): Promise<void>;
  /** Keeps outcomes and links in one transaction. */
  settle(id: string, outcomes: readonly SettledOperation[], links: readonly Link[]): Promise<void>;
  countByState(id: string): Promise<Readonly<Record<OperationState, number>>>;
  /**
   * Operations that failed in an earlier run for a reason that repeating does not cure, newest state only: operation
   * id → digest of what was sent, code and message. An operation that was confirmed later is not among them.
   */
  lastingFailures(): Promise<ReadonlyMap<string, { digest: string; code: string; message: string }>>;
}

export interface LinkStore {
  all(directory: string): Promise<readonly Link[]>;
  save(links: readonly Link[]): Promise<void>;
  remove(directory: string, directoryUserIds: readonly string[]): Promise<void>;
}

/** A disputed correlation that waits for a person (design §2, case). */
export interface CaseRecord {
  readonly id: string;
  readonly directory: string;
  readonly directoryUserId: string;
  readonly login: string;
  readonly displayName: string;
  readonly reason: string;
  readonly candidates: readonly PlannedCandidate[];
  readonly status: 'open' | 'decided' | 'closed';
  /** The run that opened or last confirmed it. */
  readonly runId: string;
  readonly openedAt: string;
  readonly decidedAt: string | null;
  /** The verdicts that decided it, revoked ones left out. */
  readonly verdictIds: readonly string[];
}

export interface CaseStore {
  /**
   * Brings the cases of a directory in line with a run: opens the new ones, refreshes those that are open, closes the
   * open ones whose user is disputed no more. A user has at most one open case.
   */
  reconcile(
    directory: string,
    runId: string,
    disputed: readonly Pick<
      CaseRecord,
      'directoryUserId' | 'login' | 'displayName' | 'reason' | 'candidates'
    >[],
    now: string,
  ): Promise<void>;
  list(options?: { status?: CaseRecord['status'] }): Promise<readonly CaseRecord[]>;
  get(id: string): Promise<CaseRecord | null>;
  /** Keeps a verdict and marks the case decided, all or nothing. */
  decide(caseId: string, verdict: Verdict, now: string): Promise<void>;
  /** Adds a verdict that stands outside any case (unlink). */
  addVerdict(verdict: Verdict, now: string): Promise<void>;
  /** Verdicts that stand. */
  verdicts(directory: string): Promise<readonly Verdict[]>;
  /** Revokes the verdicts of a case and opens it again. */
  revoke(caseId: string, now: string): Promise<void>;
}

/** Small facts that are found out once: path prefix, size of the last complete reading, domain id. */
export interface MemoryStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
}

/** Mutual exclusion between processes; advisory locks exclude nobody on an engine with one session (design §7). */
export interface LeaseStore {
  /** Takes or renews the lease; false when another owner holds it and it has not run out. */
  acquire(name: string, owner: string, ttlMs: number): Promise<boolean>;
  release(name: string, owner: string): Promise<void>;
}

export interface Store {
  readonly runs: RunStore;
  readonly links: LinkStore;
  readonly cases: CaseStore;
  readonly memory: MemoryStore;
  readonly leases: LeaseStore;
}
