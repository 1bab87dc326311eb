import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CONNECTION_SCHEMAS } from '../../src/config/connections.ts';
import { loadConfig } from '../../src/config/load.ts';
import { eventually, run, SECRET, start } from './harness.ts';
import { sampleReport } from './samples.ts';

let cwd = '';
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'rollcall-test-'));
});
afterEach(async () => {
  await rm(cwd, { recursive: true });
});

describe('sandbox', () => {
  test('prints one line of JSON when ready, stays until Ctrl-C, and closes', async () => {
    const running = start(
      [
        'sandbox',
        '--json',
        '--users',
        '500',
        '--contacts',
        '2000',
        '--crm-users',
        '400',
        '--seed',
        '7',
        '--latency',
        '5',
      ],
      { cwd },
    );
    await eventually(() => running.stdout.text.includes('\n'));
    expect(running.stdout.text).toBe(
      '{"creatio":{"url":"http://127.0.0.1:1111"},"webitel":{"url":"http://127.0.0.1:2222/api"},"control":{"url":"http://127.0.0.1:3333"}}\n',
    );
    running.interrupt();
    const { exitCode, sandboxes, sandboxesClosed, left } = await running.outcome;
    expect(exitCode).toBe(0);
    expect(sandboxes).toEqual([{ users: 500, contacts: 2000, crmUsers: 400, seed: 7, latencyMs: 5 }]);
    expect(sandboxesClosed).toBe(1);
    expect(left).toEqual([]);
  });

  test('writes a configuration that Rollcall can read, with the secrets beside it for this account only', async () => {
    const running = start(['sandbox', '--json', '--config-dir', 'try'], { cwd });
    await eventually(() => running.stdout.text.includes('\n'));
    running.interrupt();
    expect((await running.outcome).exitCode).toBe(0);
    const folder = join(cwd, 'try');
    const config = loadConfig({
      path: join(folder, 'rollcall.yaml'),
      env: {},
      readFile: (path) => readFileSync(path, 'utf8'),
      connectionSchemas: CONNECTION_SCHEMAS,
      packageMappings: 'mappings',
    });
    expect(config.connections).toEqual({
      creatio: {
        url: 'http://127.0.0.1:1111',
        auth: { kind: 'forms', username: 'Supervisor', password: `it's ${SECRET}` },
      },
      webitel: { url: 'http://127.0.0.1:2222/api', auth: { kind: 'token', token: 'canary-token-value' } },
    });
    expect(await readFile(join(folder, 'rollcall.yaml'), 'utf8')).not.toContain('canary');
    expect((await stat(join(folder, '.env'))).mode & 0o777).toBe(0o600);
  });

  test('warns of what Rollcall remembers of the people of an earlier sandbox', async () => {
    const stderrOf = async (): Promise<string> => {
      const running = start(['sandbox', '--json', '--config-dir', 'try'], { cwd });
      await eventually(() => running.stdout.text.includes('\n'));
      running.interrupt();
      return (await running.outcome).stderr;
    };
    expect(await stderrOf()).toBe('');
    await mkdir(join(cwd, 'try', '.rollcall'));
    expect(await stderrOf()).toMatch(
      /remembers in \S+\/try\/\.rollcall belongs to .* earlier sandbox\. Delete that folder/u,
    );
  });

  test('overwrites its own configuration, but never one of somebody else', async () => {
    for (let round = 0; round < 2; round += 1) {
      const running = start(['sandbox', '--json', '--config-dir', '.'], { cwd });
      await eventually(() => running.stdout.text.includes('\n'));
      running.interrupt();
      expect((await running.outcome).exitCode).toBe(0);
    }
    await writeFile(join(cwd, 'rollcall.yaml'), 'connections: {}\n');
    const refused = await run(['sandbox', '--json', '--config-dir', '.'], { cwd });
    expect(refused.exitCode).toBe(64);
    expect(refused.json()).toMatchObject({
      error: { message: expect.stringContaining('is not of a sandbox') },
    });
    expect(refused.sandboxesClosed).toBe(1);
    expect(await readFile(join(cwd, 'rollcall.yaml'), 'utf8')).toBe('connections: {}\n');
  });

  test('lets the CRM call a server, with a token that is never shown', async () => {
    const argv = ['--connector-url', 'http://127.0.0.1:4444', '--connector-token', 'a-token-for-calls'];
    const running = start(['sandbox', ...argv], { cwd });
    await eventually(() => running.stdout.text.includes('ready'));
    running.interrupt();
    const { sandboxes, stdout, stderr } = await running.outcome;
    expect(sandboxes[0]?.connector).toEqual({ url: 'http://127.0.0.1:4444', token: 'a-token-for-calls' });
    expect(stdout + stderr).not.toContain('a-token-for-calls');
  });

  test('starts with the rows of a file', async () => {
    const rows = { webitel: { users: [{ id: '1' }] }, creatio: { Contact: [] } };
    await writeFile(join(cwd, 'rows.json'), JSON.stringify(rows));
    const running = start(['sandbox', '--data', 'rows.json'], { cwd });
    await eventually(() => running.stdout.text.includes('ready'));
    running.interrupt();
    expect((await running.outcome).sandboxes[0]?.data).toEqual(rows);
    await writeFile(join(cwd, 'rows.json'), '{"users": []}');
    expect((await run(['sandbox', '--data', 'rows.json'], { cwd })).exitCode).toBe(64);
  });
});

