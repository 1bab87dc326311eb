import { z } from 'zod';

const Text = z.string().min(1);

/** The address of a system, without the slash at its end. */
export const Address = z
  .url({ protocol: /^https?$/u, error: 'must be an address such as https://crm.example.com' })
  .refine((text) => !URL.canParse(text) || (new URL(text).username === '' && new URL(text).password === ''), {
    error: 'must not hold a user name or password; those belong under "auth"',
  })
  .transform((text) => text.replace(/\/+$/u, ''));

/** What every connection may say about the way to its host. */
const network = {
  tls: z
    .strictObject({
      ca: Text.describe(
        'PEM file of the certificate authority that vouches for the host, where the usual ones do not',
      ),
    })
    .optional()
    .describe('Whose certificates are trusted'),
  proxy: z
    .string()
    .refine((text) => text === 'none' || (URL.canParse(text) && /^https?:\/\/./u.test(text)), {
      error: 'must be an address such as http://proxy.example:3128, or none',
    })
    .optional()
    .describe('Proxy for this host, or none; without it HTTPS_PROXY, HTTP_PROXY and NO_PROXY decide'),
};

/** How Creatio is reached. */
export const CreatioConnection = z.strictObject({
  url: Address.describe('Address of the site, as in the browser, without /Login or /Shell'),
  auth: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('forms').describe('Signs in with a user name and a password'),
      username: Text,
      password: Text,
    }),
    z.strictObject({
      kind: z.literal('oauth').describe('OAuth 2.0 client credentials'),
      clientId: Text,
      clientSecret: Text,
      tokenUrl: Address.optional().describe(
        'Token address of the identity service; without it the site is asked to pass the request on',
      ),
      username: Text.optional().describe('Login of the CRM user that the client acts as; only shown'),
    }),
  ]),
  ...network,
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
    z.strictObject({
      kind: z
        .literal('password')
        .describe('Signs in with a user name and a password; a token is the better way'),
      username: Text,
      password: Text,
      domain: Text.optional().describe('Name of the domain, where the host serves several'),
    }),
  ]),
  ...network,
});
export type WebitelConnection = z.infer<typeof WebitelConnection>;

/** The connections that this version knows, by product. */
export const CONNECTION_SCHEMAS = { creatio: CreatioConnection, webitel: WebitelConnection } as const;
