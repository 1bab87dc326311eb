import type { BaseSetPair, DetailRow, DirectoryUser } from '../person.ts';
import type { Catalogue } from './catalogue.ts';
import type { Operation } from './plan.ts';

/** Licence or role rows of one record: what is to be added, and the base that results. */
export interface SetPlan {
  readonly operations: readonly Operation[];
  readonly base: BaseSetPair;
}

/** Unites the directory's set into the CRM's: what the record lacks is added, nothing is taken away. */
export function planDetails(
  entity: 'recordLicence' | 'recordRole',
  user: DirectoryUser,
  recordId: string,
  rows: readonly DetailRow[],
  held: readonly string[],
  catalogue: Catalogue | null,
  context: { rowId(userId: string, entity: string, key: string): string },
  parents: readonly string[],
): SetPlan {
  // What nobody manages is remembered as it is held, so that nothing seems new on the day when somebody does.
  if (catalogue === null) return { operations: [], base: { crm: [], directory: held.toSorted(), rows: {} } };
  const managed = held.filter((key) => catalogue.rowOf(key) !== undefined).toSorted();
  const ids: Record<string, string> = {};
  for (const row of rows) if (row.key !== null) ids[row.key] ??= row.id;

  const operations: Operation[] = [];
  for (const key of managed) {
    if (ids[key] !== undefined) continue;
    const operation = detailOperation(entity, user, recordId, key, catalogue, context, parents);
    if (operation === null) continue;
    ids[key] = operation.target.id;
    operations.push(operation);
  }
  return { operations, base: { crm: Object.keys(ids).toSorted(), directory: held.toSorted(), rows: ids } };
}

/** The operation that adds a licence or role row to a record; `null` for an item that is not managed. */
export function detailOperation(
  entity: 'recordLicence' | 'recordRole',
  user: DirectoryUser,
  recordId: string,
  key: string,
  catalogue: Catalogue,
  context: { rowId(userId: string, entity: string, key: string): string },
  parents: readonly string[],
): Operation | null {
  const { detail } = catalogue.mapping;
  const itemId = catalogue.rowOf(key);
  if (itemId === undefined) return null;
  const id = context.rowId(user.id, detail.entity, key);
  const creation = catalogue.creationOf(key);
  return {
    id: `${entity}.create:${id}`,
    entity,
    kind: 'create',
    person: user.id,
    target: { entity: detail.entity, id },
    before: null,
    after: { [detail.record]: recordId, [detail.item]: itemId },
    reason: `${user.displayName} (${user.login}) holds ${catalogue.nameOf(key)} in the directory.`,
    dependsOn: parents.concat(creation ?? []),
  };
}
