import { databaseError } from '../errors.ts';
import type { Model } from '../model.ts';
import type { Column, Entity } from '../schema.ts';
import type { Store } from '../store.ts';
import type { Switches } from '../switches.ts';
import type { StoredRow } from '../values.ts';

/** A row that is no more. */
export interface RemovedRow {
  entity: Entity;
  id: string;
  before: StoredRow | undefined;
}

/**
 * Deletes a row and what cascades from it.
 *
 * @returns all deleted rows, the one that was named as the last.
 * @throws Refusal 500 (23503) if a row points there that neither cascades nor may be cleared.
 */
export function removeRow(
  entity: Entity,
  id: string,
  model: Model,
  store: Store,
  switches: Switches,
): RemovedRow[] {
  const removed: RemovedRow[] = [];
  for (const { child, column } of references(entity, model)) {
    const pointing = store.find(child.code, [column.code], [id]).filter((row) => row['Id'] !== id);
    for (const row of pointing) {
      if (cascades(child, column, switches)) {
        removed.push(...removeRow(child, String(row['Id']), model, store, switches));
      } else if (switches.deleteReferenced === 'clear') {
        store.put(child.code, { ...row, [column.code]: null });
      } else {
        throw databaseError(
          '23503',
          `update or delete on table "${entity.name}" violates foreign key constraint "FK_${child.name}_${column.name}" on table "${child.name}"`,
        );
      }
    }
  }
  removed.push({ entity, id, before: store.get(entity.code, id) });
  store.remove(entity.code, id);
  return removed;
}

function references(entity: Entity, model: Model): { child: Entity; column: Column }[] {
  return [...model.byCode.values()]
    .filter((child) => !child.isView)
    .flatMap((child) =>
      child.columns
        .filter((column) => column.lookup?.target === entity.code)
        .map((column) => ({ child, column })),
    );
}

function cascades(child: Entity, column: Column, switches: Switches): boolean {
  if (column.lookup?.cascades !== true) return false;
  return switches.cascadeDetails || !child.code.startsWith('Usr');
}
