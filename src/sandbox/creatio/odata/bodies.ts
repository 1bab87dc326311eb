import { z } from 'zod';
import type { Json, Row } from '../../types.ts';
import { badBody } from '../errors.ts';
import { EMPTY_GUID, type Entity } from '../schema.ts';
import type { Switches } from '../switches.ts';
import { readValue, type StoredRow, type Value, type WriteOptions, writeValue } from '../values.ts';
import type { StoreReader } from '../store.ts';
import type { Shape } from './options.ts';

/** The server sets these itself, whatever is sent. */
const STAMPS = ['CreatedOn', 'CreatedById', 'ModifiedOn', 'ModifiedById'];

const objectSchema = z.record(z.string(), z.json());

/**
 * Reads the body of a write, with its traps: unknown names are ignored by PATCH and, unless a
 * switch says otherwise, by POST; navigations are ignored; an empty GUID in a PATCH changes nothing.
 *
 * @throws Refusal 400, or 500 (22001) for a text that is too long.
 */
export function readBody(
  body: unknown,
  entity: Entity,
  kind: 'insert' | 'update',
  switches: Switches,
): Map<string, Value> {
  const parsed = objectSchema.safeParse(body);
  if (!parsed.success) throw badBody('The body must be a JSON object.');
  const changes = new Map<string, Value>();
  for (const [name, json] of Object.entries(parsed.data)) {
    const column = entity.byName.get(name);
    if (column === undefined) {
      const isKnown = entity.byNavigation.has(name) || name.includes('@') || name.includes('/');
      if (kind === 'update' || isKnown || switches.unknownOnPost === 'ignore') continue;
      throw badBody(
        `The property '${name}' does not exist on type 'Terrasoft.Configuration.OData.${entity.name}'.`,
      );
    }
    if (STAMPS.includes(column.code) || (kind === 'update' && column.code === 'Id')) continue;
    const value = readValue(column, json, switches.zonelessDate);
    if (kind === 'update' && column.type === 'guid' && json === EMPTY_GUID) continue;
    changes.set(column.code, value);
  }
  return changes;
}

/** Writes a row as answers carry it; expanded lookups are objects, or null where the lookup is empty. */
export function writeRow(row: StoredRow, shape: Shape, store: StoreReader, options: WriteOptions): Row {
  const result: Row = {};
  for (const column of shape.columns) result[column.name] = writeValue(column, row[column.code], options);
  for (const expansion of shape.expansions) {
    const id = row[expansion.column.code];
    const target = typeof id === 'string' ? store.get(expansion.target.code, id) : undefined;
    const embedded: Json = target === undefined ? null : writeRow(target, expansion.shape, store, options);
    result[expansion.navigation] = embedded;
  }
  return result;
}

/** The list behind a set's name in `@odata.context`: `(Id,Name,Contact(Name))`, empty without selection. */
export function contextSuffix(shape: Shape): string {
  const expansions = shape.expansions.map(
    (expansion) => `${expansion.navigation}${contextSuffix(expansion.shape) || '()'}`,
  );
  const columns = shape.isSelected ? shape.columns.map((column) => column.name) : [];
  const names = [...columns, ...expansions];
  return names.length === 0 ? '' : `(${names.join(',')})`;
}
