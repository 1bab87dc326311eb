import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { run } from './harness.ts';
import { samplePlan, sampleReport } from './samples.ts';

let cwd = '';
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'rollcall-test-'));
});
afterEach(async () => {
  await rm(cwd, { recursive: true });
});

describe('plan', () => {
  test('shows people in groups with the reason for each, and changes nothing', async () => {
    const { exitCode, stdout, imports } = await run(['plan']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/New to the CRM \(1\)\n.*Nobody in the CRM resembles this person\./u);
    expect(stdout).toMatch(/Waiting for your decision \(1\)/u);
    expect(stdout).toMatch(/Contacts: to add +1/u);
    expect(imports).toEqual([]);
  });

  test('prints the whole plan with --json', async () => {
    expect((await run(['plan', '--json'])).json()).toEqual(samplePlan());
  });

  test('ends with 3 when the directory was not read completely', async () => {
    const plan = samplePlan({
      directory: {
        product: 'webitel',
        domainId: '1',
        users: 3,
        complete: false,
        problems: ['page 2 failed'],
      },
    });
    const { exitCode, stdout } = await run(['plan'], { plan });
    expect(exitCode).toBe(3);
    expect(stdout).toContain('page 2 failed');
  });

  test('cannot be saved into a folder that does not exist', async () => {
    const { exitCode, json } = await run(['plan', '--out', 'no/such/plan.json', '--json'], { cwd });
    expect(exitCode).toBe(64);
    expect(json()).toMatchObject({ error: { message: expect.stringContaining('cannot be written') } });
  });

  test('stays within the width of the terminal', async () => {
    const { stdout } = await run(['plan'], { isTTY: true, env: { NO_COLOR: '1' } });
    for (const line of stdout.replaceAll(/[\u2066-\u2069]/gu, '').split('\n'))
      expect(line.length).toBeLessThanOrEqual(100);
  });
});

describe('apply', () => {
  test('applies a plan that plan --out has saved', async () => {
    expect((await run(['plan', '--out', 'p.json'], { cwd })).exitCode).toBe(0);
    const { exitCode, imports, json } = await run(['apply', 'p.json', '--yes', '--json'], { cwd });
    expect(exitCode).toBe(0);
    expect(imports[0]?.plan).toEqual(samplePlan());
    expect(json()).toEqual(sampleReport());
  });

  test('refuses a plan that was edited, before anything is opened', async () => {
    await run(['plan', '--out', 'p.json'], { cwd });
    const path = join(cwd, 'p.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"Name": "سارة"', '"Name": "Mallory"'));
    const { exitCode, stderr, opened } = await run(['apply', 'p.json', '--yes'], { cwd });
    expect(exitCode).toBe(64);
    expect(stderr).toContain('fingerprint does not fit');
    expect(opened).toEqual([]);
  });

  test.each([
    ['is missing', null, 'cannot be read'],
    ['is not JSON', '{"version":', 'not JSON'],
    ['is another document', '{"version": 2}', 'is not a plan of this version'],
  ])('refuses a file that %s', async (_, content, expected) => {
    if (content !== null) await writeFile(join(cwd, 'p.json'), content);
    const { exitCode, stderr, opened } = await run(['apply', 'p.json', '--yes'], { cwd });
    expect(exitCode).toBe(64);
    expect(stderr).toContain(expected);
    expect(opened).toEqual([]);
  });

  test('asks as import does', async () => {
    await run(['plan', '--out', 'p.json'], { cwd });
    expect(await run(['apply', 'p.json'], { cwd })).toMatchObject({ exitCode: 3, opened: [] });
    expect((await run(['apply', 'p.json'], { cwd, isTTY: true, typed: 'y\n' })).approved).toEqual([true]);
  });
});
