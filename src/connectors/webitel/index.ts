import type { Clock } from '../../app/ports/clock.ts';
import type { DirectoryConnector } from '../../app/ports/directory.ts';
import type { Logger } from '../../app/ports/logger.ts';
import { createHttpDoor } from '../../http/door.ts';
import type { NetworkOptions } from '../../http/connection.ts';
import type { DoorPolicy } from '../../http/retry.ts';
import type { HttpDoor, HttpSession } from '../../http/types.ts';
import { createWebitelClient } from './client.ts';
import { createConnector } from './connector.ts';
import { readVendorError } from './errors.ts';
import { createPasswordSession, createTokenSession } from './session.ts';
import { createWriter, type PasswordSink } from './writer.ts';

export type { PasswordSink } from './writer.ts';

export interface WebitelConfig {
  /** `https://host`, under which the interface is found at `/api`; an address with a path is taken as it stands. */
  readonly url: string;
  readonly auth: WebitelAuth;
  /** Certificate authorities and proxy. */
  readonly network?: NetworkOptions;
}

/** How the connector proves who it is. A token is the better way: it does not age, and asks for no second factor. */
export type WebitelAuth =
  | {
      readonly kind: 'token';
      /** Personal access token of the integration user. */
      readonly token: string;
    }
  | {
      readonly kind: 'password';
      readonly username: string;
      readonly password: string;
      /** Name of the domain, where the host serves several. */
      readonly domain?: string | undefined;
    };

export interface WebitelDeps {
  readonly logger: Logger;
  readonly clock: Clock;
  /** From 0 up to 1, for the jitter of repetitions. */
  readonly random: () => number;
  /** Bytes that nobody can foresee, for passwords. */
  readonly randomBytes: (count: number) => Uint8Array;
  /** Where the administrator asked for the passwords of new users; without it nobody sees them. */
  readonly passwords?: PasswordSink | null;
  /** Ids of calls, for the log and for whoever has to find one in the product's own log. */
  readonly newId?: (() => string) | undefined;
  readonly httpPolicy?: Partial<DoorPolicy>;
}

/** Connects to one Webitel directory. Nothing is sent before the first call. */
export function createWebitelConnector(config: WebitelConfig, deps: WebitelDeps): DirectoryConnector {
  const { logger, clock, random, newId, httpPolicy } = deps;
  const { auth } = config;
  const session: HttpSession =
    auth.kind === 'token'
      ? createTokenSession(auth.token.trim())
      : createPasswordSession({ ...auth, clock, send: (request) => door.send(request) });
  const door: HttpDoor = createHttpDoor({
    system: 'webitel',
    baseUrl: withApi(config.url),
    session,
    network: config.network,
    vendorError: readVendorError,
    secrets: [auth.kind === 'token' ? auth.token.trim() : auth.password],
    ...(httpPolicy === undefined ? {} : { policy: httpPolicy }),
    logger,
    clock,
    random,
    newId,
  });
  const client = createWebitelClient(door);
  return createConnector({
    client,
    door,
    writer: createWriter({ client, randomBytes: deps.randomBytes, passwords: deps.passwords ?? null }),
    signIns: auth.kind === 'password' ? 1 : 0,
  });
}

function withApi(url: string): string {
  const bare = url.trim().replace(/\/+$/, '');
  return URL.canParse(bare) && new URL(bare).pathname === '/' ? `${bare}/api` : bare;
}
