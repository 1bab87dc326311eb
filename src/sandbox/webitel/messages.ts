import { z } from 'zod';
import type { Json } from '../types.ts';

/**
 * The messages of the directory's contract, field by field, and how they are written as protobuf JSON: int64 as
 * text, int32 as number, zero and empty values left out unless asked for.
 */

type Scalar = 'string' | 'int64' | 'int32' | 'bool' | 'strings' | 'map';
export interface Message {
  readonly [field: string]: Scalar | Message | readonly [Message];
}

const objectId = { id: 'string', name: 'string' } as const satisfies Message;
const permission = { id: 'string', name: 'string', usage: 'string' } as const satisfies Message;

/** Fields that a `fields=+` adds to the default ones. */
export const OPERATIONAL_FIELDS = [
  'created_at',
  'created_by',
  'updated_at',
  'updated_by',
  'deleted_at',
  'deleted_by',
] as const;

const audit = {
  created_at: 'int64',
  created_by: objectId,
  updated_at: 'int64',
  updated_by: objectId,
  deleted_at: 'int64',
  deleted_by: objectId,
} as const satisfies Message;

export const licenseUserMessage = {
  id: 'string',
  prod: 'string',
  name: 'string',
  scope: 'strings',
  issued_at: 'int64',
  expires_at: 'int64',
} as const satisfies Message;

export const userMessage = {
  id: 'int64',
  name: 'string',
  email: 'string',
  username: 'string',
  password: 'string',
  extension: 'string',
  presence: { id: 'int64', status: 'string', note: 'string', expires: 'int32', timestamp: 'int64' },
  device: objectId,
  devices: [objectId],
  hotdesks: [objectId],
  profile: 'map',
  permissions: [permission],
  license: [licenseUserMessage],
  roles: [objectId],
  totp_url: 'string',
  contact: objectId,
  ...audit,
  chat_name: 'string',
  force_password_change: 'bool',
} as const satisfies Message;

export const roleMessage = {
  id: 'int64',
  name: 'string',
  user: 'bool',
  description: 'string',
  permissions: [permission],
  members: [objectId],
  metadata: 'map',
  ...audit,
} as const satisfies Message;

export const licenseMessage = {
  id: 'string',
  not_before: 'int64',
  not_after: 'int64',
  product: 'string',
  name: 'string',
  scope: 'strings',
  competitive: 'bool',
  limit: 'int32',
  remain: 'int32',
  users: [{ ...licenseUserMessage, user: objectId }],
  status: { errors: 'strings', notify: 'strings' },
} as const satisfies Message;

export const productUserMessage = {
  user: objectId,
  domain: objectId,
  issued_at: 'int64',
  expires_at: 'int64',
  sessions: 'int32',
} as const satisfies Message;

export const deviceMessage = {
  id: 'int64',
  name: 'string',
  account: 'string',
  password: 'string',
  user: objectId,
  logged_in: 'int64',
  hotdesk: 'bool',
  hotdesks: 'strings',
  provision: 'map',
  brand: 'string',
  model: 'string',
  mac: 'string',
  ip: 'string',
  reged: 'bool',
  ...audit,
} as const satisfies Message;

export const tokenMessage = {
  id: 'string',
  token: 'string',
  usage: 'string',
  user: objectId,
  ...audit,
} as const satisfies Message;

export const userinfoMessage = {
  dc: 'int64',
  domain: 'string',
  user_id: 'int64',
  name: 'string',
  username: 'string',
  preferred_username: 'string',
  extension: 'string',
  chat_name: 'string',
  scope: [
    {
      id: 'int64',
      name: 'string',
      class: 'string',
      abac: 'bool',
      obac: 'bool',
      rbac: 'bool',
      access: 'string',
    },
  ],
  roles: [objectId],
  license: [licenseUserMessage],
  permissions: [permission],
  updated_at: 'int64',
  expires_at: 'int64',
} as const satisfies Message;

const mapSchema = z.record(z.string(), z.json());

/** What a message is made from: an object with values by field name. */
export type Source = Readonly<Record<string, unknown>>;

export interface WriteOptions {
  emitDefaults: boolean;
  /** Top-level fields to write; without it, all. */
  fields?: ReadonlySet<string> | undefined;
}

/** Writes one message. */
export function writeMessage(
  message: Message,
  source: Source,
  options: WriteOptions,
): { [key: string]: Json } {
  const out: { [key: string]: Json } = {};
  for (const [field, kind] of Object.entries(message)) {
    if (options.fields !== undefined && !options.fields.has(field)) continue;
    const value = writeField(kind, source[field], options.emitDefaults);
    if (value !== undefined) out[field] = value;
  }
  return out;
}

function isMessageList(kind: Message | readonly [Message]): kind is readonly [Message] {
  return Array.isArray(kind);
}

function isSource(value: unknown): value is Source {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function writeField(kind: Message[string], value: unknown, emitDefaults: boolean): Json | undefined {
  if (typeof kind === 'string') {
    const [json, isZero] = writeScalar(kind, value);
    return isZero && !emitDefaults ? undefined : json;
  }
  if (isMessageList(kind)) {
    const items = Array.isArray(value) ? value.filter(isSource) : [];
    if (items.length === 0) return emitDefaults ? [] : undefined;
    return items.map((item) => writeMessage(kind[0], item, { emitDefaults }));
  }
  if (!isSource(value)) return emitDefaults ? null : undefined;
  return writeMessage(kind, value, { emitDefaults });
}

function writeScalar(kind: Scalar, value: unknown): [json: Json, isZero: boolean] {
  switch (kind) {
    case 'string': {
      const text = typeof value === 'string' ? value : '';
      return [text, text === ''];
    }
    case 'int64': {
      const digits = typeof value === 'string' && value !== '' ? value : '0';
      return [digits, digits === '0'];
    }
    case 'int32': {
      const number = typeof value === 'number' ? value : 0;
      return [number, number === 0];
    }
    case 'bool':
      return [value === true, value !== true];
    case 'strings': {
      const items = Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
      return [items, items.length === 0];
    }
    case 'map': {
      const map = mapSchema.safeParse(value);
      return map.success ? [map.data, Object.keys(map.data).length === 0] : [{}, true];
    }
    default:
      return kind satisfies never;
  }
}
