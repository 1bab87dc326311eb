import { allAtOnce, eachInSteps, type Steps } from '../steps.ts';
import { canonicalJson } from './canonical.ts';
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
  return allAtOnce(recheckInSteps(saved, fresh));
}

/** `recheckPlan` in steps. */
export function* recheckInSteps(saved: Plan, fresh: Plan): Steps<Recheck> {
  const intended = new Map(fresh.operations.map((operation) => [operation.id, operation]));
  const stale = new Map<string, string>();
  const standing: Operation[] = [];
  yield* eachInSteps(saved.operations, (operation) => {
    const reason = staleReason(operation, intended.get(operation.id), stale);
    if (reason === null) standing.push(operation);
    else stale.set(operation.id, reason);
  });
  return { standing, stale };
}

/**
 * The plan that is left of a saved one: its operations, with people as both systems hold them now. Nobody becomes linked
 * for whom something else would have to be done by now.
 */
export function planAfterRecheck(saved: Plan, fresh: Plan, { standing }: Recheck): Omit<Plan, 'fingerprint'> {
  const { fingerprint: _, ...now } = fresh;
  const agreed = new Set(standing.map(({ id }) => id));
  const isOpen = new Set(
    fresh.operations.flatMap(({ id, person }) => (agreed.has(id) ? [] : (person ?? []))),
  );
  return {
    ...now,
    people: fresh.people.map((person) => (isOpen.has(person.userId) ? { ...person, base: null } : person)),
    gone: fresh.gone.map((person) => (isOpen.has(person.userId) ? { ...person, isNew: false } : person)),
    operations: saved.operations,
    guards: saved.guards,
  };
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
  if (operationContent(withoutSeats(saved)) !== operationContent(withoutSeats(now)))
    return 'It would write something else now.';
  if (canonicalJson(withoutSeats(saved).before) !== canonicalJson(withoutSeats(now).before))
    return 'The row was changed since the plan was made.';
  return null;
}

/**
 * Seats in use change with every grant. A count that is out of date when a saved plan is applied is put right by the next
 * run, and must not keep everybody who depends on that licence from it.
 */
function withoutSeats(operation: Operation): Operation {
  if (operation.entity !== 'licence') return operation;
  const text = (cells: Operation['after']): Operation['after'] =>
    Object.fromEntries(Object.entries(cells).filter(([, value]) => typeof value !== 'number'));
  const { before, after } = operation;
  return { ...operation, before: before === null ? null : text(before), after: text(after) };
}
