import { sql, type Selectable } from 'kysely';
import { z } from 'zod';
import { HINT_EVENTS, type Hint, type HintStore, type TakenHint } from '../app/ports/hints.ts';
import { chunks, toJson, type Database, type Tables } from './database.ts';

const BULK = 500;
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

export function createHintStore({ db }: Database): HintStore {
  return {
    async add(hints, { now, due }) {
      // One statement may not touch a row twice; the last one given counts.
      const unique = new Map(hints.map((hint) => [`${hint.entity}\n${hint.rowId}`, hint]));
      for (const slice of chunks([...unique.values()], BULK)) {
        const rows = slice.map(({ entity, rowId, event, source }) => ({
          entity,
          row_id: rowId,
          event,
          source,
        }));
        await sql`
          INSERT INTO rollcall.hint AS h (entity, row_id, event, source, received_at, not_before)
          SELECT v.entity, v.row_id, v.event, v.source, ${new Date(now)}, ${new Date(due)}
            FROM jsonb_to_recordset(${toJson(rows)}::jsonb)
              AS v (entity text, row_id text, event text, source text)
           -- In one order for all, so that two of these never wait for each other.
           ORDER BY v.entity, v.row_id
          ON CONFLICT (entity, row_id) DO UPDATE
             SET event = excluded.event, source = excluded.source, heard = excluded.heard,
                 received_at = excluded.received_at, attempts = 0, run_id = NULL,
                 not_before = CASE WHEN h.run_id IS NULL THEN least(h.not_before, excluded.not_before)
                                   ELSE excluded.not_before END`.execute(db);
      }
    },

    async due(now, limit) {
      const at = new Date(now);
      const first = await db
        .selectFrom('hint')
        .select('row_id')
        .where('run_id', 'is', null)
        .where('not_before', '<=', at)
        .limit(1)
        .executeTakeFirst();
      if (first === undefined) return [];
      const rows = await db
        .selectFrom('hint')
        .selectAll()
        .where('run_id', 'is', null)
        .where((where) => where.or([where('not_before', '<=', at), where('attempts', '=', 0)]))
        .orderBy('heard')
        .limit(limit)
        .execute();
      return rows.map(toHint);
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

    async takeBack(runId, { now, pausesMs }) {
      const result = await db
        .deleteFrom('hint')
        .where('run_id', '=', runId)
        .where('attempts', '>=', pausesMs.length)
        .executeTakeFirst();
      await sql`
        UPDATE rollcall.hint
           SET run_id = NULL, attempts = attempts + 1,
               not_before = ${new Date(now)}::timestamptz
                 + make_interval(secs => (${[...pausesMs]}::float8[])[attempts + 1] / 1000)
         WHERE run_id = ${runId}`.execute(db);
      return Number(result.numDeletedRows);
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
