import { createIndex, type Index } from './row-index.ts';
import type { StoredRow, Value } from './values.ts';

/** The tables as a reader sees them. */
export interface StoreReader {
  rows(code: string): readonly StoredRow[];
  get(code: string, id: string): StoredRow | undefined;
  /** Grows with every change of the table (of a view: of the tables below it). */
  version(code: string): number;
}

/** The tables, by entity code and row id. Rows are never changed in place. */
export interface Store extends StoreReader {
  /**
   * The rows that hold exactly these values in these columns, none of them empty. The first call makes an index, which
   * is kept up to date from then on. Not for views.
   */
  find(code: string, columns: readonly string[], values: readonly Value[]): readonly StoredRow[];
  put(code: string, row: StoredRow): void;
  remove(code: string, id: string): void;
  /** Runs `work`; if it throws, the tables are as before. */
  transaction<T>(work: () => T): T;
  /** Runs `work` when the transactions that are open have ended well, at once where none is. */
  afterCommit(work: () => void): void;
}

/** Rows that are computed from other tables. */
export interface View {
  code: string;
  /** The tables that it reads; the first one has a row for each row of the view, under the same id. */
  sources: readonly string[];
  derive(row: StoredRow, store: Store): StoredRow;
}

interface Table {
  rows: Map<string, StoredRow>;
  version: number;
  /** The rows as a list, good for the version it was made at. */
  list: { version: number; rows: readonly StoredRow[] };
  /** By the names of their columns. */
  indexes: Map<string, Index>;
}

/** Creates empty tables. */
export function createStore(views: readonly View[]): Store {
  const tables = new Map<string, Table>();
  const lists = new Map<string, { version: number; rows: readonly StoredRow[] }>();
  let journal: { undo: () => void; done?: () => void }[] | undefined;

  const table = (code: string): Table => {
    let found = tables.get(code);
    if (found === undefined) {
      found = { rows: new Map(), version: 1, list: { version: 0, rows: [] }, indexes: new Map() };
      tables.set(code, found);
    }
    return found;
  };
  const viewOf = (code: string): View | undefined => views.find((view) => view.code === code);

  const write = (code: string, id: string, row: StoredRow | undefined): void => {
    const found = table(code);
    const before = found.rows.get(id);
    if (row === undefined) found.rows.delete(id);
    else found.rows.set(id, row);
    for (const index of found.indexes.values()) {
      if (before !== undefined) index.remove(before);
      if (row !== undefined) index.add(row);
    }
    found.version += 1;
    journal?.push({ undo: () => write(code, id, before) });
  };

  const store: Store = {
    rows: (code) => {
      const view = viewOf(code);
      if (view === undefined) {
        const { rows, version, list } = table(code);
        if (list.version === version) return list.rows;
        table(code).list = { version, rows: [...rows.values()] };
        return table(code).list.rows;
      }
      const version = store.version(code);
      const cached = lists.get(code);
      if (cached?.version === version) return cached.rows;
      const rows = store.rows(view.sources[0] ?? '').map((row) => view.derive(row, store));
      lists.set(code, { version, rows });
      return rows;
    },
    get: (code, id) => {
      const view = viewOf(code);
      if (view === undefined) return table(code).rows.get(id);
      const row = table(view.sources[0] ?? '').rows.get(id);
      return row === undefined ? undefined : view.derive(row, store);
    },
    find: (code, columns, values) => {
      const { rows, indexes } = table(code);
      const name = columns.join();
      let index = indexes.get(name);
      if (index === undefined) {
        index = createIndex(columns);
        for (const row of rows.values()) index.add(row);
        indexes.set(name, index);
      }
      return index
        .find(values)
        .map((id) => rows.get(id))
        .filter((row) => row !== undefined);
    },
    put: (code, row) => write(code, String(row['Id']), row),
    remove: (code, id) => write(code, id, undefined),
    version: (code) =>
      (viewOf(code)?.sources ?? [code]).reduce((sum, source) => sum + table(source).version, 0),
    transaction: <T>(work: () => T): T => {
      const outer = journal;
      const mine: NonNullable<typeof journal> = [];
      journal = mine;
      let result: T;
      try {
        result = work();
      } catch (error) {
        journal = undefined;
        for (const { undo } of mine.toReversed()) undo();
        throw error;
      } finally {
        journal = outer;
      }
      if (outer === undefined) for (const { done } of mine) done?.();
      else outer.push(...mine);
      return result;
    },
    afterCommit: (work) => {
      if (journal === undefined) work();
      else journal.push({ undo: () => undefined, done: work });
    },
  };
  return store;
}
