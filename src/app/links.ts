import type { Link } from '../domain/person.ts';
import type { PlannedPerson } from '../domain/planning/plan.ts';
import type { OperationState } from '../domain/run.ts';
import type { SettledOperation, StoredOperation } from './ports/store.ts';

/**
 * Follows the outcomes of the operations of a chunk, which holds whole people, and answers with each outcome the links
 * that it completes: a person is linked once every operation of theirs is confirmed, and in the same transaction.
 *
 * @param people those of the plan that the operations belong to
 */
export function completedLinks(
  people: readonly PlannedPerson[],
  directory: string,
  operations: readonly StoredOperation[],
): (outcomes: readonly SettledOperation[]) => Link[] {
  const byId = new Map(people.map((person) => [person.userId, person]));
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
      if (spoilt.has(userId) || (open.get(userId)?.size ?? 0) > 0) return [];
      const person = byId.get(userId);
      const link = person === undefined ? null : linkOf(person, directory);
      return link === null ? [] : [link];
    });
  };
}

function linkOf(person: PlannedPerson, directory: string): Link | null {
  if (person.base === null || person.recordId === null) return null;
  if (person.issues.some(({ severity }) => severity === 'failure')) return null;
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
