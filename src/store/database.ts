import {
  Kysely,
  PostgresDialect,
  type ColumnType,
  type PostgresCursor,
  type PostgresPoolClient,
  type PostgresQueryResult,
  type Transaction,
} from 'kysely';
import { isRollcallError, type RollcallError } from '../app/ports/errors.ts';
import { createMarks, type Marks } from './marks.ts';
import type { Engine } from './sql.ts';

/** Written as JSON text; what is read from it is parsed by whoever reads. */
type Json = ColumnType<unknown, string, string>;
type NullableJson = ColumnType<unknown, string | null, string | null>;
type Time = ColumnType<Date, Date, Date>;
type NullableTime = ColumnType<Date | null, Date | null, Date | null>;

export interface Tables {
  run: {
    id: string;
    kind: string;
    trigger: string;
    status: string;
    phase: string;
    started_at: Time;
    finished_at: NullableTime;
    report: NullableJson;
    problem: string | null;
    plan_head: NullableJson;
    run_order: Json;
    reading: NullableJson;
    notes: Json;
    alive_until: NullableTime;
    cleaned_at: NullableTime;
  };
  plan_person: {
    run_id: string;
    user_id: string;
    position: number;
    login: string;
    situation: string;
    pending_push: boolean;
    held: boolean;
    failed: boolean;
    has_issues: boolean;
    body: Json;
  };
  plan_gone: { run_id: string; user_id: string; position: number; is_new: boolean; body: Json };
  operation: {
    run_id: string;
    id: string;
    position: number;
    body: Json;
    digest: string;
    state: string;
    code: string | null;
    message: string | null;
    image: NullableJson;
    changed_at: Time;
    person: string | null;
    stage: number;
    chunk: number;
  };
  link: {
    directory: string;
    directory_user_id: string;
    login: string;
    record_id: string;
    contact_id: string | null;
    crm_user_id: string | null;
    status: string;
    base: Json;
  };
  run_link: { run_id: string; directory: string; directory_user_id: string; former: NullableJson };
  run_spent: { run_id: string; system: string; used: number; retries: number };
  hold: {
    directory: string;
    directory_user_id: string;
    login: string;
    display_name: string;
    reason: string;
    run_id: string | null;
    since: Time;
  };
  review_case: {
    id: string;
    directory: string;
    directory_user_id: string;
    login: string;
    display_name: string;
    kind: string;
    reason: string;
    candidates: Json;
    status: string;
    run_id: string;
    opened_at: Time;
    decided_at: NullableTime;
  };
  verdict: {
    id: string;
    directory: string;
    directory_user_id: string;
    kind: string;
    contact_id: string | null;
    rejected: Json;
    case_id: string | null;
    given_at: Time;
    revoked_at: NullableTime;
  };
  hint: {
    entity: string;
    row_id: string;
    event: string;
    source: string;
    heard: string;
    received_at: Time;
    attempts: number;
    not_before: Time;
    run_id: string | null;
  };
  request: {
    id: string;
    run_id: string;
    requested_by: string | null;
    received_at: Time;
    telling: string | null;
    told: string | null;
  };
  api_token: {
    id: string;
    name: string;
    hash: string;
    scopes: Json;
    created_at: Time;
    expires_at: NullableTime;
    revoked_at: NullableTime;
  };
  memory: { key: string; value: string };
  lease: { name: string; owner: string; held_until: Time };
}

const COMMANDS = ['UPDATE', 'DELETE', 'INSERT', 'SELECT', 'MERGE'] as const;

/**
 * Our schema, every name qualified. A server may go away at any time and come back: what was lost by that is done again,
 * as long as the engine is patient.
 */
export interface Database {
  /** A statement that was cut off is sent again: only for those that may be done twice, with the same answer. */
  readonly db: Kysely<Tables>;
  /**
   * All or nothing, and once: a transaction that was cut off is done again, unless its commit had got through all the
   * same. `work` uses its argument and nothing else of the store (design §7), and may be called several times.
   */
  transaction<T>(work: (db: Transaction<Tables>) => Promise<T>): Promise<T>;
}

export function createDatabase(engine: Engine): Database {
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({
      pool: {
        connect: () => connect(engine),
        // The pool belongs to the engine.
        end: () => Promise.resolve(),
      },
    }),
  }).withSchema('rollcall');
  const marks = createMarks();
  return { db, transaction: (work) => transact({ db, engine, marks }, work) };
}

const BEGIN = /^\s*(begin|start\s+transaction)\b/i;

/** A connection for one statement, or for one transaction. */
async function connect(engine: Engine): Promise<PostgresPoolClient> {
  let client = await engine.pool.connect();
  let lost: RollcallError | null = null;
  let isTransaction = false;

  async function send<R>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    try {
      const { command, rowCount, rows } = await client.query<R>(text, parameters);
      return {
        command: COMMANDS.find((one) => one === command) ?? 'SELECT',
        rowCount: rowCount ?? 0,
        rows,
      };
    } catch (error) {
      if (isRollcallError(error, 'UNAVAILABLE')) lost = error;
      throw error;
    }
  }

  async function sendAlone<R>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    if (lost !== null) {
      client.release(true);
      client = await engine.pool.connect();
      lost = null;
    }
    return send<R>(text, parameters);
  }

  function query<R>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  function query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  function query<R>(
    text: string | PostgresCursor<R>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    // The dialect makes cursors only if it was given a class for them.
    if (typeof text !== 'string') throw new Error('Cursors are not supported.');
    isTransaction ||= BEGIN.test(text);
    // Half a transaction is never repeated on another connection; `transact` repeats the whole.
    if (!isTransaction) return engine.patiently(() => sendAlone<R>(text, parameters));
    return lost === null ? send<R>(text, parameters) : Promise.reject(lost);
  }
  return { query, release: () => client.release(lost !== null) };
}

/** A transaction that survives its server; see `Database.transaction`. */
async function transact<T>(
  { db, engine, marks }: { readonly db: Kysely<Tables>; readonly engine: Engine; readonly marks: Marks },
  work: (db: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  const inside = (trx: Transaction<Tables>): Promise<T> => engine.insideTransaction(() => work(trx));
  // The embedded engine does not go away without this process.
  if (engine.kind === 'embedded') return db.transaction().execute(inside);
  let mark: string | null = null;
  let sent: { readonly result: T } | null = null;
  const result = await engine.patiently(() =>
    db.transaction().execute(async (trx) => {
      const left = await marks.leave(trx, mark);
      if (left === null && sent !== null) return sent.result;
      mark = left;
      const own = await inside(trx);
      sent = { result: own };
      return own;
    }),
  );
  if (mark !== null) marks.forget(mark);
  return result;
}

/**
 * JSON as Postgres takes it: it refuses NUL and halves of surrogate pairs, and one such name must not stop a run.
 */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value);
  // Both are rare and always escaped; looking for them costs less than a look at every member.
  return REFUSED.test(text)
    ? JSON.stringify(value, (_key, part: unknown) =>
        typeof part === 'string' ? part.replaceAll(/[\0\p{Cs}]/gu, '\uFFFD') : part,
      )
    : text;
}

const REFUSED = /\\u(?:0000|d[89a-f])/iu;

/** Slices of at most `size` items, in order. */
export function chunks<T>(items: readonly T[], size: number): (readonly T[])[] {
  const slices: (readonly T[])[] = [];
  for (let at = 0; at < items.length; at += size) slices.push(items.slice(at, at + size));
  return slices;
}
