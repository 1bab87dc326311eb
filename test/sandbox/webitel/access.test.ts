import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import axios from 'axios';
import { ADMIN_ID, list, NOW, startDirectory, TOKEN, type Directory } from './directory.ts';

describe('access to the Webitel sandbox', () => {
  let directory: Directory;
  beforeEach(async () => {
    directory = await startDirectory();
  });
  afterEach(async () => directory.sandbox.close());

  const bare = (path: string, headers: Record<string, string> = {}) =>
    axios.get<unknown>(directory.url + path, { headers, validateStatus: () => true, proxy: false });

  const statuses = async () =>
    Promise.all(
      ['/api/userinfo', '/userinfo'].map(
        async (path) => (await bare(path, { 'x-webitel-access': TOKEN })).status,
      ),
    );

  test('is mounted under /api, at the root, or both, as the switch says', async () => {
    expect(await statuses()).toEqual([200, 404]);
    directory.sandbox.setSwitches({ mount: 'both' });
    expect(await statuses()).toEqual([200, 200]);
    directory.sandbox.setSwitches({ mount: 'root' });
    expect(await statuses()).toEqual([404, 200]);
  });

  test('an unknown path is a 404 with an error body', async () => {
    const { status, data } = await directory.http.get('/nothing/here');
    expect(status).toBe(404);
    expect(data).toMatchObject({ code: 404, status: 'Not Found' });
  });

  test('a missing or unknown token is a 401', async () => {
    for (const headers of [{}, { 'X-Webitel-Access': 'wrong' }]) {
      const { status, data } = await bare('/api/users', headers);
      expect(status).toBe(401);
      expect(data).toMatchObject({ id: 'app.context.unauthorized', code: 401 });
    }
  });

  test('a disabled or deleted token is a 401, an expired one says so', async () => {
    const { data: token } = await directory.http.post<{ id: string; token: string }>(
      `/users/${ADMIN_ID}/tokens`,
      { usage: 'sync' },
    );
    const use = () => bare('/api/userinfo', { 'X-Webitel-Access': token.token });
    expect((await use()).status).toBe(200);
    await directory.http.patch(`/users/${ADMIN_ID}/tokens/${token.id}?enable=false`, {});
    expect((await use()).status).toBe(401);
    await directory.http.patch(`/users/${ADMIN_ID}/tokens/${token.id}?enable=true`, {});
    expect((await use()).status).toBe(200);
    directory.sandbox.setSwitches({ tokenTtlMs: 1000 });
    directory.clock.advance(1000);
    expect((await use()).data).toMatchObject({ id: 'app.context.token.expired', code: 401 });
    directory.sandbox.setSwitches({ tokenTtlMs: null });
    await directory.http.delete(`/users/${ADMIN_ID}/tokens/${token.id}`);
    expect((await use()).data).toMatchObject({ id: 'app.context.unauthorized' });
  });

  test('the secret of a token is in the answer of its create alone', async () => {
    const created = await directory.http.post<{ id: string; token: string }>(`/users/${ADMIN_ID}/tokens`, {});
    const secret = created.data.token;
    const listed = await directory.http.get(`/users/${ADMIN_ID}/tokens?fields=id&fields=token`);
    const read = await directory.http.get(`/users/${ADMIN_ID}/tokens/${created.data.id}`);
    expect(secret).toHaveLength(32);
    expect(JSON.stringify([listed.data, read.data, directory.sandbox.state()])).not.toContain(secret);
  });

  test('the token of a user who is gone opens nothing', async () => {
    directory.sandbox.updateRow('users', ADMIN_ID, { deleted_at: NOW });
    expect((await directory.http.get('/userinfo')).status).toBe(401);
    directory.sandbox.deleteRow('users', ADMIN_ID);
    expect((await directory.http.get('/userinfo')).status).toBe(401);
    directory.sandbox.insertRow('users', { id: ADMIN_ID, name: 'Successor', username: 'admin' });
    expect((await directory.http.get('/userinfo')).status).toBe(401);
  });

  test('a licence without an object class denies its lists, a role without an action forbids it', async () => {
    directory.sandbox.setSwitches({ scopes: ['roles'] });
    expect((await directory.http.get('/users')).data).toMatchObject({ id: 'users.access.denied', code: 403 });
    expect((await directory.http.get('/license')).data).toMatchObject({
      id: 'license.access.denied',
      code: 403,
    });
    expect((await directory.http.get('/roles')).status).toBe(200);
    directory.sandbox.setSwitches({ scopes: ['users'], permissions: ['add'] });
    expect((await directory.http.get('/users')).data).toMatchObject({
      id: 'users.access.forbidden',
      code: 403,
    });
  });

  test('licences, roles and passwords of a user each need their own permission', async () => {
    directory.sandbox.setSwitches({ permissions: ['read', 'write'] });
    for (const body of [{ license: [] }, { roles: [] }, { password: 'long-enough-1' }]) {
      const { status, data } = await directory.http.patch('/users/101', body);
      expect(status).toBe(403);
      expect(data).toMatchObject({ id: 'api.context.permissions.app_error' });
    }
    expect((await directory.http.patch('/users/101', { name: 'Other' })).status).toBe(200);
  });

  test('an account with record rights sees the first users only, its own among them or not', async () => {
    directory.sandbox.setSwitches({ visibleUsers: 2 });
    expect((await list(directory, '/users?fields=id')).items).toEqual([{ id: '10' }, { id: '101' }]);
    expect((await directory.http.get('/users/102')).status).toBe(404);
    directory.sandbox.setSwitches({ ownUserVisible: false });
    expect((await list(directory, '/users?fields=id')).items).toEqual([{ id: '101' }, { id: '102' }]);
  });

  test('who-am-I tells domain, user, scopes, licences and permissions, with GET and POST, token in the query too', async () => {
    const { data } = await directory.http.get('/userinfo');
    expect(data).toMatchObject({
      dc: '7',
      domain: 'acme.test',
      user_id: ADMIN_ID,
      name: 'Admin',
      username: 'admin',
      scope: expect.arrayContaining([expect.objectContaining({ class: 'license', access: 'xrwd' })]),
      permissions: expect.arrayContaining([expect.objectContaining({ id: 'manage_user_license' })]),
    });
    expect((await directory.http.post('/userinfo', {})).data).toEqual(data);
    expect((await bare(`/api/userinfo?access_token=${TOKEN}`)).data).toEqual(data);
    expect((await bare(`/api/users?access_token=${TOKEN}`)).status).toBe(401);
  });

  test('who-am-I can use OIDC names, and another domain id', async () => {
    directory.sandbox.setSwitches({ userinfoNames: 'oidc', domainId: '8' });
    const { data } = await directory.http.get<Record<string, unknown>>('/userinfo');
    expect(data).toMatchObject({ dc: '8', sub: ADMIN_ID, realm: 'acme.test' });
    expect(data).not.toHaveProperty('user_id');
  });

  test('errors come in the shape of a bare gateway where the switch says so', async () => {
    directory.sandbox.setSwitches({ errorShape: 'rpcStatus' });
    const { status, data } = await directory.http.get('/users/9999');
    expect(status).toBe(404);
    expect(data).toEqual({ code: 5, message: 'user 9999 not found', details: [] });
  });

  test('a body that is no JSON is a 400 with an error body', async () => {
    const { status, data } = await directory.http.post('/users', '{"name":', {
      headers: { 'content-type': 'application/json' },
    });
    expect(status).toBe(400);
    expect(data).toMatchObject({ code: 400 });
  });

  test('requests are counted by route, with ids replaced', async () => {
    await directory.http.get('/users/101');
    await directory.http.get('/users/102?fields=id');
    await directory.http.get(`/users/${ADMIN_ID}/tokens/abc-1`);
    expect(directory.sandbox.requests()).toEqual([
      { system: 'webitel', method: 'GET', route: '/api/users/{id}', count: 2 },
      { system: 'webitel', method: 'GET', route: '/api/users/{id}/tokens/{id}', count: 1 },
    ]);
  });

  test('faults strike: a proxy page instead of JSON, and a reset after the write was applied', async () => {
    directory.sandbox.setFaults([
      { system: 'webitel', method: 'GET', fault: 'html', status: 502 },
      { system: 'webitel', method: 'POST', fault: 'reset-after-write' },
    ]);
    const page = await directory.http.get<string>('/users');
    expect([page.status, page.data.startsWith('<html>')]).toEqual([502, true]);
    await expect(directory.http.post('/users', { name: 'N', username: 'n' })).rejects.toThrow();
    directory.sandbox.setFaults([]);
    expect((await list(directory, '/users?username=n')).items).toHaveLength(1);
  });

  test('an unknown switch is an error that lists the known ones, and a bad value names its switch', () => {
    expect(() => directory.sandbox.setSwitches({ nosuch: true })).toThrow(/no switch "nosuch".*emitDefaults/);
    expect(() => directory.sandbox.setSwitches({ loseNext: 3 })).toThrow(/loseNext/);
  });
});
