import { sql } from 'kysely';
import type { HoldStore } from '../app/ports/store.ts';
import { chunks, toJson, type Database } from './database.ts';
import { iso } from './rows.ts';

const BULK = 500;

export function createHoldStore({ db, transaction }: Database): HoldStore {
  return {
    async all(directory) {
      const rows = await db
        .selectFrom('hold')
        .selectAll()
        .where('directory', '=', directory)
        .orderBy('login')
        .orderBy('directory_user_id')
        .execute();
      return rows.map((row) => ({
        directoryUserId: row.directory_user_id,
        login: row.login,
        displayName: row.display_name,
        reason: row.reason,
        runId: row.run_id,
        since: iso(row.since),
      }));
    },

    async add(directory, holds) {
      await transaction(async (trx) => {
        for (const slice of chunks(holds, BULK)) {
          const rows = slice.map((hold) => ({
            directory_user_id: hold.directoryUserId,
            login: hold.login,
            display_name: hold.displayName,
            reason: hold.reason,
            run_id: hold.runId,
            since: hold.since,
          }));
          await sql`
            INSERT INTO rollcall.hold (directory, directory_user_id, login, display_name, reason, run_id, since)
            SELECT ${directory}, v.directory_user_id, v.login, v.display_name, v.reason, v.run_id, v.since
              FROM jsonb_to_recordset(${toJson(rows)}::jsonb)
                AS v (directory_user_id text, login text, display_name text, reason text, run_id text, since timestamptz)
            ON CONFLICT DO NOTHING`.execute(trx);
        }
      });
    },

    async remove(directory, directoryUserIds) {
      const result = await transaction((trx) =>
        trx
          .deleteFrom('hold')
          .where('directory', '=', directory)
          .where('directory_user_id', '=', sql<string>`any(${[...directoryUserIds]}::text[])`)
          .executeTakeFirst(),
      );
      return Number(result.numDeletedRows);
    },
  };
}
