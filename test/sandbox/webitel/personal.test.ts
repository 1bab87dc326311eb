import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import axios from 'axios';
import { ADMIN_ID, list, NOW, sampleTables, startDirectory, type Directory } from './directory.ts';

const PASSWORD = 'correct horse 1';

describe('what users of the Webitel sandbox do themselves', () => {
  let directory: Directory;
  beforeEach(async () => {
    directory = await startDirectory();
    for (const id of ['101', '102']) await directory.http.patch(`/users/${id}`, { password: PASSWORD });
  });
  afterEach(async () => directory.sandbox.close());

  const call = (token: string, method: string, path: string, data?: unknown) =>
    axios.request<Record<string, unknown>>({
      method,
      url: `${directory.url}/api${path}`,
      data,
      headers: { 'X-Webitel-Access': token, 'content-type': 'application/json' },
      validateStatus: () => true,
      proxy: false,
    });
  const signIn = (username: string) => call('', 'POST', '/login', { username, password: PASSWORD });
  const signedIn = async (username: string): Promise<string> =>
    String((await signIn(username)).data['access_token']);
  const personalToken = async (id: string): Promise<string> => {
    const { data } = await directory.http.post<{ token: string }>(`/users/${id}/tokens`, { usage: 'test' });
    return data.token;
  };
  const sessions = () => directory.sandbox.state()['sessions'];

  describe('a logout by an administrator', () => {
    test('ends all sessions of the user, is counted, and leaves personal tokens alone', async () => {
      const [first, second, other] = [
        await signedIn('user.1'),
        await signedIn('user.1'),
        await signedIn('user.2'),
      ];
      const own = await personalToken('101');
      expect(sessions()).toEqual([
        { id: '101', open: 2, logouts: 0 },
        { id: '102', open: 1, logouts: 0 },
      ]);
      expect(await directory.http.post('/users/101/logout', {})).toMatchObject({ status: 200, data: {} });
      const status = async (token: string) => (await call(token, 'GET', '/userinfo')).status;
      expect([await status(first), await status(second)]).toEqual([401, 401]);
      expect([await status(other), await status(own)]).toEqual([200, 200]);
      expect(sessions()).toEqual([
        { id: '101', open: 0, logouts: 1 },
        { id: '102', open: 1, logouts: 0 },
      ]);
    });

    test('takes many at once, those who are not there in silence, and disables tokens as switched', async () => {
      const own = await personalToken('101');
      directory.sandbox.setSwitches({ logoutEndsTokens: true });
      const many = await directory.http.post('/users/logout', { selection: ['101', 102, '999'] });
      expect(many).toMatchObject({ status: 200, data: {} });
      expect(sessions()?.map(({ id, logouts }) => [id, logouts])).toEqual([
        ['101', 1],
        ['102', 1],
      ]);
      expect((await call(own, 'GET', '/userinfo')).status).toBe(401);
      expect((await directory.http.post('/users/999/logout', {})).status).toBe(404);
    });

    test('needs the right to write users', async () => {
      const permissions = ['read'];
      directory.sandbox.setSwitches({ permissions });
      expect((await directory.http.post('/users/101/logout', {})).status).toBe(403);
      expect(sessions()).toEqual([]);
    });
  });

  test('sessions end with their time and with a user who is deleted', async () => {
    await signedIn('user.1');
    await signedIn('user.2');
    await directory.http.delete('/users/101');
    expect(sessions()).toEqual([{ id: '102', open: 1, logouts: 0 }]);
    directory.clock.advance(169 * 3_600_000);
    expect(sessions()).toEqual([]);
  });

  test('as many holders of a concurrent licence are signed in as it has places', async () => {
    for (const id of ['101', '102'])
      await directory.http.patch(`/users/${id}`, { license: [{ id: 'LIC-POOL' }] });
    await signedIn('user.1');
    expect((await signIn('user.1')).status).toBe(200);
    const refused = await signIn('user.2');
    expect([refused.status, refused.data['detail']]).toEqual([403, 'product exhausted: CHAT']);
    const holders = await list(directory, '/products/LIC-POOL/users');
    expect(holders.items.map(({ user, sessions: open }) => [user, open])).toEqual([
      [{ id: '101', name: 'user.1' }, 2],
      [{ id: '102', name: 'user.2' }, undefined],
    ]);
    await directory.http.post('/users/101/logout', {});
    expect((await signIn('user.2')).status).toBe(200);
    directory.sandbox.setSwitches({ poolLimitsLogins: false });
    expect((await signIn('user.1')).status).toBe(200);
  });

  test('settings are one’s own: 404 until they are set, and any value that is given', async () => {
    const [mine, theirs] = [await personalToken('101'), await personalToken('102')];
    expect((await call(mine, 'GET', '/user/settings/phone')).status).toBe(404);
    expect((await call(mine, 'PUT', '/user/settings/phone')).status).toBe(400);
    const phone = { webrtc: true, stun: true };
    expect(await call(mine, 'PUT', '/user/settings/phone', phone)).toMatchObject({
      status: 200,
      data: phone,
    });
    expect((await call(mine, 'GET', '/user/settings/phone')).data).toEqual(phone);
    expect((await call(theirs, 'GET', '/user/settings/phone')).status).toBe(404);
    expect((await directory.http.get('/user/settings/phone')).status).toBe(404);
    expect(directory.sandbox.state()['settings']).toEqual([{ id: '101', values: { phone } }]);
    directory.sandbox.setSwitches({ responseShape: 'wrapped' });
    expect((await call(mine, 'GET', '/user/settings/phone')).data).toEqual({ key: 'phone', value: phone });
  });

  test('what users have done is in the state, and starts another directory', async () => {
    const mine = await personalToken('101');
    await call(mine, 'PUT', '/user/settings/timezone', { timezone: 'Europe/Kyiv' });
    await directory.http.post('/users/102/logout', {});
    const state = directory.sandbox.state();
    const copy = await startDirectory(state);
    try {
      expect(copy.sandbox.state()).toEqual(state);
      expect(() => copy.sandbox.insertRow('sessions', { id: '101' })).toThrow('sessions');
    } finally {
      await copy.sandbox.close();
    }
  });

  test('"do not disturb" is set for others and for oneself, keeps the other tags, and moves no stamp', async () => {
    directory.sandbox.updateRow('users', '101', { presence: { status: '{sip,web}' } });
    const before = directory.sandbox.state()['users']?.find((row) => row['id'] === '101')?.['updated_at'];
    directory.clock.advance(5000);
    const set = await directory.http.patch('/users/101/presence', { status: 'dnd', note: 'Lunch' });
    expect(set).toMatchObject({ status: 200, data: { status: '{dnd,sip,web}', note: 'Lunch' } });
    const { data } = await directory.http.get('/users/101?fields=presence,updated_at');
    expect(data).toMatchObject({ presence: { status: '{dnd,sip,web}' }, updated_at: before });
    const mine = await personalToken('101');
    expect((await call(mine, 'PATCH', '/presence', { status: '' })).data).toMatchObject({
      status: '{sip,web}',
      timestamp: String(NOW + 5000),
    });
    directory.sandbox.setSwitches({ presenceAs: 'plain' });
    expect((await directory.http.patch('/users/102/presence', { status: 'dnd' })).data).toMatchObject({
      status: 'dnd',
    });
    expect((await directory.http.patch('/users/999/presence', { status: 'dnd' })).status).toBe(404);
  });

  describe('the password policy', () => {
    const create = (username: string, password: string) =>
      directory.http.post<{ id: string; detail: string }>('/users', { name: 'N', username, password });

    test('is told in texts, and obeyed by passwords that are asked for', async () => {
      directory.sandbox.setSwitches({
        passwordMinLength: 14,
        passwordCategories: ['[A-Z]', '[a-z]', '[0-9]', 'special'],
        passwordContainsLogin: 'refuse',
        passwordValidationText: 'fourteen, and of each kind',
      });
      expect((await directory.http.get('/users/password/settings')).data).toEqual({
        settings: {
          password_min_length: '14',
          password_categories: '[A-Z],[a-z],[0-9],special',
          password_contains_login: 'false',
          password_validation_text: 'fourteen, and of each kind',
        },
      });
      const weak = [
        'Short-1-short',
        'all-lower-case-1',
        'ALL-UPPER-CASE-1',
        'No-digit-in-here',
        'NoSpecial1234567',
      ];
      for (const password of [...weak, 'With-New.One-12345']) {
        const refused = await create('new.one', password);
        expect([password, refused.status, refused.data.detail]).toEqual([
          password,
          400,
          'fourteen, and of each kind',
        ]);
      }
      for (let at = 0; at < 20; at += 1) {
        const { data } = await directory.http.post<{ password: string }>('/users/password/generate', {
          username: `new.${at}`,
        });
        expect((await create(`new.${at}`, data.password)).status).toBe(200);
      }
    });

    test('is the regular expression alone where there is one', async () => {
      directory.sandbox.setSwitches({ passwordMinLength: 30, passwordRegExp: '^[A-Za-z0-9]{12,40}$' });
      expect((await create('one', 'abcdefghijkl')).status).toBe(200);
      const { data } = await directory.http.post<{ password: string }>('/users/password/generate', {});
      expect((await create('two', data.password)).status).toBe(200);
      directory.sandbox.setSwitches({ passwordRegExp: '^never$' });
      expect((await directory.http.post('/users/password/generate', {})).status).toBe(500);
    });
  });
});

