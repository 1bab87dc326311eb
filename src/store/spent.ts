import { sql, type Transaction } from 'kysely';
import type { Spent } from '../app/ports/requests.ts';
import { toJson, type Tables } from './database.ts';

/** Adds to what a run has cost. Last in a transaction: workers on one run wait for each other at its rows. */
export async function addSpent(trx: Transaction<Tables>, runId: string, spent: Spent): Promise<void> {
  const rows = Object.entries(spent)
    .filter(([, { used, retries }]) => used > 0 || retries > 0)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([system, { used, retries }]) => ({ system, used, retries }));
  if (rows.length === 0) return;
  await sql`
    INSERT INTO rollcall.run_spent AS s (run_id, system, used, retries)
    SELECT ${runId}, v.system, v.used, v.retries
      FROM jsonb_to_recordset(${toJson(rows)}::jsonb) AS v (system text, used integer, retries integer)
    ON CONFLICT (run_id, system)
    DO UPDATE SET used = s.used + excluded.used, retries = s.retries + excluded.retries`.execute(trx);
}
