import type { Store, StoreReader } from '../store.ts';
import type { StoredRow } from '../values.ts';

/** The tables as others read them while transactions are open: rows that are held are as they were before. */
export interface Committed extends StoreReader {
  /** Holds a row that was just changed; answers what commits it. */
  hold(code: string, id: string, before: StoredRow | undefined): () => void;
}

/** Creates the view of others on the tables. */
export function createCommitted(store: Store): Committed {
  // By table and row, the oldest change first: others see what was before it.
  const held = new Map<string, Map<string, (StoredRow | undefined)[]>>();
  let changes = 0;

  const overlay = (code: string, rows: readonly StoredRow[]): readonly StoredRow[] => {
    const changed = held.get(code);
    if (changed === undefined) return rows;
    const untouched = rows.filter((row) => !changed.has(String(row['Id'])));
    const before = [...changed.values()].map(([oldest]) => oldest).filter((row) => row !== undefined);
    return [...untouched, ...before];
  };

  return {
    rows: (code) => overlay(code, store.rows(code)),
    get: (code, id) => {
      const states = held.get(code)?.get(id);
      return states === undefined ? store.get(code, id) : states[0];
    },
    // Never goes back, so that no two states of a table share a version.
    version: (code) => store.version(code) + changes,
    hold: (code, id, before) => {
      const table = held.get(code) ?? new Map<string, (StoredRow | undefined)[]>();
      const states = table.get(id) ?? [];
      // A box, since two changes may share what was before them.
      const state = before === undefined ? undefined : { ...before };
      states.push(state);
      table.set(id, states);
      held.set(code, table);
      changes += 1;
      return () => {
        states.splice(states.indexOf(state), 1);
        if (states.length === 0) table.delete(id);
        if (table.size === 0) held.delete(code);
        changes += 1;
      };
    },
  };
}
