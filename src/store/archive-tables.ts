import { z } from 'zod';
import type { SqlClient } from './sql.ts';

/** Belong to the processes that work here and to the tables themselves, not to what is remembered. */
const LEFT_OUT = ['lease', 'migration'];

const Rows = z.array(
  z.object({
    name: z.string(),
    columns: z.array(z.string()),
    key: z.array(z.string()).min(1),
    parents: z.array(z.string()),
  }),
);

/** One table as the catalogue of the database describes it, so that new migrations need no change here. */
export interface ArchivedTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** The columns of the primary key. */
  readonly key: readonly string[];
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** The tables whose rows are remembered; those that others refer to come before them. */
export async function archivedTables(client: SqlClient): Promise<readonly ArchivedTable[]> {
  const { rows } = await client.query(
    `
    SELECT c.relname::text AS name,
           (SELECT json_agg(a.attname ORDER BY a.attnum)
              FROM pg_catalog.pg_attribute AS a
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
           (SELECT coalesce(json_agg(a.attname ORDER BY k.place), '[]')
              FROM pg_catalog.pg_constraint AS p
             CROSS JOIN unnest(p.conkey) WITH ORDINALITY AS k (attnum, place)
              JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.attnum
             WHERE p.conrelid = c.oid AND p.contype = 'p') AS key,
           (SELECT coalesce(json_agg(DISTINCT parent.relname), '[]')
              FROM pg_catalog.pg_constraint AS f
              JOIN pg_catalog.pg_class AS parent ON parent.oid = f.confrelid
             WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.confrelid <> c.oid) AS parents
      FROM pg_catalog.pg_class AS c
      JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
     WHERE n.nspname = 'rollcall' AND c.relkind = 'r' AND c.relname <> ALL ($1::text[])
     ORDER BY c.relname COLLATE "C"`,
    [LEFT_OUT],
  );
  const open = Rows.parse(rows);
  const ordered: ArchivedTable[] = [];
  while (open.length > 0) {
    const next = open.findIndex(({ parents }) =>
      parents.every((parent) => !open.some(({ name }) => name === parent)),
    );
    const [table] = open.splice(next, 1);
    if (next === -1 || table === undefined) throw new Error('Tables refer to each other in a circle.');
    ordered.push({ name: table.name, columns: table.columns, key: table.key });
  }
  return ordered;
}

/** The version of the tables as they are. */
export async function schemaVersion(client: SqlClient): Promise<number> {
  const { rows } = await client.query(
    'SELECT coalesce(max(version), 0)::int AS version FROM rollcall.migration',
  );
  const [row] = z.tuple([z.object({ version: z.number() })]).parse(rows);
  return row.version;
}
