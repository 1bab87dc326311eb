/** `npm run evaluate:matching`: matches generated populations and writes docs/matching-evaluation.md. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { z } from 'zod';
import { evaluate } from './evaluation.ts';
import { loadMatcher } from './matcher.ts';
import { goalsOf } from './report/goals.ts';
import { renderFindings } from './report/findings.ts';
import { renderReport } from './report/report.ts';
import { measureSpeed, type Speed } from './speed/measure.ts';

const PAGE = fileURLToPath(new URL('../../docs/matching-evaluation.md', import.meta.url));
const BUILT = fileURLToPath(new URL('../../dist/src/app/match.js', import.meta.url));
const BASELINE_POPULATIONS = 2;
const SPEED_SIZES = [20_000, 100_000];

const Options = z.object({
  seeds: z
    .string()
    .transform((text) => text.split(',').map(Number))
    .pipe(z.array(z.int().min(0)).min(1)),
  size: z.coerce.number().pipe(z.int().min(10)),
  matcher: z.string().optional(),
  built: z.string(),
  out: z.string(),
  findings: z.string().optional(),
  baselines: z.boolean(),
  speed: z.boolean(),
});

const { values } = parseArgs({
  allowNegative: true,
  options: {
    seeds: { type: 'string', default: '101,102,103,104,105,106,107,108,109,110' },
    size: { type: 'string', default: '20000' },
    matcher: { type: 'string' },
    built: { type: 'string', default: BUILT },
    out: { type: 'string', default: PAGE },
    findings: { type: 'string' },
    baselines: { type: 'boolean', default: true },
    speed: { type: 'boolean', default: true },
  },
});
const options = Options.parse(values);
if (options.speed && !existsSync(options.built))
  throw new Error(`${options.built} is not there: npm run build first.`);

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const evaluation = evaluate(await loadMatcher(options.matcher), {
  seeds: options.seeds,
  size: options.size,
  baselinePopulations: options.baselines ? BASELINE_POPULATIONS : 0,
  onProgress: say,
});
const config = await resolveConfig(PAGE);
const write = async (speeds: readonly Speed[]): Promise<void> =>
  writeFile(options.out, await format(renderReport(evaluation, speeds), { ...config, parser: 'markdown' }));
await write([]);
let speeds: Speed[] = [];
if (options.speed) {
  say('speed');
  speeds = await measureSpeed(options.built, SPEED_SIZES, options.seeds[0] ?? 1);
  await write(speeds);
}
if (options.findings !== undefined) await writeFile(options.findings, renderFindings(evaluation));
for (const { asked, measured, isMet } of goalsOf(evaluation, speeds))
  say(`${isMet ? 'met   ' : 'NOT MET'} ${asked}: ${measured}`);
