import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { v5 as uuidv5 } from 'uuid';
import { createJobs } from '../../jobs/index.ts';
import { createRollcall } from '../app/create-rollcall.ts';
import type { AppDeps } from '../app/deps.ts';
import type { Archive } from '../app/ports/archive.ts';
import type { Logger } from '../app/ports/logger.ts';
import type { Progress } from '../app/ports/progress.ts';
import { createProgress } from '../app/progress.ts';
import type { Rollcall } from '../app/rollcall.ts';
import { createRunner } from '../app/runner.ts';
import { CreatioConnection, WebitelConnection } from '../config/connections.ts';
import { loadConfig } from '../config/load.ts';
import { loadMapping } from '../config/mapping.ts';
import { createCreatioConnector } from '../connectors/creatio/index.ts';
import { createWebitelConnector } from '../connectors/webitel/index.ts';
import type { NetworkOptions } from '../http/connection.ts';
import type { DoorPolicy } from '../http/retry.ts';
import { createJobQueue } from '../queue/index.ts';
import { createArchive, createStore, openEngine } from '../store/index.ts';
import { packageRoot, packageVersion, systemClock } from './surroundings.ts';

/** Namespace of the ids that Rollcall gives to rows of the CRM; never to be changed. */
const ROW_NAMESPACE = '6f0c1a52-8a57-5d0e-9b43-2f8f6c0b7d11';

/** Chunks that are applied side by side, beside the run itself. */
const CONCURRENCY = 4;

export interface ComposeOptions {
  /** Absolute path of `rollcall.yaml`. */
  readonly configPath: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Messages name files as seen from here. */
  readonly cwd?: string;
  readonly logger: Logger;
  /** Hears the values that must never be shown, before anything is logged. */
  readonly onSecrets: (values: readonly string[]) => void;
  /** Limits of single requests instead of the usual ones, for tests that wait for time-outs. */
  readonly httpPolicy?: Partial<DoorPolicy>;
  /** For tests that stop the process at a moment of a run. */
  readonly onMoment?: AppDeps['onMoment'];
}

/** A product that is ready to work; close it when done. */
export interface OpenRollcall {
  readonly rollcall: Rollcall;
  /** No other process can work on the store while this one has it open. */
  readonly storeIsOurs: boolean;
  readonly progress: Progress;
  readonly archive: Archive;
  close(): Promise<void>;
}

/**
 * Builds the product from its configuration: connectors, store, queue, use cases.
 *
 * @throws RollcallError CONFIGURATION for mistakes in the documents, BUSY when another process holds the data directory,
 *   and what the servers of store and queue answer when they cannot be used
 */
export async function openRollcall(options: ComposeOptions): Promise<OpenRollcall> {
  const { logger } = options;
  const clock = systemClock;
  const readFile = (path: string): string => readFileSync(path, 'utf8');
  const config = loadConfig({
    path: options.configPath,
    env: options.env,
    readFile,
    connectionSchemas: { creatio: CreatioConnection, webitel: WebitelConnection },
    packageMappings: fileURLToPath(new URL('mappings/', packageRoot())),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    onSecrets: options.onSecrets,
  });
  const { mapping } = loadMapping({
    path: config.mappingPath,
    readFile,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });

  const { databaseUrl, redisUrl, redisPrefix } = config.engines;
  const newId = (): string => randomUUID().slice(0, 8);
  const engine = await openEngine({
    databaseUrl,
    dataDirectory: config.data,
    logger,
    clock,
    newId,
    command: 'rollcall',
  });
  const releases: (() => Promise<void>)[] = [() => engine.close()];
  const close = async (): Promise<void> => {
    for (const release of releases.splice(0).toReversed()) await release();
  };
  try {
    const store = await createStore(engine, { clock });
    const queue = await createJobQueue({
      pool: engine.queuePool,
      redisUrl,
      redisPrefix,
      logger,
      clock,
      ids: () => randomUUID(),
    });
    releases.push(() => queue.close(GRACE_MS));
    const shared = {
      logger,
      clock,
      random: Math.random,
      ...(options.httpPolicy === undefined ? {} : { httpPolicy: options.httpPolicy }),
    };
    const networkOf = (system: keyof typeof config.connections): NetworkOptions => ({
      ca: config.authorities[system],
      proxy: config.connections[system].proxy,
      env: options.env,
    });
    const progress = createProgress();
    let working: Promise<void> | null = null;
    const deps: AppDeps = {
      directory: createWebitelConnector(
        { ...config.connections.webitel, network: networkOf('webitel') },
        shared,
      ),
      crm: createCreatioConnector(
        { ...config.connections.creatio, network: networkOf('creatio') },
        { ...shared, memory: store.memory },
      ),
      store,
      storeIsOurs: engine.kind === 'embedded',
      queue,
      clock,
      logger,
      progress,
      identity: {
        newId: () => randomUUID(),
        rowId: (...parts) => uuidv5(parts.join('\n'), ROW_NAMESPACE),
        digest: (text) => createHash('sha256').update(text).digest('hex'),
      },
      mapping,
      policy: config.policy,
      retention: config.retention,
      startWork: () => (working ??= queue.work(createJobs(runner), { concurrency: CONCURRENCY })),
      ...(options.onMoment === undefined ? {} : { onMoment: options.onMoment }),
    };
    const runner = createRunner(deps);
    const archive = createArchive({ engine, clock, productVersion: packageVersion(), newId });
    return {
      rollcall: createRollcall(deps, runner),
      storeIsOurs: deps.storeIsOurs,
      progress,
      archive,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What jobs under way get to end by themselves. */
const GRACE_MS = 10_000;
