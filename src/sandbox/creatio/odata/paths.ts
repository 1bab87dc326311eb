import { badQuery, serverError } from '../errors.ts';
import type { Model } from '../model.ts';
import type { Column, Entity } from '../schema.ts';
import type { StoreReader } from '../store.ts';
import { emptyValue, type StoredRow, type Value } from '../values.ts';

/** A path of `$filter` or `$orderby`, ready to be read from rows. */
export interface Path {
  /** The column at its end. */
  column: Column;
  /** The path ends in a navigation: only `eq null` and `ne null` make sense of it. */
  isNavigation: boolean;
  read(row: StoredRow): Value;
  /** The tables that `read` looks into. */
  tables: readonly string[];
}

/**
 * Resolves a path such as `Name` or `UsrContact/Id`. Lookups are addressed by navigation only: their flat name is
 * known to the EDM, and the server breaks on it.
 *
 * @throws Refusal 400 for an unknown name, 500 for a flat lookup.
 */
export function resolvePath(path: string, entity: Entity, model: Model, store: StoreReader): Path {
  const segments = path.split('/');
  const last = segments.pop() ?? '';
  const hops: { column: Column; target: Entity }[] = [];
  let at = entity;
  for (const segment of segments) {
    const column = at.byNavigation.get(segment);
    const target = column?.lookup === undefined ? undefined : model.byCode.get(column.lookup.target);
    if (column === undefined || target === undefined) throw unknownProperty(segment, at);
    hops.push({ column, target });
    at = target;
  }

  const navigation = at.byNavigation.get(last);
  const column = navigation ?? at.byName.get(last);
  if (column === undefined) throw unknownProperty(last, at);
  if (navigation === undefined && column.lookup !== undefined) {
    throw serverError(
      `Column by path ${path} not found in schema ${entity.name}`,
      'Terrasoft.Common.ItemNotFoundException',
    );
  }
  return {
    column,
    isNavigation: navigation !== undefined,
    read: createReader(hops, column, store),
    tables: [entity.code, ...hops.map(({ target }) => target.code)],
  };
}

function createReader(
  hops: readonly { column: Column; target: Entity }[],
  column: Column,
  store: StoreReader,
): (row: StoredRow) => Value {
  const [first] = hops;
  if (first === undefined) return (row) => row[column.code] ?? emptyValue(column);
  // As in the database, the Id behind a lookup needs no join.
  if (hops.length === 1 && column.code === 'Id') return (row) => row[first.column.code] ?? null;
  return (row) => {
    let current: StoredRow | undefined = row;
    for (const hop of hops) {
      const id: Value | undefined = current[hop.column.code];
      current = typeof id === 'string' ? store.get(hop.target.code, id) : undefined;
      if (current === undefined) return null;
    }
    return current[column.code] ?? emptyValue(column);
  };
}

export const unknownProperty = (name: string, entity: Entity) =>
  badQuery(
    `Could not find a property named '${name}' on type 'Terrasoft.Configuration.OData.${entity.name}'.`,
  );
