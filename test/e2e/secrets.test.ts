import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { z } from 'zod';
import { type Bench, onlyJson, openBench, type Outcome, type Sandboxes } from './support.ts';

jest.setTimeout(240_000);

/** Characters that look different once they are encoded for an address, for JSON or for HTML. */
const WRONG_PASSWORD = 'wrong/canary+pä"ss <&> word%7';
const WRONG_TOKEN = 'wrong/canary+token==%7';
/** As long as a bcrypt hash: the sandbox keeps such a value as it is. */
const USER_PASSWORD = '$2a$10$canary-of-a-directory-user-0123456789abcdefghijklmnop'.padEnd(60, 'q');
const TOTP = 'otpauth-canary-JBSWY3DPEHPK3PXP';
const CANARY_LOGIN = 'canary.bird';

let bench: Bench;
let sandboxes: Sandboxes;
let canaries: Readonly<Record<string, string>>;
/** Everything that was printed, by the command that printed it. */
const said = new Map<string, string>();
const codes = new Map<string, number | null>();

async function say(
  name: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Outcome> {
  const outcome = await bench.run(['-c', sandboxes.config, ...args], { env });
  said.set(name, `${outcome.stdout}\n${outcome.stderr}`);
  codes.set(name, outcome.code);
  return outcome;
}

/** Runs a failing import under a fault and shows the run that it left. */
async function fail(name: string, fault: object, env?: Record<string, string>): Promise<void> {
  await sandboxes.control.post('/faults', [fault]);
  await say(`import, ${name}`, ['import', '--yes', '--json', '--log-level', 'debug'], env);
  await sandboxes.control.noFaults();
}

/** What a careless server might quote of what it was sent. */
function echoOf(secret: string): string {
  const encoded = encodeURIComponent(secret);
  const basic = Buffer.from(`rollcall:${secret}`).toString('base64');
  const forUrls = Buffer.from(`{"secret":${JSON.stringify(secret)}}`).toString('base64url');
  return `${secret} UserPassword=${encoded} Authorization: Basic ${basic} X-Webitel-Access: ${secret} at ?a=${forUrls}`;
}

beforeAll(async () => {
  bench = await openBench();
  sandboxes = await bench.sandbox(['--users', '20', '--contacts', '60', '--crm-users', '15', '--seed', '7']);
  const { password, token } = sandboxes.secrets;
  canaries = {
    password,
    token,
    wrongPassword: WRONG_PASSWORD,
    wrongToken: WRONG_TOKEN,
    userPassword: USER_PASSWORD,
    totp: TOTP,
  };
  const { control } = sandboxes;
  await control.post('/switches', { system: 'webitel', values: { passwordInRead: 'hash' } });
  await control.post('/rows', {
    system: 'webitel',
    table: 'users',
    op: 'insert',
    row: {
      id: '90001',
      name: 'Секретна Канарка',
      username: CANARY_LOGIN,
      password: USER_PASSWORD,
      totp_url: `otpauth://totp/x?secret=${TOTP}`,
    },
  });
  await say('check', ['check', '--log-level', 'debug']);
  await say('plan', ['plan', '--json', '--out', join(bench.folder, 'plan.json'), '--log-level', 'debug']);

  await fail(
    'wrong password',
    {
      system: 'creatio',
      path: 'AuthService',
      fault: 'status',
      status: 200,
      body: { Code: 1, Message: `Bad password: ${echoOf(WRONG_PASSWORD)}` },
    },
    { SANDBOX_CREATIO_PASSWORD: WRONG_PASSWORD },
  );
  await fail(
    'expired token',
    {
      system: 'webitel',
      fault: 'status',
      status: 401,
      body: {
        id: 'api.token.expired',
        code: 401,
        detail: `Expired: ${echoOf(WRONG_TOKEN)}`,
        status: 'x',
      },
    },
    { SANDBOX_WEBITEL_TOKEN: WRONG_TOKEN },
  );
  await fail('broken list', {
    system: 'webitel',
    path: '/users',
    fault: 'status',
    status: 400,
    body: { id: 'users.bad', code: 400, detail: echoOf(token), status: 'Bad Request', access_token: token },
  });
  await fail('broken batch', {
    system: 'creatio',
    path: 'batch',
    fault: 'status',
    status: 500,
    body: { error: { code: '', message: echoOf(password), innererror: { message: echoOf(password) } } },
  });
  await fail('session expired', {
    system: 'creatio',
    path: 'Contact',
    fault: 'expire-session',
    mode: 'redirect',
    when: { times: 1 },
  });
  await say('import', ['import', '--yes', '--log-level', 'debug']);
  const runs = await say('runs', ['runs', '--json']);
  const [last] = z.array(z.object({ runId: z.string() })).parse(onlyJson(runs.stdout));
  await say('runs show', ['runs', 'show', last?.runId ?? '', '--json']);
  await say('runs show --plan', ['runs', 'show', last?.runId ?? '', '--plan']);
  await say('cases', ['cases', '--json']);
  said.set('sandbox', sandboxes.process.stdout());
  said.set('plan file', await readFile(join(bench.folder, 'plan.json'), 'utf8'));
});

afterAll(() => bench.close());

/** The forms in which a secret may lie inside something else. */
function formsOf(secret: string): Set<string> {
  const bytes = Buffer.from(secret);
  const shifted = [0, 1, 2].flatMap((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift, ' '), bytes, Buffer.alloc(3, ' ')]).toString('base64');
    // The first and the last characters depend on the neighbours.
    const inner = encoded.slice(shift === 0 ? 0 : 4, Math.floor(((shift + bytes.length) * 8) / 6));
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return new Set([
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    encodeURIComponent(secret).toLowerCase(),
    encodeURIComponent(secret).replaceAll('%20', '+'),
    bytes.toString('hex'),
    ...shifted,
  ]);
}

