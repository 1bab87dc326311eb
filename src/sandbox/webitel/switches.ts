import { z } from 'zod';
import { rateLimitSchema } from '../kit/limit.ts';
import type { Json } from '../types.ts';

const page = z.strictObject({ page: z.int().min(1) }).nullable();

/**
 * Every switch of the Webitel sandbox. A switch stands for a behaviour of the real product that is configurable, or
 * that nobody could prove; its default is what is known of the product, or where nothing is known, the more awkward
 * way for a client.
 */
export const switchesSchema = z.strictObject({
  // -- Transport and shapes ------------------------------------------------------------------------------------

  /** A proxy in front that allows so many requests a second and answers 429 beyond. */
  rateLimit: rateLimitSchema,
  /** Where the interface is mounted: under `/api`, at the root, or both. */
  mount: z.enum(['api', 'root', 'both']).default('api'),
  /** Single objects bare (`flat`), or inside a member as the published contract says (`{"user":{…}}`). */
  responseShape: z.enum(['flat', 'wrapped']).default('flat'),
  /** Error bodies: `{id,code,detail,status}`, or a bare gateway's `{code,message,details}` with gRPC codes. */
  errorShape: z.enum(['webitel', 'rpcStatus']).default('webitel'),
  /** Send zero and empty fields too; without it they are left out. */
  emitDefaults: z.boolean().default(false),
  /** Members of the who-am-I answer: the contract's names, or OIDC-like ones (`sub`, `realm`). */
  userinfoNames: z.enum(['proto', 'oidc']).default('proto'),
  /** Unknown members of a request body: dropped in silence, or a 400. */
  unknownKeys: z.enum(['ignore', 'reject']).default('ignore'),

  // -- The caller ----------------------------------------------------------------------------------------------

  /** Object classes that the caller's licence covers; a missing one is 403 `<class>.access.denied`. */
  scopes: z.array(z.string()).default(['users', 'roles', 'license', 'devices']),
  /** Global actions that the caller's roles allow; a missing one is 403. */
  permissions: z
    .array(z.string())
    .default([
      'add',
      'read',
      'write',
      'delete',
      'change_user_password',
      'manage_user_license',
      'manage_user_roles',
      'system_setting',
    ]),
  /** The caller sees only so many users, counted by id (record-level rights); `null` is all. */
  visibleUsers: z.int().min(0).nullable().default(null),
  /** Whether the caller's own account is among the visible ones. Matters only together with `visibleUsers`. */
  ownUserVisible: z.boolean().default(true),
  /** The id of the domain (`dc`), in place of the one in the data. */
  domainId: z.string().nullable().default(null),
  /** A token older than this many milliseconds is expired; `null` is never. */
  tokenTtlMs: z.int().min(0).nullable().default(null),
  /** What a sign-in by name and password gives lives so many milliseconds. */
  sessionTtlMs: z
    .int()
    .min(1)
    .default(168 * 3_600_000),
  /** HTTP status of a wrong name or password. */
  badLoginStatus: z.union([z.literal(401), z.literal(400), z.literal(403)]).default(401),
  /** The domain wants a second factor: a sign-in answers the id of a half-made session. */
  secondFactor: z.boolean().default(false),
  /** The one code that the second factor takes. */
  totp: z
    .string()
    .regex(/^\d{6}$/)
    .default('246810'),
  /** Ending the sessions of a user disables the user's personal tokens, too. */
  logoutEndsTokens: z.boolean().default(false),
  /** Of a concurrent licence only as many holders can be signed in as it has places. */
  poolLimitsLogins: z.boolean().default(true),
  /** All passwords are past their age until they are changed. */
  passwordsExpired: z.boolean().default(false),

  // -- Lists ---------------------------------------------------------------------------------------------------

  /** Page size where none is asked for. */
  defaultPageSize: z.int().min(1).default(16),
  /** A larger page, or the whole list (`size` below 0), is cut to this; `null` is no cap. */
  maxPageSize: z.int().min(1).nullable().default(null),
  /** Fields of a user in a list, where none are asked for. */
  userListFields: z
    .array(z.string())
    .default(['id', 'name', 'username', 'email', 'extension', 'presence', 'created_at', 'updated_at']),
  /** Fields that a sort of users refuses. */
  unsortable: z.array(z.string()).default([]),
  /** A `q` for users without wildcards must equal the whole value, or be contained in it. */
  bareQ: z.enum(['exact', 'contains']).default('exact'),
  /** Whether `_` and `%` in a term stand for themselves; otherwise they are wildcards. */
  escapeLike: z.boolean().default(false),
  /** What `id` does on the lists of roles and devices, whose own name for it is `ids`. */
  idOnRolesAndDevices: z.enum(['ignore', 'filter']).default('ignore'),
  /** Whether the role list holds the personal role of each user. */
  personalRoles: z.boolean().default(true),
  /** Whether `valid=true` hides licences without a free seat, too. */
  validHidesExhausted: z.boolean().default(false),
  /** The flag `next` is lost on this page of users. */
  loseNext: page.default(null),
  /** From this page of users on, rows move down by one, as if somebody had added a row before: one comes twice. */
  duplicateRow: page.default(null),
  /** From this page of users on, rows move up by one, as if somebody had removed a row before: one is missed. */
  skipRow: page.default(null),

  // -- Users ---------------------------------------------------------------------------------------------------

  /** HTTP status of a uniqueness conflict. */
  conflictStatus: z.union([z.literal(409), z.literal(400), z.literal(500)]).default(409),
  /** Whether a user must have a display name. */
  requireName: z.boolean().default(true),
  /** Whether an extension must consist of digits. */
  checkExtension: z.boolean().default(true),
  /** Whether an extension belongs to one user only. */
  uniqueExtension: z.boolean().default(true),
  /** Whether an e-mail belongs to one user only, whatever its case. */
  uniqueEmail: z.boolean().default(true),
  /** A direct read of a soft-deleted user: answered, or 404. */
  readDeletedById: z.enum(['shown', 'not-found']).default('not-found'),
  /** Whether a read shows the password's hash. */
  passwordInRead: z.enum(['omitted', 'hash']).default('omitted'),
  /** Minimal length of a password; `passwordRegExp` overrides it. */
  passwordMinLength: z.int().min(1).default(8),
  /** The whole rule for passwords, where set. */
  passwordRegExp: z.string().nullable().default(null),
  /** Kinds of characters that a password must have. */
  passwordCategories: z.array(z.enum(['[A-Z]', '[a-z]', '[0-9]', 'special'])).default([]),
  /** Whether a password may contain the login. */
  passwordContainsLogin: z.enum(['allow', 'refuse']).default('allow'),
  /** Text of the error for a password against the rules. */
  passwordValidationText: z.string().default('password does not meet the requirements'),
  /** A caller without the permission to change licences or roles: refused, or the change is dropped in silence. */
  grantDenied: z.enum(['refuse', 'ignore']).default('refuse'),
  /** HTTP status of a grant for which there is no seat. */
  exhaustedStatus: z.union([z.literal(400), z.literal(403), z.literal(409)]).default(400),
  /** A contact for a user without a licence CUSTOMER_SERVICE: refused, dropped in silence, or taken. */
  contactWithoutLicense: z.enum(['refuse', 'ignore', 'allow']).default('refuse'),
  /** Whether a contact belongs to one user only. */
  uniqueContact: z.boolean().default(true),
  /** The text of a presence: tags in braces, or the one that was set. */
  presenceAs: z.enum(['braces', 'plain']).default('braces'),
  /** Whether a change of licences, roles, devices or contact alone moves `updated_at`. */
  stampOnGrants: z.boolean().default(false),
  /** Whether a soft-deleted user keeps licence seats taken. */
  deletedHoldSeats: z.boolean().default(true),
  /** Attaching a device that another user owns: it moves, or 4xx. */
  deviceTaken: z.enum(['reassign', 'refuse']).default('reassign'),
  /** `generate_device` with an account that is taken: the create fails, or the user is left without a device. */
  generateDeviceConflict: z.enum(['fail', 'without-device']).default('fail'),
  /** Permanent delete of a user who owns devices: refused, or the devices stay without an owner. */
  deleteWithDevices: z.enum(['refuse', 'detach']).default('refuse'),
  /** Deleting what is deleted already: 404, or an empty answer. */
  repeatDelete: z.enum(['not-found', 'empty']).default('not-found'),
});

export type Switches = z.output<typeof switchesSchema>;

/** The switches of one sandbox. */
export interface SwitchBoard {
  current(): Switches;
  /** Sets the named ones; an unknown name or a bad value is an error that names it, and nothing is set. */
  set(values: Record<string, Json>): void;
}

export function createSwitchBoard(): SwitchBoard {
  const known = Object.keys(switchesSchema.shape);
  let current = switchesSchema.parse({});
  return {
    current: () => current,
    set: (values) => {
      for (const name of Object.keys(values)) {
        if (!known.includes(name)) {
          throw new Error(`The Webitel sandbox has no switch "${name}". Known: ${known.join(', ')}.`);
        }
      }
      const parsed = switchesSchema.safeParse({ ...current, ...values });
      if (!parsed.success) {
        throw new Error(`A switch of the Webitel sandbox got a bad value:\n${z.prettifyError(parsed.error)}`);
      }
      current = parsed.data;
    },
  };
}
