import type { CellValue } from '../../../app/ports/crm.ts';
import type { DirectoryUser } from '../../person.ts';
import type { Operation } from '../plan.ts';
import { displayNameOf } from '../words.ts';

/** Fields whose values one user alone can have. */
const UNIQUE = ['login', 'extension'] as const;
/** Those that pass in turn: a directory may or may not let two users share an e-mail, so that one is never refused here. */
const PASSED_ON = [...UNIQUE, 'email'] as const;
type PassedField = (typeof PASSED_ON)[number];

type Refuse = (operation: Operation, code: string, message: string) => void;

/**
 * Lets a value pass from one user to another: whoever has it gives it up first. Where that goes round in a circle (two
 * people swap extensions), one of them is given something else in between. A value that somebody keeps is a conflict.
 */
export function arrangeTakeovers(
  operations: readonly Operation[],
  users: readonly DirectoryUser[],
  refuse: Refuse,
): Operation[] {
  let left = [...operations];
  // What is refused to one keeps its old value from another, so that more may follow.
  for (;;) {
    const conflicts = conflictsIn(left, users);
    if (conflicts.length === 0) break;
    const dropped = new Map<string, Set<string>>();
    for (const { operation, field, holder } of conflicts) {
      dropped.set(operation.id, (dropped.get(operation.id) ?? new Set()).add(field));
      refuse(
        operation,
        'CONFLICT',
        `${field} ${String(operation.after[field])} is that of ${holder} in the directory, and belongs to one person only.`,
      );
    }
    left = left.flatMap((operation) => {
      const fields = dropped.get(operation.id);
      return fields === undefined ? [operation] : (without(operation, fields) ?? []);
    });
  }
  return inTurn(left, users);
}

interface Conflict {
  readonly operation: Operation;
  readonly field: (typeof UNIQUE)[number];
  readonly holder: string;
}

function conflictsIn(operations: readonly Operation[], users: readonly DirectoryUser[]): Conflict[] {
  const conflicts: Conflict[] = [];
  for (const field of UNIQUE) {
    const holders = holdersOf(field, users);
    const giving = givers(field, operations);
    const claims = new Map<string, Operation>();
    for (const operation of operations) {
      const wanted = keyOf(operation.after[field]);
      if (wanted === null) continue;
      const holder = holders.get(wanted);
      const claimed = claims.get(wanted);
      if (claimed !== undefined)
        conflicts.push({ operation, field, holder: `${claimed.person ?? claimed.id}, who is to get it` });
      else if (holder !== undefined && holder.id !== operation.target.id && !giving.has(holder.id))
        conflicts.push({ operation, field, holder: displayNameOf(holder) });
      else claims.set(wanted, operation);
    }
  }
  return conflicts;
}

function inTurn(operations: readonly Operation[], users: readonly DirectoryUser[]): Operation[] {
  const parents = new Map<string, Set<string>>();
  const edges: { readonly taker: string; readonly giver: string; readonly field: PassedField }[] = [];
  for (const field of PASSED_ON) {
    const holders = holdersOf(field, users);
    const giving = givers(field, operations);
    for (const operation of operations) {
      const wanted = keyOf(operation.after[field]);
      const holder = wanted === null ? undefined : holders.get(wanted);
      const giver =
        holder === undefined || holder.id === operation.target.id ? undefined : giving.get(holder.id);
      if (giver !== undefined) edges.push({ taker: operation.id, giver: giver.id, field });
    }
  }
  const steps = new Map<string, Set<PassedField>>();
  for (const { taker, giver, field } of edges) {
    // In a circle, the giver steps aside first, and the taker waits for that step alone.
    if (!reaches(parents, giver, taker)) {
      add(parents, taker, giver);
      continue;
    }
    steps.set(giver, (steps.get(giver) ?? new Set()).add(field));
    add(parents, taker, asideOf(giver));
  }
  const first: Operation[] = [];
  const rest = operations.map((operation) => {
    const fields = steps.get(operation.id);
    const own = parents.get(operation.id) ?? new Set<string>();
    if (fields === undefined) return dependingOn(operation, own);
    const step = stepOf(operation, fields);
    first.push(step);
    const before = { ...operation.before, ...step.after };
    return dependingOn({ ...operation, before }, new Set([step.id, ...own]));
  });
  return inOrderOfNeed([...first, ...rest]);
}

function dependingOn(operation: Operation, parents: ReadonlySet<string>): Operation {
  return parents.size === 0 ? operation : { ...operation, dependsOn: [...operation.dependsOn, ...parents] };
}

/** The step aside: no extension or e-mail for a moment, or a login that nobody else has. */
function stepOf(operation: Operation, fields: ReadonlySet<PassedField>): Operation {
  const before: Record<string, CellValue> = {};
  const after: Record<string, CellValue> = {};
  for (const field of fields) {
    before[field] = operation.before?.[field] ?? null;
    // Logins are short in some directories, so that not all of the old one may fit.
    after[field] =
      field === 'login' ? `${String(before[field]).slice(0, 32)}.moving-${operation.target.id}` : null;
  }
  return {
    ...operation,
    id: asideOf(operation.id),
    before,
    after,
    reason: `${[...fields].join(' and ')} pass in a circle, so for a moment this user goes without.`,
    dependsOn: [],
  };
}

/** The id of the step aside of an operation. */
export function asideOf(id: string): string {
  return `${id}:aside`;
}

/** Parents before children, and otherwise as they were. */
function inOrderOfNeed(operations: readonly Operation[]): Operation[] {
  const byId = new Map(operations.map((operation) => [operation.id, operation]));
  const placed = new Set<string>();
  const ordered: Operation[] = [];
  const place = (operation: Operation): void => {
    if (placed.has(operation.id)) return;
    placed.add(operation.id);
    for (const id of operation.dependsOn) {
      const parent = byId.get(id);
      if (parent !== undefined) place(parent);
    }
    ordered.push(operation);
  };
  for (const operation of operations) place(operation);
  return ordered;
}

function reaches(parents: ReadonlyMap<string, ReadonlySet<string>>, from: string, to: string): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === to) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...(parents.get(id) ?? []));
  }
  return false;
}

function holdersOf(field: PassedField, users: readonly DirectoryUser[]): Map<string, DirectoryUser> {
  const holders = new Map<string, DirectoryUser>();
  for (const user of users) {
    const key = keyOf(user[field]);
    if (key !== null) holders.set(key, user);
  }
  return holders;
}

/** Users whose operation gives up what they have, by id. */
function givers(field: PassedField, operations: readonly Operation[]): Map<string, Operation> {
  const giving = new Map<string, Operation>();
  for (const operation of operations)
    if (
      operation.kind === 'update' &&
      operation.after[field] !== undefined &&
      keyOf(operation.after[field]) !== keyOf(operation.before?.[field])
    )
      giving.set(operation.target.id, operation);
  return giving;
}

/** Logins are compared without case. */
function keyOf(value: CellValue | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value.toLowerCase() : null;
}

function without(operation: Operation, fields: ReadonlySet<string>): Operation | null {
  if (operation.kind === 'create') return null;
  const keep = (cells: Operation['after']): Operation['after'] =>
    Object.fromEntries(Object.entries(cells).filter(([name]) => !fields.has(name)));
  const after = keep(operation.after);
  if (Object.keys(after).length === 0) return null;
  return { ...operation, before: operation.before === null ? null : keep(operation.before), after };
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  map.set(key, (map.get(key) ?? new Set()).add(value));
}
