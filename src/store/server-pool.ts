import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import type { Pool, PoolClient, QueryResult, QueryResultRow } from 'pg';
import type { Clock } from '../app/ports/clock.ts';
import { isRollcallError } from '../app/ports/errors.ts';
import type { Logger } from '../app/ports/logger.ts';
import { toServerError, type ServerPlace } from './server-errors.ts';
import type { SqlClient, SqlPool, SqlResult } from './sql.ts';

const LISTEN = /^(?:\s+|--[^\n]*\n|\/\*[\s\S]*?\*\/)*listen\s/i;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;

/** The mark of a transaction whose body is running. */
export type TransactionMark = AsyncLocalStorage<{ open: boolean }>;

export interface ServerPoolDeps {
  readonly pool: Pool;
  readonly place: ServerPlace;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly context: TransactionMark;
  /** How long a server that is away is waited for. */
  readonly patienceMs: () => number;
}

/** The library that listens for jobs asks whether a dead connection will be noticed. */
export interface ServerPool extends SqlPool {
  readonly options: { readonly keepAlive: true };
  /** See `Engine`; the pool by itself repeats nothing that was sent. */
  patiently<T>(work: () => Promise<T>): Promise<T>;
}

/** The caller names the type of its rows, as with `pg`. */
function toSqlResult<R>(result: QueryResult | readonly QueryResult[]): SqlResult<R> {
  const one = 'rows' in result ? result : result.at(-1);
  const rows: readonly unknown[] = one?.rows ?? [];
  return {
    command: one?.command ?? '',
    rowCount: one?.rowCount ?? null,
    rows: areRowsOf<R>(rows) ? rows : [],
    fields: one?.fields ?? [],
  };
}

function areRowsOf<R>(rows: readonly unknown[]): rows is R[] {
  return Array.isArray(rows);
}

/**
 * A pool of connections to a server that keeps its promises through restarts: a connection that breaks takes down its
 * own query and nothing else, and whoever wants one while the server is away waits for it.
 */
export function createServerPool({
  pool,
  place,
  clock,
  logger,
  context,
  patienceMs,
}: ServerPoolDeps): ServerPool {
  const events = new EventEmitter().setMaxListeners(0);
  events.on('error', () => undefined);
  // An idle connection that breaks is replaced when one is needed; nobody loses anything by it.
  pool.on('error', (error) => {
    logger.debug('A connection to the database was lost.', { error });
    events.emit('error', toServerError(error, place) ?? error);
  });

  // One that breaks in the very moment in which it is handed over has no other listener; the first query on it fails.
  pool.on('connect', (client) => void client.on('error', () => undefined));

  function refuseInsideTransaction(): void {
    if (context.getStore()?.open === true) {
      throw new Error(
        'A query was made inside an open transaction but outside its client; on the embedded engine it would wait for ' +
          'ever. Use the client of the transaction.',
      );
    }
  }

  /** Errors after which the server was waited for long enough. */
  const final = new WeakSet<object>();

  async function patiently<T>(work: () => Promise<T>, onAway?: (error: unknown) => void): Promise<T> {
    let until: number | null = null;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        return await work();
      } catch (error) {
        if (pool.ending || !isRollcallError(error, 'UNAVAILABLE') || final.has(error)) throw error;
        if (until === null) onAway?.(error);
        until ??= clock.now() + patienceMs();
        if (clock.now() >= until) {
          final.add(error);
          throw error;
        }
        await clock.sleep(pause);
      }
    }
  }

  function connect(): Promise<PoolClient> {
    return patiently(
      async () => {
        try {
          return await pool.connect();
        } catch (error) {
          throw toServerError(error, place) ?? error;
        }
      },
      (error) => {
        if (patienceMs() > 0) logger.warn('The database is away; waiting for it.', { error });
      },
    );
  }

  function createClient(raw: PoolClient): SqlClient {
    const emitter = new EventEmitter();
    let released = false;
    let listening = false;
    let broken = false;
    const onError = (error: Error): void => {
      broken = true;
      // A connection in use tells its own query; only who listens wants to hear it a second time.
      if (emitter.listenerCount('error') > 0) emitter.emit('error', toServerError(error, place) ?? error);
    };
    const onNotification = (notification: unknown): void => void emitter.emit('notification', notification);
    raw.on('error', onError);
    raw.on('notification', onNotification);

    const client: SqlClient = {
      async query<R>(text: string, params?: readonly unknown[]) {
        if (released) throw new Error('Client was released and can be used no more');
        listening ||= LISTEN.test(text);
        try {
          const result = await (params === undefined || params.length === 0
            ? raw.query<QueryResultRow>(text)
            : raw.query<QueryResultRow>(text, [...params]));
          return toSqlResult<R>(result);
        } catch (error) {
          throw toServerError(error, place) ?? error;
        }
      },
      release(destroy) {
        if (released) return;
        released = true;
        // A session with an open transaction or with channels is not fit for the next one.
        const unfit = broken || listening || raw.getTransactionStatus() !== 'I';
        // Told to the pool first: it listens again from then on, so no error falls between.
        raw.release(unfit || destroy === true || destroy instanceof Error);
        raw.removeListener('notification', onNotification);
        if (!unfit) raw.removeListener('error', onError);
        emitter.removeAllListeners();
      },
      on(event, listener) {
        emitter.on(event, listener);
        return client;
      },
      removeListener(event, listener) {
        emitter.removeListener(event, listener);
        return client;
      },
      removeAllListeners(event) {
        emitter.removeAllListeners(event);
        return client;
      },
    };
    return client;
  }

  const own: ServerPool = {
    options: { keepAlive: true },
    patiently: (work) => patiently(work),
    async query<R>(text: string, params?: readonly unknown[]) {
      refuseInsideTransaction();
      const client = createClient(await connect());
      try {
        return await client.query<R>(text, params);
      } finally {
        client.release();
      }
    },
    async connect() {
      refuseInsideTransaction();
      return createClient(await connect());
    },
    async end() {
      if (!pool.ending) await pool.end();
    },
    on(event, listener) {
      events.on(event, listener);
      return own;
    },
    removeListener(event, listener) {
      events.removeListener(event, listener);
      return own;
    },
    removeAllListeners(event) {
      events.removeAllListeners(event);
      events.on('error', () => undefined);
      return own;
    },
  };
  return own;
}
