import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, URL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { z } from 'zod';
import {
  type Bench,
  errorOf,
  onlyJson,
  openBench,
  type Outcome,
  type RunOptions,
  type Sandboxes,
  writesAmong,
} from './support.ts';

jest.setTimeout(180_000);

const MAPPING = fileURLToPath(new URL('../../mappings/creatio-webitel.yaml', import.meta.url));

const Findings = z.strictObject({
  ok: z.boolean(),
  findings: z.array(
    z.strictObject({
      severity: z.enum(['error', 'warning', 'ok']),
      code: z.string(),
      message: z.string().min(1),
      cure: z.string().nullable(),
    }),
  ),
});

let bench: Bench;
let sandboxes: Sandboxes;
let good: string;

beforeAll(async () => {
  bench = await openBench();
  sandboxes = await bench.sandbox(['--users', '12', '--contacts', '30', '--crm-users', '10']);
  good = await readFile(sandboxes.config, 'utf8');
});

beforeEach(() => sandboxes.control.forgetRequests());

// Whatever is wrong, nothing may have been written.
afterEach(async () => {
  expect(writesAmong(await sandboxes.control.requests())).toEqual([]);
  await sandboxes.control.post('/switches', {
    system: 'creatio',
    values: { dropColumns: [], canUseOData: true },
  });
  await sandboxes.control.post('/switches', {
    system: 'webitel',
    values: { scopes: ['users', 'roles', 'license', 'devices'] },
  });
});

afterAll(() => bench.close());

/** Writes a configuration of its own beside the good one, which shares its `.env`. */
async function configured(name: string, text: string): Promise<string> {
  const path = join(sandboxes.folder, name);
  await writeFile(path, text);
  return path;
}

const importWith = (config: string, options?: RunOptions): Promise<Outcome> =>
  bench.run(['-c', config, 'import', '--yes', '--json'], options);

/** What `check` says is wrong; each with a cure, and exit code 1. */
async function wrongWith(config: string, options?: RunOptions) {
  const outcome = await bench.run(['-c', config, 'check', '--json'], options);
  const { ok, findings } = Findings.parse(onlyJson(outcome.stdout));
  expect([ok, outcome.code]).toEqual([false, 1]);
  const errors = findings.filter(({ severity }) => severity === 'error');
  for (const { cure } of errors) expect(cure).toEqual(expect.stringMatching(/\w{3}/u));
  return errors;
}

describe('mistakes in the documents end with 64', () => {
  test('an unknown key: file, line, column and what was meant', async () => {
    const config = await configured('unknown-key.yaml', good.replace('mapping:', 'maping:'));
    const line = good.split('\n').findIndex((text) => text.startsWith('mapping:')) + 1;
    const outcome = await importWith(config);
    expect(outcome.code).toBe(64);
    const { code, message, cure } = errorOf(outcome);
    expect(code).toBe('CONFIGURATION');
    expect(`${message} ${String(cure)}`).toContain(`unknown-key.yaml:${line}:1`);
    expect(`${message} ${String(cure)}`).toMatch(/unknown key "maping".*"mapping"/su);
    expect(await bench.run(['-c', config, 'check', '--json'])).toMatchObject({
      code: 64,
      stdout: outcome.stdout,
    });
  });

  test('a variable that is not set: its name and its place', async () => {
    const text = good.replace('SANDBOX_WEBITEL_TOKEN', 'NOBODY_SET_THIS');
    const config = await configured('unset.yaml', text);
    const outcome = await importWith(config);
    expect(outcome.code).toBe(64);
    expect(errorOf(outcome)).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringMatching(/unset\.yaml:\d+:\d+: .*NOBODY_SET_THIS is not set/u),
      cure: expect.stringContaining('Set NOBODY_SET_THIS'),
    });
  });

  test('a bad mapping document: every mistake with its place', async () => {
    const mapping = (await readFile(MAPPING, 'utf8'))
      .replace('owner: directory }', 'owner: telephony }')
      .replace('displayName:', 'displayname:');
    await writeFile(join(sandboxes.folder, 'own.yaml'), mapping);
    const config = await configured(
      'bad-mapping.yaml',
      good.replace('mapping: creatio-webitel', 'mapping: own.yaml'),
    );
    const outcome = await importWith(config);
    expect(outcome.code).toBe(64);
    const { code, message } = errorOf(outcome);
    expect(code).toBe('CONFIGURATION');
    expect(message).toMatch(/own\.yaml:\d+:\d+: .*displayname.*displayName/u);
    expect(message).toMatch(/own\.yaml:\d+:\d+: .*owner.*directory/u);
  });

  test('a configuration that is not there: which file was looked for', async () => {
    const outcome = await importWith(join(bench.folder, 'nowhere.yaml'));
    expect(outcome.code).toBe(64);
    expect(errorOf(outcome)).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringContaining('nowhere.yaml'),
      cure: expect.stringContaining('-c FILE'),
    });
  });

  test('a mapped column that the metadata lacks: its name, from import and from check', async () => {
    await sandboxes.control.post('/switches', {
      system: 'creatio',
      values: { dropColumns: ['UsrWebitelUser.UsrChatName', 'UsrWebitelUser.UsrEmail'] },
    });
    const outcome = await importWith(sandboxes.config);
    expect(outcome.code).toBe(64);
    expect(errorOf(outcome)).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringMatching(/UsrWebitelUser\.UsrEmail.*UsrWebitelUser\.UsrChatName/u),
      cure: expect.stringContaining('mapping'),
    });
    expect((await wrongWith(sandboxes.config)).map(({ message }) => message)).toEqual([
      expect.stringContaining('UsrWebitelUser.UsrEmail'),
      expect.stringContaining('UsrWebitelUser.UsrChatName'),
    ]);
  });
});

