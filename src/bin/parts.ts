import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CrmConnector } from '../app/ports/crm.ts';
import type { DirectoryConnector } from '../app/ports/directory.ts';
import type { Logger } from '../app/ports/logger.ts';
import type { MemoryStore } from '../app/ports/store.ts';
import { CreatioConnection, WebitelConnection } from '../config/connections.ts';
import { type Config, loadConfig } from '../config/load.ts';
import { loadMapping } from '../config/mapping.ts';
import { type ConnectorMemory, createCreatioConnector } from '../connectors/creatio/index.ts';
import { createWebitelConnector } from '../connectors/webitel/index.ts';
import type { Mapping } from '../domain/mapping/schema.ts';
import type { NetworkOptions } from '../http/connection.ts';
import type { DoorPolicy } from '../http/retry.ts';
import type { LogControl } from '../log/control.ts';
import { createPasswordFile } from './password-file.ts';
import { packageRoot, systemClock } from './surroundings.ts';

/** What the parts of the product are made from. */
export interface PartsOptions {
  /** Absolute path of `rollcall.yaml`. */
  readonly configPath: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Messages name files as seen from here. */
  readonly cwd?: string;
  readonly logger: Logger;
  /** Hears the values that must never be shown, before anything is logged. */
  readonly onSecrets: (values: readonly string[]) => void;
  /** Learns how people are named in the log, and what the lines of a run have in common. */
  readonly logControl?: LogControl;
  /** Limits of single requests instead of the usual ones, for tests that wait for time-outs. */
  readonly httpPolicy?: Partial<DoorPolicy>;
}

const CONNECTIONS = { creatio: CreatioConnection, webitel: WebitelConnection };
export type ProductConfig = Config<typeof CONNECTIONS>;

/** @throws RollcallError CONFIGURATION for mistakes in the documents */
export function readDocuments(options: PartsOptions): { config: ProductConfig; mapping: Mapping } {
  const readFile = (path: string): string => readFileSync(path, 'utf8');
  const cwd = options.cwd === undefined ? {} : { cwd: options.cwd };
  const config = loadConfig({
    path: options.configPath,
    env: options.env,
    readFile,
    connectionSchemas: CONNECTIONS,
    packageMappings: fileURLToPath(new URL('mappings/', packageRoot())),
    ...cwd,
    onSecrets: options.onSecrets,
  });
  const { mapping } = loadMapping({ path: config.mappingPath, readFile, ...cwd });
  return { config, mapping };
}

const LOG_KEY = 'log:key';

/** Tells the log how to name people. The key of pseudonyms lies in the store, so all who share it have the same. */
export async function nameInLog(
  { logControl }: PartsOptions,
  { plainNames }: ProductConfig,
  memory: MemoryStore,
): Promise<void> {
  if (logControl === undefined) return;
  if (!plainNames && (await memory.get(LOG_KEY)) === undefined) await memory.set(LOG_KEY, randomUUID());
  logControl.showNames({ plain: plainNames, key: (await memory.get(LOG_KEY)) ?? null });
}

/** The connectors of both systems; nothing is sent before they are asked something. */
export function createConnectors(
  config: ProductConfig,
  options: PartsOptions,
  memory: ConnectorMemory,
): { directory: DirectoryConnector; crm: CrmConnector } {
  const shared = {
    logger: options.logger,
    clock: systemClock,
    random: Math.random,
    newId: () => randomUUID(),
    ...(options.httpPolicy === undefined ? {} : { httpPolicy: options.httpPolicy }),
  };
  const networkOf = (system: keyof typeof config.connections): NetworkOptions => ({
    ca: config.authorities[system],
    proxy: config.connections[system].proxy,
    env: options.env,
  });
  return {
    directory: createWebitelConnector(
      { ...config.connections.webitel, network: networkOf('webitel') },
      {
        ...shared,
        randomBytes,
        passwords:
          config.passwordFile === null
            ? null
            : createPasswordFile({ path: config.passwordFile, clock: systemClock, logger: options.logger }),
      },
    ),
    crm: createCreatioConnector(
      { ...config.connections.creatio, network: networkOf('creatio') },
      { ...shared, memory, randomBytes },
    ),
  };
}
