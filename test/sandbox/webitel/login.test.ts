import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import axios from 'axios';
import { ADMIN_ID, sampleTables, startDirectory, type Directory } from './directory.ts';

const PASSWORD = 'correct horse 1';

describe('Sign-in to the Webitel sandbox', () => {
  let directory: Directory;
  beforeEach(async () => {
    const tables = sampleTables(2);
    const [admin = {}, ...others] = tables['users'] ?? [];
    directory = await startDirectory({ ...tables, users: [{ ...admin, password: PASSWORD }, ...others] });
  });
  afterEach(async () => directory.sandbox.close());

  const call = (method: string, path: string, data?: unknown, token?: string) =>
    axios.request<Record<string, unknown>>({
      method,
      url: `${directory.url}/api${path}`,
      data,
      headers: token === undefined ? {} : { 'X-Webitel-Access': token },
      validateStatus: () => true,
      proxy: false,
    });
  const login = (changes: Record<string, string> = {}) =>
    call('POST', '/login', { username: 'admin', password: PASSWORD, ...changes });
  const whoAmI = async (token: unknown) => (await call('GET', '/userinfo', undefined, String(token))).status;

  test('answers a flat token for a week, and one inside a member where the switch says so', async () => {
    const { status, data } = await login();
    expect({ status, data }).toEqual({
      status: 200,
      data: { access_token: expect.any(String), token_type: 'Bearer', expires_in: 604_800 },
    });
    expect(await whoAmI(data['access_token'])).toBe(200);
    directory.sandbox.setSwitches({ responseShape: 'wrapped' });
    expect((await login()).data).toEqual({
      authorization: expect.objectContaining({ access_token: expect.any(String) }),
    });
  });

  test('takes the domain as a member or behind the name', async () => {
    expect((await login({ domain: 'acme.test' })).status).toBe(200);
    expect((await login({ username: 'Admin@acme.test' })).status).toBe(200);
    expect((await login({ domain: 'other.test' })).status).toBe(401);
  });

  test('refuses a wrong name or password with the status of the switch', async () => {
    expect((await login({ password: 'wrong' })).status).toBe(401);
    expect((await login({ username: 'user.1', password: '' })).status).toBe(401);
    directory.sandbox.setSwitches({ badLoginStatus: 400 });
    expect((await login({ username: 'nobody' })).status).toBe(400);
  });

  test('describes the domain with 300', async () => {
    directory.sandbox.setSwitches({ secondFactor: true });
    const { status, data } = await call('GET', '/login?domain=acme.test');
    expect({ status, data }).toMatchObject({ status: 300, data: { enabled_tfa: true } });
  });

  test('asks for the second factor with an id and no token, and takes the one code', async () => {
    directory.sandbox.setSwitches({ secondFactor: true });
    const { data } = await login();
    expect(Object.keys(data)).toEqual(['id']);
    const second = (totp: string) => call('POST', '/login/2fa', { id: data['id'], totp });
    expect((await second('000000')).status).toBe(401);
    expect(await whoAmI((await second('246810')).data['access_token'])).toBe(200);
    expect((await second('246810')).status).toBe(401);
  });

  test('wants a temporary or an expired password changed first', async () => {
    const change = (password: string, wanted: string) =>
      call('PUT', '/users/password', {
        username: 'admin',
        old_password: password,
        user_password: wanted,
        confirm_password: wanted,
      });
    directory.sandbox.updateRow('users', ADMIN_ID, { force_password_change: true });
    const refused = await login();
    expect(refused).toMatchObject({ status: 412, data: { id: 'app.password.force_change', code: 412 } });
    expect((await change('wrong', 'new password')).status).toBe(400);
    expect((await change(PASSWORD, 'new password')).status).toBe(200);
    expect((await login({ password: 'new password' })).status).toBe(200);

    expect((await login()).status).toBe(401);
  });

  test('wants a password changed that is past its age', async () => {
    directory.sandbox.setSwitches({ passwordsExpired: true });
    expect((await login()).data).toMatchObject({ id: 'app.password.expired' });
  });

  test('lasts until its time is over or it is ended', async () => {
    const open = async () => (await login()).data['access_token'];
    const first = await open();
    directory.clock.advance(604_800_000);
    expect(await whoAmI(first)).toBe(401);
    const [second, third, fourth] = [await open(), await open(), await open()];
    await call('POST', '/logout', {}, String(second));
    expect([await whoAmI(second), await whoAmI(third)]).toEqual([401, 200]);
    await directory.http.post(`/users/${ADMIN_ID}/logout`, {});
    expect([await whoAmI(third), await whoAmI(fourth)]).toEqual([401, 401]);
    expect((await directory.http.get('/userinfo')).status).toBe(200);
  });
});
