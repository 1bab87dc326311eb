import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Finding } from '../../src/app/rollcall.ts';
import { openRollcall } from '../../src/bin/compose.ts';
import { startSandboxes, type RunningSandboxes } from '../../src/sandbox/start.ts';
import { createMemoryLogger } from '../http/support.ts';
import { createShield } from '../support/shield.ts';

const SECRETS = {
  creatioClientSecret: 'canary-client-secret',
  webitelPassword: 'canary-webitel-password',
};
const shield = createShield();

let sandboxes: RunningSandboxes;
let folder: string;
/** The sandboxes behind TLS. */
let secure: { creatio: string; identity: string; webitel: string };
const logger = createMemoryLogger();

beforeAll(async () => {
  sandboxes = await startSandboxes({ users: 8, contacts: 20, crmUsers: 6, secrets: SECRETS });
  sandboxes.sandboxes.creatio.setSwitches({ flavor: 'netcore' });
  folder = await mkdtemp(join(tmpdir(), 'rollcall-sign-ins-'));
  await writeFile(join(folder, 'own.pem'), shield.certificate);
  secure = {
    creatio: await shield.cover(sandboxes.creatio.url),
    identity: await shield.cover(sandboxes.identity.url),
    webitel: await shield.cover(sandboxes.webitel.url),
  };
});
afterAll(async () => {
  shield.close();
  await sandboxes.close();
  await rm(folder, { recursive: true, force: true });
});

/** Opens the product with these changes to a good configuration. */
async function open(changes: { tls?: string; tokenUrl?: string } = {}) {
  const { creatio, webitel } = sandboxes.credentials;
  const { tls = 'tls: { ca: own.pem }', tokenUrl = secure.identity } = changes;
  const configPath = join(folder, 'rollcall.yaml');
  await writeFile(
    configPath,
    `connections:
  creatio:
    url: ${secure.creatio}
    auth: { kind: oauth, clientId: ${creatio.clientId}, clientSecret: "\${SECRET}", tokenUrl: "${tokenUrl}" }
    ${tls}
  webitel:
    url: ${secure.webitel}
    auth: { kind: password, username: ${webitel.username}, password: "\${PASSWORD}" }
    ${tls}
mapping: creatio-webitel
policy: { exclude: { logins: [rollcall] } }
`,
  );
  return openRollcall({
    configPath,
    env: { SECRET: SECRETS.creatioClientSecret, PASSWORD: SECRETS.webitelPassword },
    logger,
    onSecrets: () => undefined,
  });
}

async function problems(changes: Parameters<typeof open>[0] = {}): Promise<readonly Finding[]> {
  const { rollcall, close } = await open(changes);
  try {
    return (await rollcall.check()).filter(({ severity }) => severity === 'error');
  } finally {
    await close();
  }
}

const counted = (): number =>
  Object.values(sandboxes.sandboxes)
    .flatMap((sandbox) => sandbox.requests())
    .reduce((sum, { count }) => sum + count, 0);

describe('The sign-ins of companies', () => {
  test('serve a whole import over TLS of an own authority, at the floor of requests once all is found', async () => {
    const { rollcall, close } = await open();
    try {
      const run = async () => {
        for (const sandbox of Object.values(sandboxes.sandboxes)) sandbox.clearRequests();
        const { report } = await rollcall.import({ trigger: 'command', confirm: async () => true });
        expect(report.requests.used).toBe(counted());
        return report;
      };
      expect(await run()).toMatchObject({ status: 'succeeded' });
    } finally {
      await close();
    }
    // A new process signs in anew, but knows the way.
    const again = await open();
    try {
      for (const sandbox of Object.values(sandboxes.sandboxes)) sandbox.clearRequests();
      const { report } = await again.rollcall.import({ trigger: 'command', confirm: async () => true });
      expect(report.status).toBe('nothing-to-do');
      expect(report.requests).toMatchObject({ used: counted(), floor: counted(), retries: 0 });
    } finally {
      await again.close();
    }
  });

  test('are reported by check with a cure when something is wrong with them', async () => {
    expect(await problems()).toEqual([]);
    expect(await problems({ tls: '' })).toMatchObject([
      { code: 'webitel.sign-in', cure: expect.stringContaining('tls.ca of the connection "webitel"') },
      { code: 'creatio.sign-in', cure: expect.stringContaining('tls.ca of the connection "creatio"') },
    ]);
    expect(await problems({ tokenUrl: `${secure.creatio}/0/nothing` })).toMatchObject([
      { code: 'creatio.sign-in', cure: expect.stringContaining('auth.tokenUrl') },
    ]);
    const { creatio, webitel } = sandboxes.sandboxes;
    creatio.setSwitches({ revokedClients: [sandboxes.credentials.creatio.clientId] });
    webitel.setSwitches({ secondFactor: true });
    expect(await problems()).toMatchObject([
      { code: 'webitel.sign-in', cure: expect.stringContaining('personal access token') },
      { code: 'creatio.sign-in', cure: expect.stringContaining('expired or was revoked') },
    ]);
  });

  test('leave no secret in the log', () => {
    expect(logger.lines.length).toBeGreaterThan(0);
    expect(JSON.stringify(logger.lines)).not.toContain('canary');
  });
});
