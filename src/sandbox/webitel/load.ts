import type { Context } from './context.ts';
import {
  deviceRow,
  domainRow,
  licenseRow,
  parseRow,
  roleRow,
  sessionsRow,
  settingsRow,
  splitUser,
  toLicense,
  toRole,
  userRow,
} from './rows.ts';
import type { Tables } from '../types.ts';

const TABLES = ['users', 'roles', 'licenses', 'devices', 'domain', 'sessions', 'settings'] as const;
export type TableName = (typeof TABLES)[number];

/** Checks the name of a table; an unknown one is an error that lists the known ones. */
export function tableName(name: string): TableName {
  const found = TABLES.find((table) => table === name);
  if (found === undefined) {
    throw new Error(`The Webitel sandbox has no table "${name}". Known: ${TABLES.join(', ')}.`);
  }
  return found;
}

/**
 * Fills an empty directory from given rows. Rules of the product are not applied, so that faulty data can be planted;
 * shapes are: a row that cannot be read is an error that names table, row and field. Devices that users refer to and
 * that have no row get one.
 */
export function loadTables(context: Context, data: Tables): void {
  for (const table of Object.keys(data)) tableName(table);
  const { store } = context;
  for (const row of data['domain'] ?? []) store.domain = parseRow(domainRow, 'domain', row);
  for (const row of data['licenses'] ?? []) {
    store.licenses.put(toLicense(parseRow(licenseRow, 'licenses', row)));
  }
  for (const row of data['devices'] ?? []) store.devices.put(parseRow(deviceRow, 'devices', row));
  for (const row of data['sessions'] ?? []) {
    const { id, logouts } = parseRow(sessionsRow, 'sessions', row);
    if (logouts > 0) context.sessions.restoreLogouts(id, logouts);
  }
  for (const row of data['settings'] ?? []) {
    const { id, values } = parseRow(settingsRow, 'settings', row);
    for (const [key, value] of Object.entries(values)) context.settings.set(id, key, value);
  }
  const users = (data['users'] ?? []).map((row) => splitUser(parseRow(userRow, 'users', row)));
  for (const { user } of users) store.users.put(user);
  for (const row of data['roles'] ?? []) {
    const role = toRole(parseRow(roleRow, 'roles', row));
    if (role.user && store.users.get(role.id) !== undefined) continue;
    store.roles.put(role);
  }
  for (const { user, devices } of users) {
    const owner = { id: user.id, name: user.name };
    for (const { id, name } of user.device === null ? devices : [...devices, user.device]) {
      const known = store.devices.get(id);
      if (known === undefined) {
        const label = name === '' ? user.username : name;
        const account = `${user.username}-${id}`;
        store.devices.put(deviceRow.parse({ id, name: label, account, user: owner }));
      } else if (known.user === null) store.devices.put({ ...known, user: owner });
    }
  }
}
