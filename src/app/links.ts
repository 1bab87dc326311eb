import { applyTransform } from '../domain/mapping/transforms.ts';
import type { Mapping } from '../domain/mapping/schema.ts';
import type { Base, Link } from '../domain/person.ts';
import { isDispensable } from '../domain/planning/losses.ts';
import type { Operation, PlannedPerson } from '../domain/planning/plan.ts';
import { isAddedPerson } from '../domain/planning/push/additions.ts';
import { SCALAR_CELLS } from '../domain/planning/push/cells.ts';
import type { OperationState } from '../domain/run.ts';
import type { CrmRow } from './ports/crm.ts';
import type { SettledOperation, StoredOperation } from './ports/runs.ts';

/**
 * Follows the outcomes of the operations of a chunk, which holds whole people, and answers with each outcome the links
 * that it completes: a person is linked once every operation of theirs is confirmed, and in the same transaction. A new
 * CRM user that was refused keeps nobody from it; the link is then without one.
 *
 * @param people those of the plan that the operations belong to
 */
export function completedLinks(
  people: readonly PlannedPerson[],
  mapping: Mapping,
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
  /** The user as a change of the directory left it, by person. */
  const images = new Map<string, CrmRow>();
  const removed = new Set<string>();
  const note = ({ entity, kind, person }: Operation, state: OperationState, image: CrmRow | null): void => {
    if (entity !== 'directoryUser' || person === null || state !== 'confirmed') return;
    if (kind === 'delete') removed.add(person);
    else if (image !== null) images.set(person, image);
  };
  for (const { operation, state, image } of operations) note(operation, state, image ?? null);
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
    for (const { operationId, state, code, image } of outcomes) {
      const operation = operationById.get(operationId);
      if (operation === undefined || operation.person === null) continue;
      note(operation, state, image);
      follow(operation, operation.person, state, code);
      touched.add(operation.person);
    }
    return [...touched].flatMap((userId) => {
      if (removed.has(userId)) return [];
      if (spoilt.has(userId) || (open.get(userId)?.size ?? 0) > 0) return [];
      const person = byId.get(userId);
      return person === undefined ? [] : linkOf(person, mapping, alone, images.get(userId) ?? null);
    });
  };
}

function linkOf(
  person: PlannedPerson,
  mapping: Mapping,
  alone: ReadonlySet<string>,
  image: CrmRow | null,
): Link[] {
  if (person.base === null || person.recordId === null) return [];
  // An operation that was left out as failing before is not in the list; its person's failure is.
  if (person.issues.some((issue) => issue.severity === 'failure')) return [];
  const userId = isAddedPerson(person.userId) ? image?.['Id'] : person.userId;
  if (typeof userId !== 'string') return [];
  return [
    {
      directory: mapping.directory,
      directoryUserId: userId,
      login: textOf(image?.['login']) ?? person.login,
      recordId: person.recordId,
      contactId: person.contactId,
      crmUserId: alone.has(person.userId) ? null : person.crmUserId,
      status: 'active',
      base: image === null ? person.base : asLeft(person.base, mapping, image, isAddedPerson(person.userId)),
    },
  ];
}

/**
 * The base with the directory's half as the directory left it: it may put a value into a form of its own, which must not
 * look like somebody's edit the next time.
 */
function asLeft(base: Base, mapping: Mapping, image: CrmRow, isNew: boolean): Base {
  const fields = { ...base.fields };
  for (const field of SCALAR_CELLS) {
    const pair = fields[field];
    const value = image[field];
    if (pair === undefined || value === undefined || typeof value === 'number') continue;
    // What a new user was made without, such as an e-mail that somebody else has, is still to be carried.
    if (isNew && value === null && pair.directory !== null) continue;
    fields[field] = {
      crm: pair.crm,
      directory: applyTransform(mapping.record.fields[field]?.transform ?? 'none', value),
    };
  }
  // The device that the directory made stands in the record from now on.
  const device = image['defaultDevice'];
  if (isNew && mapping.record.fields.defaultDevice !== undefined && typeof device === 'string')
    fields.defaultDevice = { crm: device, directory: device };
  return { ...base, fields };
}

function textOf(value: CrmRow[string] | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function isLost(state: OperationState): boolean {
  return state === 'failed' || state === 'stale' || state === 'skipped';
}
