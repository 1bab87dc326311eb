import { z } from 'zod';

const Exclude = z.strictObject({
  logins: z.array(z.string().min(1)).default([]).describe('Directory users to leave out, by login'),
  patterns: z.array(z.string().min(1)).default([]).describe('The same with * for any characters'),
  withoutLicence: z.boolean().default(false).describe('Leave out directory users that hold no licence'),
});

/** What a run may do, and how it decides (design §5). */
export const Policy = z.strictObject({
  matching: z
    .enum(['default', 'seed-strict'])
    .default('default')
    .describe('seed-strict: link only where the login or the name equals the name of the contact'),
  exclude: Exclude.prefault({}),
  createContacts: z.boolean().default(true).describe('Create a contact for a directory user who has none'),
});
export type Policy = z.infer<typeof Policy>;

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
    log: Log.prefault({}).describe('What the log tells'),
    data: z
      .string()
      .min(1)
      .optional()
      .describe('Folder for what Rollcall remembers; ROLLCALL_DATA overrides it'),
  });
}
