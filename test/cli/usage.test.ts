import { describe, expect, test } from '@jest/globals';
import { RollcallError } from '../../src/app/ports/errors.ts';
import { run, SECRET } from './harness.ts';

const COMMANDS = [
  'demo',
  'sandbox',
  'check',
  'plan',
  'apply',
  'import',
  'runs',
  'runs show',
  'cases',
  'cases show',
  'cases decide',
  'cases revoke',
  'unlink',
  'match',
];

describe('help', () => {
  test.each(COMMANDS)('of "%s" has an example and ends well', async (name) => {
    const { exitCode, stdout, stderr } = await run([...name.split(' '), '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Usage: rollcall /u);
    expect(stdout).toMatch(/Example:\n {2}rollcall /u);
    expect(stdout).toContain('--json');
    expect(stderr).toBe('');
  });

  test('of the program names every command', async () => {
    const { exitCode, stdout } = await run(['--help']);
    expect(exitCode).toBe(0);
    for (const name of COMMANDS)
      expect(stdout).toMatch(new RegExp(`^ {2}${name.split(' ')[0] ?? ''}\\b`, 'mu'));
  });

  test('the version is printed', async () => {
    expect(await run(['--version'])).toMatchObject({ exitCode: 0, stdout: '1.2.3\n' });
  });
});

describe('bad usage', () => {
  test.each([
    [[]],
    [['imprt']],
    [['import', '--nonsense']],
    [['import', 'extra']],
    [['apply']],
    [['cases', 'decide']],
    [['sandbox', '--users', 'many']],
    [['sandbox', '--users', '0']],
    [['sandbox', '--connector-url', 'localhost:8080']],
    [['sandbox', '--connector-token', 'a-token']],
    [['runs', '--limit', '-1']],
    [['check', '--log-level', 'loud']],
  ])('%j ends with 64, says why on standard error and opens nothing', async (argv) => {
    const plain = await run(argv);
    expect(plain.exitCode).toBe(64);
    expect(plain.stderr).not.toBe('');
    expect(plain.stdout).toBe('');
    expect(plain.opened).toEqual([]);
    const json = await run([...argv, '--json']);
    expect(json.exitCode).toBe(64);
    expect(json.json()).toEqual({
      error: { code: 'USAGE', message: expect.any(String), cure: expect.any(String) },
    });
  });

  test('a misspelt command brings the one that was meant', async () => {
    expect((await run(['imprt'])).stderr).toContain('Did you mean import?');
  });

  test('an unknown level in the environment is named', async () => {
    const { exitCode, json } = await run(['check', '--json'], { env: { ROLLCALL_LOG_LEVEL: 'loud' } });
    expect(exitCode).toBe(64);
    expect(json()).toMatchObject({ error: { message: expect.stringContaining('ROLLCALL_LOG_LEVEL') } });
  });
});

describe('the configuration', () => {
  test.each([
    [['check'], {}, '/home/me/rollcall.yaml'],
    [['check'], { ROLLCALL_CONFIG: 'etc/a.yaml' }, '/home/me/etc/a.yaml'],
    [['check', '-c', 'b.yaml'], { ROLLCALL_CONFIG: 'etc/a.yaml' }, '/home/me/b.yaml'],
    [['-c', '/abs/b.yaml', 'check'], {}, '/abs/b.yaml'],
  ])('of %j with %j is %s', async (argv, env, expected) => {
    const { opened } = await run(argv, { env, cwd: '/home/me' });
    expect(opened.map(({ configPath }) => configPath)).toEqual([expected]);
  });
});

describe('an error', () => {
  test.each([
    ['CONFIGURATION', 64],
    ['USAGE', 64],
    ['AUTHENTICATION', 1],
    ['FORBIDDEN', 1],
    ['UNAVAILABLE', 1],
    ['NOT_FOUND', 1],
  ] as const)('%s ends with %d, as text and as the one JSON document', async (code, exitCode) => {
    const openError = new RollcallError(code, 'It went wrong.', { cure: 'Do this.' });
    const plain = await run(['check'], { openError });
    expect(plain).toMatchObject({ exitCode, stdout: '', stderr: 'Error: It went wrong.\nDo this.\n' });
    const json = await run(['check', '--json'], { openError });
    expect(json.exitCode).toBe(exitCode);
    expect(json.json()).toEqual({ error: { code, message: 'It went wrong.', cure: 'Do this.' } });
  });

  test('BUSY names the run that is under way', async () => {
    const error = new RollcallError('BUSY', 'Another process works.', {
      details: { runId: 'run-9', pid: 4711 },
    });
    const { exitCode, stderr } = await run(['import', '--yes'], { error });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('run run-9, process 4711');
  });

  test('of a run that was stopped ends with 3', async () => {
    const error = new RollcallError('UNAVAILABLE', 'The directory was not read completely.', {
      details: { stopped: true },
    });
    expect((await run(['import', '--yes'], { error })).exitCode).toBe(3);
  });

  test('that nobody expected is shown without a stack, and the product is closed', async () => {
    const { exitCode, stderr, closed } = await run(['runs'], {
      error: new TypeError('x is not a function'),
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('x is not a function');
    expect(stderr).not.toMatch(/^ +at /mu);
    expect(closed).toBe(1);
  });
});

describe('secrets', () => {
  test.each([
    [['check'], 'openError'],
    [['check', '--json'], 'openError'],
    [['import', '--yes', '--json'], 'error'],
    [['cases', '--json', '--log-level', 'debug'], 'error'],
  ] as const)('of the configuration are in no output of %j when the %s quotes them', async (argv, which) => {
    const quoted = new RollcallError('AUTHENTICATION', `Refused: ${SECRET}`, {
      cure: `Replace ${SECRET} or ${Buffer.from(`u:${SECRET}`).toString('base64')}.`,
      cause: new Error(SECRET),
      details: { token: SECRET },
    });
    const { exitCode, stdout, stderr } = await run(argv, { [which]: quoted });
    expect(exitCode).toBe(1);
    expect(stdout + stderr).toContain('[redacted]');
    expect(stdout + stderr).not.toContain('canary');
    expect(stdout + stderr).not.toContain(Buffer.from(SECRET).toString('base64').slice(4, 16));
  });

  test('are in no log line, however much is logged', async () => {
    const { stdout, stderr } = await run(['check', '-v']);
    expect(stderr).toContain('Opened.');
    expect(stdout + stderr).not.toContain('canary');
  });
});
