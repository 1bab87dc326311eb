import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { SandboxClock } from '../../types.ts';
import { CONNECTION_TYPES, UNIT_TYPES } from '../catalog/rows.ts';
import { databaseError, serverError } from '../errors.ts';
import type { Model } from '../model.ts';
import type { Column, Entity } from '../schema.ts';
import type { Store } from '../store.ts';
import type { Switches } from '../switches.ts';
import { isGuid, readValue, type StoredRow, type Value } from '../values.ts';
import type { Writer } from '../write/writer.ts';
import { weaknessOf } from './password.ts';

export interface UserDeps {
  store: Store;
  writer: Writer;
  model: () => Model;
  switches: () => Switches;
  clock: SandboxClock;
  random: () => number;
}

const objectSchema = z.record(z.string(), z.json());
const USER_TYPES = [4, 5];

/**
 * Changes the user of the given `Id`, or makes it and its membership in the role. Names of the text's
 * members are those of `VwSysAdminUnit`; lookups go without `Id`.
 *
 * @throws Refusal for what the entity layer refuses.
 */
export function saveUser(
  jsonObject: string,
  roleId: string,
  callerContactId: string | null,
  deps: UserDeps,
): void {
  const { store, writer, switches } = deps;
  const { id, changes } = readUser(jsonObject, deps);
  const entity = entityOf('SysAdminUnit', deps);
  const isKnown = store.get('SysAdminUnit', id) !== undefined;
  checkRivals(id, changes, deps);
  store.transaction(() => {
    if (isKnown) {
      writer.update(entity, id, changes, callerContactId);
      return;
    }
    writer.create(entity, new Map([...changes, ['Id', id]]), callerContactId);
    join(id, roleId, callerContactId, deps);
  });
  const { postWriteError } = switches();
  if (postWriteError > 0 && deps.random() < postWriteError) {
    throw serverError('A handler that runs after the save has failed', 'System.InvalidOperationException');
  }
}

/** @throws Refusal if there is no such user, or rows point at it. */
export function removeUser(id: string, deps: UserDeps): void {
  const user = deps.store.get('SysAdminUnit', id);
  if (user === undefined || !isUser(user)) throw serverError(`User ${id} is not found`);
  deps.writer.remove(entityOf('SysAdminUnit', deps), id);
}

export const usersCount = ({ store }: UserDeps): number => store.rows('SysAdminUnit').filter(isUser).length;

export function isBlocked(id: string, { store, clock }: UserDeps): boolean {
  const until = store.get('SysAdminUnit', id)?.['UnblockTime'];
  return typeof until === 'string' && Date.parse(until) > clock.now();
}

function readUser(jsonObject: string, deps: UserDeps): { id: string; changes: Map<string, Value> } {
  const parsed = objectSchema.safeParse(parseJson(jsonObject));
  if (!parsed.success) throw serverError('The text of jsonObject is not a JSON object');
  const { Id, UserPassword, ...columns } = parsed.data;
  if (typeof Id !== 'string' || !isGuid(Id)) throw serverError('Id is not a GUID');
  // The password is checked and forgotten: nobody who is made here signs in.
  if (UserPassword !== undefined) {
    const weakness = weaknessOf(typeof UserPassword === 'string' ? UserPassword : '', deps.switches());
    if (weakness !== undefined) throw serverError(weakness);
  }
  const view = entityOf('VwSysAdminUnit', deps);
  const changes = new Map<string, Value>();
  for (const [name, value] of Object.entries(columns)) {
    const column = columnOf(view, name);
    const stored = storedColumn(column, readValue(column, value, 'reject'), deps.store);
    changes.set(stored.code, stored.value);
  }
  return { id: Id.toLowerCase(), changes };
}

/** A lookup is named without `Id`, everything else as it is. */
function columnOf(view: Entity, name: string): Column {
  const plain = view.byName.get(name);
  const column = view.byNavigation.get(name) ?? (plain?.lookup === undefined ? plain : undefined);
  if (column === undefined) throw serverError(`Column by path ${name} not found in schema VwSysAdminUnit`);
  return column;
}

/** What the view's triggers make of a column whose name or type differs in the table. */
function storedColumn(column: Column, value: Value, store: Store): { code: string; value: Value } {
  const numberOf = (types: readonly (readonly [number, string, string])[], otherwise: number): number =>
    types.find(([, id]) => id === value)?.[0] ?? otherwise;
  switch (column.code) {
    case 'SysAdminUnitTypeId':
      return { code: 'SysAdminUnitTypeValue', value: numberOf(UNIT_TYPES, 4) };
    case 'UserConnectionTypeId':
      return { code: 'ConnectionType', value: numberOf(CONNECTION_TYPES, 0) };
    case 'TimeZoneId':
      return { code: 'TimeZoneId', value: store.get('TimeZone', String(value))?.['Code'] ?? '' };
    default:
      return { code: column.code, value };
  }
}

/** What only some sites check: most leave it to the page in the browser. */
function checkRivals(id: string, changes: ReadonlyMap<string, Value>, { store, switches }: UserDeps): void {
  const { uniqueLogins, enforceUserPerContact } = switches();
  const others = store.rows('SysAdminUnit').filter((row) => row['Id'] !== id);
  const login = String(changes.get('Name') ?? '').toLowerCase();
  if (uniqueLogins && others.some((row) => String(row['Name']).toLowerCase() === login)) {
    throw databaseError('23505', 'duplicate key value violates unique constraint "IUSysAdminUnitName"');
  }
  const contactId = changes.get('ContactId') ?? null;
  if (
    enforceUserPerContact &&
    contactId !== null &&
    others.some((row) => isUser(row) && row['ContactId'] === contactId)
  ) {
    throw serverError('The contact is already that of another user');
  }
}

/** Ids of memberships derive from user and role, so that the same calls leave the same tables. */
function join(userId: string, roleId: string, callerContactId: string | null, deps: UserDeps): void {
  if (!isGuid(roleId)) throw serverError('roleId is not a GUID');
  const digits = createHash('sha1').update(`${userId} ${roleId.toLowerCase()}`).digest('hex');
  const id = digits.slice(0, 32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-5$3-a$4-$5');
  const row = new Map<string, Value>([
    ['Id', id],
    ['SysUserId', userId],
    ['SysRoleId', roleId.toLowerCase()],
  ]);
  deps.writer.create(entityOf('SysUserInRole', deps), row, callerContactId);
}

const isUser = (row: StoredRow): boolean => USER_TYPES.includes(Number(row['SysAdminUnitTypeValue']));

function entityOf(code: string, { model }: UserDeps): Entity {
  const entity = model().byCode.get(code);
  if (entity === undefined) throw serverError(`Entity schema ${code} was not found`);
  return entity;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
