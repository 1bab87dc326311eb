import type { Clock } from '../../app/ports/clock.ts';
import type { DirectoryConnector } from '../../app/ports/directory.ts';
import type { Logger } from '../../app/ports/logger.ts';
import { createHttpDoor } from '../../http/door.ts';
import type { DoorPolicy } from '../../http/retry.ts';
import type { HttpSession } from '../../http/types.ts';
import { createWebitelClient } from './client.ts';
import { createConnector } from './connector.ts';
import { readVendorError } from './errors.ts';

export interface WebitelConfig {
  /** `https://host`, under which the interface is found at `/api`; an address with a path is taken as it stands. */
  readonly url: string;
  /** Personal access token of the integration user. */
  readonly token: string;
}

export interface WebitelDeps {
  readonly logger: Logger;
  readonly clock: Clock;
  /** From 0 up to 1, for the jitter of repetitions. */
  readonly random: () => number;
  readonly httpPolicy?: Partial<DoorPolicy>;
}

/** Connects to one Webitel directory. Nothing is sent before the first call. */
export function createWebitelConnector(config: WebitelConfig, deps: WebitelDeps): DirectoryConnector {
  const { logger, clock, random, httpPolicy } = deps;
  const door = createHttpDoor({
    system: 'webitel',
    baseUrl: withApi(config.url),
    session: tokenSession(config.token.trim()),
    vendorError: readVendorError,
    secrets: [config.token.trim()],
    ...(httpPolicy === undefined ? {} : { policy: httpPolicy }),
    logger,
    clock,
    random,
  });
  return createConnector({ client: createWebitelClient(door), door });
}

/** A token neither expires nor can be renewed by us: a 401 is for a person to settle. */
function tokenSession(token: string): HttpSession {
  const headers = { 'X-Webitel-Access': token };
  return { headers: async () => headers, expired: () => false, invalidate: () => undefined };
}

function withApi(url: string): string {
  const bare = url.trim().replace(/\/+$/, '');
  return URL.canParse(bare) && new URL(bare).pathname === '/' ? `${bare}/api` : bare;
}
