import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PGlite, Results } from '@electric-sql/pglite';
import { ANOTHER_DATA_DIRECTORY, toFullDisk } from './disk-errors.ts';
import type { SqlClient, SqlListener, SqlPool, SqlResult } from './sql.ts';

/** What may stand before a statement: the queue library explains itself in comments. */
const BEFORE = /^(?:\s+|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/;
const BEGIN = /^(begin|start\s+transaction)\b/i;
const LISTEN = /^listen\s+("(?:[^"]|"")+"|\w+)\s*;?\s*$/i;
const UNLISTEN = /^unlisten\s+("(?:[^"]|"")+"|\w+|\*)\s*;?\s*$/i;

/** A pool of `pg`'s shape over the one session of a PGlite, and the guard for bodies of transactions. */
export interface PglitePool {
  readonly pool: SqlPool;
  insideTransaction<T>(body: () => Promise<T>): Promise<T>;
}

interface Mark {
  open: boolean;
}

/** First come, first served; the holder gets the function that lets the next one in. */
function createTurnstile(): () => Promise<() => void> {
  let last: Promise<void> = Promise.resolve();
  return async () => {
    let leave: () => void = () => undefined;
    const turn = last;
    last = new Promise<void>((resolve) => {
      leave = resolve;
    });
    await turn;
    return leave;
  };
}

/** `pg` writes objects as JSON and leaves the rest to the server; only arrays need the type of their column. */
function toParameter(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'object') return value;
  if (value instanceof Date || value instanceof Uint8Array || Array.isArray(value)) return value;
  return JSON.stringify(value);
}

/** The caller names the type of its rows, as with `pg`; what jsonb columns hold is parsed where it is read. */
function areRowsOf<R>(rows: readonly unknown[]): rows is R[] {
  return Array.isArray(rows);
}

function toSqlResult<R>(result: Results | undefined): SqlResult<R> {
  const rows: readonly unknown[] = result?.rows ?? [];
  return {
    command: result?.command ?? '',
    rowCount: result?.rowCount ?? null,
    rows: areRowsOf<R>(rows) ? rows : [],
    fields: result?.fields ?? [],
  };
}

/** PGlite hangs the statement and its parameters, which may be personal data, on its errors; `pg` does not. */
function withoutParameters(error: unknown): unknown {
  if (typeof error === 'object' && error !== null) {
    for (const name of ['query', 'params', 'queryOptions']) Reflect.deleteProperty(error, name);
  }
  return error;
}

/**
 * Queries run one after the other. A client that has begun a transaction keeps everybody else out until it commits,
 * rolls back or is released. A query outside the client of a transaction that is open where it is called throws at
 * once (design §7).
 *
 * @param place where the files of the database are, for messages
 */