/** Names of the canaries that a text holds; the text itself is never shown. */
function heldBy(text: string | Buffer): string[] {
  return Object.entries(canaries).flatMap(([name, secret]) =>
    [...formsOf(secret)].some((form) => text.includes(form)) ? [name] : [],
  );
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

test('the commands that were to fail failed, and the others worked', () => {
  expect(Object.fromEntries(codes)).toEqual({
    check: 0,
    plan: 0,
    'import, wrong password': 1,
    'import, expired token': 1,
    'import, broken list': 1,
    'import, broken batch': 2,
    'import, session expired': 0,
    import: 0,
    runs: 0,
    'runs show': 0,
    'runs show --plan': 0,
    cases: 0,
  });
});

test('nothing that was printed or saved holds a secret in any form', () => {
  expect([...said].map(([name, text]) => [name, heldBy(text)])).toEqual(
    [...said].map(([name]) => [name, []]),
  );
  // The scan sees what is there: a login stands in the plan, and logs were written.
  expect(said.get('plan file')).toContain(CANARY_LOGIN);
  expect(
    said
      .get('import')
      ?.split('\n')
      .filter((line) => line.includes('"level":"debug"')),
  ).not.toEqual([]);
  const cookies = [...said.values()].join('\n').match(/(BPMCSRF|\.ASPXAUTH|BPMLOADER)=[^\s"]*/gu) ?? [];
  expect(cookies.filter((found) => !found.includes('[redacted]'))).toEqual([]);
});

test('the data directory holds no secret, neither in its files nor in its rows', async () => {
  const data = join(sandboxes.folder, '.rollcall');
  const files = await filesBelow(data);
  const bytes = await Promise.all(files.map((file) => readFile(file)));
  expect(files.filter((_, index) => heldBy(bytes[index] ?? '').length > 0)).toEqual([]);
  expect(bytes.some((content) => content.includes(CANARY_LOGIN))).toBe(true);

  // Long values are kept compressed, where the bytes do not show them.
  const rows = await dump(join(data, 'postgres'));
  expect(heldBy(rows)).toEqual([]);
  expect(rows).toContain(CANARY_LOGIN);
});

test('secrets lie in .env alone, for its owner alone', async () => {
  const dotEnv = join(sandboxes.folder, '.env');
  expect((await stat(dotEnv)).mode & 0o077).toBe(0);
  expect(heldBy(await readFile(dotEnv))).toEqual(['password', 'token']);
  expect(heldBy(await readFile(sandboxes.config))).toEqual([]);
});

test('a password that is written into the configuration itself does not come out either', async () => {
  const text = await readFile(sandboxes.config, 'utf8');
  const config = join(sandboxes.folder, 'literal.yaml');
  await writeFile(config, `${text.replace('${SANDBOX_CREATIO_PASSWORD}', 'canary-in-the-file')}extra: 1\n`);
  const outcome = await bench.run(['-c', config, 'check', '--log-level', 'debug']);
  expect(outcome.code).toBe(64);
  expect(outcome.stdout + outcome.stderr).not.toContain('canary-in-the-file');
});

/** Every row of every table of ours and of the queue, as text. */
async function dump(cluster: string): Promise<string> {
  const db = await PGlite.create(cluster);
  try {
    const tables = await db.query<{ name: string }>(
      `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
       WHERE table_schema NOT IN ('pg_catalog', 'information_schema')`,
    );
    expect(tables.rows.length).toBeGreaterThan(5);
    const texts: string[] = [];
    for (const { name } of tables.rows) {
      const { rows } = await db.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`);
      texts.push(...rows.map(({ text }) => text));
    }
    return texts.join('\n');
  } finally {
    await db.close();
  }
}
