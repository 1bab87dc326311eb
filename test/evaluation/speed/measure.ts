import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { createPopulation } from '../generator/population.ts';
import type { Appearance } from '../types.ts';

const Run = z.object({
  /** From arrays in memory to decisions. */
  seconds: z.number(),
  /** Megabytes of the whole process: with the lists loaded, and at the peak. */
  before: z.number(),
  peak: z.number(),
  automatic: z.number(),
});

type Run = z.infer<typeof Run>;

export interface Speed {
  readonly size: number;
  /** What the process was started with. */
  readonly flags: string;
  /** The quickest of the runs; null where the memory did not suffice. */
  readonly best: Run | null;
}

const RUNS = 3;
/** The second bounds the heap, to see how much is needed rather than how much is taken while there is plenty. */
const FLAGS = [[], ['--max-old-space-size=330']];

/** Measures the built matcher on lists of several sizes, each run in a process of its own. */
export async function measureSpeed(
  matcher: string,
  sizes: readonly number[],
  seed: number,
): Promise<Speed[]> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-speed-'));
  try {
    const speeds: Speed[] = [];
    for (const size of sizes) {
      const files = [join(folder, 'left'), join(folder, 'right')] as const;
      const { left, right } = createPopulation({ seed, size });
      await writeList(files[0], left);
      await writeList(files[1], right);
      for (const flags of FLAGS) {
        let best: Run | null = null;
        for (let run = 0; run < RUNS; run += 1) {
          const measured = await measureOnce(matcher, files, flags);
          if (measured === null) break;
          if (best === null || measured.seconds < best.seconds) best = measured;
        }
        speeds.push({ size, flags: flags.join(' '), best });
      }
    }
    return speeds;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measureOnce(
  matcher: string,
  files: readonly string[],
  flags: readonly string[],
): Promise<Run | null> {
  const child = fileURLToPath(new URL('child.mjs', import.meta.url));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, child, matcher, ...files]);
    return Run.parse(JSON.parse(stdout));
  } catch (error) {
    if (error instanceof Error && 'stderr' in error && String(error.stderr).includes('heap out of memory'))
      return null;
    throw error;
  }
}

async function writeList(file: string, appearances: readonly Appearance[]): Promise<void> {
  const lines = function* (): Generator<string> {
    for (const { entry } of appearances) yield `${JSON.stringify(entry)}\n`;
  };
  await pipeline(Readable.from(lines()), createWriteStream(file));
}
