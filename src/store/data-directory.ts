import { access, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RollcallError } from '../app/ports/errors.ts';
import { ANOTHER_DATA_DIRECTORY, toFullDisk } from './disk-errors.ts';
import { lockDirectory, type DirectoryLock, type Holder } from './directory-lock.ts';
import { loadTemplate, unpack, type TemplateOptions } from './template.ts';

/** A data directory that this process alone works on, with a database cluster in it. */
export interface DataDirectory {
  /** The cluster, ready to be opened. */
  readonly cluster: string;
  release(): Promise<void>;
}

/** `unique` distinguishes the temporary files of this process from those of any other. */
export interface DataDirectoryOptions extends TemplateOptions {
  readonly directory: string;
  readonly self: Holder;
}

const CLUSTER = 'postgres';
const UNFINISHED = `${CLUSTER}.new-`;

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** A cluster appears under its name complete or not at all; what an interrupted start left is cleared away. */
async function prepareCluster(options: DataDirectoryOptions): Promise<string> {
  const cluster = join(options.directory, CLUSTER);
  const names = await readdir(options.directory);
  await Promise.all(
    names
      .filter((name) => name.startsWith(UNFINISHED))
      .map((name) => rm(join(options.directory, name), { recursive: true, force: true })),
  );
  if (await exists(join(cluster, 'PG_VERSION'))) return cluster;
  if (await exists(cluster)) {
    throw new RollcallError('CONFIGURATION', `${cluster} holds no database.`, {
      cure: 'Name another data directory with ROLLCALL_DATA, or move that one away.',
    });
  }
  const fresh = join(options.directory, `${UNFINISHED}${options.unique}`);
  await unpack(await loadTemplate(options), fresh);
  await rename(fresh, cluster);
  return cluster;
}

/**
 * Locks a data directory and makes sure that there is a cluster in it.
 *
 * @throws RollcallError `BUSY` when another process holds it, `CONFIGURATION` when it cannot be used, `UNAVAILABLE` when
 *   its disk is full.
 */
export async function openDataDirectory(options: DataDirectoryOptions): Promise<DataDirectory> {
  let lock: DirectoryLock;
  try {
    await mkdir(options.directory, { recursive: true, mode: 0o700 });
    lock = await lockDirectory(options.directory, options.self, options.unique);
  } catch (error) {
    if (error instanceof RollcallError) throw error;
    const full = toFullDisk(error, options.directory, ANOTHER_DATA_DIRECTORY);
    if (full !== null) throw full;
    throw new RollcallError('CONFIGURATION', `The data directory ${options.directory} cannot be used.`, {
      cure: 'Make sure that it can be created and written, or name another one with ROLLCALL_DATA.',
      cause: error,
    });
  }
  try {
    const cluster = await prepareCluster(options);
    return { cluster, release: () => lock.release() };
  } catch (error) {
    await lock.release();
    throw toFullDisk(error, options.directory, ANOTHER_DATA_DIRECTORY) ?? error;
  }
}
