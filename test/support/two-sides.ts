import type { Row } from '../../src/sandbox/types.ts';
import { textOf, type World } from './world.ts';

/** The fields of a person that both sides hold, and that the CRM owns. */
export interface Held {
  login: string;
  name: string;
  email: string;
  chat: string;
  extension: string;
  licences: string[];
  roles: string[];
}

/** A directory user as rows of the sandbox show them; soft-deleted ones are not there. */
export function inDirectory(world: World, id: string): Held | null {
  const user = directoryUsers(world).find((row) => row['id'] === id);
  if (user === undefined || isDeleted(user)) return null;
  const serials = refs(user['license']);
  const products = new Map(
    (world.webitel.state()['licenses'] ?? []).map((row) => [row['id'], row['product']]),
  );
  return {
    login: textOf(user['username']),
    name: textOf(user['name']),
    email: textOf(user['email']),
    chat: textOf(user['chat_name']),
    extension: textOf(user['extension']),
    licences: serials.map((serial) => textOf(products.get(serial))).toSorted(),
    roles: refs(user['roles']).toSorted(),
  };
}

/** A telephony record with its licence and role rows. */
export function inCrm(world: World, recordId: string): Held | null {
  const record = world.rows('UsrWebitelUser').find((row) => row['Id'] === recordId);
  if (record === undefined) return null;
  const keys = (details: string, item: string, lookup: string, key: string): string[] => {
    const names = new Map(world.rows(lookup).map((row) => [row['Id'], textOf(row[key])]));
    return world
      .rows(details)
      .filter((row) => row['UsrWebitelUserId'] === recordId)
      .map((row) => names.get(row[item] ?? '') ?? '')
      .toSorted();
  };
  return {
    login: textOf(record['UsrUsername']),
    name: textOf(record['UsrName']),
    email: textOf(record['UsrEmail']),
    chat: textOf(record['UsrChatName']),
    extension: textOf(record['UsrExtension']),
    licences: keys('UsrWebitelUserLicense', 'UsrLicenseId', 'UsrWebitelLicense', 'Code'),
    roles: keys('UsrWebitelUserRole', 'UsrRoleId', 'UsrWebitelRole', 'UsrExternalId'),
  };
}

export function directoryUsers(world: World): Row[] {
  return world.webitel.state()['users'] ?? [];
}

export function directoryUser(world: World, id: string): Row | undefined {
  return directoryUsers(world).find((row) => row['id'] === id);
}

export function isDeleted(user: Row): boolean {
  return (user['deleted_at'] ?? '0') !== '0';
}

/** Which create of ours made a user; empty for those that we did not make. */
export function referenceOf(user: Row): string {
  const profile = user['profile'];
  if (typeof profile !== 'object' || profile === null || Array.isArray(profile)) return '';
  return textOf(profile['rollcall_reference']);
}

/** The id of a lookup row by one of its columns. */
export function lookupId(world: World, table: string, column: string, value: string): string {
  return textOf(world.rows(table).find((row) => row[column] === value)?.['Id']);
}

function refs(value: Row[string] | undefined): string[] {
  if (!Array.isArray(value)) return [];
  return value.map((item) =>
    typeof item === 'object' && item !== null && !Array.isArray(item) ? textOf(item['id']) : '',
  );
}

/** Devices of users who are not there any more. */
export function looseDevices(world: World): string[] {
  return (world.webitel.state()['devices'] ?? [])
    .filter(({ user }) => user === null || user === undefined)
    .map(({ id }) => textOf(id));
}
