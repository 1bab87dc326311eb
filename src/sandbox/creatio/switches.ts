import { z } from 'zod';
import { rateLimitSchema } from '../kit/limit.ts';
import { CHANGE_EVENTS } from './write/change.ts';

const names = z.array(z.string()).default([]);
const flag = (initial: boolean) => z.boolean().default(initial);
const chance = z.number().min(0).max(1).default(0);
const address = z
  .url({ protocol: /^https?$/ })
  .nullable()
  .default(null);
const count = (initial: number) => z.number().int().nonnegative().default(initial);

/**
 * Every switch of the Creatio sandbox with its default. What nobody could prove is a switch (docs/unknowns.md);
 * switches that bear one number in brackets belong to one behaviour of the product.
 */
const schema = z.strictObject({
  // In front of the product
  /** [44] A gateway that allows so many requests a second and answers 429 beyond (unproven). */
  rateLimit: rateLimitSchema,

  // Sign-in and sessions
  /** [1, 11] `netfw` serves OData below `/0/odata`, `netcore` below `/odata`. */
  flavor: z.enum(['netfw', 'netcore']).default('netfw'),
  /** [2] Failed sign-ins before an account is locked, and for how many minutes. */
  maxAttempts: count(5),
  lockMinutes: count(15),
  /** [3] The cookies of a sign-in come in a random order. */
  shuffleCookies: flag(true),
  /** [4] Writes need the header BPMCSRF; `csrfOnGet`: reads too (unproven). */
  csrf: flag(true),
  csrfOnGet: flag(false),
  /** [5] Minutes without a request until a session is dead. */
  sessionMinutes: z.number().positive().default(60),
  /** [5, 6] How a dead session shows; `auto`: by path and by the header ForceUseSession. */
  expiredMode: z.enum(['auto', '401', 'redirect', 'fault']).default('auto'),
  /** [7] The first OData request of a session is answered with the cookie BPMSESSIONID. */
  rotateBpmsession: flag(true),
  /** [7] Each n-th request of a session is answered with a new BPMCSRF; 0 is never. */
  rotateCsrfEvery: count(0),
  /** [8] A second sign-in of an account kills its first session. */
  singleSession: flag(false),
  /** The password must be changed first: sign-in answers a PasswordChangeUrl and no cookies (behaviour unproven). */
  passwordChangeRequired: flag(false),

  // OAuth
  /** [9] Seconds that a token of the identity service lives. */
  tokenSeconds: z.number().int().positive().default(3600),
  /** [9] The site passes the token address of the identity service on; older sites do not. */
  tokenProxied: flag(true),
  /** [9] Clients, by id, whose secret has expired or was revoked; tokens that they hold stay good. */
  revokedClients: names,
  /** [9] The status for a bad client (inferred from the standard). */
  invalidClientStatus: z.union([z.literal(400), z.literal(401)]).default(400),
  /** The site does not accept tokens of its identity service, as with a wrong setting OAuth20IdentityServerUrl. */
  distrustTokens: flag(false),

  // Rights
  /** [10] Whether accounts have the operation CanUseODataService, and the status of the refusal (unproven). */
  canUseOData: flag(true),
  odataDeniedStatus: z.union([z.literal(403), z.literal(500)]).default(403),
  /** Entity sets that the account may not read or write. */
  denyRead: names,
  denyWrite: names,

  // Model
  /** [40] `{"UsrWebitelUser": "AbcWebitelUser"}`. */
  renameEntities: z.record(z.string(), z.string()).default({}),
  /** [40] `{"UsrWebitelUser.UsrEmail": "AbcEmail"}`; a lookup may be named with or without `Id`. */
  renameColumns: z.record(z.string(), z.string()).default({}),
  /** [40] `["UsrWebitelUser.UsrChatName"]`. */
  dropColumns: names,
  /** [40] Entity sets that are not there. */
  dropEntities: names,
  /** [15] Milliseconds until a change of the model shows. */
  edmRebuildMs: count(0),
  /** [29] Columns that are required beside those of the catalogue: `["Contact.JobTitle"]`. */
  requireColumns: names,
  /** Rows that the server refuses (500): the column, after all that the server derives, equals the value. */
  refuseRows: z
    .array(
      z.strictObject({
        entity: z.string(),
        column: z.string(),
        equals: z.union([z.string(), z.number(), z.boolean()]),
      }),
    )
    .default([]),
  /** Unique indexes hold among rows that fill all their columns. */
  uniqueIndexes: flag(true),
  /** Licence and role rows go with their telephony record; otherwise they keep it from being deleted. */
  cascadeDetails: flag(true),
  /** [25] What happens to rows that point at a deleted row. */
  deleteReferenced: z.enum(['refuse', 'clear']).default('refuse'),

  // Reading
  /** [13] The answer to an unknown entity set. */
  unknownSet: z.enum(['401', '404-json', '404-html']).default('401'),
  /** [19] The status for an unknown name in `$select`. */
  unknownSelectStatus: z.union([z.literal(400), z.literal(500)]).default(400),
  /** [19] */
  maxExpandDepth: count(2),
  /** [20] */
  maxEntityRowCount: count(20_000),
  /** [21] Reads without `$orderby` come in a new order each time. */
  shuffle: flag(true),
  /** The server breaks ties of `$orderby` by Id; otherwise ties come in a new order each time. */
  orderTieById: flag(true),
  /** Text comparison of `$filter` heeds case (unproven). */
  caseSensitive: flag(true),
  /** [46] Minutes by which the server's clock is ahead of the sandbox's. */
  clockSkewMinutes: z.number().default(0),
  /** [46] Answers carry local time, so many minutes ahead of UTC, but with a `Z`. */
  fakeLocalZ: z.number().default(0),

  // Writing
  /** Unknown properties in a POST (unproven; PATCH always ignores them). */
  unknownOnPost: z.enum(['ignore', 'reject']).default('ignore'),
  /** PATCH of an unknown id inserts (unproven). */
  patchUpsert: flag(false),
  /** [27] */
  zonelessDate: z.enum(['reject', 'zero']).default('reject'),
  /** [28] The rule that splits and composes the names of contacts. */
  contactNames: z.enum(['gms', 'sgm', 'off']).default('gms'),
  /** Phones and e-mail of a saved contact become rows of ContactCommunication. */
  syncCommunications: flag(true),
  /** [30] Probability that a write is done and answered with 500. */
  postWriteError: chance,

  // Users
  /** [36] Logins of accounts that lack the operation CanManageAdministration. */
  cannotManageUsers: names,
  /** [36] How AdministrationService refuses them: in the result with status 200, or with that status (unproven). */
  administrationDenied: z.enum(['result', '403', '500']).default('result'),
  /** Methods of AdministrationService that this version does not have. */
  dropMethods: names,
  /** What GetUsersCount answers: a number, or a JSON text about it (unproven). */
  usersCountAs: z.enum(['number', 'json']).default('number'),
  /** [36] The password policy: characters, and whether each class of them is wanted. */
  passwordMinLength: count(8),
  passwordComplexity: flag(true),
  /** [36] A contact can be that of one user only; elsewhere the page alone checks it. */
  enforceUserPerContact: flag(false),
  /** The database keeps logins unique, as on MSSQL; on PostgreSQL nothing does. */
  uniqueLogins: flag(false),

  // Processes that start at a change and call the connector
  /** [42] Where the process calls; `null` is a site without such a process. */
  webhookUrl: address,
  /** [42] The fixed token of the web service, and the header that bears it: as a bearer token in `Authorization`. */
  webhookToken: z.string().default(''),
  webhookTokenHeader: z.string().min(1).default('Authorization'),
  /** [42] Calls are signed with this key (base64, with or without `whsec_`) as Standard Webhooks has it; Creatio does not. */
  webhookSecret: z
    .string()
    .regex(/^(?:whsec_)?[A-Za-z0-9+/]+=*$/)
    .nullable()
    .default(null),
  /** [42] The objects and the changes that start a process. */
  webhookEntities: z
    .array(z.string())
    .default(['UsrWebitelUser', 'UsrWebitelUserLicense', 'UsrWebitelUserRole']),
  webhookEvents: z.array(z.enum(CHANGE_EVENTS)).default([...CHANGE_EVENTS]),
  /** [42] The body; `{entity}`, `{id}` and `{event}` in its texts are filled in. */
  webhookBody: z.record(z.string(), z.json()).default({ entity: '{entity}', id: '{id}', event: '{event}' }),
  /** [42] Milliseconds that a call may take, and how often a failed one is repeated, at once. */
  webhookTimeoutMs: z.number().int().positive().default(5000),
  webhookRetries: count(2),
  /** [42] What counts as failed: any answer but 2xx, or no answer (unproven). */
  webhookRetryOn: z.enum(['failure', 'no-answer']).default('failure'),
  /** [42] Probability that a call is made twice, never, or only after a later one. */
  webhookDuplicates: chance,
  webhookLosses: chance,
  webhookReordering: chance,
  /** [42] Calls that go on side by side. */
  webhookParallel: z.number().int().positive().default(8),
  /** [42] Calls are made before others can read the change, which they can so many milliseconds after; `null`: commit first (unproven). */
  webhookCommitAfterMs: z.number().int().nonnegative().nullable().default(null),
  /** Rows that go with a deleted one start processes, too (unproven). */
  cascadeSignals: flag(false),

  // Processes that somebody starts
  /** [41] Codes of the processes that insert a request row and call the connector. */
  processCodes: z.array(z.string()).default(['UsrGetWebitelUsers']),
  /** [41] Where they call; `null`: they only insert the row, which the connector has to look for. */
  processUrl: address,
  processToken: z.string().default(''),
  processTokenHeader: z.string().min(1).default('Authorization'),
  /** [41] A process without result parameters runs on after the answer. */
  processInBackground: flag(true),
  /** [41] The numbers of `processStatus` (unproven; an error is 3). */
  processRunningStatus: count(1),
  processDoneStatus: count(2),
  /** [41] How Execute answers for an unknown process (unproven). */
  unknownProcess: z.enum(['500', '500-html', '404-html']).default('500'),
  /** [41] Logins that may not run processes, and how they are refused (unproven). */
  cannotRunProcesses: names,
  processDenied: z.enum(['result', '403', '500']).default('result'),

  // Batch
  /** [34] Requests that one batch may hold. */
  maxBatch: count(100),
  /** [34] A failed atomicity group leaves nothing behind (unproven). */
  atomicityRollback: flag(true),
  /** GET is allowed inside a batch (unproven). */
  batchGet: flag(true),
});

/** The values of all switches. */
export type Switches = z.infer<typeof schema>;

/** All switches at their defaults. */
export const defaultSwitches = (): Switches => schema.parse({});

/**
 * Lays new values over the present ones.
 *
 * @throws Error that lists the known names if one is unknown, or says which value does not fit.
 */
export function applySwitches(present: Switches, values: Record<string, unknown>): Switches {
  const known = Object.keys(schema.shape);
  const unknown = Object.keys(values).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `Unknown switch of the Creatio sandbox: ${unknown.join(', ')}. Known: ${known.toSorted().join(', ')}.`,
    );
  }
  const result = schema.safeParse({ ...present, ...values });
  if (!result.success) {
    throw new Error(`A switch of the Creatio sandbox has a wrong value:\n${z.prettifyError(result.error)}`);
  }
  return result.data;
}
