import { afterEach, describe, expect, test } from '@jest/globals';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { QUEUE_TABLES } from '../../src/queue/index.ts';
import { openEngine, STORE_TABLES, type Engine, type PreparedTables } from '../../src/store/index.ts';
import {
  CACHE,
  createTestLogger,
  engineOptions,
  makeDirectory,
  startChild,
  type Child,
  type LogLine,
} from './support.ts';

const clearUp: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const step of clearUp.splice(0).toReversed()) await step();
});

async function directory(): Promise<string> {
  const path = await makeDirectory();
  clearUp.push(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function open(path: string, changes = {}): Promise<Engine> {
  const engine = await openEngine(engineOptions(path, changes));
  clearUp.push(() => engine.close());
  return engine;
}

function child(script: string, ...args: string[]): Child {
  const started = startChild(script, args);
  clearUp.push(() => started.kill());
  return started;
}

describe('a data directory', () => {
  test('keeps its rows from one start to the next', async () => {
    const path = join(await directory(), 'not', 'there', 'yet');
    const first = await open(path);
    await first.pool.query('CREATE TABLE public.t AS SELECT 42 AS n');
    await first.close();
    const second = await open(path);
    expect((await second.pool.query('SELECT n FROM public.t')).rows).toEqual([{ n: 42 }]);
  });

  test('is refused to a second process with the name of the first', async () => {
    const path = await directory();
    const holder = child('hold.ts', path, 'rollcall import');
    await holder.line('open');
    await expect(openEngine(engineOptions(path))).rejects.toMatchObject({
      name: 'RollcallError',
      code: 'BUSY',
      message: expect.stringMatching(
        new RegExp(`process ${holder.process.pid ?? ''} \\(rollcall import\\), since \\d{4}-\\d\\d-\\d\\dT`),
      ),
      details: { pid: holder.process.pid, command: 'rollcall import' },
      // Another data directory would start without links, holds and verdicts.
      cure: expect.not.stringMatching(/ROLLCALL_DATA|another/u),
    });
  });

  test('is refused with the name of a holder that is too busy to answer', async () => {
    const path = await directory();
    const dead = child('hold.ts', path, 'rollcall plan');
    await dead.line('open');
    await dead.kill();
    const holder = child('hold.ts', path, 'rollcall import');
    await holder.line('open');
    holder.process.kill('SIGSTOP');
    await expect(openEngine(engineOptions(path))).rejects.toMatchObject({
      code: 'BUSY',
      details: { pid: holder.process.pid, command: 'rollcall import' },
    });
  });

  test('is refused without a name when the only description is that of another lock', async () => {
    const path = await directory();
    const holder = child('hold.ts', path);
    await holder.line('open');
    holder.process.kill('SIGSTOP');
    const [name = ''] = (await readdir(path)).filter((one) => /^lock\..*\.json$/u.test(one));
    const text = await readFile(join(path, name), 'utf8');
    await writeFile(join(path, name), text.replace('"lock":1', '"lock":7'));
    await expect(openEngine(engineOptions(path))).rejects.toMatchObject({
      code: 'BUSY',
      message: expect.stringContaining('does not say who it is'),
    });
  });

  test('is refused to a second opening in the same process', async () => {
    const path = await directory();
    await open(path);
    await expect(openEngine(engineOptions(path))).rejects.toMatchObject({ code: 'BUSY' });
  });

  test('is free again when its holder was killed', async () => {
    const path = await directory();
    const holder = child('hold.ts', path);
    await holder.line('open');
    await holder.kill();
    const engine = await open(path);
    expect((await engine.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  test('goes to exactly one of many who start at once, with and without a dead holder before them', async () => {
    const path = await directory();
    const race = async (): Promise<void> => {
      const results = await Promise.allSettled(
        Array.from({ length: 8 }, () => openEngine(engineOptions(path))),
      );
      const won = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      const lost = results.flatMap((result) =>
        result.status === 'rejected' ? [result.reason as unknown] : [],
      );
      await Promise.all(won.map((engine) => engine.close()));
      expect(won).toHaveLength(1);
      expect(lost).toHaveLength(7);
      for (const error of lost) expect(error).toMatchObject({ code: 'BUSY' });
    };
    await race();
    await race();
  });

  test('may lie at a path that is too long for the address of a socket', async () => {
    const path = join(await directory(), 'a'.repeat(100), 'b'.repeat(100));
    await open(path);
    await expect(openEngine(engineOptions(path))).rejects.toMatchObject({
      code: 'BUSY',
      details: { pid: process.pid },
    });
  });

  test('is finished by the next start when a first start was cut off', async () => {
    const path = await directory();
    const rest = join(path, 'postgres.new-cut-off', 'base');
    await mkdir(rest, { recursive: true });
    await writeFile(join(rest, 'half'), 'a file');
    const engine = await open(path);
    expect((await engine.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    expect((await readdir(path)).filter((name) => name.includes('new'))).toEqual([]);
  });

  test('survives a first start that is killed at any moment', async () => {
    // From the first trace in the directory to an open database takes a few hundred milliseconds.
    for (let round = 0; round < 4; round += 1) {
      const path = await directory();
      const started = child('hold.ts', path);
      const first = round % 2 === 0 ? 'postgres' : 'lock.';
      while (!(await readdir(path)).some((name) => name.startsWith(first))) await setImmediate();
      await started.kill();
      const engine = await open(path);
      expect((await engine.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
      await engine.close();
    }
  }, 120_000);

  test('with something else where the database belongs is refused with the cure', async () => {
    const path = await directory();
    await mkdir(join(path, 'postgres'));
    await writeFile(join(path, 'postgres', 'letters.txt'), 'mine');
    await expect(openEngine(engineOptions(path))).rejects.toMatchObject({
      code: 'CONFIGURATION',
      cure: expect.stringContaining('ROLLCALL_DATA'),
    });
    expect(await readFile(join(path, 'postgres', 'letters.txt'), 'utf8')).toBe('mine');
  });
});

describe('the template of a fresh database', () => {
  test('is made anew when the cached one is damaged or cut off, and then used', async () => {
    await open(await directory());
    const [name = ''] = (await readdir(CACHE)).filter((one) => /^pglite-[\d.]+\.template$/u.test(one));
    const whole = await readFile(join(CACHE, name));
    const cache = await directory();
    await writeFile(join(cache, name), whole.subarray(0, whole.length / 2));
    const engine = await open(await directory(), { cacheDirectory: cache });
    expect((await engine.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await engine.close();
    const repaired = await readFile(join(cache, name));
    expect(repaired.length).toBeGreaterThan(whole.length / 2);
    expect(await readdir(cache)).toEqual([name]);
  });

  test('has the tables of store and queue, made once for each of their versions', async () => {
    const cacheDirectory = await directory();
    const made: string[] = [];
    const told = ({ key, prepare }: PreparedTables, version = ''): PreparedTables => ({
      key: `${key}${version}`,
      prepare: async (pool) => {
        made.push(`${key}${version}`);
        await prepare(pool);
      },
    });
    const present = `
      SELECT to_regclass('rollcall.run') IS NOT NULL AS store, to_regclass('bullmq.migration') IS NOT NULL AS queue`;
    for (const version of ['', '', ' and more']) {
      const tables = [told(STORE_TABLES), told(QUEUE_TABLES, version)];
      const engine = await open(await directory(), { cacheDirectory, tables });
      expect((await engine.pool.query(present)).rows).toEqual([{ store: true, queue: true }]);
      await engine.close();
    }
    const { key } = QUEUE_TABLES;
    expect(made).toEqual([STORE_TABLES.key, key, STORE_TABLES.key, `${key} and more`]);
  });

  test('is done without when it cannot be cached', async () => {
    const lines: LogLine[] = [];
    const base = await directory();
    await writeFile(join(base, 'file'), '');
    const engine = await open(await directory(), {
      cacheDirectory: join(base, 'file', 'below'),
      logger: createTestLogger(lines),
    });
    expect((await engine.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    expect(lines.map((line) => line.message)).toEqual(['The database template could not be cached.']);
  });
});

describe('a process that is killed while it writes', () => {
  test('loses no row that was acknowledged, five times over', async () => {
    const path = await directory();
    let acknowledged = -1;
    for (let round = 0; round < 5; round += 1) {
      const writer = child('write.ts', path, String(acknowledged + 1));
      await writer.line(`row ${acknowledged + 20 + round * 7}`);
      await writer.kill();
      acknowledged = Number(writer.lines.at(-1)?.slice('row '.length));
      const engine = await open(path);
      const { rows } = await engine.pool.query<{ n: number }>('SELECT n FROM public.written ORDER BY n');
      const kept = rows.map((row) => row.n);
      // The last row may have been written and not acknowledged.
      expect(kept.length).toBeGreaterThan(acknowledged);
      expect(kept).toEqual(kept.map((_, index) => index));
      acknowledged = kept.length - 1;
      await engine.close();
    }
  }, 120_000);
});
