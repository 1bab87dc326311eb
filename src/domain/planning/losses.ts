import type { Operation } from './plan.ts';

/** Operations that will not come to be, with the code of what became of each. */
export type Losses = ReadonlyMap<string, string>;

/** Codes of what passes by itself: the next run does what was lost, so whatever waits for it had better wait as well. */
export const PASSING_LOSSES = [
  'UNAVAILABLE',
  'RATE_LIMITED',
  'UNKNOWN_OUTCOME',
  'DEPENDENCY',
  'STALE',
  'NOT_FOUND',
] as const;

const PASSING: ReadonlySet<string> = new Set(PASSING_LOSSES);

/** What is left of an operation after losses: nothing, because of one that it rests on, or what it still writes. */
export type Remainder = { readonly blockedBy: string } | { readonly operation: Operation };

/** Takes the columns out that an operation would have got from others that were refused. */
export function afterLosses(operation: Operation, losses: Losses): Remainder {
  const parent = operation.dependsOn.find((id) => losses.has(id));
  if (parent !== undefined) return { blockedBy: parent };
  const missing = (operation.waitsFor ?? []).filter((wait) => losses.has(wait.operation));
  const passing = missing.find((wait) => PASSING.has(losses.get(wait.operation) ?? ''));
  if (passing !== undefined) return { blockedBy: passing.operation };
  const columns = new Set(missing.flatMap((wait) => wait.columns));
  if (columns.size === 0) return { operation };
  const left = (cells: Operation['after']): Operation['after'] =>
    Object.fromEntries(Object.entries(cells).filter(([column]) => !columns.has(column)));
  const { before, after } = operation;
  return { operation: { ...operation, before: before === null ? null : left(before), after: left(after) } };
}

/** Can its person do without it? So it is with a new CRM user that the CRM refuses: the record then stands alone. */
export function isDispensable({ entity, kind }: Operation, code: string | null): boolean {
  return entity === 'crmUser' && kind === 'create' && code !== null && !PASSING.has(code);
}

/** Everything that must have an outcome before the operation can be sent. */
export function parentsOf({ dependsOn, waitsFor = [] }: Operation): readonly string[] {
  return [...dependsOn, ...waitsFor.map(({ operation }) => operation)];
}
