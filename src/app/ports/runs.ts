import type { Link } from '../../domain/person.ts';
import type { Operation, Plan, PlanHead, PlannedIssue, PlannedPerson } from '../../domain/planning/plan.ts';
import type { Place } from '../../domain/planning/places.ts';
import type {
  OperationState,
  Report,
  RunKind,
  RunOrder,
  RunPhase,
  RunStatus,
  Trigger,
} from '../../domain/run.ts';
import type { CrmRow, CrmUserRight } from './crm.ts';
import type { Spent } from './requests.ts';

/** One run as it is kept. `report` is final once `finishedAt` is set. */
export interface RunRecord {
  readonly id: string;
  readonly kind: RunKind;
  readonly trigger: Trigger;
  readonly order: RunOrder;
  readonly status: RunStatus;
  readonly phase: RunPhase;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly report: Report | null;
  /** Why the run failed or was stopped, in words with the cure; null otherwise. */
  readonly problem: string | null;
}

/** What a run learnt by reading, kept for its end: another process may bring it there. */
export interface RunReading {
  /** ISO 8601, UTC: when the reading that the plan rests on had ended. */
  readonly readAt: string;
  /** ISO 8601, UTC: since when a person could answer the question that the plan was kept for; without one, absent. */
  readonly askedAt?: string | undefined;
  readonly domainId: string;
  /** Rows and page size of every collection. */
  readonly sizes: readonly { readonly entity: string; readonly rows: number; readonly pageSize: number }[];
  /** The reading shows rows that the run itself had made before it was cut off. */
  readonly showsOwnRows: boolean;
  /** Records without a directory id; `null` when those that stood before the first run are known already. */
  readonly strangers: readonly string[] | null;
  /** It was of a few records only, so that it says nothing of how many there are. */
  readonly isPartial: boolean;
  /** What the CRM said about the right to make CRM users; `null` where it was not asked, since nobody needs one. */
  readonly crmUserRight: CrmUserRight | null;
}

/** What became of a run so far, counted by the store. */
export interface RunFigures {
  readonly situations: Report['situations'];
  readonly held: number;
  readonly gone: number;
  /** Records for whom a directory user is to be made. */
  readonly added: number;
  readonly pendingPush: number;
  /** Everything that stands beside people in the plan, failures first. */
  readonly issues: readonly (PlannedIssue & { readonly person: string })[];
  readonly operations: readonly {
    readonly entity: Operation['entity'];
    readonly kind: Operation['kind'];
    /** The entity in the CRM's own words. */
    readonly target: string;
    readonly state: OperationState;
    readonly count: number;
  }[];
  /** What failed or was out of date, in plan order. */
  readonly failures: readonly StoredOperation[];
  /** Telephony records made for people whose contact was found and has no CRM user. */
  readonly recordsAlone: number;
  /** New CRM users that were refused, so that the telephony records stand without them; the first refusal in words. */
  readonly crmUsersRefused: { readonly count: number; readonly message: string };
}

/** A link as it stood before a run touched it; `null`: there was none. */
export interface FormerLink {
  readonly directoryUserId: string;
  readonly link: Link | null;
}

