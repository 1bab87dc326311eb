import { z } from 'zod';
import { quoted } from './archive-tables.ts';
import type { SqlClient } from './sql.ts';

const Values = z.array(z.object({ name: z.string(), value: z.string() }));
const Columns = z.array(z.object({ sequence: z.string(), table: z.string(), column: z.string() }));

/** How far the sequences of the store have come, by name. */
export async function sequencesOf(client: SqlClient): Promise<ReadonlyMap<string, bigint>> {
  const { rows } = await client.query(
    `SELECT sequencename::text AS name, last_value::text AS value
       FROM pg_catalog.pg_sequences
      WHERE schemaname = 'rollcall' AND last_value IS NOT NULL`,
  );
  return new Map(Values.parse(rows).map(({ name, value }) => [name, BigInt(value)]));
}

/**
 * Lets every sequence go on behind all values that its columns hold and that it gave before: a number that was given
 * once never stands for something else.
 *
 * @param before how far they had come, before the tables were made anew
 */
export async function moveSequencesOn(client: SqlClient, before: ReadonlyMap<string, bigint>): Promise<void> {
  const last = new Map(before);
  for (const { sequence, table, column } of await columnsOf(client)) {
    const { rows } = await client.query(
      `SELECT max(${quoted(column)})::text AS value FROM rollcall.${quoted(table)}`,
    );
    const [{ value }] = z.tuple([z.object({ value: z.string().nullable() })]).parse(rows);
    const highest = last.get(sequence);
    if (value !== null && (highest === undefined || BigInt(value) > highest))
      last.set(sequence, BigInt(value));
  }
  const present = new Set(await namesOf(client));
  for (const [name, value] of last)
    if (present.has(name))
      await client.query('SELECT pg_catalog.setval($1::text::regclass, $2::text::bigint)', [
        `rollcall.${quoted(name)}`,
        String(value),
      ]);
}

async function namesOf(client: SqlClient): Promise<readonly string[]> {
  const { rows } = await client.query(
    `SELECT sequencename::text AS name, '' AS value FROM pg_catalog.pg_sequences WHERE schemaname = 'rollcall'`,
  );
  return Values.parse(rows).map(({ name }) => name);
}

/** The columns that take their values from sequences, by default or as identities. */
async function columnsOf(client: SqlClient): Promise<z.infer<typeof Columns>> {
  const { rows } = await client.query(
    `SELECT s.relname::text AS sequence, t.relname::text AS table, a.attname::text AS column
       FROM pg_catalog.pg_class AS s
       JOIN pg_catalog.pg_namespace AS n ON n.oid = s.relnamespace
       JOIN (SELECT d.refobjid AS sequence, e.adrelid AS table, e.adnum AS place
               FROM pg_catalog.pg_depend AS d
               JOIN pg_catalog.pg_attrdef AS e ON e.oid = d.objid
              WHERE d.classid = 'pg_catalog.pg_attrdef'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
              UNION
             SELECT d.objid, d.refobjid, d.refobjsubid
               FROM pg_catalog.pg_depend AS d
              WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
                AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0) AS used ON used.sequence = s.oid
       JOIN pg_catalog.pg_class AS t ON t.oid = used.table AND t.relkind = 'r'
       JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = used.place
      WHERE n.nspname = 'rollcall' AND s.relkind = 'S'`,
  );
  return Columns.parse(rows);
}
