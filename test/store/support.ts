import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../../src/app/ports/clock.ts';
import type { LogFields, Logger } from '../../src/app/ports/logger.ts';
import { openEngine, type Engine, type EngineOptions } from '../../src/store/index.ts';

/** Shared by all tests: only the first start on a machine makes a cluster from nothing. */
export const CACHE = join(tmpdir(), 'rollcall-test-template');

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    try {
      await sleep(ms, undefined, { signal });
    } catch (error) {
      throw signal?.reason ?? error;
    }
  },
};

/** A clock that stands still until it is moved. */
export function createHandClock(start: string): Clock & { move(ms: number): void } {
  let time = Date.parse(start);
  return {
    now: () => time,
    sleep: (_ms, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
      }),
    move(ms) {
      time += ms;
    },
  };
}

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: LogFields;
}

export function createTestLogger(lines: LogLine[] = [], bound: LogFields = {}): Logger {
  const write =
    (level: LogLine['level']) =>
    (message: string, fields: LogFields = {}): void => {
      lines.push({ level, message, fields: { ...bound, ...fields } });
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => createTestLogger(lines, { ...bound, ...fields }),
  };
}

export async function makeDirectory(): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), 'rollcall-test-')));
}

export function engineOptions(dataDirectory: string, changes: Partial<EngineOptions> = {}): EngineOptions {
  return {
    dataDirectory,
    logger: createTestLogger(),
    clock: systemClock,
    newId: randomUUID,
    command: 'a test',
    cacheDirectory: CACHE,
    bufferMegabytes: 16,
    ...changes,
  };
}

/** An embedded engine on a directory of its own; `remove` closes it and clears up. */
export async function openTestEngine(): Promise<{ engine: Engine; remove(): Promise<void> }> {
  const directory = await makeDirectory();
  const engine = await openEngine(engineOptions(directory));
  return {
    engine,
    async remove() {
      await engine.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A process of its own that runs a TypeScript file of `child/`. */
export interface Child {
  readonly process: ChildProcess;
  /** Resolves with the next line that the child prints and that starts with `start`. */
  line(start: string): Promise<string>;
  /** Every line so far. */
  readonly lines: readonly string[];
  /** Ends it the hard way and waits until it is gone. */
  kill(): Promise<void>;
  ended: Promise<void>;
}

export function startChild(script: string, args: readonly string[]): Child {
  const at = (name: string): string => fileURLToPath(new URL(`./child/${name}`, import.meta.url));
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--import', at('register.mjs'), at(script), ...args],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const tell = (): void => {
    for (const check of waiting) check();
  };
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    errors += part;
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    tell();
  });
  let gone = false;
  const ended = (async () => {
    await once(child, 'close');
    gone = true;
    tell();
  })();
  return {
    process: child,
    lines,
    ended,
    line: (start) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const found = lines.find((line) => line.startsWith(start));
          if (found !== undefined) resolve(found);
          else if (gone) reject(new Error(`The child ended without a line "${start}": ${errors}`));
          else return;
          waiting.delete(check);
        };
        waiting.add(check);
        check();
      }),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
