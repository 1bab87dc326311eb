import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { z } from 'zod';
import { startSandboxes, type RunningSandboxes } from '../../src/sandbox/start.ts';
import { createShield } from '../support/shield.ts';
import { onlyJson, openBench, type Bench } from './support.ts';

jest.setTimeout(120_000);

const SECRETS = { creatioClientSecret: 'canary-client-secret', webitelToken: 'canary-webitel-token' };
const Findings = z.object({
  ok: z.boolean(),
  findings: z.array(
    z.object({ severity: z.string(), code: z.string(), message: z.string(), cure: z.string().nullable() }),
  ),
});

const shield = createShield();
let bench: Bench;
let sandboxes: RunningSandboxes;
let creatio: string;

beforeAll(async () => {
  bench = await openBench();
  sandboxes = await startSandboxes({ users: 5, contacts: 10, crmUsers: 4, secrets: SECRETS });
  creatio = await shield.cover(sandboxes.creatio.url);
  await writeFile(join(bench.folder, 'own.pem'), shield.certificate);
});
beforeEach(() => sandboxes.sandboxes.creatio.setSwitches({ revokedClients: [] }));
afterAll(async () => {
  shield.close();
  await Promise.all([bench.close(), sandboxes.close()]);
});

/** Exit code and errors of the built program's `check`; no secret may be seen. */
async function check({
  tls = 'tls: { ca: own.pem }',
  tokenUrl = sandboxes.identity.url,
  secret = SECRETS.creatioClientSecret,
} = {}) {
  const config = join(bench.folder, 'rollcall.yaml');
  await writeFile(
    config,
    `connections:
  creatio:
    url: ${creatio}
    auth: { kind: oauth, clientId: ${sandboxes.credentials.creatio.clientId}, clientSecret: "\${SECRET}", tokenUrl: "${tokenUrl}" }
    ${tls}
  webitel: { url: "${sandboxes.webitel.url}", auth: { kind: token, token: "\${TOKEN}" } }
mapping: creatio-webitel
`,
  );
  const outcome = await bench.run(['-c', config, 'check', '--json', '--log-level', 'debug'], {
    env: { SECRET: secret, TOKEN: SECRETS.webitelToken },
  });
  expect(outcome.stdout + outcome.stderr).not.toContain('canary');
  const { findings } = Findings.parse(onlyJson(outcome.stdout));
  // One problem keeps nothing else from being tried.
  expect(findings.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['store.engine', 'queue.engine', 'webitel.sign-in']),
  );
  return { exit: outcome.code, errors: findings.filter(({ severity }) => severity === 'error') };
}

const finding = (cure: string) =>
  expect.objectContaining({ code: 'creatio.sign-in', cure: expect.stringContaining(cure) });

test('check finds nothing wrong with an OAuth client over TLS of an own authority', async () => {
  expect(await check()).toEqual({ exit: 0, errors: [] });
});

test('check names an OAuth secret that has expired or was revoked, and one that is wrong', async () => {
  expect(await check({ secret: 'canary-that-is-wrong' })).toEqual({
    exit: 1,
    errors: [finding('clientSecret')],
  });
  sandboxes.sandboxes.creatio.setSwitches({ revokedClients: [sandboxes.credentials.creatio.clientId] });
  expect(await check()).toEqual({ exit: 1, errors: [finding('expired or was revoked')] });
});

test('check names a wrong token address', async () => {
  expect(await check({ tokenUrl: `${sandboxes.creatio.url}/0/nothing` })).toEqual({
    exit: 1,
    errors: [finding('auth.tokenUrl')],
  });
});

test('check names a certificate that nobody vouches for', async () => {
  expect(await check({ tls: '' })).toEqual({
    exit: 1,
    errors: [finding('tls.ca of the connection "creatio"')],
  });
});
