import type { Clock } from '../../app/ports/clock.ts';
import type { CrmConnector } from '../../app/ports/crm.ts';
import type { Logger } from '../../app/ports/logger.ts';
import { createHttpDoor } from '../../http/door.ts';
import type { DoorPolicy } from '../../http/retry.ts';
import type { HttpDoor } from '../../http/types.ts';
import { createODataClient } from './client.ts';
import { createConnector } from './connector.ts';
import { readVendorError } from './errors.ts';
import { createPathPrefix, type ConnectorMemory } from './prefix.ts';
import { createFormsSession } from './session.ts';

export type { ConnectorMemory } from './prefix.ts';

export interface CreatioConfig {
  /** Root address of the site, such as `https://example.creatio.com`. */
  readonly url: string;
  readonly auth: { readonly kind: 'forms'; readonly username: string; readonly password: string };
}

export interface CreatioDeps {
  readonly logger: Logger;
  readonly clock: Clock;
  /** From 0 up to 1, for the jitter of repetitions. */
  readonly random: () => number;
  /** Keeps what has to be found out once: the path prefix, under `creatio.prefix:<url>`. */
  readonly memory: ConnectorMemory;
  readonly httpPolicy?: Partial<DoorPolicy>;
}

/**
 * Creatio ends a request itself after 120 seconds (facts/creatio.md §2.8): waiting a little longer brings its answer
 * instead of an unknown outcome.
 */
const POLICY: Partial<DoorPolicy> = { attemptMs: 125_000, deadlineMs: 300_000 };

/** Connects to one Creatio site. Nothing is sent before the first call. */
export function createCreatioConnector(config: CreatioConfig, deps: CreatioDeps): CrmConnector {
  const { logger, clock, random, memory } = deps;
  // The address of the page that administrators see ends in /0 on some sites; the sign-in is never below it.
  const url = config.url.trim().replace(/\/+(0\/*)?$/, '');
  const session = createFormsSession({
    username: config.auth.username,
    password: config.auth.password,
    clock,
    send: (request) => door.send(request),
  });
  const door: HttpDoor = createHttpDoor({
    system: 'creatio',
    baseUrl: url,
    session,
    vendorError: readVendorError,
    secrets: [config.auth.password],
    policy: { ...POLICY, ...deps.httpPolicy },
    logger,
    clock,
    random,
  });
  const prefix = createPathPrefix({ url, door, memory, logger });
  return createConnector({
    door,
    client: createODataClient({ door, prefix }),
    forgetSession: () => session.forget(),
    login: config.auth.username,
    logger,
  });
}
