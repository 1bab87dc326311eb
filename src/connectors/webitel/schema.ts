import { z } from 'zod';

/**
 * What Webitel answers, as far as Rollcall reads it. Members that are zero
 * or empty may be left out, int64 comes as text, times are milliseconds. Members that are not named here, the
 * password's hash among them, are dropped before anybody sees them.
 */

/** An identity: without it a row is of no use, so this one is strict. */
const Id = z.union([z.string().min(1), z.int()]).transform(String);

const Text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

const Int = z
  .union([z.number(), z.string().regex(/^-?\d+$/)])
  .nullish()
  .transform((value) => Number(value ?? 0));

const Flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);

/** Below this a time cannot be milliseconds of any year that a directory knows, so it is seconds. */
const LEAST_MS = 1e11;

/** Milliseconds since 1970; `null` where there is none. */
const Time = Int.transform((value) => (value <= 0 ? null : value < LEAST_MS ? value * 1000 : value));

function listOf<T extends z.ZodType>(item: T) {
  return z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
}

const NamedRef = z.object({ id: Id, name: Text });

/** A reference that may point nowhere: absent, `null`, `{}` or with an empty id. */
const OptionalRef = z
  .object({ id: z.union([z.string(), z.int()]).nullish(), name: Text })
  .nullish()
  .transform((ref) => {
    const id = String(ref?.id ?? '');
    return ref === null || ref === undefined || id === '' || id === '0' ? null : { id, name: ref.name };
  });

/** The fields to ask for: no answer is read that holds more. */
export const USER_FIELDS = [
  'id',
  'name',
  'username',
  'email',
  'extension',
  'chat_name',
  'device',
  'license',
  'roles',
  'deleted_at',
] as const;

export const User = z.object({
  id: Id,
  name: Text,
  username: Text,
  email: Text,
  extension: Text,
  chat_name: Text,
  device: OptionalRef,
  license: listOf(z.object({ id: Id, prod: Text, product: Text })),
  roles: listOf(NamedRef),
  deleted_at: Time,
});
export type User = z.output<typeof User>;

/** A user looked for by login, with the variables that Rollcall may have left. */
export const UserWithProfile = User.extend({
  profile: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((profile) => profile ?? {}),
});
export type UserWithProfile = z.output<typeof UserWithProfile>;

/** The answer to a write: the user bare, or inside one member. */
export const WrittenUser = z.preprocess(unwrap, User);

/** A device, as far as it matters whose it is. */
export const Device = z.object({ id: Id, user: OptionalRef });

/** Answers that say nothing more than that it was done. */
export const Done = z.unknown().transform(() => null);

/** What the directory asks of passwords, by setting; texts, whatever a setting holds. */
export const PasswordSettings = z.preprocess(
  unwrap,
  z.record(z.string(), z.unknown()).transform((settings) => ({
    regularExpression: textOf(settings['password_reg_exp']),
    minLength: Number(textOf(settings['password_min_length'])) || 0,
  })),
);
export type PasswordSettings = z.output<typeof PasswordSettings>;

export const GeneratedPassword = z.object({ password: z.string().min(1) });

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

export const ROLE_FIELDS = ['id', 'name', 'user'] as const;

/** `user` marks the personal role that every user owns. */
export const Role = z.object({ id: Id, name: Text, user: Flag });
export type Role = z.output<typeof Role>;

export const LICENCE_FIELDS = [
  'id',
  'product',
  'name',
  'not_after',
  'limit',
  'remain',
  'competitive',
] as const;

export const Licence = z.object({
  id: Id,
  product: Text,
  name: Text,
  not_after: Time,
  limit: Int,
  remain: Int,
  competitive: Flag,
});
export type Licence = z.output<typeof Licence>;

/** One page of a list. There is never a total. */
export interface Page<T> {
  /** The page size that the product used, which may be smaller than the one asked for; 0 where it does not tell. */
  size: number;
  /** Something follows. */
  next: boolean;
  items: T[];
}

export function pageOf<T extends z.ZodType>(item: T): z.ZodType<Page<z.output<T>>> {
  return z.object({ size: Int, next: Flag, items: listOf(item) });
}

/** A single object may come bare or inside one member that bears its name. */
function unwrap(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const members: unknown[] = Object.values(value);
  const [only] = members;
  return members.length === 1 && typeof only === 'object' && only !== null ? only : value;
}

const Names = {
  dc: Id.nullish(),
  domain: Text,
  realm: Text,
  user_id: Id.nullish(),
  sub: Id.nullish(),
  username: Text,
  preferred_username: Text,
};

/** The account that a token belongs to. Some members have two names, the contract's and one of OIDC. */
export const Userinfo = z.preprocess(
  unwrap,
  z
    .object({
      ...Names,
      scope: z.array(z.object({ class: Text, id: Text })).nullish(),
      permissions: z.array(z.object({ id: Text })).nullish(),
    })
    .transform((raw, context) => {
      const userId = raw.user_id ?? raw.sub;
      const domainId = raw.dc;
      if (userId === null || userId === undefined) {
        context.addIssue({ code: 'custom', path: ['user_id'], message: 'neither user_id nor sub' });
        return z.NEVER;
      }
      if (domainId === null || domainId === undefined) {
        context.addIssue({ code: 'custom', path: ['dc'], message: 'no domain id' });
        return z.NEVER;
      }
      return {
        userId,
        domainId,
        domainName: raw.domain || raw.realm,
        login: raw.username || raw.preferred_username,
        scopes: raw.scope?.map((entry) => entry.class || entry.id) ?? null,
        permissions: raw.permissions?.map((entry) => entry.id) ?? null,
      };
    }),
);
export type Userinfo = z.output<typeof Userinfo>;

/**
 * The answer to a sign-in: a token, or only the id of a session that waits for the second factor; bare, or inside
 * `authorization` as the published contract says.
 */
export const LoginAnswer = z.preprocess(
  unwrap,
  z
    .object({ access_token: Text, id: Text, expires_in: Int })
    .transform(({ access_token, id, expires_in }, context) => {
      if (access_token === '' && id === '') {
        context.addIssue({ code: 'custom', path: ['access_token'], message: 'neither a token nor an id' });
        return z.NEVER;
      }
      return {
        /** `null` where a second factor is wanted. */
        token: access_token === '' ? null : access_token,
        /** Milliseconds that the token lives; `null` where that is not said. */
        lifeMs: expires_in > 0 ? expires_in * 1000 : null,
      };
    }),
);
export type LoginAnswer = z.output<typeof LoginAnswer>;

/** An error body, in the shape of the services or in that of a bare gateway. */
export const ErrorBody = z
  .object({
    id: Text,
    detail: Text,
    message: Text,
  })
  .transform(({ id, detail, message }) => ({ id, text: detail || message }))
  .refine(({ id, text }) => id !== '' || text !== '');
