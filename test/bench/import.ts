import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { ImportSize, Limit } from './document.ts';
import { megabytes, repeated, rounded } from './figures.ts';
import { processorMs, residentBytes, scriptPath, startNode, watchMemory } from './processes.ts';
import { startRecorder, type Recorded } from './recording.ts';
import {
  populationOf,
  startBenchSandboxes,
  type BenchSandboxes,
  type Pace,
  type Population,
} from './sandboxes.ts';

/** Requests that the product sends to one host at the same time (`src/http/limiter.ts`). */
export const CONCURRENCY = 4;

const REGISTER = scriptPath('../store/child/register.mjs');
const Opened = z.strictObject({ openMs: z.number() });
const Imported = z.strictObject({
  importMs: z.number(),
  heapAboveIdle: z.number(),
  phases: z.array(z.strictObject({ phase: z.string(), atMs: z.number() })),
  status: z.string(),
  requests: z.strictObject({ used: z.int(), floor: z.int(), retries: z.int() }),
});
const Replayed = z.strictObject({ replayMs: z.number() });

interface Measured extends z.infer<typeof Imported> {
  readonly openMs: number;
  readonly idleBytes: number;
  readonly peakBytes: number;
  readonly cpuMs: number;
  readonly sandboxMs: number;
}

/** Measures the import of so many users and, beside it, the same requests without the product. */
export async function benchImport(
  users: number,
  options: Pace & { readonly seed: number; readonly repeat: number; readonly say: (text: string) => void },
): Promise<ImportSize> {
  const { latencyMs, batchMs, seed, repeat, say } = options;
  const population = populationOf(users, seed);
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-bench-'));
  try {
    say(`${users} users: recording`);
    const file = join(folder, 'requests.jsonl');
    const writes = await record(folder, file, population);
    const imports: Measured[] = [];
    const replays: number[] = [];
    for (let round = 1; round <= repeat; round += 1) {
      say(`${users} users: import ${round} of ${repeat}`);
      imports.push(
        await withSandboxes(folder, population, options, (sandboxes) =>
          importOnce(sandboxes, sandboxes.config),
        ),
      );
      say(`${users} users: replay ${round} of ${repeat}`);
      replays.push(
        await withSandboxes(folder, population, options, (sandboxes) => replayOnce(sandboxes, file)),
      );
    }
    const importMs = repeated(imports.map((one) => one.importMs));
    const replayMs = repeated(replays);
    const best = imports.reduce((a, b) => (b.importMs < a.importMs ? b : a));
    const frugal = imports.reduce((a, b) => (b.peakBytes - b.idleBytes < a.peakBytes - a.idleBytes ? b : a));
    return {
      users,
      contacts: population.contacts,
      crmUsers: population.crmUsers,
      latencyMs,
      batchMs,
      writes,
      requests: best.requests,
      importMs,
      phases: best.phases.map(({ phase, atMs }) => ({ phase, atMs: rounded(atMs) })),
      replayMs,
      ratio: {
        min: rounded(importMs.min / replayMs.min),
        median: rounded(importMs.median / replayMs.median),
      },
      msPerUser: rounded(importMs.min / users),
      openMs: repeated(imports.map((one) => one.openMs)),
      cpuMs: {
        import: repeated(imports.map((one) => one.cpuMs)),
        sandboxes: repeated(imports.map((one) => one.sandboxMs)),
      },
      memory: {
        idleMb: megabytes(frugal.idleBytes),
        peakMb: megabytes(frugal.peakBytes),
        aboveIdleMb: megabytes(frugal.peakBytes - frugal.idleBytes),
        heapAboveIdleMb: megabytes(frugal.heapAboveIdle),
      },
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function withSandboxes<T>(
  folder: string,
  population: Population,
  pace: Pace,
  work: (sandboxes: BenchSandboxes, home: string) => Promise<T>,
): Promise<T> {
  // A data directory lies beside the configuration, so each run has a folder of its own.
  const home = await mkdtemp(join(folder, 'run-'));
  const sandboxes = await startBenchSandboxes(home, population, pace);
  try {
    return await work(sandboxes, home);
  } finally {
    await sandboxes.close();
    await rm(home, { recursive: true, force: true });
  }
}

/** One import through recorders; answers how many rows it wrote. Nothing of it is timed. */
function record(folder: string, file: string, population: Population): Promise<number> {
  return withSandboxes(folder, population, { latencyMs: 0, batchMs: 0 }, async (sandboxes, home) => {
    const requests: Recorded[] = [];
    const creatio = await startRecorder('creatio', sandboxes.creatio, requests);
    const webitel = await startRecorder('webitel', sandboxes.webitel, requests);
    try {
      const config = join(home, 'recorded.yaml');
      const text = await readFile(sandboxes.config, 'utf8');
      await writeFile(
        config,
        text.replace(sandboxes.creatio, creatio.url).replace(sandboxes.webitel, webitel.url),
      );
      await importOnce(sandboxes, config);
    } finally {
      await Promise.all([creatio.close(), webitel.close()]);
    }
    const lines = function* () {
      for (const one of requests) yield `${JSON.stringify(one)}\n`;
    };
    await pipeline(lines, createWriteStream(file));
    return requests.reduce((sum, { done }) => sum + done, 0);
  });
}

async function importOnce(sandboxes: BenchSandboxes, config: string): Promise<Measured> {
  const child = startNode(['--expose-gc', scriptPath('./children/import.mjs'), config], {
    env: { SANDBOX_CREATIO_PASSWORD: sandboxes.password, SANDBOX_WEBITEL_TOKEN: sandboxes.token },
  });
  const memory = watchMemory(child.pid);
  try {
    const { openMs } = Opened.parse(await child.next());
    const idleBytes = await residentBytes(child.pid);
    const [cpuBefore, sandboxesBefore] = [await processorMs(child.pid), await sandboxes.processorMs()];
    memory.restart();
    child.say('import');
    const imported = Imported.parse(await child.next());
    const cpuMs = (await processorMs(child.pid)) - cpuBefore;
    if (imported.status !== 'succeeded') throw new Error(`The import ended as ${imported.status}.`);
    const sandboxMs = (await sandboxes.processorMs()) - sandboxesBefore;
    return { ...imported, openMs, idleBytes, peakBytes: memory.peak(), cpuMs, sandboxMs };
  } finally {
    memory.stop();
    child.signal('SIGKILL');
    await child.ended;
  }
}

async function replayOnce(sandboxes: BenchSandboxes, file: string): Promise<number> {
  const child = startNode(
    [
      '--import',
      REGISTER,
      scriptPath('./children/replay.ts'),
      sandboxes.creatio,
      sandboxes.webitel,
      file,
      String(CONCURRENCY),
    ],
    { env: { CREATIO_PASSWORD: sandboxes.password, WEBITEL_TOKEN: sandboxes.token } },
  );
  try {
    return Replayed.parse(await child.next()).replayMs;
  } finally {
    child.signal('SIGKILL');
    await child.ended;
  }
}

/** What the product is held to, as far as these sizes say something about it. */
export function limitsOf(sizes: readonly ImportSize[]): Limit[] {
  const limits: Limit[] = [];
  const hold = (what: string, limit: number, measured: number): void =>
    void limits.push({ what, limit, measured: rounded(measured), met: measured <= limit });
  const small = sizes.find(({ users }) => users === 10_000);
  const large = sizes.find(({ users }) => users === 100_000);
  if (small !== undefined) {
    hold('import over bare replay at 10,000 users', 1.3, small.ratio.min);
    hold('peak above the idle engine at 10,000 users, MB', 150, small.memory.aboveIdleMb);
  }
  if (large !== undefined)
    hold('peak above the idle engine at 100,000 users, MB', 400, large.memory.aboveIdleMb);
  if (small !== undefined && large !== undefined)
    hold('time per user at 100,000 over that at 10,000', 1.3, large.msPerUser / small.msPerUser);
  return limits;
}
