import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { types } from 'pg';
import type { Clock } from '../app/ports/clock.ts';
import { RollcallError } from '../app/ports/errors.ts';
import type { Logger } from '../app/ports/logger.ts';
import { openDataDirectory } from './data-directory.ts';
import { ANOTHER_DATA_DIRECTORY, toFullDisk } from './disk-errors.ts';
import { createPglitePool } from './pglite-pool.ts';
import { openServerEngine } from './server-engine.ts';
import type { Engine, SqlPool } from './sql.ts';

/** Tables that a fresh cluster has from the start, so that no first start has to make them. */
export interface PreparedTables {
  /** Another one whenever `prepare` would make something else. */
  readonly key: string;
  /** Makes them on a pool of the embedded engine; whoever uses them brings them up to date all the same. */
  prepare(pool: SqlPool): Promise<void>;
}

export interface EngineOptions {
  /** A Postgres server instead of the embedded engine: the value of `DATABASE_URL`. */
  readonly databaseUrl?: string | undefined;
  /** Where the embedded engine keeps its files; made if it is missing. */
  readonly dataDirectory: string;
  readonly logger: Logger;
  readonly clock: Clock;
  /** A fresh unique text, short and fit for a file name. */
  readonly newId: () => string;
  /** What this process tells others who want the data directory; never secrets. */
  readonly command?: string;
  /** Where a prepared cluster is kept for the next first start. */
  readonly cacheDirectory?: string;
  readonly tables?: readonly PreparedTables[];
  /**
   * Memory of the embedded engine for pages of its files. It is filled with zeros at each start: less of it starts sooner,
   * and is slower with runs of tens of thousands.
   */
  readonly bufferMegabytes?: number;
}

/** The schema of the queue library, which takes no other name for a pool that is handed to it. */
const QUEUE_SCHEMA = 'bullmq';

/** `pg`'s own parsers, so that both engines give the same values. */
function pgParsers(): Record<number, (value: string) => unknown> {
  const parsers: Record<number, (value: string) => unknown> = {};
  for (const oid of Object.values(types.builtins)) {
    const parse: (value: string) => unknown = types.getTypeParser(oid, 'text');
    parsers[oid] = (value) => parse(value);
  }
  return parsers;
}

/** A cluster of PGlite as we use it; `null`: one in memory. */
async function openPglite(cluster: string | null, bufferMegabytes?: number): Promise<PGlite> {
  const db = await PGlite.create(cluster ?? 'memory://', {
    parsers: pgParsers(),
    ...(bufferMegabytes === undefined
      ? {}
      : { startParams: [...PGlite.defaultStartParams, '-c', `shared_buffers=${bufferMegabytes}MB`] }),
  });
  // One session: this path holds for everybody, which is why our own names are always qualified (design §7).
  await db.exec(`SET search_path TO ${QUEUE_SCHEMA}`);
  return db;
}

async function makeCluster(tables: readonly PreparedTables[]): Promise<PGlite> {
  const db = await openPglite(null);
  try {
    const { pool } = createPglitePool(db, 'memory');
    for (const { prepare } of tables) await prepare(pool);
    return db;
  } catch (error) {
    await db.close();
    throw error;
  }
}

/**
 * Opens the database: on the server that `databaseUrl` names, else embedded in this process.
 *
 * @throws RollcallError `BUSY` when another process works on the data directory, `CONFIGURATION` when it is unusable;
 *   of a server also `AUTHENTICATION`, `FORBIDDEN` and `UNAVAILABLE`.
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { databaseUrl, logger, clock } = options;
  return databaseUrl === undefined
    ? openEmbeddedEngine(options)
    : openServerEngine({ url: databaseUrl, logger, clock, queueSchema: QUEUE_SCHEMA });
}

/** Holds its data directory until it is closed; a process that was killed gives it up by dying. */
async function openEmbeddedEngine(options: EngineOptions): Promise<Engine> {
  const { tables = [] } = options;
  const directory = await openDataDirectory({
    directory: resolve(options.dataDirectory),
    cacheDirectory: options.cacheDirectory ?? join(homedir(), '.cache', 'rollcall'),
    self: {
      pid: process.pid,
      command: options.command ?? basename(process.argv[1] ?? process.title),
      since: new Date(options.clock.now()).toISOString(),
    },
    unique: options.newId(),
    logger: options.logger,
    keys: tables.map(({ key }) => key),
    make: () => makeCluster(tables),
  });
  let db: PGlite;
  try {
    db = await openPglite(directory.cluster, options.bufferMegabytes);
  } catch (error) {
    await directory.release();
    const full = toFullDisk(error, `the database in ${directory.cluster}`, ANOTHER_DATA_DIRECTORY);
    if (full !== null) throw full;
    throw new RollcallError('CONFIGURATION', `The database in ${directory.cluster} cannot be opened.`, {
      cure: 'Restore it from a backup, or name another data directory with ROLLCALL_DATA.',
      cause: error,
    });
  }
  const { pool, insideTransaction } = createPglitePool(db, directory.cluster);
  let closing: Promise<void> | null = null;
  return {
    kind: 'embedded',
    pool,
    queuePool: pool,
    insideTransaction,
    // It is in this process: it does not go away alone.
    patiently: (work) => work(),
    close() {
      closing ??= (async () => {
        await pool.end();
        await db.close();
        await directory.release();
      })();
      return closing;
    },
  };
}
