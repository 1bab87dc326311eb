import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Moment } from '../../src/app/deps.ts';
import { isRollcallError } from '../../src/app/ports/errors.ts';
import type { World } from './world.ts';

export interface ImportChild {
  readonly pid: number;
  kill(): void;
  /** What ended it, and what it printed. */
  ended: Promise<{ readonly signal: string | null; readonly output: string }>;
}

/** Imports, or undoes a run, on the data directory of a world in a process that kills itself at the n-th such moment. */
export function startImport(
  world: World,
  fatal?: { moment: Moment; nth: number },
  { undo }: { undo?: string } = {},
): ImportChild {
  const script = fileURLToPath(new URL('./import-child.mjs', import.meta.url));
  const { PATH, HOME } = process.env;
  const child = spawn(
    process.execPath,
    [
      script,
      world.configPath,
      ...(fatal === undefined ? [] : [fatal.moment, String(fatal.nth)]),
      ...(undo === undefined ? [] : [undo]),
    ],
    {
      env: { PATH, HOME, ...world.env },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    output += part;
  });
  const ended = once(child, 'close').then(() => ({ signal: child.signalCode, output }));
  return { pid: child.pid ?? 0, kill: () => void child.kill('SIGKILL'), ended };
}

/** A run counts as alive for half a minute after its process has died, where others could work on it. */
const COUNTS_AS_ALIVE_MS = 60_000;

/** Goes on after a process has died: where the store is shared, only once its run does not count as alive any more. */
export async function onceDead<T>(work: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + COUNTS_AS_ALIVE_MS; ; await wait(500))
    try {
      return await work();
    } catch (error) {
      if (!isRollcallError(error, 'BUSY') || Date.now() > deadline) throw error;
    }
}

/** Waits until something has come about; rejects after half a minute. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 30_000; !(await condition()); await wait(5))
    if (Date.now() > deadline) throw new Error('What the test waits for has not come about.');
}
