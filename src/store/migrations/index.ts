import { RollcallError } from '../../app/ports/errors.ts';
import type { Engine, SqlClient } from '../sql.ts';
import { migration as first } from './0001-first-tables.ts';
import { migration as second } from './0002-runs-on-any-worker.ts';
import { migration as fourth } from './0004-kinds-of-cases.ts';

/** One step of the schema. Steps that were released are never edited; a change is a new step. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  /** Statements that may run in a transaction; every name qualified. */
  readonly sql: string;
}

/** In order of version. */
export const MIGRATIONS: readonly Migration[] = [first, second, fourth];

/** Any number that stands for this lock alone; it keeps starters on a shared server apart. */
const MIGRATION_LOCK = 7_265_543_127;

/**
 * Brings the schema `rollcall` up to date, all or nothing.
 *
 * @throws RollcallError `CONFIGURATION` when the database was written by a newer version of the product.
 */
export async function migrate(engine: Engine, migrations: readonly Migration[] = MIGRATIONS): Promise<void> {
  const client = await engine.pool.connect();
  try {
    await client.query('BEGIN');
    await takeMigrationLock(client);
    await migrateWithin(client, migrations);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

/** Until the end of the transaction, nobody else changes the tables. */
export async function takeMigrationLock(client: SqlClient): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock($1::bigint)', [MIGRATION_LOCK]);
}

/** The same within the transaction of a client that has the lock. */
export async function migrateWithin(client: SqlClient, migrations: readonly Migration[]): Promise<void> {
  await client.query('CREATE SCHEMA IF NOT EXISTS rollcall');
  await client.query(
    'CREATE TABLE IF NOT EXISTS rollcall.migration (version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
  );
  const { rows } = await client.query<{ version: number }>(
    'SELECT coalesce(max(version), 0)::int AS version FROM rollcall.migration',
  );
  const present = rows[0]?.version ?? 0;
  const known = Math.max(0, ...migrations.map((migration) => migration.version));
  if (present > known) {
    throw new RollcallError(
      'CONFIGURATION',
      `The database has schema version ${present}; this version of Rollcall knows up to ${known}.`,
      { cure: 'Install the version of Rollcall that wrote the database last, or a newer one.' },
    );
  }
  for (const migration of migrations) {
    if (migration.version <= present) continue;
    await client.query(migration.sql);
    await client.query('INSERT INTO rollcall.migration (version, name) VALUES ($1, $2)', [
      migration.version,
      migration.name,
    ]);
  }
}