describe('grants and contacts of the Webitel sandbox', () => {
  let directory: Directory;
  beforeEach(async () => {
    const tables = sampleTables(3);
    const licenses = [
      ...(tables['licenses'] ?? []),
      { id: 'LIC-CS', product: 'CUSTOMER_SERVICE', limit: 5, not_after: NOW + 1e9 },
    ];
    directory = await startDirectory({ ...tables, licenses });
  });
  afterEach(async () => directory.sandbox.close());

  const patch = (id: string, body: object) =>
    directory.http.patch<{ id: string; detail: string }>(`/users/${id}`, body);
  const user = (id: string) => directory.sandbox.state()['users']?.find((row) => row['id'] === id);
  const everything = () => JSON.stringify(directory.sandbox.state());

  test('a licence without a seat, past its term or unknown is refused, and nothing is written', async () => {
    await patch('102', { license: [{ id: 'LIC-CC' }] });
    const before = everything();
    const ask = async (id: string) => {
      const body = { name: 'N', username: 'new', license: [{ id: 'LIC-CM' }, { id }] };
      const [created, changed] = [
        await directory.http.post('/users?generate_device=true', body),
        await patch('103', body),
      ];
      expect([created.status, created.data]).toEqual([changed.status, changed.data]);
      return [changed.status, changed.data.detail];
    };
    expect(await ask('LIC-CC')).toEqual([400, 'license product exhausted: CALL_CENTER']);
    expect(await ask('LIC-OLD')).toEqual([400, 'license expired; product: CHAT']);
    expect(await ask('LIC-NO')).toEqual([400, 'license LIC-NO not found']);
    directory.sandbox.setSwitches({ exhaustedStatus: 409 });
    expect(await ask('LIC-CC')).toEqual([409, 'license product exhausted: CALL_CENTER']);
    expect(everything()).toBe(before);
    // A seat that is given back is free for the next.
    await patch('101', { license: [] });
    expect((await patch('103', { license: [{ id: 'LIC-CC' }] })).status).toBe(200);
  });

  test('a caller who may not grant is refused, or loses the grant in silence as switched', async () => {
    directory.sandbox.setSwitches({ permissions: ['add', 'read', 'write', 'delete'] });
    const body = { chat_name: 'A', license: [{ id: 'LIC-CM' }], roles: [{ id: '41' }] };
    expect((await patch('102', body)).status).toBe(403);
    expect(user('102')).not.toHaveProperty('chat_name');
    directory.sandbox.setSwitches({ grantDenied: 'ignore' });
    expect((await patch('102', body)).status).toBe(200);
    expect(user('102')).toMatchObject({ chat_name: 'A' });
    expect(user('102')).not.toHaveProperty('license');
    const created = await directory.http.post<{ id: string }>('/users', {
      ...body,
      name: 'N',
      username: 'new',
    });
    expect(created.status).toBe(200);
    expect(user(created.data.id)).not.toHaveProperty('roles');
  });

  test('a contact needs its licence and belongs to one user, as far as the switches say so', async () => {
    const contact = { id: '900' };
    expect((await patch('101', { contact })).status).toBe(400);
    directory.sandbox.setSwitches({ contactWithoutLicense: 'ignore' });
    expect((await patch('101', { contact, chat_name: 'A' })).status).toBe(200);
    expect(user('101')).toMatchObject({ chat_name: 'A' });
    expect(user('101')).not.toHaveProperty('contact');
    directory.sandbox.setSwitches({ contactWithoutLicense: 'refuse' });
    const license = [{ id: 'LIC-CS' }];
    expect((await patch('101', { contact, license })).status).toBe(200);
    expect(user('101')).toMatchObject({ contact: { id: '900' } });
    expect((await patch('102', { contact, license })).status).toBe(409);
    directory.sandbox.setSwitches({ uniqueContact: false });
    expect((await patch('102', { contact, license })).status).toBe(200);
    // Who has it keeps it without the licence.
    expect((await patch('101', { license: [] })).status).toBe(200);
  });

  test('a soft-deleted user keeps login and seat until deleted for good', async () => {
    await directory.http.delete('/users/101');
    const again = { name: 'Again', username: 'USER.1' };
    const taken = await directory.http.post('/users', again);
    expect([taken.status, taken.data]).toMatchObject([409, { id: 'users.username.conflict' }]);
    directory.sandbox.setSwitches({ deleteWithDevices: 'detach' });
    expect((await directory.http.delete('/users/101?permanent=true')).status).toBe(200);
    expect((await directory.http.post('/users', again)).status).toBe(200);
  });

  test('a profile takes texts only, and a wrapped body makes nobody', async () => {
    const before = everything();
    expect((await patch('101', { profile: { crm: 7 } })).status).toBe(400);
    const wrapped = { user: { name: 'N', username: 'new' } };
    expect((await directory.http.post('/users', wrapped)).status).toBe(400);
    expect(everything()).toBe(before);
    expect((await directory.http.get(`/users/${ADMIN_ID}?fields=id`)).status).toBe(200);
  });
});
