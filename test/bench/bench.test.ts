import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { BenchDocument, ImportDocument, MatchDocument } from './document.ts';

const HERE = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Runs the bench as `npm run bench` does once the program is built. */
async function bench(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(
    process.execPath,
    ['--import', HERE('../store/child/register.mjs'), HERE('./run.ts'), ...args],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr };
}

test('an import is measured beside a bare replay of all its requests', async () => {
  const { code, stdout, stderr } = await bench('import', '--sizes', '200', '--repeat', '1', '--batch', '5');
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  const { sizes, limits, repeat } = ImportDocument.parse(JSON.parse(stdout));
  const [size] = sizes;
  if (size === undefined || sizes.length > 1) throw new Error(`One size was asked for: ${stdout}`);
  expect(size).toMatchObject({ users: 200, contacts: 800, crmUsers: 160, latencyMs: 0, batchMs: 5 });
  expect(repeat).toBe(1);
  // Each user gets a record, and most of them a licence and a role besides.
  expect(size.writes).toBeGreaterThan(400);
  expect(size.requests.used).toBeGreaterThanOrEqual(size.requests.floor);
  expect(size.requests.retries).toBe(0);
  // Nine batches or more, four at a time, each held up for five milliseconds; less were a replay that sent less.
  expect(size.replayMs.min).toBeGreaterThan(15);
  expect(size.ratio.min).toBeCloseTo(size.importMs.min / size.replayMs.min, 1);
  expect(size.phases.map(({ phase }) => phase)).toEqual([
    'reading',
    'planned',
    'applying',
    'verifying',
    'done',
  ]);
  expect(size.cpuMs.import.min).toBeGreaterThan(0);
  expect(size.cpuMs.sandboxes.min).toBeGreaterThan(0);
  expect(size.memory.idleMb).toBeGreaterThan(50);
  expect(size.memory.aboveIdleMb).toBeCloseTo(size.memory.peakMb - size.memory.idleMb, 1);
  // Nobody is held to anything at this size.
  expect(limits).toEqual([]);
}, 180_000);

test('matching is measured by itself', async () => {
  const { code, stdout } = await bench('match', '--sizes', '200', '--repeat', '2');
  expect(code).toBe(0);
  const { sizes } = MatchDocument.parse(JSON.parse(stdout));
  expect(sizes.map(({ users, contacts }) => [users, contacts])).toEqual([[200, 800]]);
  for (const { matchMs, decisions } of sizes) {
    expect(matchMs.all).toHaveLength(2);
    expect(decisions.auto + decisions.review + decisions.none).toBe(200);
    expect(decisions.auto).toBeGreaterThan(100);
  }
}, 120_000);

test('a wrong option is answered with the usage, and nothing is measured', async () => {
  const { code, stdout, stderr } = await bench('import', '--sizes', '0');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('npm run bench -- import|match');
}, 60_000);

test('a document with a figure that nobody promised is refused', () => {
  const document = { bench: 'match', node: 'v20', processors: 2, load: 0, seed: 1, repeat: 1, sizes: [] };
  expect(BenchDocument.parse(document)).toEqual(document);
  expect(BenchDocument.safeParse({ ...document, seconds: 3 }).success).toBe(false);
});
