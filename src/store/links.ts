import { sql, type Kysely } from 'kysely';
import { z } from 'zod';
import type { LinkStore } from '../app/ports/store.ts';
import type { Link } from '../domain/person.ts';
import { chunks, toJson, type Database, type Tables } from './database.ts';
import { LinkBase } from './rows.ts';

const BULK = 500;
const Status = z.enum(['active', 'gone']);

/** Adds links or puts new ones in their place; a link is known by its directory and directory user. */
export async function upsertLinks(db: Kysely<Tables>, links: readonly Link[]): Promise<void> {
  // One statement may not touch a row twice; the last one given counts.
  const unique = [
    ...new Map(links.map((link) => [`${link.directory}\n${link.directoryUserId}`, link])).values(),
  ];
  for (const slice of chunks(unique, BULK)) {
    const rows = slice.map((link) => ({
      directory: link.directory,
      directory_user_id: link.directoryUserId,
      login: link.login,
      record_id: link.recordId,
      contact_id: link.contactId,
      crm_user_id: link.crmUserId,
      status: link.status,
      base: link.base,
    }));
    // One parameter for all rows: the embedded engine is slow at taking thousands.
    await sql`
      INSERT INTO rollcall.link
             (directory, directory_user_id, login, record_id, contact_id, crm_user_id, status, base)
      SELECT v.directory, v.directory_user_id, v.login, v.record_id, v.contact_id, v.crm_user_id, v.status, v.base
        FROM jsonb_to_recordset(${toJson(rows)}::jsonb)
          AS v (directory text, directory_user_id text, login text, record_id text, contact_id text,
                crm_user_id text, status text, base jsonb)
      ON CONFLICT (directory, directory_user_id) DO UPDATE
         SET login = excluded.login, record_id = excluded.record_id, contact_id = excluded.contact_id,
             crm_user_id = excluded.crm_user_id, status = excluded.status, base = excluded.base`.execute(db);
  }
}

export function createLinkStore({ db, transaction }: Database): LinkStore {
  return {
    async all(directory) {
      const rows = await db
        .selectFrom('link')
        .selectAll()
        .where('directory', '=', directory)
        .orderBy('directory_user_id')
        .execute();
      return rows.map((row) => ({
        directory: row.directory,
        directoryUserId: row.directory_user_id,
        login: row.login,
        recordId: row.record_id,
        contactId: row.contact_id,
        crmUserId: row.crm_user_id,
        status: Status.parse(row.status),
        base: LinkBase.parse(row.base),
      }));
    },

    async save(links) {
      await transaction((trx) => upsertLinks(trx, links));
    },

    async remove(directory, directoryUserIds) {
      await db
        .deleteFrom('link')
        .where('directory', '=', directory)
        .where('directory_user_id', '=', sql<string>`any(${[...directoryUserIds]}::text[])`)
        .execute();
    },
  };
}
