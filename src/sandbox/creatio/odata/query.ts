import { badQuery } from '../errors.ts';
import type { Model } from '../model.ts';
import type { Entity } from '../schema.ts';
import type { StoreReader } from '../store.ts';
import type { Switches } from '../switches.ts';
import type { StoredRow, Value } from '../values.ts';
import { compileFilter, order, type Filter } from './filter.ts';
import { resolvePath, type Path } from './paths.ts';

/** Finds the rows that a query means, before paging. */
export interface Queries {
  find(entity: Entity, filter: string | undefined, orderby: string | undefined): readonly StoredRow[];
  /** Forgets everything: the model or a switch has changed. */
  clear(): void;
}

interface Answer {
  tables: readonly string[];
  version: number;
  rows: readonly StoredRow[];
}

/** A reader pages through few queries at a time. */
const REMEMBERED = 24;

/**
 * Creates the reader. Filtered and ordered results are remembered until one of their tables changes, so that paging
 * through many rows costs one sort; what has no order is shuffled anew for each request.
 */
export function createQueries(deps: {
  store: StoreReader;
  model: () => Model;
  switches: () => Switches;
  random: () => number;
}): Queries {
  const { store, random } = deps;
  const remembered = new Map<string, Answer>();

  const versionOf = (tables: readonly string[]): number =>
    tables.reduce((sum, code) => sum + store.version(code), 0);

  const recall = (key: string, make: () => Omit<Answer, 'version'>): readonly StoredRow[] => {
    const known = remembered.get(key);
    if (known !== undefined && known.version === versionOf(known.tables)) return known.rows;
    const made = make();
    remembered.delete(key);
    remembered.set(key, { ...made, version: versionOf(made.tables) });
    const oldest = remembered.keys().next();
    if (remembered.size > REMEMBERED && oldest.done !== true) remembered.delete(oldest.value);
    return made.rows;
  };

  /** The rows that a filter has to look at: where it names rows by their ids, those. */
  const candidates = (entity: Entity, { ids }: Filter): readonly StoredRow[] =>
    ids === undefined
      ? store.rows(entity.code)
      : [...ids].map((id) => store.get(entity.code, id)).filter((row) => row !== undefined);

  return {
    find: (entity, filter, orderby) => {
      const { caseSensitive, orderTieById, shuffle } = deps.switches();
      const model = deps.model();
      const matching = (): Omit<Answer, 'version'> => {
        if (filter === undefined) return { tables: [entity.code], rows: store.rows(entity.code) };
        const compiled = compileFilter(filter, { entity, model, store, isCaseSensitive: caseSensitive });
        const rows = candidates(entity, compiled).filter((row) => compiled.test(row));
        return { tables: compiled.tables, rows };
      };
      if (orderby === undefined) {
        const rows = recall(JSON.stringify([entity.code, filter]), matching);
        return shuffle ? shuffled(rows, random) : rows;
      }
      const keys = parseOrder(orderby, entity, model, store);
      const sort = (rows: readonly StoredRow[]): readonly StoredRow[] => sorted(rows, keys, orderTieById);
      if (!orderTieById) return sort(shuffled(matching().rows, random));
      return recall(JSON.stringify([entity.code, filter, orderby]), () => {
        const found = matching();
        const tables = [...found.tables, ...keys.flatMap((key) => key.path.tables)];
        return { tables, rows: sort(found.rows) };
      });
    },
    clear: () => remembered.clear(),
  };
}

interface SortKey {
  path: Path;
  sign: 1 | -1;
}

function parseOrder(orderby: string, entity: Entity, model: Model, store: StoreReader): SortKey[] {
  return orderby.split(',').map((item) => {
    const match = /^([\w/.]+)(?:\s+(asc|desc))?$/.exec(item.trim());
    if (match === null) throw badQuery(`Syntax error in $orderby: '${item}'.`);
    const path = resolvePath(match[1] ?? '', entity, model, store);
    if (path.isNavigation) throw badQuery(`$orderby by '${item.trim()}', which is no primitive value.`);
    return { path, sign: match[2] === 'desc' ? -1 : 1 };
  });
}

function sorted(
  rows: readonly StoredRow[],
  keys: readonly SortKey[],
  tieById: boolean,
): readonly StoredRow[] {
  const entries = rows.map((row) => ({ row, values: keys.map((key): Value => key.path.read(row)) }));
  const signs = keys.map((key) => key.sign);
  entries.sort((a, b) => {
    for (let index = 0; index < signs.length; index += 1) {
      const result = order(a.values[index] ?? null, b.values[index] ?? null);
      if (result !== 0) return result * (signs[index] ?? 1);
    }
    return tieById ? order(a.row['Id'] ?? null, b.row['Id'] ?? null) : 0;
  });
  return entries.map((entry) => entry.row);
}

function shuffled(rows: readonly StoredRow[], random: () => number): readonly StoredRow[] {
  const copy = [...rows];
  for (let last = copy.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const [a, b] = [copy[last], copy[other]];
    if (a !== undefined && b !== undefined) {
      copy[last] = b;
      copy[other] = a;
    }
  }
  return copy;
}
