import { sql, type RawBuilder } from 'kysely';
import type { Clock } from '../app/ports/clock.ts';
import type { RunStore } from '../app/ports/store.ts';
import type { Database } from './database.ts';
import { PASSING } from './run-operations.ts';

/** Rows that a statement deletes: few enough that nobody waits long for the embedded engine's one session. */
const BULK = 2000;
const DAY_MS = 86_400_000;

/** What states of an operation say what became of it, as `lastingFailures` sees it. */
const OUTCOMES = sql`('confirmed', 'failed', 'stale')`;

/** Parts of runs that only an undo, or a look at the plan, needs. */
const DETAILS = ['plan_person', 'plan_gone', 'run_link'] as const;

/** Takes old runs away, bit by bit; safe to be broken off and to be done by several at once. */
export function createCleaningStore({ db }: Database, clock: Clock): Pick<RunStore, 'clean'> {
  const ended = (before: Date): RawBuilder<unknown> => sql`r.phase = 'done' AND r.finished_at < ${before}`;

  /** Deletes rows `o` of ended runs `r`, a bounded number at a time. */
  async function remove(table: string, before: Date, which = sql`true`): Promise<void> {
    const key = sql.raw(table === 'run' ? 'id' : 'run_id');
    const rows = sql`
      SELECT o.ctid FROM ${sql.raw(`rollcall.${table}`)} AS o JOIN rollcall.run AS r ON r.id = o.${key}
       WHERE ${ended(before)} AND ${which} LIMIT ${BULK}`;
    for (;;) {
      const { numAffectedRows = 0n } = await sql`
        DELETE FROM ${sql.raw(`rollcall.${table}`)} WHERE ctid = ANY (ARRAY(${rows}))`.execute(db);
      if (numAffectedRows === 0n) return;
    }
  }

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

  async function count(before: Date, which = sql`true`): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      SELECT count(*)::int AS count FROM rollcall.run AS r WHERE ${ended(before)} AND ${which}`.execute(db);
    return rows[0]?.count ?? 0;
  }

  async function removeDetails(before: Date): Promise<void> {
    // First of all they can no longer be undone: half of an undo would be worse than none.
    await sql`
      UPDATE rollcall.run AS r SET plan_head = NULL, reading = NULL, notes = '[]'
       WHERE ${ended(before)} AND r.plan_head IS NOT NULL`.execute(db);
    for (const table of DETAILS) await remove(table, before);
    // Failures that a later outcome has superseded go before that outcome does, or they would come to life again.
    await remove(
      'operation',
      before,
      sql`o.state = 'failed' AND EXISTS (
        SELECT 1 FROM rollcall.operation AS n JOIN rollcall.run AS nr ON nr.id = n.run_id
         WHERE n.id = o.id AND n.state IN ${OUTCOMES}
           AND (n.changed_at, nr.started_at) > (o.changed_at, r.started_at))`,
    );
    // What is left of failures is the newest of each operation; those that last are needed.
    await remove(
      'operation',
      before,
      sql`(o.state <> 'failed' OR o.code IS NULL OR o.code = ANY (${[...PASSING]}::text[]))`,
    );
  }

  return {
    async clean({ detailsBefore, runsBefore, dryRun }) {
      const runs = await keptFrom(new Date(runsBefore));
      const details = await keptFrom(new Date(Math.max(Date.parse(detailsBefore), Date.parse(runsBefore))));
      const found = {
        details: await count(details, sql`r.plan_head IS NOT NULL AND NOT (${ended(runs)})`),
        runs: await count(runs),
      };
      if (dryRun) return found;
      await removeDetails(details);
      if (found.runs > 0) {
        await remove('operation', runs);
        await remove('run', runs);
      }
      // Leases that nobody gave back, and marks of transactions that nobody will ask about.
      await db
        .deleteFrom('lease')
        .where('held_until', '<', new Date(clock.now() - DAY_MS))
        .execute();
      return found;
    },
  };
}
