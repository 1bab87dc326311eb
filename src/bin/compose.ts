import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { v5 as uuidv5 } from 'uuid';
import { createJobs, type JobWork } from '../../jobs/index.ts';
import type { Automation } from '../app/automation.ts';
import { createRollcall } from '../app/create-rollcall.ts';
import type { AppDeps } from '../app/deps.ts';
import { lookAgain } from '../app/look-again.ts';
import type { Archive } from '../app/ports/archive.ts';
import type { Progress } from '../app/ports/progress.ts';
import { createProgress } from '../app/progress.ts';
import { tellRequest } from '../app/requests.ts';
import type { Rollcall } from '../app/rollcall.ts';
import { createRunner } from '../app/runner.ts';
import { createJobQueue, QUEUE_TABLES } from '../queue/index.ts';
import { sameText } from '../server/auth.ts';
import { createMetrics } from '../server/metrics.ts';
import { createArchive, createStore, openEngine, STORE_TABLES } from '../store/index.ts';
import { listenFor, type ListenOptions, type Listening } from './listen.ts';
import { createConnectors, nameInLog, readDocuments, type PartsOptions } from './parts.ts';
import { packageVersion, systemClock } from './surroundings.ts';

/** Namespace of the ids that Rollcall gives to rows of the CRM; never to be changed. */
const ROW_NAMESPACE = '6f0c1a52-8a57-5d0e-9b43-2f8f6c0b7d11';

/**
 * Jobs under way at a time: more than the requests that a host is sent at a time, so that some write down what was answered
 * while others are answered.
 */
const JOBS_AT_A_TIME = 10;

export interface ComposeOptions extends PartsOptions {
  /** For tests that stop the process at a moment of a run. */
  readonly onMoment?: AppDeps['onMoment'];
  /** Memory of the embedded engine, for tests that start many. */
  readonly bufferMegabytes?: number;
}

/** A product that is ready to work; close it when done. */
export interface OpenRollcall {
  readonly rollcall: Rollcall;
  /** No other process can work on the store while this one has it open. */
  readonly storeIsOurs: boolean;
  readonly progress: Progress;
  readonly archive: Archive;
  /** Answers on HTTP, as the configuration says unless the options say otherwise. */
  listen(options: ListenOptions): Promise<Listening>;
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
  const { config, mapping } = readDocuments(options);

  const { databaseUrl, redisUrl, redisPrefix } = config.engines;
  const newId = (): string => randomUUID().slice(0, 8);
  const engine = await openEngine({
    databaseUrl,
    dataDirectory: config.data,
    logger,
    clock,
    newId,
    command: 'rollcall',
    tables: [STORE_TABLES, QUEUE_TABLES],
    ...(options.bufferMegabytes === undefined ? {} : { bufferMegabytes: options.bufferMegabytes }),
  });
  const releases: (() => Promise<void>)[] = [() => engine.close()];
  const close = async (): Promise<void> => {
    for (const release of releases.splice(0).toReversed()) await release();
  };
  try {
    const store = await createStore(engine, { clock });
    await nameInLog(options, config, store.memory);
    const queue = await createJobQueue({
      pool: engine.queuePool,
      redisUrl,
      redisPrefix,
      logger,
      clock,
      ids: () => randomUUID(),
      ...(options.logControl === undefined ? {} : { within: options.logControl.within }),
    });
    releases.push(() => queue.close(GRACE_MS));
    const progress = createProgress();
    let working: Promise<void> | null = null;
    const deps: AppDeps = {
      ...createConnectors(config, options, store.memory),
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
        newSecret: () => randomBytes(32).toString('base64url'),
        sameText,
      },
      mapping,
      policy: config.policy,
      retention: config.retention,
      startWork: (signal) => (working ??= beginWork(signal)),
      ...(options.onMoment === undefined ? {} : { onMoment: options.onMoment }),
    };
    const runner = createRunner(deps);
    const beginWork = async (signal?: AbortSignal): Promise<void> => {
      await lookAgain(deps, runner, signal);
      await queue.work(createJobs(jobWork), { concurrency: JOBS_AT_A_TIME });
    };
    const jobWork: JobWork = { runner, tellRequest: (id, signal) => tellRequest(deps, id, signal) };
    const metrics = createMetrics();
    const automation: Automation = {
      schedules: config.schedules,
      pollMs: config.pollMs,
      processes: config.server.processes,
      metrics,
    };
    const rollcall = createRollcall(deps, runner, automation);
    const archive = createArchive({ engine, clock, productVersion: packageVersion(), newId });
    return {
      rollcall,
      storeIsOurs: deps.storeIsOurs,
      progress,
      archive,
      listen: listenFor({
        config,
        storeIsOurs: deps.storeIsOurs,
        rollcall,
        progress,
        metrics,
        logger,
        clock,
      }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What jobs under way get to end by themselves. */
const GRACE_MS = 10_000;
