import type { Verdict } from '../../domain/person.ts';
import type { PlannedCandidate } from '../../domain/planning/plan.ts';

/**
 * What a case is about: whose contact a user is; a change that one side refuses or that both made; a login that a
 * soft-deleted user keeps.
 */
export const CASE_KINDS = ['match', 'conflict', 'login-held'] as const;
export type CaseKind = (typeof CASE_KINDS)[number];

/** What a run found out about cases: those of these kinds, of these people (`null`: of everybody). */
export interface CaseScope {
  readonly kinds: readonly CaseKind[];
  readonly people: readonly string[] | null;
}

/** A disputed correlation or a conflict that waits for a person (design §2, case). */
export interface CaseRecord {
  readonly id: string;
  readonly kind: CaseKind;
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
   * open ones within the scope that the run did not find any more. A user has at most one open case.
   */
  reconcile(
    directory: string,
    runId: string,
    found: readonly Pick<
      CaseRecord,
      'kind' | 'directoryUserId' | 'login' | 'displayName' | 'reason' | 'candidates'
    >[],
    now: string,
    scope?: CaseScope,
  ): Promise<void>;
  /** Closes an open case that was settled without a verdict. */
  close(caseId: string, now: string): Promise<void>;
  list(options?: { status?: CaseRecord['status'] }): Promise<readonly CaseRecord[]>;
  get(id: string): Promise<CaseRecord | null>;
  /** Keeps a verdict and marks the case decided, all or nothing. */
  decide(caseId: string, verdict: Verdict, now: string): Promise<void>;
  /** Adds a verdict that stands outside any case (unlink). */
  addVerdict(verdict: Verdict, now: string): Promise<void>;
  /** The last verdict outside any case that stands about this user. */
  lastUnlinking(directory: string, directoryUserId: string): Promise<Verdict | null>;
  /** @throws RollcallError `NOT_FOUND` when no verdict outside any case that stands has this id */
  revokeVerdict(id: string, now: string): Promise<void>;
  /** Verdicts that stand. */
  verdicts(directory: string): Promise<readonly Verdict[]>;
  /** Revokes the verdicts of a case and opens it again. */
  revoke(caseId: string, now: string): Promise<void>;
}
