import type { Clock } from '../../app/ports/clock.ts';
import type { CrmConnector } from '../../app/ports/crm.ts';
import type { Logger } from '../../app/ports/logger.ts';
import { createHttpDoor } from '../../http/door.ts';
import type { DoorPolicy } from '../../http/retry.ts';
import type { HttpDoor } from '../../http/types.ts';
import type { NetworkOptions } from '../../http/connection.ts';
import { createODataClient } from './client.ts';
import { createConnector } from './connector.ts';
import { readVendorError } from './errors.ts';
import { createOAuthSession, distrustOf } from './oauth.ts';
import { createPathPrefix, type ConnectorMemory } from './prefix.ts';
import { createFormsSession, type CreatioSession } from './session.ts';
import { addTallies } from './tally.ts';

export type { ConnectorMemory } from './prefix.ts';

export interface CreatioConfig {
  /** Root address of the site, such as `https://example.creatio.com`. */
  readonly url: string;
  readonly auth: CreatioAuth;
  /** Certificate authorities and proxy. */
  readonly network?: NetworkOptions;
}

/** How the connector signs in. */
export type CreatioAuth =
  | { readonly kind: 'forms'; readonly username: string; readonly password: string }
  | {
      /** OAuth 2.0 client credentials. */
      readonly kind: 'oauth';
      readonly clientId: string;
      readonly clientSecret: string;
      /** Token address of the identity service; without it, the site is asked to pass the request on. */
      readonly tokenUrl?: string | undefined;
      /** Login of the CRM user that the client acts as, for who-am-I: the token does not say. */
      readonly username?: string | undefined;
    };

export interface CreatioDeps {
  readonly logger: Logger;
  readonly clock: Clock;
  /** From 0 up to 1, for the jitter of repetitions. */
  readonly random: () => number;
  /** Bytes that nobody can foresee, for passwords that nobody is to know. */
  readonly randomBytes: (count: number) => Uint8Array;
  /** Ids of calls, for the log and for whoever has to find one in the product's own log. */
  readonly newId?: (() => string) | undefined;
  /** Keeps what has to be found out once: the path prefix, under `creatio.prefix:<url>`. */
  readonly memory: ConnectorMemory;
  readonly httpPolicy?: Partial<DoorPolicy>;
}

/**
 * Creatio ends a request itself after 120 seconds: waiting a little longer brings its answer
 * instead of an unknown outcome.
 */
const POLICY: Partial<DoorPolicy> = { attemptMs: 125_000, deadlineMs: 300_000 };

/** Connects to one Creatio site. Nothing is sent before the first call. */
export function createCreatioConnector(config: CreatioConfig, deps: CreatioDeps): CrmConnector {
  const { logger, clock, random, newId, memory } = deps;
  // The address of the page that administrators see ends in /0 on some sites; the sign-in is never below it.
  const url = config.url.trim().replace(/\/+(0\/*)?$/, '');
  const { auth } = config;
  const common = {
    system: 'creatio',
    vendorError: readVendorError,
    secrets: [auth.kind === 'forms' ? auth.password : auth.clientSecret],
    policy: { ...POLICY, ...deps.httpPolicy },
    network: config.network,
    logger,
    clock,
    random,
    newId,
  };
  const identity =
    auth.kind === 'oauth' && auth.tokenUrl !== undefined
      ? createHttpDoor({ ...common, baseUrl: tokenAddress(auth.tokenUrl) })
      : undefined;
  const session: CreatioSession =
    auth.kind === 'forms'
      ? createFormsSession({
          username: auth.username,
          password: auth.password,
          clock,
          send: (request) => door.send(request),
        })
      : createOAuthSession({
          clientId: auth.clientId,
          clientSecret: auth.clientSecret,
          clock,
          memory,
          ...(auth.tokenUrl === undefined
            ? { address: url }
            : { address: tokenAddress(auth.tokenUrl), path: '' }),
          send: (request) => (identity ?? door).send(request),
        });
  const door: HttpDoor = createHttpDoor({ ...common, baseUrl: url, session });
  const distrust = auth.kind === 'oauth' ? distrustOf(auth.clientId) : undefined;
  const prefix = createPathPrefix({
    url,
    door,
    memory,
    logger,
    ...(distrust === undefined ? {} : { distrust }),
  });
  return createConnector({
    client: createODataClient({ door, prefix, ...(distrust === undefined ? {} : { distrust }) }),
    forgetSession: () => session.forget(),
    login: auth.username,
    name: auth.kind === 'oauth' ? auth.clientId : auth.username,
    randomBytes: deps.randomBytes,
    tally: () => addTallies(door.tally(), identity?.tally()),
    logger,
  });
}

/** The address of the service itself stands for its token address. */
function tokenAddress(text: string): string {
  const bare = text.trim().replace(/\/+$/, '');
  return URL.canParse(bare) && new URL(bare).pathname === '/' ? `${bare}/connect/token` : bare;
}