/** One operation of a run with its state. */
export interface StoredOperation {
  readonly operation: Operation;
  /** Position in the plan, from 0. */
  readonly position: number;
  readonly state: OperationState;
  readonly code: string | null;
  readonly message: string | null;
  /** The user after the operation, of directory users alone, where a chunk was asked for. */
  readonly image?: CrmRow | null;
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
  /**
   * @throws RollcallError `BUSY`, with `details.runId`, when another run is under way: one run at a time works on a CRM,
   *   whichever process starts it
   */
  create(run: RunRecord): Promise<void>;
  get(id: string): Promise<RunRecord | null>;
  /** Newest first. */
  list(limit: number): Promise<readonly RunRecord[]>;
  /** The run that is under way: in any phase but `planned` and `done`. */
  underWay(): Promise<RunRecord | null>;
  /** Runs whose plan waits for a person, oldest first. */
  waiting(): Promise<readonly RunRecord[]>;
  /** Runs that undo this one, oldest first. */
  undoing(id: string): Promise<readonly RunRecord[]>;
  /**
   * @throws RollcallError `NOT_FOUND`; `BUSY` when the run would come under way beside another one
   */
  update(
    id: string,
    changes: Partial<Pick<RunRecord, 'status' | 'phase' | 'order' | 'finishedAt' | 'report' | 'problem'>>,
  ): Promise<void>;
  /** Moves a run from one phase to the next; `false` when it is not in that phase (any more). */
  advance(
    id: string,
    from: RunPhase,
    changes: Partial<Pick<RunRecord, 'status' | 'phase' | 'order' | 'problem'>>,
  ): Promise<boolean>;
  /** A sign of life of whoever works on the run: it counts as alive until then. */
  keepAlive(id: string, untilMs: number): Promise<void>;
  /** Is somebody at work on it? */
  isAlive(id: string): Promise<boolean>;
  /**
   * Keeps the plan, its operations as `planned`, and the reading that they rest on, and moves the run to `phase`, all or
   * nothing. Other runs that wait for a person with an older plan are stopped: the newer plan takes their place; that of a
   * push of a few records only when it waits for approval, and only that of other such pushes that do. Hints that such a run
   * was given go on to the one that takes its place, if that carries over what they are about.
   *
   * @param places by operation, in plan order
   * @returns runs whose place it took
   * @throws RollcallError `CONFLICT` when the run is not in one of `reading`, `planned` and `approved`
   */
  savePlan(
    id: string,
    kept: {
      readonly plan: Plan;
      readonly places: readonly Place[];
      readonly reading: RunReading | null;
      readonly phase: Exclude<RunPhase, 'reading' | 'done'>;
      /** It is about a few records only. */
      readonly isPartial?: boolean;
      /** Operations that are out of date already, with the reason. */
      readonly stale?: ReadonlyMap<string, string>;
    },
  ): Promise<readonly string[]>;
  /** The whole plan; it may be long. */
  plan(id: string): Promise<Plan | null>;
  /** The plan without its people, gone and operations. */
  planHead(id: string): Promise<PlanHead | null>;
  reading(id: string): Promise<RunReading | null>;
  /** Replaces what was learnt by reading and adds notes for the report. */
  noteReading(id: string, reading: RunReading, notes: readonly string[]): Promise<void>;
  /** Sentences for the report that were kept on the way. */
  notes(id: string): Promise<readonly string[]>;
  /** The numbers of the chunks of each stage, stages in order; empty when there is nothing to apply. */
  stages(id: string): Promise<readonly (readonly number[])[]>;
  /** The numbers of chunks in which an operation has no outcome yet. */
  openChunks(id: string): Promise<readonly number[]>;
  /** The operations of one chunk, in plan order. */
  chunk(id: string, chunk: number): Promise<readonly StoredOperation[]>;
  /** These people of the plan; an id that it does not have is left out. */
  people(id: string, userIds: readonly string[]): Promise<readonly PlannedPerson[]>;
  /** People of the plan in this situation, in plan order. */
  peopleIn(id: string, situation: PlannedPerson['situation']): Promise<readonly PlannedPerson[]>;
  /** People for whom something failed, or who were not done for another reason; never those without an operation. */
  failedPeople(id: string): Promise<readonly string[]>;
  /** People on hold whom the plan took in at a person's wish, and for whom everything is done. */
  takenIn(id: string): Promise<readonly string[]>;
  /** A person of the newest plan that names this directory user id or login. */
  findPerson(text: string): Promise<Pick<PlannedPerson, 'userId' | 'login' | 'displayName'> | null>;
  /** Links whose users the plan found gone. */
  gone(id: string): Promise<Plan['gone']>;
  /** In plan order. */
  operations(
    id: string,
    which?: { readonly states?: readonly OperationState[]; readonly kinds?: readonly Operation['kind'][] },
  ): Promise<readonly StoredOperation[]>;
  /** The rows of confirmed operations as the CRM answered them, by operation. */
  images(id: string): Promise<ReadonlyMap<string, CrmRow>>;
  /** These operations, in plan order; an id that the run does not have is left out. */
  operationsById(id: string, operationIds: readonly string[]): Promise<readonly StoredOperation[]>;
  /**
   * Marks operations as about to be sent; written before anything is sent.
   *
   * @returns those that are open: one that was settled meanwhile must not be sent
   */
  markIntended(id: string, operationIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Keeps outcomes, links and what it cost in one transaction, and of each link how it stood before. */
  settle(
    id: string,
    outcomes: readonly SettledOperation[],
    links: readonly Link[],
    spent?: Spent,
  ): Promise<void>;
  /** The same for operations that have not been sent; those that have been are left as they are. */
  settleUnsent(id: string, outcomes: readonly SettledOperation[]): Promise<void>;
  /**
   * Links everybody of the plan who needed no operation or all of whose operations are confirmed, marks the links of those
   * gone, forgets those that were succeeded; all or nothing.
   */
  completeLinks(id: string, directory: string): Promise<void>;
  /** Links as they stood before the run. */
  formerLinks(id: string): Promise<readonly FormerLink[]>;
  countByState(id: string): Promise<Readonly<Record<OperationState, number>>>;
  figures(id: string): Promise<RunFigures>;
  /** Adds to the requests that a run has cost, by product. */
  addSpent(id: string, spent: Spent): Promise<void>;
  spent(id: string): Promise<Spent>;
  /** People whose directory users runs have removed since then (milliseconds since 1970). */
  removedSince(sinceMs: number): Promise<number>;
  /**
   * Operations that failed in an earlier run for a reason that repeating does not cure, newest state only: operation
   * id → digest of what was sent, code and message. An operation that was confirmed later is not among them.
   */
  lastingFailures(): Promise<ReadonlyMap<string, { digest: string; code: string; message: string }>>;
  /**
   * Takes the details of runs that ended before one moment away (plan, operations, images and former links), and those
   * that ended before another altogether, with verdicts that were revoked and cases that were closed by then. A run that
   * is needed by one that has not ended stays, with those after it. Failures that last go with no run, and verdicts that
   * stand stay with their cases.
   *
   * @returns how many runs lost their details, and how many runs and cases are gone; with `dryRun`, how many would
   */
  clean(options: {
    /** ISO 8601, UTC. */
    readonly detailsBefore: string;
    readonly runsBefore: string;
    readonly dryRun: boolean;
  }): Promise<{ readonly details: number; readonly runs: number; readonly cases: number }>;
}
