import { isEmpty, type StoredRow, type Value } from './values.ts';

/** Finds the rows of one table by what they hold in some columns; a row that leaves one of them empty is not in it. */
export interface Index {
  add(row: StoredRow): void;
  remove(row: StoredRow): void;
  /** Ids of the rows that hold exactly these values. */
  find(values: readonly Value[]): readonly string[];
}

/** Creates an empty index over these columns. */
export function createIndex(columns: readonly string[]): Index {
  // Most keys have one row; a set for each of them would take more room than the rows.
  const ids = new Map<string, string | Set<string>>();

  const keyOf = (row: StoredRow): string | undefined =>
    columns.some((column) => isEmpty(row[column]))
      ? undefined
      : toKey(columns.map((column) => row[column] ?? null));

  return {
    add: (row) => {
      const key = keyOf(row);
      if (key === undefined) return;
      const id = String(row['Id']);
      const known = ids.get(key);
      if (known === undefined) ids.set(key, id);
      else if (typeof known !== 'string') known.add(id);
      else if (known !== id) ids.set(key, new Set([known, id]));
    },
    remove: (row) => {
      const key = keyOf(row);
      if (key === undefined) return;
      const id = String(row['Id']);
      const known = ids.get(key);
      if (known === id) ids.delete(key);
      else if (known instanceof Set) {
        known.delete(id);
        if (known.size === 0) ids.delete(key);
      }
    },
    find: (values) => {
      const known = ids.get(toKey(values));
      if (known === undefined) return [];
      return typeof known === 'string' ? [known] : [...known];
    },
  };
}

const toKey = (values: readonly Value[]): string =>
  values.length === 1 && typeof values[0] === 'string' ? values[0] : JSON.stringify(values);
