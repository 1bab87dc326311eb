import { sql, type Kysely, type RawBuilder } from 'kysely';
import { z } from 'zod';
import type { LinkStore } from '../app/ports/store.ts';
import type { Link } from '../domain/person.ts';
import { chunks, toJson, type Database, type Tables } from './database.ts';
import { LinkBase } from './rows.ts';

const BULK = 500;
const Status = z.enum(['active', 'gone']);

/** A link as its row is written in JSON. */
const LinkRow = z.object({
  directory: z.string(),
  directory_user_id: z.string(),
  login: z.string(),
  record_id: z.string(),
  contact_id: z.string().nullable(),
  crm_user_id: z.string().nullable(),
  status: Status,
  base: LinkBase,
});

/** @throws ZodError when the row is not one of a link */
export function toLink(row: unknown): Link {
  const link = LinkRow.parse(row);
  return {
    directory: link.directory,
    directoryUserId: link.directory_user_id,
    login: link.login,
    recordId: link.record_id,
    contactId: link.contact_id,
    crmUserId: link.crm_user_id,
    status: link.status,
    base: link.base,
  };
}

/**
 * Adds links or puts new ones in their place; a link is known by its directory and directory user.
 *
 * @param rows a query for the columns of links, each directory user once
 * @param runId the run that does it: how each link that changes stood before is kept for its undo
 */
export async function keepLinks(
  db: Kysely<Tables>,
  rows: RawBuilder<unknown>,
  runId: string | null,
): Promise<void> {
  const isOther = sql`(l.login, l.record_id, l.contact_id, l.crm_user_id, l.status, l.base)
    IS DISTINCT FROM (v.login, v.record_id, v.contact_id, v.crm_user_id, v.status, v.base)`;
  const kept =
    runId === null
      ? sql``
      : sql`, kept AS (
      INSERT INTO rollcall.run_link (run_id, directory, directory_user_id, former)
      SELECT ${runId}, v.directory, v.directory_user_id, to_jsonb(l)
        FROM v
        LEFT JOIN rollcall.link AS l
          ON l.directory = v.directory AND l.directory_user_id = v.directory_user_id
       WHERE ${isOther}
      ON CONFLICT DO NOTHING)`;
  // One statement, so that the rows go over once; both parts of it see the links as they stood before.
  await sql`
    WITH v AS MATERIALIZED (${rows})${kept}
    INSERT INTO rollcall.link AS l
           (directory, directory_user_id, login, record_id, contact_id, crm_user_id, status, base)
    SELECT v.directory, v.directory_user_id, v.login, v.record_id, v.contact_id, v.crm_user_id, v.status, v.base
      FROM v
    ON CONFLICT (directory, directory_user_id) DO UPDATE
       SET login = excluded.login, record_id = excluded.record_id, contact_id = excluded.contact_id,
           crm_user_id = excluded.crm_user_id, status = excluded.status, base = excluded.base
     WHERE (l.login, l.record_id, l.contact_id, l.crm_user_id, l.status, l.base)
       IS DISTINCT FROM (excluded.login, excluded.record_id, excluded.contact_id, excluded.crm_user_id,
                         excluded.status, excluded.base)`.execute(db);
}

/** The same for links at hand. */
export async function upsertLinks(
  db: Kysely<Tables>,
  links: readonly Link[],
  runId: string | null,
): Promise<void> {
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
    await keepLinks(
      db,
      sql`SELECT * FROM jsonb_to_recordset(${toJson(rows)}::jsonb)
        AS given (directory text, directory_user_id text, login text, record_id text, contact_id text,
                  crm_user_id text, status text, base jsonb)`,
      runId,
    );
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
      return rows.map(toLink);
    },

    async save(links) {
      await transaction((trx) => upsertLinks(trx, links, null));
    },

    async remove(directory, directoryUserIds) {
      await db
        .deleteFrom('link')
        .where('directory', '=', directory)
        .where('directory_user_id', '=', sql<string>`any(${[...directoryUserIds]}::text[])`)
        .execute();
    },

    async recordsBehind(directory, rowIds) {
      const ids = [...new Set(rowIds)];
      const { rows } = await sql<{ row_id: string; record_id: string }>`
        SELECT l.record_id AS row_id, l.record_id
          FROM rollcall.link AS l
         WHERE l.directory = ${directory} AND l.record_id = any(${ids}::text[])
         UNION
        SELECT detail.value, l.record_id
          FROM rollcall.link AS l
         CROSS JOIN (VALUES ('licences'), ('roles')) AS part (name)
         CROSS JOIN jsonb_each_text(coalesce(l.base -> part.name -> 'rows', '{}')) AS detail
         WHERE l.directory = ${directory} AND detail.value = any(${ids}::text[])`.execute(db);
      return new Map(rows.map((row) => [row.row_id, row.record_id]));
    },
  };
}
