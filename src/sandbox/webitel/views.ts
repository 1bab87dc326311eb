import type { Row, Tables } from '../types.ts';
import {
  deviceMessage,
  licenseMessage,
  roleMessage,
  userMessage,
  writeMessage,
  type Message,
  type Source,
} from './messages.ts';
import { compareIds } from './query.ts';
import type { Device, Grant, License, Ref, Role, User } from './rows.ts';
import type { Store } from './store.ts';
import type { Switches } from './switches.ts';

/** Rows as the product shows them: names of what they refer to looked up, computed fields filled in. */
export interface Views {
  user(user: User): Source;
  role(role: Role): Source;
  license(license: License): Source;
  device(device: Device): Source;
  /** The devices that are attached to a user, by id. */
  devicesOf(userId: string): Ref[];
  /** Free seats of a licence; of a concurrent one the whole limit, since nobody is signed in here. */
  remain(license: License): number;
  /** Whether a licence is in its term now. */
  isInTerm(license: License): boolean;
  /** All roles by id; with the personal ones where the switch says so. Cached until a change. */
  roles(): readonly Role[];
  /** A role, or the personal role of a user that has this id. */
  roleById(id: string): Role | undefined;
  /** One row as `state` shows it; `undefined` where there is none. */
  row(table: RowTable, id: string): Row | undefined;
  /** All rows by table, in wire names. */
  state(): Tables;
}

export function createViews(store: Store, switches: () => Switches, now: () => number): Views {
  let roleCache: { revision: number; personal: boolean; rows: readonly Role[] } | undefined;

  const devicesOf = (userId: string): Ref[] =>
    [...store.devices.find('owner', userId)]
      .map((id) => store.devices.get(id))
      .filter((device) => device !== undefined && !device.hotdesk)
      .map((device) => ({ id: device?.id ?? '', name: device?.name ?? '' }))
      .toSorted(compareIds);

  const grantSource = (grant: Grant): Grant => {
    const license = store.licenses.get(grant.id);
    if (license === undefined) return grant;
    const { product, name, scope, not_after } = license;
    return { ...grant, prod: product, name, scope, expires_at: not_after };
  };

  const holders = (license: License): User[] =>
    [...store.users.find('license', license.id)]
      .map((id) => store.users.get(id))
      .filter((user) => user !== undefined)
      .filter((user) => switches().deletedHoldSeats || user.deleted_at === '0');

  const remain = (license: License): number => {
    if (license.competitive) return license.limit;
    const taken = switches().deletedHoldSeats
      ? store.users.find('license', license.id).size
      : holders(license).length;
    return Math.max(0, license.limit - taken);
  };
  const isInTerm = (license: License): boolean =>
    Number(license.not_before) <= now() && (license.not_after === '0' || Number(license.not_after) > now());

  const roles = (): readonly Role[] => {
    const personal = switches().personalRoles;
    if (roleCache?.revision === store.revision() && roleCache.personal === personal) return roleCache.rows;
    const rows = [...store.roles.values()];
    if (personal) {
      for (const user of store.users.values()) if (user.deleted_at === '0') rows.push(personalRole(user));
    }
    rows.sort(compareIds);
    roleCache = { revision: store.revision(), personal, rows };
    return rows;
  };

  const sourceOf = (table: RowTable, id: string): Source | undefined => {
    const user = table === 'users' ? store.users.get(id) : undefined;
    if (user !== undefined) return views.user(user);
    const role = table === 'roles' ? store.roles.get(id) : undefined;
    if (role !== undefined) return views.role(role);
    const license = table === 'licenses' ? store.licenses.get(id) : undefined;
    if (license !== undefined) return views.license(license);
    const device = table === 'devices' ? store.devices.get(id) : undefined;
    return device === undefined ? undefined : views.device(device);
  };

  const views: Views = {
    devicesOf,
    remain,
    isInTerm,
    roles,
    roleById: (id) => {
      const role = store.roles.get(id);
      if (role !== undefined) return role;
      const user = switches().personalRoles ? store.users.get(id) : undefined;
      return user?.deleted_at === '0' ? personalRole(user) : undefined;
    },
    user: (user) => ({
      ...user,
      device: user.device === null ? null : refTo(store.devices, user.device),
      devices: devicesOf(user.id),
      license: user.license.map(grantSource),
      roles: user.roles.map((role) => refTo(store.roles, role)),
    }),
    role: (role) => ({
      ...role,
      members: [...store.users.find('role', role.id)].map((id) => ({ id, name: store.users.get(id)?.name })),
    }),
    license: (license) => {
      const errors: string[] = [];
      if (!isInTerm(license)) errors.push('product expired');
      if (!license.competitive && remain(license) < 1) errors.push('product exhausted');
      return {
        ...license,
        remain: remain(license),
        users: holders(license).map((user) => ({
          ...user.license.map(grantSource).find((grant) => grant.id === license.id),
          user: { id: user.id, name: user.username },
        })),
        status: { errors, notify: [] },
      };
    },
    device: (device) => ({
      ...device,
      user: device.user === null ? null : refTo(store.users, device.user),
    }),
    row: (table, id) => {
      const row = sourceOf(table, id);
      return row === undefined ? undefined : writeRow(table, row);
    },
    state: () => ({
      users: [...store.users.values()]
        .toSorted(compareIds)
        .map((user) => writeRow('users', views.user(user))),
      roles: roles().map((role) => writeRow('roles', views.role(role))),
      licenses: [...store.licenses.values()].map((license) => writeRow('licenses', views.license(license))),
      devices: [...store.devices.values()]
        .toSorted(compareIds)
        .map((device) => writeRow('devices', views.device(device))),
      domain: [{ ...store.domain }],
    }),
  };
  return views;
}

/** The tables whose rows have an id of their own. */
export type RowTable = 'users' | 'roles' | 'licenses' | 'devices';

const MESSAGES: Readonly<Record<RowTable, Message>> = {
  users: userMessage,
  roles: roleMessage,
  licenses: licenseMessage,
  devices: deviceMessage,
};
/** What is computed is no part of a licence's row. */
const LICENSE_FIELDS: ReadonlySet<string> = new Set(
  Object.keys(licenseMessage).filter((field) => !['remain', 'users', 'status'].includes(field)),
);

/** A row as the state shows it: all fields that hold something. */
function writeRow(table: RowTable, source: Source): Row {
  const fields = table === 'licenses' ? LICENSE_FIELDS : undefined;
  return writeMessage(MESSAGES[table], source, { emitDefaults: false, fields });
}

function refTo(table: { get(id: string): { name: string } | undefined }, ref: Ref): Ref {
  return { id: ref.id, name: table.get(ref.id)?.name ?? ref.name };
}

/** The role of the same name that every user owns; it has the user's id. */
function personalRole(user: User): Role {
  return {
    id: user.id,
    name: user.username,
    user: true,
    description: '',
    permissions: [],
    metadata: {},
    created_at: user.created_at,
    created_by: user.created_by,
    updated_at: '0',
    updated_by: null,
    deleted_at: user.deleted_at,
    deleted_by: user.deleted_by,
  };
}