describe('demo', () => {
  const reports = [
    sampleReport(),
    sampleReport({
      status: 'nothing-to-do',
      operations: {},
      outcomes: { confirmed: 0, failed: 0, stale: 0, skipped: 0 },
    }),
  ];

  test('imports twice in sandboxes of its own, shows plan, progress and both reports, and leaves nothing behind', async () => {
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith('rollcall-demo-'));
    const { exitCode, stdout, stderr, imports, sandboxesClosed, closed, sandboxes } = await run(
      ['demo', '--users', '80'],
      {
        reports,
        events: [{ runId: 'r', phase: 'reading', done: 60, total: 60 }],
      },
    );
    expect(exitCode).toBe(0);
    expect(imports).toHaveLength(2);
    expect(stdout).toContain('Waiting for your decision');
    expect(stdout).toContain('3 changes confirmed');
    expect(stdout).toContain('nothing to do');
    expect(stdout).toContain('The second import wrote nothing.');
    expect(stderr).toContain('Reading: 60 of 60 people');
    expect(stdout + stderr).not.toContain('canary');
    expect({ sandboxesClosed, closed }).toEqual({ sandboxesClosed: 1, closed: 1 });
    expect(sandboxes[0]).toMatchObject({ users: 80 });
    expect((await readdir(tmpdir())).filter((name) => name.startsWith('rollcall-demo-'))).toEqual(before);
  });

  test('keeps away from stores and queues that the environment names', async () => {
    const env = {
      ROLLCALL_DATA: '/real',
      DATABASE_URL: 'postgres://real',
      REDIS_URL: 'redis://real',
      SANDBOX_WEBITEL_TOKEN: 'x',
      HOME: '/home/me',
    };
    expect((await run(['demo'], { reports, env })).opened[0]?.env).toEqual({ HOME: '/home/me' });
  });

  test('ends with 1 when the second import finds something to do', async () => {
    const { exitCode, stdout } = await run(['demo'], { reports: [sampleReport(), sampleReport()] });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('which it should not');
  });

  test('prints both reports with --json, and cleans up after an error', async () => {
    expect((await run(['demo', '--json'], { reports })).json()).toEqual({
      first: reports[0],
      second: reports[1],
    });
    const failed = await run(['demo', '--json'], { error: new Error('broken') });
    expect(failed).toMatchObject({ exitCode: 1, sandboxesClosed: 1, closed: 1 });
  });
});
