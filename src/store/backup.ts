import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { types } from 'node:util';
import { createGzip } from 'node:zlib';
import { z } from 'zod';
import type { ArchiveSummary } from '../app/ports/archive.ts';
import type { Clock } from '../app/ports/clock.ts';
import { RollcallError } from '../app/ports/errors.ts';
import { ARCHIVE_FORMAT, createDigest, rowLine, type ArchiveHeader } from './archive-file.ts';
import { archivedTables, quoted, schemaVersion, type ArchivedTable } from './archive-tables.ts';
import { toFullDisk } from './disk-errors.ts';
import type { Engine, SqlClient } from './sql.ts';

/** Rows that are in memory at a time. */
const PAGE = 500;

export interface BackupDeps {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly productVersion: string;
  /** A fresh unique text, fit for a file name. */
  readonly newId: () => string;
}

const Lines = z.array(z.object({ line: z.string() }));

/**
 * The rows of a table in the order of their keys, by bytes: the order of letters, which is another one on other
 * servers, would make equal stores look different.
 */
async function* rowsOf(client: SqlClient, { name, key }: ArchivedTable): AsyncGenerator<string> {
  const order = key.map((column) => `t.${quoted(column)}::text COLLATE "C"`).join(', ');
  await client.query(
    `DECLARE archived NO SCROLL CURSOR FOR
     SELECT to_jsonb(t)::text AS line FROM rollcall.${quoted(name)} AS t ORDER BY ${order}`,
  );
  for (;;) {
    const page = Lines.parse((await client.query(`FETCH ${PAGE} FROM archived`)).rows);
    for (const { line } of page) yield line;
    if (page.length < PAGE) break;
  }
  await client.query('CLOSE archived');
}

/** All lines of a backup, and its summary at the end. */
async function* linesOf(
  client: SqlClient,
  deps: BackupDeps,
  signal: AbortSignal | undefined,
): AsyncGenerator<string, ArchiveSummary> {
  const tables = await archivedTables(client);
  const header: ArchiveHeader = {
    rollcall: 'backup',
    format: ARCHIVE_FORMAT,
    schema: await schemaVersion(client),
    product: deps.productVersion,
    createdAt: new Date(deps.clock.now()).toISOString(),
    tables: tables.map(({ name, columns }) => ({ name, columns: [...columns] })),
  };
  const digest = createDigest();
  const taken = (line: string): string => {
    digest.add(line);
    return line;
  };
  yield taken(`${JSON.stringify(header)}\n`);
  const rows: Record<string, number> = {};
  for (const table of tables) {
    let count = 0;
    for await (const json of rowsOf(client, table)) {
      signal?.throwIfAborted();
      yield taken(`${rowLine({ table: table.name, json })}\n`);
      count += 1;
    }
    rows[table.name] = count;
  }
  yield `${JSON.stringify({ rows, sha256: digest.end() })}\n`;
  return {
    createdAt: header.createdAt,
    productVersion: header.product,
    schemaVersion: header.schema,
    rows,
  };
}

/** Writes what the generator gives, packed, and answers what it returns. */
async function writePacked(
  file: string,
  lines: AsyncGenerator<string, ArchiveSummary>,
): Promise<ArchiveSummary> {
  let summary: ArchiveSummary | null = null;
  async function* texts(): AsyncGenerator<string> {
    summary = yield* lines;
  }
  // Names of people are in it: other accounts of the machine have no business with it.
  const target = createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true });
  await once(target, 'open');
  await pipeline(texts, createGzip(), target);
  if (summary === null) throw new Error('The backup has no end.');
  return summary;
}

/** Lets the new name last through a power cut; not every file system can. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder).catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** Writes everything that the store remembers, as it was at one moment, to a file that appears complete or not at all. */
export async function backup(deps: BackupDeps, file: string, signal?: AbortSignal): Promise<ArchiveSummary> {
  const unfinished = join(dirname(file), `.${basename(file)}.new-${deps.newId()}`);
  const client = await deps.engine.pool.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query(`SET LOCAL TIME ZONE 'UTC'`);
    const summary = await writePacked(unfinished, linesOf(client, deps, signal));
    await client.query('COMMIT');
    await rename(unfinished, file);
    await flushFolder(dirname(file));
    return summary;
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw toFileError(error, file);
  } finally {
    client.release();
  }
}

function toFileError(error: unknown, file: string): unknown {
  const full = toFullDisk(error, file, 'name a file on another one');
  if (full !== null) return full;
  if (!types.isNativeError(error) || Reflect.get(error, 'path') === undefined) return error;
  return new RollcallError('USAGE', `${file} cannot be written.`, {
    cure: 'Name a file in a folder that exists, that has room, and that this account may write to.',
    cause: error,
  });
}
