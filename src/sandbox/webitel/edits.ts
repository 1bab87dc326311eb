import { createdStamps, type Context } from './context.ts';
import { checkDevice, dropDevice } from './devices.ts';
import { tableName, type TableName } from './load.ts';
import { checkRole, dropRole } from './roles.ts';
import {
  deviceRow,
  domainRow,
  licenseRow,
  parseRow,
  roleRow,
  splitUser,
  toLicense,
  toRole,
  userRow,
  type User,
} from './rows.ts';
import type { Row } from '../types.ts';
import { changeUser, createUser, dropUser, releaseDevice } from './user-writer.ts';
import type { RowTable } from './views.ts';

/** Edits of one table. Each answers the id of the row that it left. */
interface Editor {
  insert(row: Row): string;
  update(id: string, before: Row, changes: Row): string;
  remove(id: string): void;
}

/** Edits past the HTTP interface, as if somebody else had made them; see `Sandbox`. */
export interface Edits {
  insert(table: string, row: Row): Row;
  update(table: string, id: string, changes: Row): Row;
  remove(table: string, id: string): void;
}

export function createEdits(context: Context): Edits {
  const { store } = context;
  const editors: Record<RowTable, Editor> = {
    users: userEditor(context),
    roles: roleEditor(context),
    licenses: licenseEditor(context),
    devices: deviceEditor(context),
  };

  const shown = (table: RowTable, id: string): Row => {
    const row = context.views.row(table, id);
    if (row === undefined) throw new Error(`The Webitel table "${table}" has no row ${id}.`);
    return row;
  };

  return {
    insert: (name, row) => {
      const table = rowTable(name, 'inserted');
      const id = row['id'];
      if ((typeof id === 'string' || typeof id === 'number') && context.views.row(table, String(id))) {
        throw new Error(`The Webitel table "${table}" has a row ${id} already.`);
      }
      return shown(table, editors[table].insert(row));
    },
    update: (name, id, changes) => {
      if (tableName(name) === 'domain') {
        store.domain = parseRow(domainRow, 'domain', { ...store.domain, ...changes });
        return { ...store.domain };
      }
      const table = rowTable(name, 'updated');
      return shown(table, editors[table].update(id, shown(table, id), changes));
    },
    remove: (name, id) => {
      const table = rowTable(name, 'removed');
      shown(table, id);
      editors[table].remove(id);
    },
  };
}

/** The named table, where rows can come and go: all but the domain. */
function rowTable(name: string, verb: string): RowTable {
  const table: TableName = tableName(name);
  if (table === 'sessions' || table === 'settings') {
    throw new Error(`The Webitel table "${table}" is what users have done: sign in, or set it, as they do.`);
  }
  if (table !== 'domain') return table;
  throw new Error(`The Webitel directory has exactly one domain: it can be updated, not ${verb}.`);
}

/** A new row with stamps and an id, unless it brings its own. */
function completed(context: Context, row: Row, nextId: string): Row {
  const { created_at, updated_at } = createdStamps(context, null);
  return { created_at, updated_at, id: nextId, ...row };
}

function userEditor(context: Context): Editor {
  const { store } = context;
  return {
    insert: (row) => {
      const complete = completed(context, row, store.nextSubjectId());
      const { user, devices } = splitUser(parseRow(userRow, 'users', complete));
      return createUser(context, { user, devices, touched: [], by: null }).id;
    },
    update: (id, shown, changes) => {
      const before = store.users.get(id);
      if (before === undefined) return id;
      const { user, devices } = splitUser(parseRow(userRow, 'users', { ...shown, ...changes, id }));
      const after = changeUser(context, before, {
        user: { ...user, status: before.status, note: before.note },
        devices: 'devices' in changes ? devices : undefined,
        touched: Object.keys(changes).filter((name) => !name.startsWith('deleted_')),
        by: null,
      });
      if ('updated_at' in changes) store.users.put({ ...after, updated_at: user.updated_at });
      return id;
    },
    remove: (id) => {
      const user = store.users.get(id);
      if (user !== undefined) dropUser(context, user);
    },
  };
}

function roleEditor(context: Context): Editor {
  const { store } = context;
  return {
    insert: (row) => {
      const complete = completed(context, row, store.nextSubjectId());
      const role = toRole(parseRow(roleRow, 'roles', complete));
      checkRole(context, role);
      store.roles.put(role);
      return role.id;
    },
    update: (id, shown, changes) => {
      const merged = { ...shown, updated_at: String(context.now()), ...changes, id };
      const role = toRole(parseRow(roleRow, 'roles', merged));
      checkRole(context, role, store.roles.get(id));
      store.roles.put(role);
      return id;
    },
    remove: (id) => dropRole(context, id),
  };
}

function licenseEditor(context: Context): Editor {
  const { store } = context;
  const eachHolder = (id: string, change: (user: User) => User['license']): void => {
    for (const userId of store.users.find('license', id)) {
      const user = store.users.get(userId);
      if (user !== undefined) store.users.put({ ...user, license: change(user) });
    }
  };
  return {
    insert: (row) => {
      const license = toLicense(parseRow(licenseRow, 'licenses', row));
      store.licenses.put(license);
      return license.id;
    },
    // A changed id is a renewal under a new serial: whoever held the old one holds the new one.
    update: (id, shown, changes) => {
      const after = toLicense(parseRow(licenseRow, 'licenses', { ...shown, ...changes }));
      if (after.id !== id) {
        if (store.licenses.get(after.id) !== undefined) {
          throw new Error(`The Webitel table "licenses" has a row ${after.id} already.`);
        }
        eachHolder(id, (user) =>
          user.license.map((grant) => (grant.id === id ? { ...grant, id: after.id } : grant)),
        );
        store.licenses.drop(id);
      }
      store.licenses.put(after);
      return after.id;
    },
    remove: (id) => {
      eachHolder(id, (user) => user.license.filter((grant) => grant.id !== id));
      store.licenses.drop(id);
    },
  };
}

function deviceEditor(context: Context): Editor {
  const { store } = context;
  return {
    insert: (row) => {
      const complete = completed(context, row, store.nextDeviceId());
      const device = parseRow(deviceRow, 'devices', complete);
      checkDevice(context, device);
      store.devices.put(device);
      return device.id;
    },
    update: (id, shown, changes) => {
      const merged = { ...shown, updated_at: String(context.now()), ...changes, id };
      const device = parseRow(deviceRow, 'devices', merged);
      checkDevice(context, device);
      if (device.user?.id !== store.devices.get(id)?.user?.id) releaseDevice(context, id);
      store.devices.put(device);
      return id;
    },
    remove: (id) => dropDevice(context, id),
  };
}
