import type { Mapping } from '../mapping/schema.ts';
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
  context: { readonly mapping: Mapping; rowId(userId: string, entity: string, key: string): string },
  parents: readonly string[],
): SetPlan {
  if (catalogue === null) return { operations: [], base: { crm: [], directory: [], rows: {} } };
  const { detail } = catalogue.mapping;
  const managed = held.filter((key) => catalogue.rowOf(key) !== undefined).toSorted();
  const ids: Record<string, string> = {};
  for (const row of rows) if (row.key !== null) ids[row.key] ??= row.id;

  const operations: Operation[] = [];
  for (const key of managed) {
    const itemId = catalogue.rowOf(key);
    if (ids[key] !== undefined || itemId === undefined) continue;
    const id = context.rowId(user.id, detail.entity, key);
    ids[key] = id;
    const creation = catalogue.creationOf(key);
    operations.push({
      id: `${entity}.create:${id}`,
      entity,
      kind: 'create',
      person: user.id,
      target: { entity: detail.entity, id },
      before: null,
      after: { [detail.record]: recordId, [detail.item]: itemId },
      reason: `${user.displayName} (${user.login}) holds ${catalogue.nameOf(key)} in the directory.`,
      dependsOn: creation === undefined ? [...parents] : [...parents, creation],
    });
  }
  return { operations, base: { crm: Object.keys(ids).toSorted(), directory: managed, rows: ids } };
}
