import { createRandom } from '../../kit/random.ts';
import { databaseError, noRecord } from '../errors.ts';
import type { Model } from '../model.ts';
import type { Entity } from '../schema.ts';
import type { Store } from '../store.ts';
import type { Switches } from '../switches.ts';
import { emptyValue, type StoredRow, type Value } from '../values.ts';
import type { Change } from './change.ts';
import { syncCommunications } from './communications.ts';
import { deriveContactNames } from './contact-names.ts';
import { removeRow } from './removal.ts';
import { checkSave } from './rules.ts';

/** Columns by code. */
export type Changes = ReadonlyMap<string, Value>;

/** Saves and deletes rows by the rules of the product. Everything but `load` leaves no trace when it throws. */
export interface Writer {
  /** @param contactId the caller's contact: creator and default owner. */
  create(entity: Entity, changes: Changes, contactId: string | null): StoredRow;
  /**
   * Also bumps `ModifiedOn` when nothing changes.
   *
   * @param mode `replace` resets the columns that are not sent (PUT; unproven).
   * @throws Refusal 404
   */
  update(
    entity: Entity,
    id: string,
    changes: Changes,
    contactId: string | null,
    mode?: 'merge' | 'replace',
  ): StoredRow;
  /** @throws Refusal 404, or 500 (23503) while other rows point there. */
  remove(entity: Entity, id: string): void;
  /** Stores a row as it stands, past all rules but the defaults; the start data is loaded so. */
  load(entity: Entity, changes: Changes): void;
}

export interface WriterDeps {
  store: Store;
  model: () => Model;
  switches: () => Switches;
  /** The server's present time as stored rows carry it. */
  stamp: () => string;
  random: () => number;
  /** Is told of every save and deletion but those of `load`, once it is certain. */
  changed?: (change: Change) => void;
}

/** Creates the writer. */
export function createWriter(deps: WriterDeps): Writer {
  const { store, stamp } = deps;

  const newId = (): string => createRandom(Math.floor(deps.random() * 2 ** 32)).guid();

  const tell = (change: Change): void => store.afterCommit(() => deps.changed?.(change));

  const templates = new WeakMap<Entity, StoredRow>();
  const templateOf = (entity: Entity): StoredRow => {
    const known = templates.get(entity);
    if (known !== undefined) return known;
    const template = Object.fromEntries(
      entity.columns.map((column) => [column.code, column.initial ?? emptyValue(column)]),
    );
    templates.set(entity, template);
    return template;
  };

  const blankRow = (entity: Entity, contactId: string | null): StoredRow => {
    const now = stamp();
    return {
      ...templateOf(entity),
      CreatedOn: now,
      CreatedById: contactId,
      ModifiedOn: now,
      ModifiedById: contactId,
    };
  };

  const save = (
    entity: Entity,
    before: StoredRow,
    sent: Changes,
    contactId: string | null,
    isNew: boolean,
  ): StoredRow =>
    store.transaction(() => {
      const switches = deps.switches();
      const changed = new Map(sent);
      const read = (code: string): string => String(changed.get(code) ?? before[code] ?? '');
      if (entity.code === 'Contact') {
        for (const [code, value] of deriveContactNames(sent, read, switches.contactNames)) {
          changed.set(code, value);
        }
      }
      const row: StoredRow = { ...before, ...Object.fromEntries(changed) };
      checkSave({ entity, row, isNew, changed }, deps.model(), store, switches);
      store.put(entity.code, row);
      const communications = deps.model().byCode.get('ContactCommunication');
      if (entity.code === 'Contact' && switches.syncCommunications && communications !== undefined) {
        syncCommunications(row, changed, store, () => blankRow(communications, contactId));
      }
      return row;
    });

  return {
    create: (entity, changes, contactId) => {
      const given = changes.get('Id');
      const id = typeof given === 'string' ? given : newId();
      if (store.get(entity.code, id) !== undefined) {
        throw databaseError('23505', `duplicate key value violates unique constraint "PK${entity.name}Id"`);
      }
      const owner = entity.byName.has('OwnerId') ? { OwnerId: contactId } : {};
      const before = { ...blankRow(entity, contactId), ...owner, Id: id };
      const row = save(entity, before, changes, contactId, true);
      tell({ entity, id, event: 'added', before: undefined, isCascade: false });
      return row;
    },
    update: (entity, id, changes, contactId, mode = 'merge') => {
      const before = store.get(entity.code, id);
      if (before === undefined) throw noRecord();
      const { CreatedOn = null, CreatedById = null } = before;
      const kept = mode === 'merge' ? before : { ...blankRow(entity, null), Id: id, CreatedOn, CreatedById };
      const stamps = { ModifiedOn: stamp(), ModifiedById: contactId };
      const row = save(entity, { ...kept, ...stamps }, changes, contactId, mode === 'replace');
      tell({ entity, id, event: 'modified', before, isCascade: false });
      return row;
    },
    remove: (entity, id) => {
      if (store.get(entity.code, id) === undefined) throw noRecord();
      const removed = store.transaction(() => removeRow(entity, id, deps.model(), store, deps.switches()));
      for (const one of removed) tell({ ...one, event: 'deleted', isCascade: one !== removed.at(-1) });
    },
    load: (entity, changes) => {
      const given = changes.get('Id');
      const id = typeof given === 'string' ? given : newId();
      store.put(entity.code, { ...blankRow(entity, null), ...Object.fromEntries(changes), Id: id });
    },
  };
}
