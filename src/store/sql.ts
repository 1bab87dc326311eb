/**
 * The part of `pg` that the product rests on. A `pg.Pool` fits it, and so does the facade over PGlite: whatever is
 * written against these types runs on both engines (design §7).
 */

/** Rows as `pg` gives them: int8 and numeric as text, json parsed, timestamptz as `Date`. */
export interface SqlResult<R> {
  readonly command: string;
  readonly rowCount: number | null;
  readonly rows: R[];
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
}

/** What a client hears after `LISTEN`. */
export interface SqlNotification {
  readonly channel: string;
  readonly payload: string;
  readonly processId: number;
}

/** Takes whatever the events of clients and pools carry; a function that takes one of these fits. */
export type SqlListener = (event: SqlNotification & Error & SqlClient) => void;

interface SqlQueryable {
  /** Several statements may stand in one text as long as there are no parameters. */
  query<R = Record<string, unknown>>(text: string, params?: readonly unknown[]): Promise<SqlResult<R>>;
}

interface SqlEmitter {
  on(event: string, listener: SqlListener): this;
  removeListener(event: string, listener: SqlListener): this;
  removeAllListeners(event?: string): this;
}

/** A session that was taken from the pool. Events: `notification` (SqlNotification), `error`. */
export interface SqlClient extends SqlQueryable, SqlEmitter {
  /** Gives the session back; an open transaction is rolled back, channels are left. */
  release(destroy?: boolean | Error): void;
}

/** Events: `error`. */
export interface SqlPool extends SqlQueryable, SqlEmitter {
  connect(): Promise<SqlClient>;
  end(): Promise<void>;
}

/** A database that is open. */
export interface Engine {
  /** `embedded`: one session in this process, nobody else can work on it. `server`: shared with other processes. */
  readonly kind: 'embedded' | 'server';
  /** Has no search path that anybody may rely on: qualify every name with its schema. */
  readonly pool: SqlPool;
  /** Unqualified names resolve in the schema of the queue library, which never qualifies its own. */
  readonly queuePool: SqlPool;
  /**
   * Runs the body of a transaction: until it has ended, a query outside the transaction's own client throws where it
   * is called. On an engine with one session it would wait for the transaction, and the transaction for it, for good.
   */
  insideTransaction<T>(body: () => Promise<T>): Promise<T>;
  /**
   * Does the work again when the server went away in the middle of it, as soon as the server is back; gives up when that
   * takes too long. Only for what may be done twice.
   */
  patiently<T>(work: () => Promise<T>): Promise<T>;
  /** Waits for what is under way, closes the database and gives the data directory up. */
  close(): Promise<void>;
}
