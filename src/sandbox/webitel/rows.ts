import { z } from 'zod';
import { keepPassword } from './password.ts';
import type { Row } from '../types.ts';

/**
 * The rows of the stand-in as they are kept: wire field names, ids and times as decimal strings, absent values filled
 * with the zero value of their type.
 */

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
const int32 = z
  .int()
  .nullish()
  .transform((value) => value ?? 0);
const wholeNumber = z.union([z.string().regex(/^-?\d+$/, 'a whole number, as text or number'), z.int()]);
/** Milliseconds since 1970 as a decimal string; `'0'` where unset. */
const time = wholeNumber.nullish().transform((value) => String(value ?? '0'));
const objectId = z
  .union([z.string().regex(/^[1-9]\d*$/, 'a positive whole number, as text or number'), z.int().min(1)])
  .transform(String);
const serial = z.string().min(1);

/** A reference on input: only the id matters; an empty one is no reference. */
const ref = z
  .object({ id: z.union([z.string(), z.int()]).nullish(), name: z.string().nullish() })
  .nullish()
  .transform((value): Ref | null =>
    value?.id === undefined || value.id === null || value.id === ''
      ? null
      : { id: String(value.id), name: value.name ?? '' },
  );
const refs = z
  .array(ref)
  .nullish()
  .transform((values): Ref[] => (values ?? []).filter((value) => value !== null));
const permissions = z
  .array(z.object({ id: z.string(), name: text, usage: text }))
  .nullish()
  .transform((value) => value ?? []);
const strings = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? []);
const audit = {
  created_at: time,
  created_by: ref,
  updated_at: time,
  updated_by: ref,
  deleted_at: time,
  deleted_by: ref,
};

/** `{id,name}` as the wire has it. */
export interface Ref {
  id: string;
  name: string;
}

const grant = z.object({
  id: serial,
  prod: text,
  name: text,
  scope: strings,
  issued_at: time,
  expires_at: time,
});

/** The members of a user that a request may set. */
export const userInput = z.object({
  name: text,
  email: text,
  username: text,
  password: text,
  extension: text,
  device: ref,
  devices: refs,
  profile: z
    .record(z.string(), z.string())
    .nullish()
    .transform((value) => value ?? {}),
  permissions,
  license: z
    .array(grant)
    .nullish()
    .transform((value) => value ?? []),
  roles: refs,
  contact: ref,
  chat_name: text,
  force_password_change: flag,
});

export const userRow = z.strictObject({
  ...userInput.shape,
  ...audit,
  id: objectId,
  hotdesks: refs,
  totp_url: text,
  status: text,
  note: text,
  presence: z
    .object({ id: text, status: text, note: text, expires: int32, timestamp: time })
    .nullish()
    .transform((value) => value ?? null),
});

export const roleRow = z.strictObject({
  ...audit,
  id: objectId,
  name: z.string().min(1),
  user: flag,
  description: text,
  permissions,
  metadata: z
    .record(z.string(), z.json())
    .nullish()
    .transform((value) => value ?? {}),
  /** Computed from the users; what is given is dropped. */
  members: refs,
});

export const licenseRow = z.strictObject({
  id: serial,
  product: z.string().min(1),
  name: text,
  not_before: time,
  not_after: time,
  scope: strings,
  competitive: flag,
  limit: int32,
  /** Computed from the grants; what is given is dropped. */
  remain: int32,
  status: z.unknown().optional(),
  users: z.unknown().optional(),
});

export const deviceRow = z.strictObject({
  ...audit,
  id: objectId,
  name: text,
  account: text,
  password: text,
  user: ref,
  logged_in: time,
  hotdesk: flag,
  hotdesks: strings,
  provision: z
    .record(z.string(), z.json())
    .nullish()
    .transform((value) => value ?? {}),
  brand: text,
  model: text,
  mac: text,
  ip: text,
  reged: flag,
});

export const domainRow = z
  .strictObject({
    dc: objectId.optional(),
    id: objectId.optional(),
    domain: z.string().optional(),
    name: z.string().optional(),
  })
  .transform((row) => ({ dc: row.dc ?? row.id ?? '1', domain: row.domain ?? row.name ?? 'example.test' }));

/** How many sessions a user has, and how often somebody has ended them; sessions themselves are not kept. */
export const sessionsRow = z.strictObject({ id: objectId, open: int32, logouts: int32 });

/** What a user has set for himself, by key. */
export const settingsRow = z.strictObject({ id: objectId, values: z.record(z.string(), z.json()) });

type WithDevices = z.output<typeof userRow>;
/** A user. Which devices are attached is said by the devices alone (`device.user`). */
export type User = Omit<WithDevices, 'devices'>;
export type Grant = z.output<typeof grant>;
export type Role = Omit<z.output<typeof roleRow>, 'members'>;
export type License = Omit<z.output<typeof licenseRow>, 'remain' | 'status' | 'users'>;
export type Device = z.output<typeof deviceRow>;
export type Domain = z.output<typeof domainRow>;

/** Splits a parsed user row into the user and the devices that are to be attached. */
export function splitUser(row: WithDevices): { user: User; devices: Ref[] } {
  const { devices, ...user } = row;
  return { user: { ...user, password: keepPassword(user.password) }, devices };
}

export function toRole(row: z.output<typeof roleRow>): Role {
  const { members: _members, ...role } = row;
  return role;
}

export function toLicense(row: z.output<typeof licenseRow>): License {
  const { remain: _remain, status: _status, users: _users, ...license } = row;
  return license;
}

/** Parses a row of `table`; an error names table, row and field. */
export function parseRow<S extends z.ZodType>(schema: S, table: string, row: Row): z.output<S> {
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  const label = typeof row['id'] === 'string' || typeof row['id'] === 'number' ? String(row['id']) : '?';
  throw new Error(
    `Row ${label} of the Webitel table "${table}" is not usable:\n${z.prettifyError(parsed.error)}`,
  );
}
