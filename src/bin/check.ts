import { randomUUID } from 'node:crypto';
import { checkEngine } from '../app/check-engines.ts';
import { checkConnections } from '../app/check.ts';
import type { MemoryStore } from '../app/ports/store.ts';
import type { Finding } from '../app/rollcall.ts';
import { createJobQueue, QUEUE_TABLES } from '../queue/index.ts';
import { createStore, openEngine, STORE_TABLES, type Engine } from '../store/index.ts';
import { createConnectors, nameInLog, type PartsOptions, readDocuments } from './parts.ts';
import { systemClock } from './surroundings.ts';

/**
 * Tries everything that the configuration names, each thing by itself: an engine that cannot be used is one finding
 * beside those about the systems, not the end of the check.
 *
 * @throws RollcallError CONFIGURATION for mistakes in the documents
 */
export async function checkSurroundings(options: PartsOptions): Promise<readonly Finding[]> {
  const { config, mapping } = readDocuments(options);
  const { logger } = options;
  const { databaseUrl, redisUrl, redisPrefix } = config.engines;
  const ids = (): string => randomUUID();
  const releases: (() => Promise<void>)[] = [];
  let engine: Engine | undefined;
  let memory: MemoryStore = createFleetingMemory();
  try {
    const store = await checkEngine({
      code: 'store.engine',
      opened:
        databaseUrl === undefined
          ? `The store opens in ${config.data}.`
          : 'The store opens on the Postgres server.',
      async open() {
        const opened = await openEngine({
          databaseUrl,
          dataDirectory: config.data,
          logger,
          clock: systemClock,
          newId: () => ids().slice(0, 8),
          command: 'rollcall check',
          tables: [STORE_TABLES, QUEUE_TABLES],
        });
        releases.push(() => opened.close());
        ({ memory } = await createStore(opened, { clock: systemClock }));
        await nameInLog(options, config, memory);
        engine = opened;
      },
    });
    const queues: Finding[] = [];
    // On an engine that does not open, the queue's problem is the one that is named already.
    if (engine !== undefined || redisUrl !== undefined)
      queues.push(
        await checkEngine({
          code: 'queue.engine',
          opened: `The queue opens on ${redisUrl === undefined ? 'the engine of the store' : 'Redis'}.`,
          async open() {
            const queue = await createJobQueue({
              pool: engine?.queuePool,
              redisUrl,
              redisPrefix,
              logger,
              clock: systemClock,
              ids,
            });
            releases.push(() => queue.close(0));
          },
        }),
      );
    const connections = await checkConnections({
      ...createConnectors(config, options, memory),
      mapping,
      policy: config.policy,
      store: { memory },
    });
    return [store, ...queues, ...connections];
  } finally {
    for (const release of releases.toReversed()) await release();
  }
}

/** What is found out in a check without a store is found out again next time. */
function createFleetingMemory(): MemoryStore {
  const kept = new Map<string, string>();
  return {
    get: async (key) => kept.get(key),
    set: async (key, value) => void kept.set(key, value),
  };
}
