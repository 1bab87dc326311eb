import { databaseError, serverError } from '../errors.ts';
import type { Model } from '../model.ts';
import type { Entity } from '../schema.ts';
import type { Store } from '../store.ts';
import type { Switches } from '../switches.ts';
import { isEmpty, type StoredRow, type Value } from '../values.ts';

/** What the rules of a save look at. */
export interface SaveSubject {
  entity: Entity;
  /** The row as it would be stored. */
  row: StoredRow;
  isNew: boolean;
  /** Codes of the columns that this save sets. */
  changed: ReadonlyMap<string, Value>;
}

/**
 * Checks a save against required columns, refusals, foreign keys and unique indexes.
 *
 * @throws Refusal 500 in the three-level envelope.
 */
export function checkSave(subject: SaveSubject, model: Model, store: Store, switches: Switches): void {
  checkRequired(subject);
  checkRefusals(subject, switches);
  checkForeignKeys(subject, model, store);
  if (switches.uniqueIndexes) checkUnique(subject, store);
}

/** The application layer's check; its wording over OData is unproven. */
function checkRequired({ entity, row, isNew, changed }: SaveSubject): void {
  for (const column of entity.columns) {
    if (!column.isRequired || !(isNew || changed.has(column.code)) || !isEmpty(row[column.code])) continue;
    throw serverError(
      `Field "${column.lookup?.navigation ?? column.name}" of "${entity.name}" must be filled in`,
      'Terrasoft.Core.Entities.EntityValidationException',
    );
  }
}

function checkRefusals({ entity, row }: SaveSubject, switches: Switches): void {
  for (const rule of switches.refuseRows) {
    if (rule.entity !== entity.name) continue;
    const column = entity.byName.get(rule.column);
    if (column === undefined || row[column.code] !== rule.equals) continue;
    throw serverError(
      `The value of "${rule.column}" is refused by a rule of "${entity.name}"`,
      'Terrasoft.Common.ItemNotSavedException',
    );
  }
}

function checkForeignKeys({ entity, row, isNew, changed }: SaveSubject, model: Model, store: Store): void {
  for (const column of entity.columns) {
    const id = row[column.code];
    if (column.lookup === undefined || typeof id !== 'string' || !(isNew || changed.has(column.code)))
      continue;
    const { target } = column.lookup;
    const isSelf = target === entity.code && id === row['Id'];
    if (isSelf || !model.byCode.has(target) || store.get(target, id) !== undefined) continue;
    throw databaseError(
      '23503',
      `insert or update on table "${entity.name}" violates foreign key constraint "FK_${entity.name}_${column.name}"`,
    );
  }
}

function checkUnique({ entity, row, isNew, changed }: SaveSubject, store: Store): void {
  for (const codes of entity.unique) {
    const isTouched = isNew || codes.some((code) => changed.has(code));
    if (!isTouched || codes.some((code) => isEmpty(row[code]))) continue;
    const values = codes.map((code) => row[code] ?? null);
    const rivals = store.find(entity.code, codes, values).filter((other) => other['Id'] !== row['Id']);
    if (rivals.length === 0) continue;
    throw databaseError(
      '23505',
      `duplicate key value violates unique constraint "IU${entity.name}${codes.join('')}"`,
    );
  }
}
