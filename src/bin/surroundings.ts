import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { Clock } from '../app/ports/clock.ts';

/** Time as the machine has it. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => wait(ms, undefined, signal === undefined ? {} : { signal }),
};

/** The root of the package: two folders up from here, three once it is built. */
export function packageRoot(): URL {
  return new URL(import.meta.url.includes('/dist/src/bin/') ? '../../../' : '../../', import.meta.url);
}

/** The version of the package. */
export function packageVersion(): string {
  const file = readFileSync(new URL('package.json', packageRoot()), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(file)).version;
}
