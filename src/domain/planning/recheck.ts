import { operationContent } from './failures.ts';
import type { Operation, Plan } from './plan.ts';

/** What is left of a saved plan, and what is not, with the reason. */
export interface Recheck {
  readonly standing: readonly Operation[];
  readonly stale: ReadonlyMap<string, string>;
}

/**
 * Holds a saved plan against a fresh one made from what both systems hold now. An operation stands only if the fresh
 * plan intends the very same: same row, same values before and after. What it rests on (the match, the absence of a
 * contact, the values that were read) has then been checked again as a whole. What depends on a stale one is stale.
 */
export function recheckPlan(saved: Plan, fresh: Plan): Recheck {
  const intended = new Map(fresh.operations.map((operation) => [operation.id, operation]));
  const stale = new Map<string, string>();
  const standing: Operation[] = [];
  for (const operation of saved.operations) {
    const reason = staleReason(operation, intended.get(operation.id), stale);
    if (reason === null) standing.push(operation);
    else stale.set(operation.id, reason);
  }
  return { standing, stale };
}

function staleReason(
  saved: Operation,
  now: Operation | undefined,
  stale: ReadonlyMap<string, string>,
): string | null {
  const parent = saved.dependsOn.find((id) => stale.has(id));
  if (parent !== undefined) return `It depends on ${parent}, which is out of date.`;
  if (now === undefined)
    return 'It is not needed or not safe any more: what the plan was made from has changed.';
  if (operationContent(saved) !== operationContent(now)) return 'It would write something else now.';
  if (JSON.stringify(sorted(saved.before)) !== JSON.stringify(sorted(now.before)))
    return 'The row was changed since the plan was made.';
  return null;
}

function sorted(cells: Operation['before']): [string, unknown][] {
  return Object.entries(cells ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
