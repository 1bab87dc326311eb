import { sql, type Selectable } from 'kysely';
import { z } from 'zod';
import { HINT_EVENTS, type Hint, type HintStore, type NewHint, type TakenHint } from '../app/ports/hints.ts';
import { chunks, toJson, type Database, type Tables } from './database.ts';
import { writeTogether } from './together.ts';

/** Rows of one statement: on the embedded engine, whoever sends a hint waits for one of them, not for all. */
const BULK = 250;
const Parts = z.object({ event: z.enum(HINT_EVENTS), source: z.enum(['webhook', 'poll']) });

function toHint(row: Selectable<Tables['hint']>): Hint {
  return {
    entity: row.entity,
    rowId: row.row_id,
    ...Parts.parse(row),
    heard: row.heard,
    receivedAt: row.received_at.getTime(),
    attempts: row.attempts,
  };
}

/** Hints as rows of a query: one parameter for all of them. */
function taken(hints: readonly (TakenHint & { readonly notBefore?: number })[]) {
  const rows = hints.map(({ entity, rowId, heard, notBefore }) => ({
    entity,
    row_id: rowId,
    heard,
    not_before: notBefore === undefined ? null : new Date(notBefore),
  }));
  return sql`jsonb_to_recordset(${toJson(rows)}::jsonb)
    AS v (entity text, row_id text, heard bigint, not_before timestamptz)`;
}

const SAME = sql`h.entity = v.entity AND h.row_id = v.row_id AND h.heard = v.heard`;

type Kept = NewHint & { readonly now: number; readonly due: number };

/** One statement may not touch a row twice: the last one given counts, in the turn of the first. */
function uniqueRows(hints: readonly Kept[]): Kept[] {
  const unique = new Map<string, Kept>();
  for (const hint of hints) {
    const key = `${hint.entity}\n${hint.rowId}`;
    const due = Math.min(hint.due, unique.get(key)?.due ?? hint.due);
    unique.set(key, { ...hint, due });
  }
  // In one order for all, so that two of these never wait for each other.
  return [...unique].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, hint]) => hint);
}

export function createHintStore({ db }: Database): HintStore {
  const keep = writeTogether<Kept>(async (hints) => {
    for (const slice of chunks(uniqueRows(hints), BULK)) {
      const rows = slice.map(
        ({ entity, rowId, event, source, now, due }) =>
          sql`(${entity}, ${rowId}, ${event}, ${source}, ${new Date(now)}::timestamptz, ${new Date(due)}::timestamptz)`,
      );
      await sql`
        INSERT INTO rollcall.hint AS h (entity, row_id, event, source, received_at, not_before)
        VALUES ${sql.join(rows)}
        ON CONFLICT (entity, row_id) DO UPDATE
           SET event = excluded.event, source = excluded.source, heard = excluded.heard,
               received_at = excluded.received_at, attempts = 0, run_id = NULL,
               not_before = CASE WHEN h.run_id IS NULL THEN least(h.not_before, excluded.not_before)
                                 ELSE excluded.not_before END`.execute(db);
    }
  });

  return {
    add: (hints, times) => keep(hints.map((hint) => ({ ...hint, ...times }))),

    async waiting(now) {
      const at = new Date(now);
      const { rows } = await sql<{ count: string; newest: Date | null; is_due: boolean | null }>`
        SELECT count(*) AS count, max(received_at) AS newest, bool_or(not_before <= ${at}) AS is_due
          FROM rollcall.hint
         WHERE run_id IS NULL AND (not_before <= ${at} OR attempts = 0)`.execute(db);
      const [row] = rows;
      return {
        count: Number(row?.count ?? 0),
        newest: row?.newest?.getTime() ?? null,
        isDue: row?.is_due ?? false,
      };
    },

    async take(now, limit) {
      const found: Hint[] = [];
      while (found.length < limit) {
        const rows = await db
          .selectFrom('hint')
          .selectAll()
          .where('run_id', 'is', null)
          .where((where) => where.or([where('not_before', '<=', new Date(now)), where('attempts', '=', 0)]))
          .where('heard', '>', found.at(-1)?.heard ?? '0')
          .orderBy('heard')
          .limit(Math.min(BULK, limit - found.length))
          .execute();
        found.push(...rows.map(toHint));
        if (rows.length < BULK) break;
      }
      return found;
    },

    async give(hints, runId) {
      for (const slice of chunks(hints, BULK))
        await sql`UPDATE rollcall.hint AS h SET run_id = ${runId} FROM ${taken(slice)} WHERE ${SAME}`.execute(
          db,
        );
    },

    async givenTo() {
      const rows = await db
        .selectFrom('hint')
        .select('run_id')
        .distinct()
        .where('run_id', 'is not', null)
        .execute();
      return rows.flatMap(({ run_id: id }) => id ?? []);
    },

    async forget(runId) {
      await db.deleteFrom('hint').where('run_id', '=', runId).execute();
    },

    async takeBack(runId, { now, pausesMs, goOn = false }) {
      const last = pausesMs.length;
      const lost = goOn
        ? 0n
        : (
            await db
              .deleteFrom('hint')
              .where('run_id', '=', runId)
              .where('attempts', '>=', last)
              .executeTakeFirst()
          ).numDeletedRows;
      await sql`
        UPDATE rollcall.hint
           SET run_id = NULL, attempts = least(attempts + 1, ${last}::int),
               not_before = ${new Date(now)}::timestamptz
                 + make_interval(secs => (${[...pausesMs]}::float8[])[least(attempts + 1, ${last}::int)] / 1000)
         WHERE run_id = ${runId}`.execute(db);
      return Number(lost);
    },

    async postpone(hints) {
      for (const slice of chunks(hints, BULK))
        await sql`
          UPDATE rollcall.hint AS h SET attempts = h.attempts + 1, not_before = v.not_before
            FROM ${taken(slice)} WHERE ${SAME}`.execute(db);
    },

    async remove(hints) {
      for (const slice of chunks(hints, BULK))
        await sql`DELETE FROM rollcall.hint AS h USING ${taken(slice)} WHERE ${SAME}`.execute(db);
    },

    async count() {
      const row = await db
        .selectFrom('hint')
        .select((select) => select.fn.countAll<string>().as('count'))
        .where('run_id', 'is', null)
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },
  };
}
