import { sql, type RawBuilder } from 'kysely';
import type { Clock } from '../app/ports/clock.ts';
import type { RunStore } from '../app/ports/runs.ts';
import type { Database } from './database.ts';
import { OUTCOMES, PASSING } from './run-operations.ts';

/** Rows that a statement deletes: few enough that nobody waits long for the embedded engine's one session. */
const BULK = 2000;
/** Runs that are looked up at a time. */
const RUNS = 100;
const DAY_MS = 86_400_000;

/** Parts of runs that only an undo, or a look at the plan, needs. */
const DETAILS = ['plan_person', 'plan_gone', 'run_link'] as const;

/**
 * Takes old runs away, bit by bit: which runs first, then their rows by the keys. Safe to be broken off and to be done by
 * several at once.
 */
export function createCleaningStore({ db }: Database, clock: Clock): Pick<RunStore, 'clean'> {
  const ended = (before: Date): RawBuilder<unknown> => sql`r.phase = 'done' AND r.finished_at < ${before}`;

  /**
   * A run whose operations another one needs that has not ended keeps all it has, and so do those after it: which failures
   * last depends on the order of runs.
   */
  async function keptFrom(before: Date): Promise<Date> {
    const { rows } = await sql<{ finished_at: Date | null }>`
      SELECT min(r.finished_at) AS finished_at
        FROM rollcall.run AS u
        JOIN rollcall.run AS r ON r.id IN (u.run_order ->> 'undoes', u.run_order ->> 'onlyFailedOf')
       WHERE u.phase <> 'done'`.execute(db);
    const needed = rows[0]?.finished_at ?? before;
    return needed < before ? needed : before;
  }

  async function count(from: RawBuilder<unknown>): Promise<number> {
    const { rows } = await sql<{ count: number }>`SELECT count(*)::int AS count FROM ${from}`.execute(db);
    return rows[0]?.count ?? 0;
  }

  async function isLeft(table: string, runId: string): Promise<boolean> {
    const { rows } = await sql`
      SELECT 1 FROM ${sql.raw(`rollcall.${table}`)} WHERE run_id = ${runId} LIMIT 1`.execute(db);
    return rows.length > 0;
  }

  const someOf = (table: string, runId: string): RawBuilder<unknown> => sql`
    ctid = ANY (ARRAY(SELECT ctid FROM ${sql.raw(`rollcall.${table}`)} WHERE run_id = ${runId} LIMIT ${BULK}))`;

  async function removeRows(table: string, runId: string): Promise<void> {
    while (await isLeft(table, runId))
      await sql`DELETE FROM ${sql.raw(`rollcall.${table}`)} WHERE ${someOf(table, runId)}`.execute(db);
  }

  /** Of each operation, what `lastingFailures` needs outlives it. Older runs go first, so that the newest outcome stays. */
  async function removeOperations(runId: string, startedAt: Date): Promise<void> {
    const lasts = sql`o.state = 'failed' AND o.code IS NOT NULL AND o.code <> ALL (${[...PASSING]}::text[])`;
    while (await isLeft('operation', runId))
      await sql`
        WITH o AS (
          DELETE FROM rollcall.operation WHERE ${someOf('operation', runId)}
          RETURNING id, digest, state, code, message, changed_at
        ), superseded AS (
          DELETE FROM rollcall.lasting_failure AS l USING o
           WHERE l.operation_id = o.id AND o.state IN ${OUTCOMES} AND (${lasts}) IS NOT TRUE
             AND (l.changed_at, l.run_started_at) <= (o.changed_at, ${startedAt}::timestamptz)
        )
        INSERT INTO rollcall.lasting_failure AS l
               (operation_id, digest, code, message, changed_at, run_started_at)
        SELECT o.id, o.digest, o.code, o.message, o.changed_at, ${startedAt}::timestamptz FROM o WHERE ${lasts}
        ON CONFLICT (operation_id) DO UPDATE
           SET digest = excluded.digest, code = excluded.code, message = excluded.message,
               changed_at = excluded.changed_at, run_started_at = excluded.run_started_at
         WHERE (l.changed_at, l.run_started_at) <= (excluded.changed_at, excluded.run_started_at)`.execute(
        db,
      );
  }

  async function removeDetails(before: Date): Promise<void> {
    // First of all they can no longer be undone: half of an undo would be worse than none.
    await sql`
      UPDATE rollcall.run AS r SET plan_head = NULL, reading = NULL, notes = '[]'
       WHERE ${ended(before)} AND r.cleaned_at IS NULL`.execute(db);
    for (;;) {
      const { rows } = await sql<{ id: string; started_at: Date }>`
        SELECT r.id, r.started_at FROM rollcall.run AS r
         WHERE ${ended(before)} AND r.cleaned_at IS NULL ORDER BY r.finished_at, r.id LIMIT ${RUNS}`.execute(
        db,
      );
      if (rows.length === 0) return;
      for (const run of rows) {
        for (const table of DETAILS) await removeRows(table, run.id);
        await removeOperations(run.id, run.started_at);
        await db
          .updateTable('run')
          .set({ cleaned_at: new Date(clock.now()) })
          .where('id', '=', run.id)
          .execute();
      }
    }
  }

  /** Whole runs; what they knew beyond their reports has been taken care of before. */
  async function removeRuns(before: Date): Promise<void> {
    for (;;) {
      const { numAffectedRows = 0n } = await sql`
        DELETE FROM rollcall.run WHERE id = ANY (ARRAY(
          SELECT r.id FROM rollcall.run AS r WHERE ${ended(before)} AND r.cleaned_at IS NOT NULL LIMIT ${RUNS}))`.execute(
        db,
      );
      if (numAffectedRows === 0n) return;
    }
  }

  /**
   * Cases that no run has confirmed since, and that no verdict rests on: nobody can decide or revoke them any more, and
   * they hold names. A verdict that stands is memory, and so is the case that it was given in.
   */
  const forgotten = (before: Date): RawBuilder<unknown> => sql`
    rollcall.review_case AS c
     WHERE c.status = 'closed'
       AND NOT EXISTS (SELECT 1 FROM rollcall.run AS r WHERE r.id = c.run_id AND (${ended(before)}) IS NOT TRUE)
       AND NOT EXISTS (SELECT 1 FROM rollcall.verdict AS v
                        WHERE v.case_id = c.id AND (v.revoked_at < ${before}) IS NOT TRUE)`;

  async function removeCases(before: Date): Promise<void> {
    await db.deleteFrom('verdict').where('revoked_at', '<', before).execute();
    await sql`DELETE FROM ${forgotten(before)}`.execute(db);
  }

  return {
    async clean({ detailsBefore, runsBefore, dryRun }) {
      const runs = await keptFrom(new Date(runsBefore));
      const details = await keptFrom(new Date(Math.max(Date.parse(detailsBefore), Date.parse(runsBefore))));
      const found = {
        details: await count(
          sql`rollcall.run AS r WHERE ${ended(details)} AND r.plan_head IS NOT NULL AND NOT (${ended(runs)})`,
        ),
        runs: await count(sql`rollcall.run AS r WHERE ${ended(runs)}`),
        cases: await count(forgotten(runs)),
      };
      if (dryRun) return found;
      await removeDetails(details);
      await removeCases(runs);
      await removeRuns(runs);
      // Leases that nobody gave back, and marks of transactions that nobody will ask about.
      await db
        .deleteFrom('lease')
        .where('held_until', '<', new Date(clock.now() - DAY_MS))
        .execute();
      return found;
    },
  };
}
