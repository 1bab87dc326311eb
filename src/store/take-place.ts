import { sql, type Kysely } from 'kysely';
import type { Tables } from './database.ts';

export interface NewerPlan {
  /** It is about a few records only. */
  readonly isPartial: boolean;
  /** A guard has stopped it. */
  readonly waits: boolean;
  readonly at: Date;
}

/**
 * Stops the runs whose place a run takes with its newer plan, and hands on the hints that they were given where the new
 * one is about the same records: otherwise those wait for another run.
 *
 * @returns the runs that were stopped
 */
export async function takePlaces(
  db: Kysely<Tables>,
  id: string,
  { isPartial, waits, at }: NewerPlan,
): Promise<readonly string[]> {
  const reason = `Run ${id} took its place with a newer plan.`;
  const { rows } = await sql<{ id: string; is_covered: boolean | null }>`
    UPDATE rollcall.run AS o
       SET phase = 'done', status = 'stopped', finished_at = ${at},
           problem = ${reason},
           report = CASE WHEN o.report IS NULL THEN NULL
                         ELSE o.report || jsonb_build_object(
                           'status', 'stopped', 'finishedAt', ${at.toISOString()}::text,
                           'notes', jsonb_build_array(${reason}::text) || (o.report -> 'notes')) END
      FROM rollcall.run AS n
     WHERE n.id = ${id} AND o.id <> n.id AND o.phase = 'planned'
       AND (NOT ${isPartial}
            -- A question that nobody has answered yet is no run that waits for approval.
            OR (${waits} AND o.kind = 'push' AND o.run_order -> 'records' <> 'null'::jsonb
                AND NOT (o.status = 'running' AND (o.run_order ->> 'ask')::boolean)))
    RETURNING o.id,
              o.kind = 'push' AND n.kind IN ('push', 'sync') AND n.run_order ->> 'onlyFailedOf' IS NULL
                AND (n.run_order -> 'records' = 'null'::jsonb
                     OR n.run_order -> 'records' @> (o.run_order -> 'records')) AS is_covered`.execute(db);
  const covered = rows.filter((row) => row.is_covered === true).map((row) => row.id);
  if (covered.length > 0)
    await sql`UPDATE rollcall.hint SET run_id = ${id} WHERE run_id = ANY (${covered}::text[])`.execute(db);
  return rows.map((row) => row.id);
}
