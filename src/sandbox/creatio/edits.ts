import type { Row, Tables } from '../types.ts';
import type { Model } from './model.ts';
import type { Entity } from './schema.ts';
import type { Store } from './store.ts';
import { readValue, writeValue, type StoredRow, type Value } from './values.ts';
import type { Writer } from './write/writer.ts';

/** The tables past HTTP: start data, edits by others, and the state for `--data`. */
export interface Edits {
  /** Stores rows as they stand; lookups may point to rows that are missing or come later. */
  load(tables: Tables): void;
  insertRow(table: string, row: Row): Row;
  updateRow(table: string, id: string, changes: Row): Row;
  deleteRow(table: string, id: string): void;
  state(): Tables;
}

/** @param editor the contact in whose name rows are edited. */
export function createEdits(deps: {
  store: Store;
  writer: Writer;
  model: () => Model;
  editor: () => string | null;
}): Edits {
  const { store, writer, editor } = deps;

  const entityOf = (name: string): Entity => {
    const entity = deps.model().byName.get(name);
    if (entity === undefined) {
      const known = [...deps.model().byName.keys()].toSorted().join(', ');
      throw new Error(`The Creatio sandbox has no table ${name}. Known: ${known}.`);
    }
    if (entity.isView) throw new Error(`${name} is a view: edit the table below it.`);
    return entity;
  };

  return {
    load: (tables) => {
      for (const [name, rows] of Object.entries(tables)) {
        const entity = entityOf(name);
        for (const row of rows) writer.load(entity, readRow(entity, row));
      }
    },
    insertRow: (table, row) => {
      const entity = entityOf(table);
      return exportRow(entity, writer.create(entity, readRow(entity, row), editor()));
    },
    updateRow: (table, id, changes) => {
      const entity = entityOf(table);
      return exportRow(entity, writer.update(entity, id.toLowerCase(), readRow(entity, changes), editor()));
    },
    deleteRow: (table, id) => writer.remove(entityOf(table), id.toLowerCase()),
    state: () =>
      Object.fromEntries(
        [...deps.model().byName.values()]
          .filter((entity) => !entity.isView)
          .map((entity) => [entity.name, store.rows(entity.code).map((row) => exportRow(entity, row))]),
      ),
  };
}

function readRow(entity: Entity, row: Row): Map<string, Value> {
  return new Map(
    Object.entries(row).map(([name, json]) => {
      const column = entity.byName.get(name);
      if (column === undefined) {
        const known = [...entity.byName.keys()].join(', ');
        throw new Error(`${entity.name} of the Creatio sandbox has no column ${name}. Known: ${known}.`);
      }
      try {
        return [column.code, readValue(column, json, 'reject')];
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`${entity.name}.${name}: ${reason}`, { cause: error });
      }
    }),
  );
}

function exportRow(entity: Entity, row: StoredRow): Row {
  const options = { fakeLocalZ: 0, isPrecise: false };
  return Object.fromEntries(
    entity.columns.map((column) => [column.name, writeValue(column, row[column.code], options)]),
  );
}
