import type { Restored } from '../app/ports/archive.ts';
import { RollcallError } from '../app/ports/errors.ts';
import { openArchive, type ArchiveHeader } from './archive-file.ts';
import { archivedTables, quoted, type ArchivedTable } from './archive-tables.ts';
import { migrateWithin, MIGRATIONS, takeMigrationLock, type Migration } from './migrations/index.ts';
import { UNDER_WAY } from './runs.ts';
import { moveSequencesOn, sequencesOf } from './sequences.ts';
import type { Engine, SqlClient } from './sql.ts';

/** A statement takes in so many rows, or so many characters of them. */
const BULK_ROWS = 500;
const BULK_LENGTH = 1_000_000;

const LEASE = { name: 'lease', columns: ['name', 'owner', 'held_until'] };

export interface RestoreDeps {
  readonly engine: Engine;
  /** In order of version. */
  readonly migrations?: readonly Migration[];
}

/**
 * Replaces everything that the store remembers by the content of a backup, in one transaction: the tables are made anew
 * as they were when the backup was made, filled, and brought up to date.
 */
export async function restore(
  { engine, migrations = MIGRATIONS }: RestoreDeps,
  file: string,
  { replace, signal }: { readonly replace: boolean; readonly signal?: AbortSignal },
): Promise<Restored> {
  // Read to its end before anything is touched; the second reading confirms that it has not changed since.
  await readWhole(file, migrations, signal);
  const client = await engine.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(`SET LOCAL TIME ZONE 'UTC'`);
    await takeMigrationLock(client);
    await refuseUnlessFree(client, replace);
    const summary = await load(client, file, migrations, signal);
    await client.query('COMMIT');
    return summary;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

async function readWhole(
  file: string,
  migrations: readonly Migration[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const archive = await openArchive(file);
  try {
    checkVersion(archive.header, file, migrations);
    const rows = archive.rows();
    while ((await rows.next()).done !== true) signal?.throwIfAborted();
  } finally {
    await archive.close();
  }
}

function checkVersion(
  { schema, product }: ArchiveHeader,
  file: string,
  migrations: readonly Migration[],
): void {
  const known = Math.max(...migrations.map(({ version }) => version));
  if (schema <= known) return;
  throw new RollcallError(
    'CONFIGURATION',
    `${file} has schema version ${schema}; this version of Rollcall knows up to ${known}.`,
    { cure: `Install Rollcall ${product} or a newer one, and restore it with that.` },
  );
}

/** @throws RollcallError `BUSY` or `CONFLICT` */
async function refuseUnlessFree(client: SqlClient, replace: boolean): Promise<void> {
  // Nobody starts a run from here on.
  await client.query('LOCK TABLE rollcall.run IN ACCESS EXCLUSIVE MODE');
  const { rows } = await client.query<{ id: string }>(
    'SELECT id FROM rollcall.run WHERE phase = ANY ($1::text[])',
    [UNDER_WAY],
  );
  const [busy] = rows;
  if (busy !== undefined)
    throw new RollcallError(
      'BUSY',
      `Run ${busy.id} is under way; a restore would pull the ground from under it.`,
      {
        cure: 'Wait until it has ended, or continue it with `rollcall import` if it was cut off.',
        details: { runId: busy.id },
      },
    );
  if (replace) return;
  for (const { name } of await archivedTables(client)) {
    // Opening the store and looking at the systems leaves facts here, which are found out again at any time.
    if (name === 'memory') continue;
    const found = await client.query(`SELECT 1 FROM rollcall.${quoted(name)} LIMIT 1`);
    if (found.rows.length > 0)
      throw new RollcallError('CONFLICT', 'The store is not empty; nothing was restored.', {
        cure: 'Make a backup of what it holds, then add --replace: everything in it is replaced.',
        details: { table: name },
      });
  }
}

async function load(
  client: SqlClient,
  file: string,
  migrations: readonly Migration[],
  signal: AbortSignal | undefined,
): Promise<Restored> {
  const archive = await openArchive(file);
  try {
    const { header } = archive;
    checkVersion(header, file, migrations);
    // Whoever holds a lease holds it still.
    const leases = await client.query<{ json: string }>(
      'SELECT to_jsonb(l)::text AS json FROM rollcall.lease AS l',
    );
    const sequences = await sequencesOf(client);
    await makeTablesAnew(
      client,
      migrations.filter(({ version }) => version <= header.schema),
    );
    const tables = new Map((await archivedTables(client)).map((table) => [table.name, table]));
    checkColumns(header, file, tables);
    let open: { readonly table: ArchivedTable; readonly rows: string[]; length: number } | null = null;
    const rows = archive.rows();
    for (;;) {
      const next = await rows.next();
      const name = next.done === true ? null : next.value.table;
      if (open !== null && (open.table.name !== name || isFull(open))) {
        signal?.throwIfAborted();
        await insert(client, open.table, open.rows);
        open = null;
      }
      if (next.done === true) {
        await migrateWithin(client, migrations);
        await moveSequencesOn(client, sequences);
        await insert(
          client,
          LEASE,
          leases.rows.map(({ json }) => json),
        );
        return {
          createdAt: header.createdAt,
          productVersion: header.product,
          schemaVersion: header.schema,
          rows: next.value.rows,
          endedRuns: await endRunsUnderWay(client, header.createdAt),
        };
      }
      const table = tables.get(next.value.table);
      if (table === undefined) throw new Error(`There is no table ${next.value.table}.`);
      open ??= { table, rows: [], length: 0 };
      open.rows.push(next.value.json);
      open.length += next.value.json.length;
    }
  } finally {
    await archive.close();
  }
}

/** Why a run that was under way in a backup has failed, with the cure. */
const CUT_OFF =
  'The run was under way when the backup was made that this store was restored from; what it wrote after that is not known here. The next import reads both systems and does what is left.';

/**
 * Nobody goes on with a run from a backup: since then it went on where it was, perhaps to its end. What it had not
 * brought to an outcome is in doubt, and an undo looks at it.
 *
 * @returns the runs
 */
async function endRunsUnderWay(client: SqlClient, at: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ id: string }>(
    `UPDATE rollcall.run
        SET phase = 'done', status = 'failed', finished_at = $1::timestamptz, problem = $2, alive_until = NULL,
            report = CASE WHEN report IS NULL THEN NULL
                     ELSE report || jsonb_build_object('status', 'failed', 'finishedAt', $3::text) END
      WHERE phase = ANY ($4::text[])
     RETURNING id`,
    [at, CUT_OFF, at, UNDER_WAY],
  );
  const ids = rows.map(({ id }) => id);
  await client.query(
    `UPDATE rollcall.operation
        SET state = 'failed', code = 'UNKNOWN_OUTCOME', message = $1, changed_at = $2::timestamptz
      WHERE run_id = ANY ($3::text[]) AND state IN ('planned', 'intended')`,
    [CUT_OFF, at, ids],
  );
  return ids;
}

function isFull({ rows, length }: { readonly rows: readonly string[]; readonly length: number }): boolean {
  return rows.length >= BULK_ROWS || length >= BULK_LENGTH;
}

async function makeTablesAnew(client: SqlClient, migrations: readonly Migration[]): Promise<void> {
  const drop = async (kind: 'TABLE' | 'SEQUENCE', relkind: 'r' | 'S'): Promise<void> => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT c.relname::text AS name
         FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = 'rollcall' AND c.relkind = $1`,
      [relkind],
    );
    if (rows.length === 0) return;
    await client.query(`DROP ${kind} ${rows.map(({ name }) => `rollcall.${quoted(name)}`).join(', ')}`);
  };
  await drop('TABLE', 'r');
  // Those of columns went with their tables.
  await drop('SEQUENCE', 'S');
  await migrateWithin(client, migrations);
}

/** @throws RollcallError `CONFIGURATION` when the tables of that version have other columns here */
function checkColumns(header: ArchiveHeader, file: string, tables: ReadonlyMap<string, ArchivedTable>): void {
  const told = (list: readonly { readonly name: string; readonly columns: readonly string[] }[]): string =>
    list
      .map(({ name, columns }) => JSON.stringify([name, columns.toSorted()]))
      .toSorted()
      .join('\n');
  if (told(header.tables) === told([...tables.values()])) return;
  throw new RollcallError(
    'CONFIGURATION',
    `${file} was made of other tables than those that schema version ${header.schema} has here.`,
    { cure: `Restore it with the Rollcall that made it (${header.product}).` },
  );
}

async function insert(
  client: SqlClient,
  table: Pick<ArchivedTable, 'name' | 'columns'>,
  rows: readonly string[],
): Promise<void> {
  const columns = table.columns.map(quoted).join(', ');
  const name = `rollcall.${quoted(table.name)}`;
  await client.query(
    `INSERT INTO ${name} (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::${name}, $1::jsonb)`,
    [`[${rows.join(',')}]`],
  );
}
