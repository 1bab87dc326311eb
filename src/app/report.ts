import { isDispensable } from '../domain/planning/losses.ts';
import type { Plan } from '../domain/planning/plan.ts';
import type { Failure, Report, RunStatus } from '../domain/run.ts';
import type { RequestTally } from './ports/requests.ts';
import type { StoredOperation } from './ports/store.ts';

/** What a report is made from once nothing is left to do. */
export interface ReportInput {
  readonly runId: string;
  readonly trigger: Report['trigger'];
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly plan: Plan;
  readonly operations: readonly StoredOperation[];
  readonly requests: Readonly<Record<string, Pick<RequestTally, 'used' | 'retries'>>>;
  readonly floor: number;
  /** Set where the run ended before anything was applied. */
  readonly stopped: string | null;
  readonly notes: readonly string[];
}

/**
 * The report of a run. Every directory user is in exactly one situation and every operation has exactly one outcome.
 *
 * @throws RangeError when the sums do not add up, which is a defect and fails the run (design §5, Verify and report)
 */
export function makeReport(input: ReportInput): Report {
  const { plan, operations } = input;
  const situations = { linked: 0, matched: 0, unmatched: 0, disputed: 0, excluded: 0, invalid: 0 };
  for (const { situation } of plan.people) situations[situation] += 1;
  const outcomes = { confirmed: 0, failed: 0, stale: 0, skipped: 0 };
  const kinds: Record<string, number> = {};
  for (const { operation, state } of operations) {
    const kind = `${operation.entity}.${operation.kind}`;
    kinds[kind] = (kinds[kind] ?? 0) + 1;
    if (state === 'planned' || state === 'intended')
      throw new RangeError(`operation ${operation.id} has no outcome`);
    outcomes[state] += 1;
  }
  const people = Object.values(situations).reduce((total, count) => total + count, 0);
  if (people !== plan.directory.users)
    throw new RangeError(`${people} situations for ${plan.directory.users} directory users`);

  const used = sum(Object.values(input.requests).map((tally) => tally.used));
  const failures = [
    ...plan.refusals.map((refusal) => ({ person: null, ...refusal })),
    ...issuesOf(plan, 'failure'),
    ...operationFailures(operations),
  ];
  return {
    runId: input.runId,
    kind: 'import',
    trigger: input.trigger,
    status: statusOf(input, failures.length, outcomes),
    startedAt: new Date(input.startedAt).toISOString(),
    finishedAt: new Date(input.finishedAt).toISOString(),
    directory: { users: plan.directory.users, complete: plan.directory.complete },
    crm: {
      contacts: plan.crm.contacts,
      crmUsers: plan.crm.crmUsers,
      telephonyRecords: plan.crm.telephonyRecords,
      complete: plan.crm.complete,
    },
    situations,
    gone: plan.gone.length,
    pendingPush: plan.people.filter((person) => person.pendingPush).length,
    operations: kinds,
    outcomes,
    cases: situations.disputed,
    failures,
    warnings: issuesOf(plan, 'warning'),
    notes: [...(input.stopped === null ? [] : [input.stopped]), ...notesOf(plan, operations), ...input.notes],
    requests: {
      used,
      // A session that was still alive saved its sign-in.
      floor: Math.min(input.floor, used),
      retries: sum(Object.values(input.requests).map((tally) => tally.retries)),
      bySystem: Object.fromEntries(
        Object.entries(input.requests).map(([system, tally]) => [system, tally.used]),
      ),
    },
    durationMs: Math.max(0, Math.round(input.finishedAt - input.startedAt)),
  };
}

function statusOf(input: ReportInput, failures: number, outcomes: Report['outcomes']): RunStatus {
  if (input.stopped !== null) return 'stopped';
  if (failures > 0 || outcomes.failed + outcomes.stale + outcomes.skipped > 0) return 'partial';
  return input.operations.length === 0 ? 'nothing-to-do' : 'succeeded';
}

function issuesOf(plan: Plan, severity: 'failure' | 'warning'): Failure[] {
  return plan.people.flatMap((person) =>
    person.issues
      .filter((issue) => issue.severity === severity)
      .map(({ code, message }) => ({ person: person.userId, operation: 'person', code, message })),
  );
}

function operationFailures(operations: readonly StoredOperation[]): Failure[] {
  return operations.flatMap(({ operation, state, code, message }) =>
    state === 'failed' || state === 'stale'
      ? [
          {
            person: operation.person,
            operation: `${operation.entity}.${operation.kind}`,
            code: code ?? (state === 'stale' ? 'STALE' : 'UNKNOWN'),
            message: message ?? '',
          },
        ]
      : [],
  );
}

function notesOf(plan: Plan, operations: readonly StoredOperation[]): string[] {
  const notes = [...plan.directory.problems, ...plan.crm.problems].map(
    (problem) => `Incomplete reading: ${problem}.`,
  );
  for (const { what, count, reason } of plan.omissions)
    notes.push(`Left out (${OMITTED[what]}): ${count}. ${reason}`);
  const found = new Set(
    plan.people.flatMap(({ situation, crmUserId, userId }) =>
      situation === 'matched' && crmUserId === null ? [userId] : [],
    ),
  );
  const alone = operations.filter(
    ({ operation, state }) =>
      operation.entity === 'telephonyRecord' &&
      operation.kind === 'create' &&
      state === 'confirmed' &&
      found.has(operation.person ?? ''),
  ).length;
  if (alone > 0)
    notes.push(
      `${alone} of the telephony records made stand without a CRM user, since the contacts that were found have none: CRM users are made only together with contacts; an administrator adds the others in System Designer.`,
    );
  const refused = operations.filter(({ operation, code }) => isDispensable(operation, code));
  const [first] = refused;
  if (first !== undefined)
    notes.push(
      `${refused.length} CRM users were not made, and the telephony records stand without them: ${first.message ?? ''}`,
    );
  return notes;
}

const OMITTED: Readonly<Record<Plan['omissions'][number]['what'], string>> = {
  create: 'what would have been created',
  'name-link': 'links by name alone',
  gone: 'users gone from the directory',
  'pending-delete': 'differences that rest on missing rows',
  'crm-user': 'CRM users; the telephony records stand alone',
};

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
