import type { Link } from '../domain/person.ts';
import { isDispensable } from '../domain/planning/losses.ts';
import type { Operation, Plan, PlannedPerson } from '../domain/planning/plan.ts';
import type { OperationState } from '../domain/run.ts';
import type { SettledOperation, StoredOperation } from './ports/store.ts';

/** The people of a plan by directory user id, ready to be looked up for each chunk. */
export interface PeopleOfPlan {
  readonly people: ReadonlyMap<string, PlannedPerson>;
  readonly gone: ReadonlySet<string>;
}

export function peopleOfPlan(plan: Plan): PeopleOfPlan {
  return {
    people: new Map(plan.people.map((person) => [person.userId, person])),
    gone: new Set(plan.gone.map((person) => person.userId)),
  };
}

/**
 * Follows the outcomes of some operations and answers, with each outcome, the links that it completes: a person is
 * linked once every operation of theirs is confirmed, and in the same transaction. A new CRM user that was refused
 * keeps nobody from it; the link is then without one.
 */
export function completedLinks(
  { people, gone }: PeopleOfPlan,
  directory: string,
  operations: readonly StoredOperation[],
): (outcomes: readonly SettledOperation[]) => Link[] {
  const operationById = new Map(operations.map(({ operation }) => [operation.id, operation]));
  const open = new Map<string, Set<string>>();
  const spoilt = new Set<string>();
  const alone = new Set<string>();
  const follow = (operation: Operation, person: string, state: OperationState, code: string | null): void => {
    if (isDispensable(operation, code)) alone.add(person);
    else if (isLost(state)) spoilt.add(person);
    if (isLost(state) || state === 'confirmed') open.get(person)?.delete(operation.id);
  };
  for (const { operation } of operations) {
    if (operation.person === null) continue;
    const known = open.get(operation.person);
    if (known === undefined) open.set(operation.person, new Set([operation.id]));
    else known.add(operation.id);
  }
  for (const { operation, state, code } of operations)
    if (operation.person !== null) follow(operation, operation.person, state, code);
  return (outcomes) => {
    const touched = new Set<string>();
    for (const { operationId, state, code } of outcomes) {
      const operation = operationById.get(operationId);
      if (operation === undefined || operation.person === null) continue;
      follow(operation, operation.person, state, code);
      touched.add(operation.person);
    }
    return [...touched].flatMap((userId) => {
      if (spoilt.has(userId) || (open.get(userId)?.size ?? 0) > 0 || gone.has(userId)) return [];
      const person = people.get(userId);
      return person === undefined ? [] : linkOf(person, directory, alone);
    });
  };
}

/** Links of people who needed no operation, or all of whose operations are confirmed. */
export function standingLinks(plan: Plan, directory: string, operations: readonly StoredOperation[]): Link[] {
  const lost = new Set<string>();
  const alone = new Set<string>();
  for (const { operation, state, code } of operations) {
    if (state === 'confirmed' || operation.person === null) continue;
    (isDispensable(operation, code) ? alone : lost).add(operation.person);
  }
  return plan.people.flatMap((person) => (lost.has(person.userId) ? [] : linkOf(person, directory, alone)));
}

/** Links of users who are gone from the directory, once their records say so. */
export function goneLinks(
  plan: Plan,
  links: readonly Link[],
  operations: readonly StoredOperation[],
): Link[] {
  const lost = new Set(
    operations.flatMap(({ operation, state }) =>
      state !== 'confirmed' && operation.person !== null ? [operation.person] : [],
    ),
  );
  const fresh = new Set(plan.gone.filter((person) => person.isNew).map((person) => person.userId));
  return links
    .filter((link) => fresh.has(link.directoryUserId) && !lost.has(link.directoryUserId))
    .map((link) => ({ ...link, status: 'gone' }));
}

function linkOf(person: PlannedPerson, directory: string, alone: ReadonlySet<string>): Link[] {
  if (person.base === null || person.recordId === null) return [];
  // An operation that was left out as failing before is not in the list; its person's failure is.
  if (person.issues.some((issue) => issue.severity === 'failure')) return [];
  return [
    {
      directory,
      directoryUserId: person.userId,
      login: person.login,
      recordId: person.recordId,
      contactId: person.contactId,
      crmUserId: alone.has(person.userId) ? null : person.crmUserId,
      status: 'active',
      base: person.base,
    },
  ];
}

function isLost(state: OperationState): boolean {
  return state === 'failed' || state === 'stale' || state === 'skipped';
}
