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

  test('shows what becomes of each record that stands in the CRM', async () => {
    const reason =
      'The telephony record of Олена Коваль (login1) gets contact “Олена Коваль” instead of “Иван Петров”. The login is the same.';
    const [creation] = samplePlan().operations;
    const update = {
      id: 'telephonyRecord.update:r1',
      entity: 'telephonyRecord' as const,
      kind: 'update' as const,
      person: '1',
      target: { entity: 'UsrWebitelUser', id: 'r1' },
      before: { UsrContactId: 'c9' },
      after: { UsrContactId: 'c1' },
      reason,
      dependsOn: [],
    };
    const plan = samplePlan({ operations: [...(creation ? [creation] : []), update] });
    const shown = await run(['plan'], { plan });
    expect(shown.stdout.replaceAll(/\s+/gu, ' ')).toContain(`In what the CRM holds (1) ${reason}`);
    expect((await run(['plan'])).stdout).not.toContain('In what the CRM holds');
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

  test('of an incomplete directory is saved, but neither offered to be applied nor full of promises', async () => {
    const { directory } = samplePlan();
    const plan = samplePlan({
      directory: { ...directory, complete: false, problems: ['page 2 failed'] },
      operations: [],
    });
    const { exitCode, stdout, stderr } = await run(['plan', '--out', 'p.json'], { cwd, plan });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/saved in p\.json to be looked at\. The directory was not read completely/u);
    expect(stdout + stderr).not.toContain('rollcall apply');
    expect(stdout).not.toMatch(/Found in the CRM|New to the CRM/u);
    expect(stdout).toContain('Waiting for your decision (1)');
    expect(JSON.parse(await readFile(join(cwd, 'p.json'), 'utf8'))).toEqual(plan);
  });

  test('of an incomplete CRM lists only those of the found and new people for whom something is written', async () => {
    const plan = samplePlan({ crm: { ...samplePlan().crm, complete: false, problems: ['page 2 failed'] } });
    const { stdout } = await run(['plan'], { plan });
    expect(stdout).toContain('New to the CRM (1)');
    expect(stdout).not.toContain('Found in the CRM');
  });

  test.each([
    [[], 'rollcall apply p.json'],
    [['-c', 'try/rollcall.yaml'], 'rollcall -c try/rollcall.yaml apply p.json'],
    [['-c', "it's here.yaml"], "rollcall -c 'it'\\''s here.yaml' apply p.json"],
  ])('says how to apply what it saved: %j', async (options, expected) => {
    const { stderr } = await run([...options, 'plan', '--out', 'p.json'], { cwd });
    expect(stderr).toBe(`The plan was saved. Apply it with: ${expected}\n`);
  });

  test('says once what holds for several people, and nothing twice of one', async () => {
    const plan = samplePlan();
    const message = 'User login3 has no name in the directory; give them one there.';
    const [first, second, third] = plan.people;
    Object.assign(first ?? {}, {
      situation: 'unmatched',
      reason: second?.reason,
      contactName: 'Олена Коваль',
    });
    Object.assign(third ?? {}, {
      displayName: '',
      situation: 'invalid',
      reason: message,
      issues: [{ severity: 'failure', code: 'name.missing', message }],
    });
    const { stdout } = await run(['plan'], { plan });
    expect(stdout).toMatch(
      /New to the CRM \(2\)\n {2}Nobody in the CRM resembles this person\.\n {4}Олена Коваль +login1\n {4}سارة +login2\n/u,
    );
    expect(stdout.match(/has no name/gu)).toHaveLength(1);
    expect(stdout).not.toMatch(/Not possible|Contact:/u);
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