export function createPglitePool(db: PGlite, place: string): PglitePool {
  const enter = createTurnstile();
  const context = new AsyncLocalStorage<Mark>();
  // Everybody who uses the pool listens for its errors, and leaves without saying so.
  const events = new EventEmitter().setMaxListeners(0);
  let ended = false;

  function refuseInsideTransaction(): void {
    if (context.getStore()?.open === true) {
      throw new Error(
        'A query was made inside an open transaction but outside its client; on the embedded engine it would wait for ' +
          'ever. Use the client of the transaction.',
      );
    }
  }

  async function run<R>(text: string, params: readonly unknown[] | undefined): Promise<SqlResult<R>> {
    // A statement is worked on in this very thread and answered without a turn of its loop: many in a row would keep
    // whoever asks over the network waiting for all of them.
    await nextTurn();
    try {
      if (params === undefined || params.length === 0) {
        const results = await db.exec(text);
        return toSqlResult<R>(results.at(-1));
      }
      return toSqlResult<R>(await db.query<Record<string, unknown>>(text, params.map(toParameter)));
    } catch (error) {
      const bare = withoutParameters(error);
      throw toFullDisk(bare, `the database in ${place}`, ANOTHER_DATA_DIRECTORY) ?? bare;
    }
  }

  function refuseAfterEnd(): void {
    // The queue library knows this sentence of pg-pool.
    if (ended) throw new Error('Cannot use a pool after calling end on the pool');
  }

  function createClient(): SqlClient {
    const emitter = new EventEmitter();
    const channels = new Map<string, () => Promise<void>>();
    let leave: (() => void) | null = null;
    let mark: Mark | null = null;
    let released = false;

    function leaveTransaction(own: Mark | null): void {
      // A transaction that was begun after the query that has ended here keeps its mark.
      if (own !== null) own.open = false;
      if (mark === own) mark = null;
      leave?.();
      leave = null;
    }

    async function listen(channel: string): Promise<void> {
      if (channels.has(channel)) return;
      const name = channel.startsWith('"')
        ? channel.slice(1, -1).replaceAll('""', '"')
        : channel.toLowerCase();
      const hear = (payload: string): void => {
        // The notifier's transaction is still open when PGlite calls back; its mark must not reach the listeners.
        context.exit(() => emitter.emit('notification', { channel: name, payload, processId: 0 }));
      };
      await db.listen(channel, hear);
      // Not the function that `listen` gives back: it forgets the quotes of a channel that needs them.
      channels.set(channel, () => db.unlisten(channel, hear));
    }

    async function unlisten(channel: string): Promise<void> {
      const names = channel === '*' ? [...channels.keys()] : [channel];
      for (const name of names) {
        await channels.get(name)?.();
        channels.delete(name);
      }
    }

    async function execute<R>(
      text: string,
      params: readonly unknown[] | undefined,
      own: Mark | null,
    ): Promise<SqlResult<R>> {
      leave ??= await enter();
      try {
        refuseAfterEnd();
        const statement = text.replace(BEFORE, '');
        const toListen = LISTEN.exec(statement)?.[1];
        const toUnlisten = UNLISTEN.exec(statement)?.[1];
        if (toListen !== undefined) await listen(toListen);
        else if (toUnlisten !== undefined) await unlisten(toUnlisten);
        else return await run<R>(text, params);
        return {
          command: toListen === undefined ? 'UNLISTEN' : 'LISTEN',
          rowCount: null,
          rows: [],
          fields: [],
        };
      } finally {
        if (db.closed || !db.isInTransaction()) leaveTransaction(own);
      }
    }

    async function leaveFor(before: Promise<unknown>): Promise<void> {
      await before;
      if (leave !== null && !db.closed && db.isInTransaction()) await run('ROLLBACK', undefined);
      leaveTransaction(mark);
      if (channels.size === 0) return;
      const done = await enter();
      try {
        if (!ended) await unlisten('*');
      } finally {
        done();
      }
    }

    // Queries of one client run in the order of their calls, as on a real connection.
    let last: Promise<unknown> = Promise.resolve();

    const client: SqlClient = {
      query(text, params) {
        if (released) return Promise.reject(new Error('Client was released and can be used no more'));
        if (leave === null && mark === null) {
          try {
            refuseInsideTransaction();
          } catch (error) {
            return Promise.reject(error instanceof Error ? error : new Error(String(error)));
          }
        }
        if (mark === null && BEGIN.test(text.replace(BEFORE, ''))) {
          mark = { open: true };
          // Called from the caller's own frame, so the mark holds for the rest of the caller and what it starts.
          context.enterWith(mark);
        }
        const own = mark;
        const result = last.then(() => execute<never>(text, params, own));
        last = result.catch(() => undefined);
        return result;
      },
      release() {
        if (released) return;
        released = true;
        // Whoever has given the client back is out of the transaction, and may wait for its rollback like everybody.
        if (mark !== null) mark.open = false;
        last = leaveFor(last);
        last.catch((error: unknown) => events.emit('error', error));
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

  const pool: SqlPool = {
    async query(text, params) {
      refuseInsideTransaction();
      refuseAfterEnd();
      const leave = await enter();
      try {
        refuseAfterEnd();
        const result = await run<never>(text, params);
        if (db.isInTransaction()) {
          await run('ROLLBACK', undefined);
          throw new Error('A transaction needs a client of its own: take one with connect().');
        }
        return result;
      } finally {
        leave();
      }
    },
    connect() {
      if (ended) return Promise.reject(new Error('Cannot use a pool after calling end on the pool'));
      return Promise.resolve(createClient());
    },
    async end() {
      if (ended) return;
      const leave = await enter();
      ended = true;
      leave();
    },
    on(event: string, listener: SqlListener) {
      events.on(event, listener);
      return pool;
    },
    removeListener(event: string, listener: SqlListener) {
      events.removeListener(event, listener);
      return pool;
    },
    removeAllListeners(event?: string) {
      events.removeAllListeners(event);
      return pool;
    },
  };

  // An emitter without a listener for `error` would throw out of nowhere.
  events.on('error', () => undefined);

  return {
    pool,
    async insideTransaction(body) {
      const mark: Mark = { open: true };
      try {
        return await context.run(mark, body);
      } finally {
        mark.open = false;
      }
    },
  };
}
