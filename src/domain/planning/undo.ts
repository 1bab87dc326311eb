import type { CellValue, CrmRow } from '../../app/ports/crm.ts';
import type { UnsignedPlan } from './build.ts';
import { judgeGuards, type GuardPolicy } from './guards.ts';
import { parentsOf } from './losses.ts';
import type { Operation, Plan, PlannedIssue, PlannedPerson } from './plan.ts';

/** One operation of the run to be undone. */
export interface DoneOperation {
  readonly operation: Operation;
  /**
   * The row as the CRM answered it, without the columns that the product itself keeps. It may have put values into a form
   * of its own, and filled more columns than were written.
   */
  readonly image: CrmRow | null;
  /** It was sent, and nobody found out what became of it. */
  readonly isDoubtful: boolean;
}

export interface UndoInput {
  readonly runId: string;
  readonly mapping: Plan['mapping'];
  readonly directory: { readonly product: string; readonly domainId: string };
  readonly crmProduct: string;
  /** What the run did, in the order in which it was done. */
  readonly done: readonly DoneOperation[];
  /** Rows as the CRM holds them now, by id, with the columns that the run wrote; a row that is not there is gone. */
  readonly rows: ReadonlyMap<string, CrmRow>;
  /** The people that the run touched. */
  readonly people: readonly Pick<PlannedPerson, 'userId' | 'login' | 'displayName' | 'contactName'>[];
  readonly guards: GuardPolicy;
  sameCells(wanted: Readonly<Record<string, CellValue>>, row: CrmRow): boolean;
}

/**
 * Plans the inverse of a run (design §5, Undo), last operation first: what it created is deleted, what it changed is put
 * back. A row that somebody has changed since stays as it is, and so does whatever it refers to; each is listed.
 */
export function buildUndoPlan(input: UndoInput): UnsignedPlan {
  const { runId, done, rows } = input;
  const undone = new Map<string, Operation>();
  const kept = new Map<string, string>();
  const dependents = dependentsOf(done);
  const operations: Operation[] = [];
  for (const one of done.toReversed()) {
    const { operation } = one;
    const children = dependents.get(operation.id) ?? [];
    const held = children.find((id) => kept.has(id));
    const judged = judge(one, rows.get(operation.target.id), input);
    if (judged === 'nothing') continue;
    const reason =
      judged === 'changed'
        ? `${operation.target.entity} ${operation.target.id} was changed after the run; it is left as it is.`
        : held === undefined || operation.kind !== 'create'
          ? null
          : `${operation.target.entity} ${operation.target.id} is left, since something that is left refers to it.`;
    if (reason !== null) {
      kept.set(operation.id, reason);
      continue;
    }
    // Shared rows go when all people are done; thousands of names would say no more than that.
    const parents = operation.person === null ? [] : children;
    const inverse = inverseOf(
      operation,
      runId,
      parents.flatMap((id) => undone.get(id)?.id ?? []),
    );
    undone.set(operation.id, inverse);
    operations.push(inverse);
  }
  const issues = issuesOf(done, kept);
  const people = input.people.map((person) => touched(person, runId, issues.get(person.userId) ?? []));
  const plan = {
    version: 1 as const,
    kind: 'undo' as const,
    undoes: runId,
    mapping: input.mapping,
    directory: { ...input.directory, users: people.length, complete: true, problems: [] },
    crm: {
      product: input.crmProduct,
      contacts: 0,
      crmUsers: 0,
      telephonyRecords: 0,
      complete: true,
      problems: [],
    },
    people,
    gone: [],
    operations,
    omissions: [],
    refusals: done.flatMap(({ operation: { id, entity, kind, person } }) => {
      const message = kept.get(id);
      return person === null && message !== undefined
        ? [{ operation: `${entity}.${kind}`, code: CHANGED, message }]
        : [];
    }),
  };
  return { ...plan, guards: judgeGuards(plan, input.guards) };
}

/** What stands in the way of taking back a row that somebody has changed since. */
const CHANGED = 'CHANGED_SINCE';

/** Operation → the operations that rest on it. */
function dependentsOf(done: readonly DoneOperation[]): ReadonlyMap<string, readonly string[]> {
  const all = new Map<string, string[]>();
  for (const { operation } of done)
    for (const parent of parentsOf(operation)) {
      const known = all.get(parent);
      if (known === undefined) all.set(parent, [operation.id]);
      else known.push(operation.id);
    }
  return all;
}

function judge(
  { operation, image, isDoubtful }: DoneOperation,
  row: CrmRow | undefined,
  { sameCells }: UndoInput,
): 'undo' | 'changed' | 'nothing' {
  if (operation.kind === 'delete' || row === undefined) return 'nothing';
  // Of a row that the run made, every column counts: an edit of one that the run did not fill is an edit, too.
  if (sameCells({ ...operation.after, ...image }, row)) return 'undo';
  if (operation.kind === 'update' && sameCells(operation.before ?? {}, row)) return 'nothing';
  // A row that may never have been written, and holds something else, is somebody else's.
  return isDoubtful ? 'nothing' : 'changed';
}

function inverseOf(operation: Operation, runId: string, dependsOn: string[]): Operation {
  const { entity, person, target, after, before } = operation;
  const kind = operation.kind === 'create' ? 'delete' : 'update';
  return {
    id: `${entity}.${kind}:${target.id}`,
    entity,
    kind,
    person,
    target,
    before: after,
    after: kind === 'delete' ? {} : (before ?? {}),
    reason:
      kind === 'delete'
        ? `Run ${runId} created it.`
        : `Run ${runId} changed it; it gets back what it held before.`,
    dependsOn,
  };
}

function issuesOf(
  done: readonly DoneOperation[],
  kept: ReadonlyMap<string, string>,
): ReadonlyMap<string, PlannedIssue[]> {
  const issues = new Map<string, PlannedIssue[]>();
  for (const { operation } of done) {
    const message = kept.get(operation.id);
    if (operation.person === null || message === undefined) continue;
    const issue: PlannedIssue = { severity: 'failure', code: CHANGED, message };
    issues.set(operation.person, [...(issues.get(operation.person) ?? []), issue]);
  }
  return issues;
}

function touched(
  person: UndoInput['people'][number],
  runId: string,
  issues: readonly PlannedIssue[],
): PlannedPerson {
  return {
    ...person,
    situation: 'excluded',
    rule: null,
    reason: `Run ${runId} touched this person; after the undo they are on hold.`,
    recordId: null,
    contactId: null,
    crmUserId: null,
    evidence: [],
    candidates: [],
    issues: [...issues],
    pendingPush: false,
    base: null,
    succeeds: null,
    held: true,
  };
}