test.each([
  ['an unknown command', ['imprt'], /imprt/],
  ['an unknown option', ['import', '--force'], /--force/],
  ['an argument that is missing', ['apply'], /file/],
  ['a number that is none', ['runs', '--limit', 'many'], /many|whole number/],
])('wrong usage, %s, ends with 64', async (_, args, words) => {
  const [plain, json] = await Promise.all([bench.run(args), bench.run([...args, '--json'])]);
  expect(plain).toMatchObject({ code: 64, stdout: '', stderr: expect.stringMatching(words) });
  expect(json.code).toBe(64);
  expect(errorOf(json)).toMatchObject({ code: 'USAGE', message: expect.stringMatching(words) });
});

describe('access that does not work ends with 1', () => {
  test('a wrong password, which Creatio answers with 200', async () => {
    const env = { SANDBOX_CREATIO_PASSWORD: 'not-the-password' };
    const outcome = await importWith(sandboxes.config, { env });
    expect(outcome.code).toBe(1);
    expect(errorOf(outcome)).toMatchObject({
      code: 'AUTHENTICATION',
      message: expect.stringContaining('refused the sign-in'),
      cure: expect.stringContaining('password'),
    });
    expect(await wrongWith(sandboxes.config, { env })).toEqual([
      expect.objectContaining({ code: 'creatio.sign-in', cure: expect.stringContaining('password') }),
    ]);
  });

  test('an account without the right to OData', async () => {
    await sandboxes.control.post('/switches', { system: 'creatio', values: { canUseOData: false } });
    const outcome = await importWith(sandboxes.config);
    expect(outcome.code).toBe(1);
    expect(errorOf(outcome)).toMatchObject({
      code: 'FORBIDDEN',
      cure: expect.stringMatching(/CanUseODataService|OData/u),
    });
    expect(await wrongWith(sandboxes.config)).toEqual([
      expect.objectContaining({ cure: expect.stringMatching(/CanUseODataService|OData/u) }),
    ]);
  });

  test('a token whose licence does not cover the users', async () => {
    await sandboxes.control.post('/switches', { system: 'webitel', values: { scopes: ['roles'] } });
    const outcome = await importWith(sandboxes.config);
    expect(outcome.code).toBe(1);
    expect(errorOf(outcome)).toMatchObject({
      code: 'FORBIDDEN',
      cure: expect.stringContaining('licence'),
    });
    const wrong = await wrongWith(sandboxes.config);
    expect(wrong.map(({ code }) => code)).toEqual(['webitel.scope.users', 'webitel.scope.license']);
  });

  test('a token that nobody knows', async () => {
    const env = { SANDBOX_WEBITEL_TOKEN: 'nobody-knows-this-token' };
    const outcome = await importWith(sandboxes.config, { env });
    expect(outcome.code).toBe(1);
    expect(errorOf(outcome)).toMatchObject({
      code: 'AUTHENTICATION',
      message: expect.stringContaining('webitel'),
      cure: expect.stringContaining('token'),
    });
    expect(await wrongWith(sandboxes.config, { env })).toEqual([
      expect.objectContaining({ code: 'webitel.sign-in', cure: expect.stringContaining('token') }),
    ]);
  });

  test('a host that does not answer', async () => {
    // Port 1 of loopback refuses connections at once.
    const config = await configured(
      'unreachable.yaml',
      good.replace(sandboxes.urls.webitel, 'http://127.0.0.1:1'),
    );
    // Both try for some seconds before they give up.
    const [outcome, wrong] = await Promise.all([
      importWith(config),
      wrongWith(config, { env: { ROLLCALL_DATA: join(bench.folder, 'other') } }),
    ]);
    expect(outcome.code).toBe(1);
    expect(errorOf(outcome)).toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('127.0.0.1:1'),
      cure: expect.stringContaining('address'),
    });
    expect(wrong).toEqual([
      expect.objectContaining({ code: 'webitel.sign-in', cure: expect.stringContaining('address') }),
    ]);
  });

  test('both sides at once: check finds both', async () => {
    const env = { SANDBOX_WEBITEL_TOKEN: 'nobody-knows-this', SANDBOX_CREATIO_PASSWORD: 'wrong-one' };
    const wrong = await wrongWith(sandboxes.config, { env });
    expect(wrong.map(({ code }) => code).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'creatio.sign-in',
      'webitel.sign-in',
    ]);
  });
});

test('a healthy pair: check ends with 0 and says so', async () => {
  const outcome = await bench.run(['-c', sandboxes.config, 'check', '--json']);
  expect(outcome.code).toBe(0);
  const { ok, findings } = Findings.parse(onlyJson(outcome.stdout));
  expect(ok).toBe(true);
  expect(findings.filter(({ severity }) => severity !== 'ok')).toEqual([]);
  expect(findings.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['store.engine', 'queue.engine', 'webitel.sign-in', 'creatio.sign-in', 'mapping']),
  );
});
