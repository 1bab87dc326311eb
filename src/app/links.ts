import type { Link } from '../domain/person.ts';
import type { Plan, PlannedPerson } from '../domain/planning/plan.ts';
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
 * linked once every operation of theirs is confirmed, and in the same transaction.
 */
export function completedLinks(
  { people, gone }: PeopleOfPlan,
  directory: string,
  operations: readonly StoredOperation[],
): (outcomes: readonly SettledOperation[]) => Link[] {
  const personOf = new Map<string, string>();
  const open = new Map<string, Set<string>>();
  const spoilt = new Set<string>();
  for (const { operation, state } of operations) {
    if (operation.person === null) continue;
    personOf.set(operation.id, operation.person);
    if (state === 'confirmed') continue;
    if (isLost(state)) spoilt.add(operation.person);
    const known = open.get(operation.person);
    if (known === undefined) open.set(operation.person, new Set([operation.id]));
    else known.add(operation.id);
  }
  return (outcomes) => {
    const touched = new Set<string>();
    for (const { operationId, state } of outcomes) {
      const person = personOf.get(operationId);
      if (person === undefined) continue;
      if (isLost(state)) spoilt.add(person);
      open.get(person)?.delete(operationId);
      touched.add(person);
    }
    return [...touched].flatMap((userId) => {
      if (spoilt.has(userId) || (open.get(userId)?.size ?? 0) > 0 || gone.has(userId)) return [];
      const person = people.get(userId);
      const link = person === undefined ? null : linkOf(person, directory);
      return link === null ? [] : [link];
    });
  };
}

/** Links of people who needed no operation, or all of whose operations are confirmed. */
export function standingLinks(plan: Plan, directory: string, operations: readonly StoredOperation[]): Link[] {
  const lost = new Set(
    operations.flatMap(({ operation, state }) =>
      state !== 'confirmed' && operation.person !== null ? [operation.person] : [],
    ),
  );
  // An operation that was left out as failing before is not in the list; its person's failure is.
  return plan.people.flatMap((person) => {
    if (lost.has(person.userId) || person.issues.some((issue) => issue.severity === 'failure')) return [];
    const link = linkOf(person, directory);
    return link === null ? [] : [link];
  });
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

function linkOf(person: PlannedPerson, directory: string): Link | null {
  if (person.base === null || person.recordId === null) return null;
  return {
    directory,
    directoryUserId: person.userId,
    login: person.login,
    recordId: person.recordId,
    contactId: person.contactId,
    crmUserId: person.crmUserId,
    status: 'active',
    base: person.base,
  };
}

function isLost(state: OperationState): boolean {
  return state === 'failed' || state === 'stale' || state === 'skipped';
}
