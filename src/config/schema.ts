import { z } from 'zod';
import { ON_DELETE, ON_INACTIVE } from '../domain/planning/push/context.ts';
import { Poll, Schedules, Server } from './service.ts';

const Exclude = z.strictObject({
  logins: z.array(z.string().min(1)).default([]).describe('Directory users to leave out, by login'),
  patterns: z.array(z.string().min(1)).default([]).describe('The same with * for any characters'),
  withoutLicence: z.boolean().default(false).describe('Leave out directory users that hold no licence'),
});

/** A limit that is as large as the more generous of its two parts. */
const budget = (count: number, percent: number, what: string) =>
  z
    .strictObject({
      count: z.number().int().nonnegative().default(count).describe('So many pass, whatever the share'),
      percent: z
        .number()
        .min(0)
        .max(100)
        .default(percent)
        .describe('Such a share of the directory’s users passes, whatever the number'),
    })
    .prefault({})
    .describe(what);

const Budgets = z.strictObject({
  contactsCreated: budget(20, 20, 'Contacts that a run may create'),
  crmUsersCreated: budget(20, 20, 'CRM users that a run may create'),
  usersCreated: budget(20, 20, 'Directory users that a run may create'),
  recordsChanged: budget(
    20,
    30,
    'People whose telephony records or directory users that stood before a run may change',
  ),
  recordsRemoved: budget(5, 10, 'People whom runs may remove, or mark as gone, within 24 hours'),
});

const Protected = z.strictObject({
  logins: z.array(z.string().min(1)).default([]).describe('Directory users, by login'),
  patterns: z.array(z.string().min(1)).default([]).describe('The same with * for any characters'),
});

/** What stops a plan until a person approves it (design §2, guard). */
export const Guards = z.strictObject({
  budgets: Budgets.prefault({}).describe('Beyond these a run stops and waits for `rollcall approve`'),
  protected: Protected.prefault({}).describe(
    'People whose records no run changes or removes without approval',
  ),
});

/** How changes in the CRM are carried to the directory (design §6). */
const Push = z.strictObject({
  onInactive: z
    .enum(ON_INACTIVE)
    .default('strip-licences')
    .describe(
      'A person switched off in the CRM: strip-licences takes the licences and ends all sessions, log-out only ends the sessions, leave does nothing',
    ),
  onDelete: z
    .enum(ON_DELETE)
    .default('soft')
    .describe(
      'The directory user of a deleted telephony record: soft moves it into the recycle view, permanent removes it for good, leave keeps it',
    ),
  passwordFile: z
    .string()
    .min(1)
    .optional()
    .describe(
      'File to which the temporary password of each new directory user is added, readable by its owner only; without it nobody ever sees one',
    ),
});

/** What a run may do, and how it decides (design §5). */
export const Policy = z.strictObject({
  matching: z
    .enum(['default', 'seed-strict'])
    .default('default')
    .describe('seed-strict: link only where the login or the name equals the name of the contact'),
  exclude: Exclude.prefault({}),
  createContacts: z.boolean().default(true).describe('Create a contact for a directory user who has none'),
  createCrmUsers: z
    .enum(['inactive', 'never'])
    .default('inactive')
    .describe('inactive: together with a new contact, create a CRM user who cannot sign in until activated'),
  push: Push.prefault({}).describe('How changes in the CRM are carried to the directory'),
  guards: Guards.prefault({}).describe('What stops a plan until a person approves it'),
});
export type Policy = z.infer<typeof Policy>;

const days = (standard: number, what: string) =>
  z.number().int().min(1).max(36_500).default(standard).describe(what);

/** How long finished runs are kept. */
export const Retention = z.strictObject({
  details: days(90, 'Days that a finished run keeps its plan and what an undo of it needs'),
  runs: days(730, 'Days that a finished run keeps its report'),
});
export type Retention = z.infer<typeof Retention>;

/** How the log names people. */
export const LOG_NAMES = ['pseudonyms', 'plain'] as const;

const Log = z.strictObject({
  names: z
    .enum(LOG_NAMES)
    .default('pseudonyms')
    .describe('How the log names people; ROLLCALL_LOG_NAMES overrides it'),
});

/** Schemas of the connections by product, given by the composition root. */
export type ConnectionSchemas = Readonly<Record<string, z.ZodType>>;

/** The schema of `rollcall.yaml` for these products. */
export function configSchema<S extends ConnectionSchemas>(connectionSchemas: S) {
  return z.strictObject({
    connections: z.strictObject(connectionSchemas).describe('The systems that are kept in step'),
    mapping: z.string().min(1).describe('Name of a mapping, or a path that ends in .yaml'),
    policy: Policy.prefault({}),
    retention: Retention.prefault({}).describe('How long finished runs are kept'),
    server: Server.prefault({}).describe('The HTTP interface of `rollcall serve`'),
    schedule: Schedules,
    poll: Poll,
    log: Log.prefault({}).describe('What the log tells'),
    data: z
      .string()
      .min(1)
      .optional()
      .describe('Folder for what Rollcall remembers; ROLLCALL_DATA overrides it'),
  });
}
