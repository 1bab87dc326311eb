import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { PGlite } from '@electric-sql/pglite';
import { z } from 'zod';
import type { Logger } from '../app/ports/logger.ts';

const BLOCK = 512;
const DIGEST_LENGTH = 64;

const PackageJson = z.object({ version: z.string() });

async function pgliteVersion(): Promise<string> {
  // The package exports no path to its package.json; its main file lies in `dist`.
  const main = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  return PackageJson.parse(JSON.parse(await readFile(join(dirname(main), '..', 'package.json'), 'utf8')))
    .version;
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** `null` when there is no cached template, or not a whole one. */
async function readCached(file: string): Promise<Buffer | null> {
  let content: Buffer;
  try {
    content = await readFile(file);
  } catch {
    return null;
  }
  const body = content.subarray(DIGEST_LENGTH);
  return content.subarray(0, DIGEST_LENGTH).toString('latin1') === digestOf(body) ? body : null;
}

export interface TemplateOptions {
  readonly cacheDirectory: string;
  readonly unique: string;
  readonly logger: Logger;
  /** Names what `make` puts into the cluster; none when that is nothing. */
  readonly keys: readonly string[];
  /** Makes the cluster in memory, which takes some seconds and much memory (design §7). */
  make(): Promise<PGlite>;
}

async function nameOf(keys: readonly string[]): Promise<string> {
  const content = keys.length === 0 ? '' : `-${digestOf(Buffer.from(keys.join('\n'))).slice(0, 12)}`;
  return `pglite-${await pgliteVersion()}${content}.template`;
}

async function build(make: TemplateOptions['make']): Promise<Buffer> {
  const db = await make();
  try {
    await db.exec('CHECKPOINT');
    return Buffer.from(await (await db.dumpDataDir('gzip')).arrayBuffer());
  } finally {
    await db.close();
  }
}

/**
 * A fresh database cluster as a tar archive: from the cache if a whole one lies there for this version of PGlite and of
 * what is put into it, else made anew and cached. A cache that cannot be written costs time, nothing else.
 */
export async function loadTemplate(options: TemplateOptions): Promise<Buffer> {
  const file = join(options.cacheDirectory, await nameOf(options.keys));
  const cached = await readCached(file);
  if (cached !== null) return unpacked(cached);
  const packed = await build(options.make);
  const temporary = `${file}.${options.unique}`;
  try {
    await mkdir(options.cacheDirectory, { recursive: true, mode: 0o700 });
    await writeFile(temporary, Buffer.concat([Buffer.from(digestOf(packed), 'latin1'), packed]), {
      mode: 0o600,
    });
    await rename(temporary, file);
  } catch (error) {
    options.logger.debug('The database template could not be cached.', { file, error });
    await rm(temporary, { force: true }).catch(() => undefined);
  }
  return unpacked(packed);
}

/** In one piece: put together from many, an archive of 40 MB would be in memory twice and be copied. */
function unpacked(packed: Buffer): Buffer {
  // Gzip ends with the length of what it holds; one byte more tells the library that nothing follows.
  return gunzipSync(packed, { chunkSize: packed.readUInt32LE(packed.length - 4) + 1 });
}

function text(header: Buffer, from: number, length: number): string {
  const field = header.subarray(from, from + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end === -1 ? length : end);
}

/** Unpacks the directories and files of a ustar archive; nothing else is in a cluster. */
export async function unpack(archive: Buffer, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (let at = 0; at + BLOCK <= archive.length;) {
    const header = archive.subarray(at, at + BLOCK);
    const name = text(header, 0, 100);
    if (name === '') break;
    const prefix = text(header, 257, 5) === 'ustar' ? text(header, 345, 155) : '';
    const size = Number.parseInt(text(header, 124, 12).trim() || '0', 8);
    const path = normalize((prefix === '' ? name : `${prefix}/${name}`).replace(/^\/+/, ''));
    if (isAbsolute(path) || path.split(sep).includes('..'))
      throw new Error(`A name leaves the archive: ${path}`);
    const target = join(directory, path);
    const type = text(header, 156, 1);
    const body = archive.subarray(at + BLOCK, at + BLOCK + size);
    if (type === '5' || name.endsWith('/')) {
      await mkdir(target, { recursive: true, mode: 0o700 });
    } else if (type === '0' || type === '') {
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await writeFile(target, body, { mode: 0o600 });
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}
