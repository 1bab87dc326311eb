import type { PlanHead } from '../domain/planning/plan.ts';
import type { Failure, Report, RunStatus } from '../domain/run.ts';
import type { Spent } from './ports/requests.ts';
import type { RunFigures, RunRecord } from './ports/runs.ts';

/** How a person is named in a report. */
export interface PersonNames {
  readonly login: string;
  readonly displayName: string;
}

/** What a report is made from once nothing is left to do. */
export interface ReportInput {
  readonly run: Pick<RunRecord, 'id' | 'kind' | 'trigger' | 'order' | 'startedAt'>;
  readonly head: PlanHead;
  readonly figures: RunFigures;
  /** Who the people are of whom the figures tell something. */
  readonly names: ReadonlyMap<string, PersonNames>;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly requests: Spent;
  readonly floor: number;
  /** Set where the run ended before anything was applied. */
  readonly stopped: string | null;
  readonly waitsForApproval: boolean;
  readonly notes: readonly string[];
}

/**
 * The report of a run. Every directory user is in exactly one situation and every operation has exactly one outcome.
 *
 * @throws RangeError when the sums do not add up, which is a defect and fails the run (design §5, Verify and report)
 */
export function makeReport(input: ReportInput): Report {
  const { run, head, figures } = input;
  const outcomes = { confirmed: 0, failed: 0, stale: 0, skipped: 0 };
  const kinds: Record<string, number> = {};
  const confirmed: Record<string, number> = {};
  for (const { entity, kind, state, count } of figures.operations) {
    const name = `${entity}.${kind}`;
    kinds[name] = (kinds[name] ?? 0) + count;
    if (state === 'planned' || state === 'intended')
      throw new RangeError(`${count} operations ${name} have no outcome`);
    outcomes[state] += count;
    if (state === 'confirmed') confirmed[name] = (confirmed[name] ?? 0) + count;
  }
  const people = sum(Object.values(figures.situations));
  if (people !== head.directory.users)
    throw new RangeError(`${people} situations for ${head.directory.users} directory users`);

  const used = sum(Object.values(input.requests).map((tally) => tally.used));
  const failures = [
    ...head.refusals.map((refusal) => ({ person: null, ...refusal })),
    ...issuesOf(figures, 'failure'),
    ...operationFailures(figures),
  ].map((failure) => named(failure, input.names));
  return {
    runId: run.id,
    kind: run.kind,
    trigger: run.trigger,
    status: statusOf(input, failures.length, outcomes),
    startedAt: run.startedAt,
    finishedAt: input.waitsForApproval ? null : new Date(input.now).toISOString(),
    directory: { users: head.directory.users, complete: head.directory.complete },
    crm: {
      contacts: head.crm.contacts,
      crmUsers: head.crm.crmUsers,
      telephonyRecords: head.crm.telephonyRecords,
      complete: head.crm.complete,
    },
    situations: figures.situations,
    held: run.order.includeHeld ? 0 : figures.held,
    gone: figures.gone,
    added: figures.added,
    pendingPush: figures.pendingPush,
    operations: kinds,
    confirmed,
    outcomes,
    cases: figures.situations.disputed,
    guards: head.guards,
    failures,
    warnings: issuesOf(figures, 'warning').map((warning) => named(warning, input.names)),
    notes: [...(input.stopped === null ? [] : [input.stopped]), ...notesOf(input), ...input.notes],
    requests: {
      used,
      // A session that was still alive saved its sign-in.
      floor: Math.min(input.floor, used),
      retries: sum(Object.values(input.requests).map((tally) => tally.retries)),
      bySystem: Object.fromEntries(
        Object.entries(input.requests).map(([system, tally]) => [system, tally.used]),
      ),
    },
    durationMs: Math.max(0, Math.round(input.now - Date.parse(run.startedAt))),
  };
}

function statusOf(input: ReportInput, failures: number, outcomes: Report['outcomes']): RunStatus {
  if (input.stopped !== null) return 'stopped';
  if (input.waitsForApproval) return 'awaiting-approval';
  if (failures > 0 || outcomes.failed + outcomes.stale + outcomes.skipped > 0) return 'partial';
  // Whoever watches the nightly run learns that it could not do its work.
  if (leftOut(input.head) > 0) return 'partial';
  return input.figures.operations.length === 0 ? 'nothing-to-do' : 'succeeded';
}

/** People whom an incomplete reading of the CRM kept from being treated. */
function leftOut({ crm, omissions }: PlanHead): number {
  if (crm.complete) return 0;
  return sum(omissions.filter(({ what }) => what !== 'crm-user').map(({ count }) => count));
}

/** The people of whom a report names something: failures and warnings. */
export function peopleNamedIn({ issues, failures }: RunFigures): readonly string[] {
  return [
    ...new Set([
      ...issues.map(({ person }) => person),
      ...failures.flatMap(({ operation }) => operation.person ?? []),
    ]),
  ];
}

/** Names can be of any length; a report has to be read. */
const LONGEST_NAME = 100;

function named(failure: Failure, names: ReadonlyMap<string, PersonNames>): Failure {
  const found = failure.person === null ? undefined : names.get(failure.person);
  if (found === undefined) return failure;
  const { person, ...rest } = failure;
  const short = (text: string): string =>
    text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME)}…` : text;
  return { person, login: short(found.login), name: short(found.displayName), ...rest };
}

function issuesOf({ issues }: RunFigures, severity: 'failure' | 'warning'): Failure[] {
  return issues
    .filter((issue) => issue.severity === severity)
    .map(({ person, code, message }) => ({ person, operation: 'person', code, message }));
}

function operationFailures({ failures }: RunFigures): Failure[] {
  return failures.map(({ operation, state, code, message }) => ({
    person: operation.person,
    operation: `${operation.entity}.${operation.kind}`,
    code: code ?? (state === 'stale' ? 'STALE' : 'UNKNOWN'),
    message: message ?? '',
  }));
}

function notesOf({ run, head, figures, waitsForApproval }: ReportInput): string[] {
  const notes = [...head.directory.problems, ...head.crm.problems].map(
    (problem) => `Incomplete reading: ${problem}.`,
  );
  for (const { what, count, reason } of head.omissions)
    notes.push(`Left out (${OMITTED[what]}): ${count}. ${reason}`);
  if (waitsForApproval)
    notes.push(
      `Nothing was written. Look at the plan with \`rollcall runs show ${run.id} --plan\`, apply it with \`rollcall approve ${run.id}\`.`,
    );
  if (run.kind === 'import' && figures.held > 0 && !run.order.includeHeld)
    notes.push(
      `${figures.held} people are on hold. \`rollcall holds\` lists them; \`rollcall release PERSON\` (or \`--all\`) lets runs take them in again, \`rollcall import --include-held\` does so at once.`,
    );
  if (figures.recordsAlone > 0)
    notes.push(
      `${figures.recordsAlone} of the telephony records made stand without a CRM user, since the contacts that were found have none: CRM users are made only together with contacts; an administrator adds the others in System Designer.`,
    );
  if (figures.crmUsersRefused.count > 0)
    notes.push(
      `${figures.crmUsersRefused.count} CRM users were not made, and the telephony records stand without them: ${figures.crmUsersRefused.message}`,
    );
  return notes;
}

const OMITTED: Readonly<Record<PlanHead['omissions'][number]['what'], string>> = {
  create: 'what would have been created',
  'name-link': 'links by name alone',
  gone: 'users gone from the directory',
  'crm-user': 'CRM users; the telephony records stand alone',
  'pending-delete': 'differences that rest on missing rows',
};

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
