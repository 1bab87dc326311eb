import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import type { WebitelAuth } from '../../../src/connectors/webitel/index.ts';
import { rejection } from '../../http/support.ts';
import { ADMIN_ID, PASSWORD, sampleTables, startDirectory, TOKEN } from './support.ts';

type PasswordAuth = Extract<WebitelAuth, { kind: 'password' }>;
const open = (changes: Partial<PasswordAuth> = {}) =>
  startDirectory(sampleTables(3), {
    auth: { kind: 'password', username: 'admin', password: PASSWORD, ...changes },
  });
type Directory = Awaited<ReturnType<typeof open>>;
const signIns = ({ asked }: Directory) => asked()['POST /api/login'] ?? 0;
/** Ends all sessions of the account, as an administrator does it. */
const endSessions = async ({ url }: Directory) => {
  const headers = { 'X-Webitel-Access': TOKEN };
  await fetch(`${url}/api/users/${ADMIN_ID}/logout`, { method: 'POST', headers });
};

describe('Sign-in by name and password', () => {
  test.each([{}, { responseShape: 'wrapped' }, { emitDefaults: true }])(
    'reads a flat and a wrapped answer, and is one fixed request more than a token (%j)',
    async (switches) => {
      const directory = await open();
      directory.sandbox.setSwitches(switches);
      expect(await directory.connector.whoAmI()).toMatchObject({ userId: ADMIN_ID, login: 'admin' });
      expect(directory.connector.capabilities.fixedRequests).toBe(2);
      expect(directory.connector.tally().used).toBe(2);
      expect((await startDirectory()).connector.capabilities.fixedRequests).toBe(1);
    },
  );

  test('names the domain where one is configured', async () => {
    const right = await open({ domain: 'acme.test' });
    await right.connector.whoAmI();
    const wrong = await open({ domain: 'other.test' });
    await expect(wrong.connector.whoAmI()).rejects.toMatchObject({ code: 'AUTHENTICATION' });
  });

  test('happens once for requests that start together, and once when the session ends under them', async () => {
    const directory = await open();
    const { connector } = directory;
    await Promise.all([connector.whoAmI(), connector.readUsers(), connector.readRoles()]);
    expect(signIns(directory)).toBe(1);
    await endSessions(directory);
    await Promise.all([connector.whoAmI(), connector.readUsers(), connector.readRoles()]);
    expect(signIns(directory)).toBe(2);
  });

  test('happens again half a minute before the session ends', async () => {
    const directory = await open();
    directory.sandbox.setSwitches({ sessionTtlMs: 600_000 });
    await directory.connector.whoAmI();
    await directory.clock.sleep(569_000);
    await directory.connector.whoAmI();
    expect(signIns(directory)).toBe(1);
    await directory.clock.sleep(1_000);
    await Promise.all([directory.connector.whoAmI(), directory.connector.whoAmI()]);
    expect(signIns(directory)).toBe(2);
    expect(directory.connector.tally().retries).toBe(0);
  });

  test('is not tried again for a licence that has expired', async () => {
    const directory = await open();
    await directory.connector.whoAmI();
    const body = { id: 'app.license.product.expired', code: 401, detail: 'license expired; product: X' };
    directory.sandbox.setFaults([{ system: 'webitel', path: 'users', fault: 'status', status: 401, body }]);
    await expect(directory.connector.readUsers()).rejects.toMatchObject({
      code: 'AUTHENTICATION',
      cure: expect.stringContaining('licence'),
    });
    expect(signIns(directory)).toBe(1);
  });

  test.each([401, 400, 403])(
    'with a wrong password (%i) is an authentication error, asked for once',
    async (badLoginStatus) => {
      const directory = await open({ password: 'canary of a wrong one' });
      directory.sandbox.setSwitches({ badLoginStatus });
      const error = await rejection(directory.connector.whoAmI());
      expect(error).toMatchObject({
        code: 'AUTHENTICATION',
        message: expect.stringContaining('"admin"'),
        cure: expect.stringContaining('username, password and domain'),
      });
      await expect(directory.connector.readUsers()).rejects.toMatchObject({ code: 'AUTHENTICATION' });
      expect(signIns(directory)).toBe(1);
      expect(inspect([error, directory.log()], { depth: 12, showHidden: true })).not.toContain('canary');
    },
  );

  test('where a second factor is wanted asks for a token instead', async () => {
    const directory = await open();
    directory.sandbox.setSwitches({ secondFactor: true });
    await expect(directory.connector.whoAmI()).rejects.toMatchObject({
      code: 'AUTHENTICATION',
      message: expect.stringContaining('second factor'),
      cure: expect.stringContaining('personal access token'),
    });
    expect(directory.asked()).toEqual({ 'POST /api/login': 1 });
  });

  test('with a temporary or an expired password says which of them it is', async () => {
    const temporary = await open();
    temporary.sandbox.updateRow('users', ADMIN_ID, { force_password_change: true });
    const cure = expect.stringContaining('set a new password');
    await expect(temporary.connector.whoAmI()).rejects.toMatchObject({
      code: 'AUTHENTICATION',
      message: expect.stringContaining('temporary'),
      cure,
    });
    const expired = await open();
    expired.sandbox.setSwitches({ passwordsExpired: true });
    await expect(expired.connector.whoAmI()).rejects.toMatchObject({
      code: 'AUTHENTICATION',
      message: expect.stringContaining('has expired'),
      cure,
    });
    expect(signIns(expired)).toBe(1);
  });

  test('is repeated once when its answer is lost, and no oftener', async () => {
    const directory = await open();
    const fault = { system: 'webitel', path: 'login', fault: 'reset-after-write' } as const;
    directory.sandbox.setFaults([{ ...fault, when: { times: 1 } }]);
    await directory.connector.whoAmI();
    expect(signIns(directory)).toBe(2);
    const unlucky = await open();
    unlucky.sandbox.setFaults([fault]);
    await expect(unlucky.connector.whoAmI()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(signIns(unlucky)).toBe(2);
  });

  test.each([
    { fault: 'html', status: 404 },
    { fault: 'html', status: 200 },
    { fault: 'status', status: 200, body: { hello: 'world' } },
  ] as const)('at an address that is not Webitel says which address is wanted (%j)', async (fault) => {
    const directory = await open();
    directory.sandbox.setFaults([{ system: 'webitel', path: 'login', ...fault }]);
    await expect(directory.connector.whoAmI()).rejects.toMatchObject({
      code: 'CONFIGURATION',
      cure: expect.stringContaining('address of the Webitel host'),
    });
  });

  test('leaves neither password nor session in the log', async () => {
    const directory = await open();
    await directory.connector.readUsers();
    expect(directory.log()).toContain('POST /login');
    expect(directory.log()).not.toContain(PASSWORD);
  });
});
