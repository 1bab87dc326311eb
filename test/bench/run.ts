import type { BenchDocument, ImportSize } from './document.ts';
import { machine } from './figures.ts';
import { benchImport, CONCURRENCY, limitsOf } from './import.ts';
import { benchMatch } from './match.ts';
import { readOptions, USAGE, type BenchOptions } from './options.ts';
import { benchWebhook, P99_LIMIT_MS, RATE } from './webhook.ts';

/** Measures what the command line asks for and prints one JSON document. See `USAGE`. */
async function run(options: BenchOptions): Promise<BenchDocument> {
  const { bench, sizes, seed, repeat, latency, batch } = options;
  const head = { ...machine(), seed, repeat };
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  if (bench === 'match') {
    const measured = [];
    for (const users of sizes) measured.push(await benchMatch(users, { seed, repeat, say }));
    return { bench, ...head, sizes: measured };
  }
  if (bench === 'webhook') {
    const targets = await benchWebhook({
      repeat,
      seconds: options.seconds,
      only: options.target,
      say,
    });
    const limits = targets
      .filter(({ target }) => target.startsWith('the endpoint'))
      .map(({ target, p99Ms }) => ({
        what: `p99 of ${target}, in milliseconds`,
        limit: P99_LIMIT_MS,
        measured: p99Ms.min,
        met: p99Ms.min <= P99_LIMIT_MS,
      }));
    return { bench, ...head, rate: RATE, targets, limits };
  }
  const measured: ImportSize[] = [];
  for (const users of sizes)
    measured.push(await benchImport(users, { latencyMs: latency, batchMs: batch, seed, repeat, say }));
  return { bench, ...head, concurrency: CONCURRENCY, sizes: measured, limits: limitsOf(measured) };
}

function optionsOrUsage(): BenchOptions | null {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return null;
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const options = optionsOrUsage();
if (options === null) process.exitCode = 2;
else process.stdout.write(`${JSON.stringify(await run(options))}\n`);
