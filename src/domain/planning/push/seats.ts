import type { DirectoryLicence } from '../../person.ts';
import type { Operation } from '../plan.ts';
import { setCell } from './cells.ts';

/** Where the seat for a grant comes from: it is free now, or once another operation is done; or there is none. */
export type Seat = 'free' | { readonly after: string } | 'none';

export interface Seats {
  take(product: string, operationId: string): Seat;
  giveBack(product: string, operationId: string): void;
}

/**
 * The seats of each product: those left in licences that are valid now, and those that operations of the same plan free.
 * A product that the directory does not list, or whose licence is not counted by grants, has as many as are wanted.
 */
export function createSeats(
  licences: readonly DirectoryLicence[],
  operations: readonly Operation[],
  now: number,
): Seats {
  const free = new Map<string, number>();
  for (const { product, remain, competitive, validUntil } of licences) {
    const isValid = validUntil === null || validUntil > now;
    const seats = !isValid ? 0 : competitive ? Number.POSITIVE_INFINITY : Math.max(0, remain);
    free.set(product, (free.get(product) ?? 0) + seats);
  }
  const freed = new Map<string, string[]>();
  const parents = new Map(operations.map(({ id, dependsOn }) => [id, new Set(dependsOn)]));
  for (const { id, after, kind } of operations)
    if (kind === 'update')
      for (const [name, value] of Object.entries(after)) {
        const cell = setCell(name);
        if (cell?.set === 'licence' && value === false)
          freed.set(cell.key, [...(freed.get(cell.key) ?? []), id]);
      }
  const borrowed = new Map<string, string>();

  /** Does an operation come after another already, so that the reverse would never end? */
  function follows(id: string, other: string, seen = new Set<string>()): boolean {
    if (id === other) return true;
    if (seen.has(id)) return false;
    seen.add(id);
    return [...(parents.get(id) ?? [])].some((parent) => follows(parent, other, seen));
  }

  return {
    take(product, operationId) {
      const left = free.get(product);
      if (left === undefined) return 'free';
      if (left > 0) {
        free.set(product, left - 1);
        return 'free';
      }
      const sources = freed.get(product) ?? [];
      const index = sources.findIndex((id) => !follows(id, operationId));
      const source = sources[index];
      if (source === undefined) return 'none';
      freed.set(product, sources.toSpliced(index, 1));
      parents.get(operationId)?.add(source);
      borrowed.set(`${operationId}\n${product}`, source);
      return { after: source };
    },
    giveBack(product, operationId) {
      const source = borrowed.get(`${operationId}\n${product}`);
      if (source !== undefined) freed.set(product, [source, ...(freed.get(product) ?? [])]);
      else if (free.has(product)) free.set(product, (free.get(product) ?? 0) + 1);
    },
  };
}
