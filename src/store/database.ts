import {
  Kysely,
  PostgresDialect,
  type ColumnType,
  type PostgresCursor,
  type PostgresQueryResult,
  type Transaction,
} from 'kysely';
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
  memory: { key: string; value: string };
  lease: { name: string; owner: string; held_until: Time };
}

const COMMANDS = ['UPDATE', 'DELETE', 'INSERT', 'SELECT', 'MERGE'] as const;

/** Our schema, every name qualified. */
export interface Database {
  readonly db: Kysely<Tables>;
  /** All or nothing; `work` uses its argument and nothing else of the store (design §7). */
  transaction<T>(work: (db: Transaction<Tables>) => Promise<T>): Promise<T>;
}

export function createDatabase(engine: Engine): Database {
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({
      pool: {
        async connect() {
          const client = await engine.pool.connect();
          function query<R>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
          function query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
          function query<R>(
            text: string | PostgresCursor<R>,
            parameters: readonly unknown[] = [],
          ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
            // The dialect makes cursors only if it was given a class for them.
            if (typeof text !== 'string') throw new Error('Cursors are not supported.');
            return client.query<R>(text, parameters).then(({ command, rowCount, rows }) => ({
              command: COMMANDS.find((one) => one === command) ?? 'SELECT',
              rowCount: rowCount ?? 0,
              rows,
            }));
          }
          return { query, release: () => client.release() };
        },
        // The pool belongs to the engine.
        end: () => Promise.resolve(),
      },
    }),
  }).withSchema('rollcall');
  return {
    db,
    transaction: (work) => db.transaction().execute((trx) => engine.insideTransaction(() => work(trx))),
  };
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
