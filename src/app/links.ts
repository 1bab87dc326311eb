import type { Link } from '../domain/person.ts';
import { isDispensable } from '../domain/planning/losses.ts';
import type { Operation, PlannedPerson } from '../domain/planning/plan.ts';
import type { OperationState } from '../domain/run.ts';
import type { SettledOperation, StoredOperation } from './ports/store.ts';

/**
 * Follows the outcomes of the operations of a chunk, which holds whole people, and answers with each outcome the links
 * that it completes: a person is linked once every operation of theirs is confirmed, and in the same transaction. A new
 * CRM user that was refused keeps nobody from it; the link is then without one.
 *
 * @param people those of the plan that the operations belong to
 */
export function completedLinks(
  people: readonly PlannedPerson[],
  directory: string,
  operations: readonly StoredOperation[],
): (outcomes: readonly SettledOperation[]) => Link[] {
  const byId = new Map(people.map((person) => [person.userId, person]));
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
      if (spoilt.has(userId) || (open.get(userId)?.size ?? 0) > 0) return [];
      const person = byId.get(userId);
      return person === undefined ? [] : linkOf(person, directory, alone);
    });
  };
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
