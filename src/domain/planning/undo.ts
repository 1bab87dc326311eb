import type { CellValue, CrmRow } from '../../app/ports/crm.ts';
import type { UnsignedPlan } from './build.ts';
import { judgeGuards, type GuardPolicy } from './guards.ts';
import type { Operation, Plan, PlannedIssue, PlannedPerson } from './plan.ts';
import { SIGNED_OUT } from './push/cells.ts';
import { inTurnBack, withoutSteps } from './undo-directory.ts';
import { dependentsOf, judgeAll } from './undo-kept.ts';

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
 * back. A row that somebody has changed since stays as it is, and so does whatever it refers to, and whatever belongs to
 * it; each is listed.
 */
export function buildUndoPlan(input: UndoInput): UnsignedPlan {
  const { runId, rows } = input;
  const done = withoutSteps(input.done);
  const undone = new Map<string, Operation>();
  const dependents = dependentsOf(done);
  const { judgements, kept, lost } = judgeAll(done, dependents, input);
  const operations: Operation[] = [];
  for (const one of done.toReversed()) {
    const { operation } = one;
    if (judgements.get(operation.id) === 'nothing' || kept.has(operation.id)) continue;
    // Shared rows go when all people are done; thousands of names would say no more than that.
    const parents = operation.person === null ? [] : (dependents.get(operation.id) ?? []);
    const before = parents.flatMap((id) => undone.get(id) ?? []);
    // The e-mail of a directory user is a change of its own, and the rest comes back without it as well.
    const isOwn = ({ target }: Operation): boolean =>
      operation.entity === 'directoryUser' &&
      operation.kind === 'update' &&
      target.id === operation.target.id;
    const own = before.filter(isOwn).map(({ id }) => ({ operation: id, columns: [] }));
    const inverse = {
      ...inverseOf(
        one,
        runId,
        before.filter((other) => !isOwn(other)).map(({ id }) => id),
      ),
      ...(own.length === 0 ? {} : { waitsFor: own }),
    };
    undone.set(operation.id, inverse);
    operations.push(inverse);
  }
  const issues = issuesOf(done, kept, lost);
  const inTurn = inTurnBack(operations, rows, ({ person }, code, message) => {
    const known = issues.get(person ?? '') ?? [];
    issues.set(person ?? '', [...known, { severity: 'failure', code, message }]);
  });
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
    operations: inTurn,
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

function inverseOf(one: DoneOperation, runId: string, dependsOn: string[]): Operation {
  const { entity, person, target, before } = one.operation;
  const { [SIGNED_OUT]: _, ...after } = one.operation.after;
  const shared = { entity, person, dependsOn };
  switch (one.operation.kind) {
    case 'create': {
      const id = entity === 'directoryUser' ? userIdOf(one) : target.id;
      return {
        ...shared,
        id: `${entity}.delete:${id}`,
        kind: 'delete',
        target: { ...target, id },
        before: after,
        after: {},
        reason: `Run ${runId} created it.`,
      };
    }
    case 'delete':
      return {
        ...shared,
        id: `${entity}.create:${target.id}`,
        kind: 'create',
        target,
        before: null,
        after: before ?? {},
        reason: `Run ${runId} removed it.`,
      };
    case 'update':
      return {
        ...shared,
        id: one.operation.id,
        kind: 'update',
        target,
        before: after,
        after: before ?? {},
        reason: `Run ${runId} changed it; it gets back what it held before.`,
      };
  }
}

/** The id of a directory user; of one that was made, what the directory gave. */
export function userIdOf({ operation, image }: Pick<DoneOperation, 'operation' | 'image'>): string {
  const id = operation.kind === 'create' ? image?.['Id'] : operation.target.id;
  return typeof id === 'string' ? id : '';
}

function issuesOf(
  done: readonly DoneOperation[],
  kept: ReadonlyMap<string, string>,
  lost: ReadonlySet<string>,
): Map<string, PlannedIssue[]> {
  const issues = new Map<string, PlannedIssue[]>();
  for (const { operation } of done) {
    const message = kept.get(operation.id);
    if (operation.person === null || message === undefined) continue;
    const code = lost.has(operation.id) ? 'NOT_RESTORABLE' : CHANGED;
    const issue: PlannedIssue = { severity: 'failure', code, message };
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
