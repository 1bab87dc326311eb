import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { z } from 'zod';
import { isRollcallError } from '../../src/app/ports/errors.ts';
import { ArchiveHeader } from '../../src/store/archive-file.ts';
import { createStore, type Engine } from '../../src/store/index.ts';
import { migrate, MIGRATIONS } from '../../src/store/migrations/index.ts';
import {
  archiveOf,
  contentOf,
  describeArchive,
  fill,
  type Archived,
  type OpenedEngine,
} from '../contract/archive.contract.ts';
import { makeDirectory, openTestEngine, systemClock } from './support.ts';

describeArchive('one embedded engine to another', openTestEngine, openTestEngine);

const Record = z.record(z.string(), z.unknown());

const opened: OpenedEngine[] = [];
let folder: string;
let good: Buffer;
let source: Archived;
let target: Archived & { readonly engine: Engine };
beforeAll(async () => {
  folder = await makeDirectory();
  const [from, to] = [await openTestEngine(), await openTestEngine()];
  opened.push(from, to);
  source = { store: await createStore(from.engine, { clock: systemClock }), archive: archiveOf(from.engine) };
  await fill(source.store, 20);
  await source.archive.backup(join(folder, 'good'));
  good = await readFile(join(folder, 'good'));
  target = {
    engine: to.engine,
    store: await createStore(to.engine, { clock: systemClock }),
    archive: archiveOf(to.engine),
  };
}, 60_000);
afterAll(async () => {
  for (const one of opened) await one.remove();
  await rm(folder, { recursive: true, force: true });
});

/** What becomes of a restore of these bytes; it must leave the store alone. */
async function refusal(bytes: Uint8Array): Promise<unknown> {
  const file = join(folder, 'bad');
  await writeFile(file, bytes);
  await target.store.memory.set('own', 'of the target');
  const error: unknown = await target.archive.restore(file, { replace: true }).then(
    () => null,
    (problem: unknown) => problem,
  );
  expect(await target.store.memory.get('own')).toBe('of the target');
  return error;
}

function unpacksToTheSame(bytes: Uint8Array): boolean {
  try {
    return gunzipSync(bytes).equals(gunzipSync(good));
  } catch {
    return false;
  }
}

function codeOf(error: unknown): string | null {
  return isRollcallError(error) ? error.code : null;
}

/** The backup with other lines, its end made to fit. */
function forged(change: (lines: string[]) => void): Buffer {
  const lines = gunzipSync(good).toString('utf8').split('\n').slice(0, -1);
  const footer = Record.parse(JSON.parse(lines.pop() ?? ''));
  change(lines);
  const text = lines.map((line) => `${line}\n`).join('');
  const sha256 = createHash('sha256').update(text).digest('hex');
  return gzipSync(`${text}${JSON.stringify({ ...footer, sha256 })}\n`);
}

const withHeader = (changes: object): Buffer =>
  forged((lines) => {
    lines[0] = JSON.stringify({ ...Record.parse(JSON.parse(lines[0] ?? '')), ...changes });
  });

