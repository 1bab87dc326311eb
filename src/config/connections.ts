import { z } from 'zod';

const Text = z.string().min(1);

/** The address of a system, without the slash at its end. */
export const Address = z
  .url({ protocol: /^https?$/u, error: 'must be an address such as https://crm.example.com' })
  .refine((text) => !URL.canParse(text) || (new URL(text).username === '' && new URL(text).password === ''), {
    error: 'must not hold a user name or password; those belong under "auth"',
  })
  .transform((text) => text.replace(/\/+$/u, ''));

/** How Creatio is reached. */
export const CreatioConnection = z.strictObject({
  url: Address.describe('Address of the site, as in the browser, without /Login or /Shell'),
  auth: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('forms').describe('Signs in with a user name and a password'),
      username: Text,
      password: Text,
    }),
  ]),
});
export type CreatioConnection = z.infer<typeof CreatioConnection>;

/** How Webitel is reached. */
export const WebitelConnection = z.strictObject({
  url: Address.describe('Address of the API, without a path below it'),
  auth: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('token').describe('An access token of an administrator'),
      token: Text,
    }),
  ]),
});
export type WebitelConnection = z.infer<typeof WebitelConnection>;

/** The connections that this version knows, by product. */
export const CONNECTION_SCHEMAS = { creatio: CreatioConnection, webitel: WebitelConnection } as const;