describe('a file that is not as a backup was written', () => {
  test('is refused wherever it was cut off', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: good.length - 1 }), async (length) => {
        expect(await refusal(good.subarray(0, length))).toMatchObject({
          code: 'VALIDATION',
          message: expect.stringContaining('is damaged'),
        });
      }),
      { numRuns: 60 },
    );
  });

  test('is refused for a single bit', async () => {
    const place = fc.tuple(fc.integer({ min: 0, max: good.length - 1 }), fc.integer({ min: 0, max: 7 }));
    await fc.assert(
      fc.asyncProperty(place, async ([at, bit]) => {
        const bytes = Buffer.from(good);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        // Few bits of a packed file mean nothing, such as those of its time: the same comes out of it.
        fc.pre(!unpacksToTheSame(bytes));
        // In the header, a bit may make another version of it, or no backup at all.
        expect(['VALIDATION', 'USAGE', 'CONFIGURATION']).toContain(codeOf(await refusal(bytes)));
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    [
      'a changed letter',
      (text: string) => text.replace('of,1', 'ok,1').replace('"domain:webitel"', '"domain:webitem"'),
    ],
    ['a missing row', (text: string) => text.replace(/\n\{"table":"link"[^\n]+/u, '')],
    ['a row twice', (text: string) => text.replace(/(\n\{"table":"link"[^\n]+)/u, '$1$1')],
    ['something behind its end', (text: string) => `${text}{}\n`],
    ['no line end at its end', (text: string) => text.slice(0, -1)],
    ['a line that is no row', (text: string) => text.replace('\n', '\nhello\n')],
  ])('is refused for %s, packed anew', async (_what, change) => {
    const text = gunzipSync(good).toString('utf8');
    const changed = change(text);
    expect(changed).not.toBe(text);
    expect(await refusal(gzipSync(changed))).toMatchObject({ code: 'VALIDATION' });
  });

  test.each([
    ['a text', Buffer.from('hello, world\n')],
    ['a packed text', gzipSync('hello, world\n')],
    ['a packed text without an end', gzipSync('hello, world')],
    ['JSON', Buffer.from('{"rollcall":"backup"}\n')],
    ['packed JSON of another kind', gzipSync('{"format":1}\n')],
  ])('is no backup when it is %s', async (_what, bytes) => {
    expect(await refusal(bytes)).toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('is no backup of Rollcall'),
    });
  });

  test('is named when it is not there', async () => {
    await expect(target.archive.restore(join(folder, 'none'), { replace: true })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('none cannot be read'),
    });
  });

  test.each([{ schema: 99 }, { format: 99 }])(
    'is refused with the cure when it is newer: %j',
    async (changes) => {
      expect(await refusal(withHeader({ ...changes, product: '9.8.7' }))).toMatchObject({
        code: 'CONFIGURATION',
        cure: expect.stringContaining('Rollcall 9.8.7'),
      });
    },
  );

  test('is refused when its tables have other columns than this version knows of them', async () => {
    expect(await refusal(withHeader({ tables: [{ name: 'run', columns: ['id'] }] }))).toMatchObject({
      code: 'VALIDATION',
    });
    const [header = ''] = gunzipSync(good).toString('utf8').split('\n');
    const other = ArchiveHeader.parse(JSON.parse(header)).tables.map(({ name, columns }) => ({
      name,
      columns: name === 'hold' ? [...columns, 'until'] : columns,
    }));
    expect(await refusal(withHeader({ tables: other }))).toMatchObject({ code: 'CONFIGURATION' });
  });

  test('leaves the store as it was when the database refuses a row', async () => {
    const bytes = forged((lines) => {
      const at = lines.findIndex((line) => line.startsWith('{"table":"verdict"'));
      lines[at] = (lines[at] ?? '').replace(/"case_id": "[^"]+"/u, '"case_id": "nobody"');
    });
    expect(await refusal(bytes)).toMatchObject({ code: '23503' });
  });
});

test('a backup of an older version is restored and brought up to date', async () => {
  const old = await openTestEngine();
  opened.push(old);
  await migrate(old.engine, MIGRATIONS.slice(0, 1));
  await old.engine.pool.query(`
    INSERT INTO rollcall.run (id, kind, trigger, status, phase, started_at)
    VALUES ('old', 'import', 'command', 'running', 'applying', '2026-01-01T00:00:00Z');
    INSERT INTO rollcall.plan_part VALUES ('old', 'people', 0, '[]');
    INSERT INTO rollcall.operation
    VALUES ('old', 'op', 0, '{"person": "7"}', 'd', 'failed', 'VALIDATION', 'bad', NULL, '2026-01-01T00:00:00Z');
    INSERT INTO rollcall.memory VALUES ('k', 'v');`);
  const file = join(folder, 'old');
  expect(await archiveOf(old.engine).backup(file)).toMatchObject({ schemaVersion: 1 });
  await target.archive.restore(file, { replace: true });
  expect(await target.store.memory.get('k')).toBe('v');
  expect(await target.store.runs.get('old')).toMatchObject({ phase: 'done', status: 'failed' });
  const { rows } = await target.engine.pool.query('SELECT person FROM rollcall.operation');
  expect(rows).toEqual([{ person: '7' }]);
});

test('a backup that is broken off leaves no file, and the one before it stays', async () => {
  const file = join(folder, 'kept');
  const { archive } = source;
  await archive.backup(file);
  const before = await contentOf(file);
  await expect(archive.backup(file, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  expect(await contentOf(file)).toBe(before);
  expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  await expect(archive.backup(join(folder, 'no', 'folder'))).rejects.toMatchObject({ code: 'USAGE' });
});
