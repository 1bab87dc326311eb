import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { ADMIN_ID, column, list, NOW, startDirectory, type Directory } from './directory.ts';

const userSchema = z.record(z.string(), z.json());

describe('users of the Webitel sandbox', () => {
  let directory: Directory;
  beforeEach(async () => {
    directory = await startDirectory();
  });
  afterEach(async () => directory.sandbox.close());

  const read = async (id: string) => userSchema.parse((await directory.http.get(`/users/${id}`)).data);
  const create = async (body: object, query = '') => directory.http.post<unknown>(`/users${query}`, body);
  const patch = async (id: string, body: object, query = '') =>
    directory.http.patch<unknown>(`/users/${id}${query}`, body);
  const field = async (id: string, name: string) => (await read(id))[name];

  test('a user is read bare, or wrapped as the switch says, and so is the caller', async () => {
    expect(await read('101')).toMatchObject({
      id: '101',
      device: { id: '501', name: 'Phone 1' },
      devices: [{ id: '501', name: 'Phone 1' }],
      license: [{ id: 'LIC-CC', prod: 'CALL_CENTER', name: 'Contact centre', expires_at: String(NOW + 1e9) }],
      roles: [{ id: '40', name: 'Operators' }],
      profile: { Crm_Id: 'c-1' },
    });
    expect((await directory.http.get('/user?fields=id')).data).toEqual({ id: ADMIN_ID });
    directory.sandbox.setSwitches({ responseShape: 'wrapped' });
    expect((await directory.http.get('/users/101?fields=id')).data).toEqual({ user: { id: '101' } });
    expect((await directory.http.get('/user?fields=id')).data).toEqual({ user: { id: ADMIN_ID } });
  });

  test('a create takes a flat body and answers 200 with the user', async () => {
    const { status, data } = await create({
      name: 'Нова Людина',
      username: 'new.user',
      license: [{ id: 'LIC-CM' }],
      roles: [{ id: 41 }],
      profile: { Key_One: 'v' },
    });
    expect(status).toBe(200);
    expect(data).toMatchObject({
      name: 'Нова Людина',
      license: [{ id: 'LIC-CM', prod: 'CALL_MANAGER', issued_at: String(NOW) }],
      roles: [{ id: '41', name: 'Supervisors' }],
      profile: { Key_One: 'v' },
      created_at: String(NOW),
      created_by: { id: ADMIN_ID, name: 'Admin' },
    });
  });

  test('a create with a wrapped body creates nothing', async () => {
    expect((await create({ user: { name: 'N', username: 'wrapped' } })).status).toBe(400);
    directory.sandbox.setSwitches({ unknownKeys: 'reject' });
    expect((await create({ user: { name: 'N' }, name: 'N', username: 'wrapped' })).status).toBe(400);
    expect(await column(directory, '/users?username=wrapped', 'id')).toEqual([]);
  });

  test('login and name are required, and a login has Latin letters, digits, dots, dashes and underscores', async () => {
    for (const body of [
      { name: 'N' },
      { username: 'x' },
      { name: 'N', username: 'a b' },
      { name: 'N', username: 'ім’я' },
    ]) {
      expect((await create(body)).status).toBe(400);
    }
    directory.sandbox.setSwitches({ requireName: false });
    expect((await create({ username: 'x' })).status).toBe(200);
  });

  test('a login is unique whatever its case, among users, roles and the soft-deleted', async () => {
    await directory.http.delete('/users/102');
    for (const username of ['USER.1', 'operators', 'user.2']) {
      const { status, data } = await create({ name: 'N', username });
      expect(status).toBe(409);
      expect(data).toMatchObject({
        id: 'users.username.conflict',
        detail: `username ${username} already exists`,
      });
    }
  });

  test('extension and e-mail are unique, an empty one is nobody’s; an extension is digits', async () => {
    expect((await create({ name: 'N', username: 'n1', extension: '2001' })).status).toBe(409);
    expect((await create({ name: 'N', username: 'n1', email: 'USER1@example.TEST' })).status).toBe(409);
    expect((await create({ name: 'N', username: 'n1', extension: '20a' })).status).toBe(400);
    expect((await create({ name: 'N', username: 'n1', extension: '', email: '' })).status).toBe(200);
    expect((await create({ name: 'N', username: 'n2', extension: '', email: '' })).status).toBe(200);
    directory.sandbox.setSwitches({ uniqueEmail: false, uniqueExtension: false, checkExtension: false });
    const twin = { name: 'N', username: 'n3', extension: '2001', email: 'user1@example.test' };
    expect((await create(twin)).status).toBe(200);
    expect((await create({ name: 'N', username: 'n4', extension: '20a' })).status).toBe(200);
  });

  test('a conflict answers with the status of the switch and names the field', async () => {
    for (const status of [400, 500]) {
      directory.sandbox.setSwitches({ conflictStatus: status });
      const answer = await create({ name: 'N', username: 'user.1' });
      expect(answer.status).toBe(status);
      expect(answer.data).toMatchObject({ code: status, detail: expect.stringContaining('username') });
    }
  });

  test('users and roles draw their ids from one sequence', async () => {
    const ids: unknown[] = [];
    for (const [path, body] of [
      ['/users', { name: 'N', username: 'a' }],
      ['/roles', { name: 'r' }],
      ['/users', { name: 'N', username: 'b' }],
    ] as const) {
      ids.push(userSchema.parse((await directory.http.post(path, body)).data)['id']);
    }
    expect(ids).toEqual(['104', '105', '106']);
  });

  test('a PATCH changes only the members of its body, with fields= only those in both', async () => {
    await patch('101', { name: 'New', extension: '9' });
    expect(await read('101')).toMatchObject({ name: 'New', extension: '9', email: 'User1@example.test' });
    await patch('101', { name: 'Not this', chat_name: 'Chat' }, '?fields=chat_name&fields=email');
    expect(await read('101')).toMatchObject({ name: 'New', chat_name: 'Chat', email: 'User1@example.test' });
    await patch('101', { extension: '' }, '?fields=extension');
    expect(await read('101')).not.toHaveProperty('extension');
  });

  test('a PUT clears what it does not name', async () => {
    await directory.http.put('/users/101', { name: 'Only', username: 'user.1' });
    const user = await read('101');
    expect(user).toMatchObject({ name: 'Only', username: 'user.1' });
    for (const name of ['email', 'extension', 'license', 'roles', 'devices', 'device', 'profile']) {
      expect(user).not.toHaveProperty(name);
    }
  });

  test('licences, roles, devices and profile are replaced as a whole', async () => {
    await patch('101', { license: [{ id: 'LIC-CM' }], roles: [{ id: '41' }], profile: { b: '2' } });
    await patch('101', { devices: [{ id: '502' }], device: { id: '502' } });
    expect(await read('101')).toMatchObject({
      license: [{ id: 'LIC-CM' }],
      roles: [{ id: '41' }],
      profile: { b: '2' },
      devices: [{ id: '502' }],
      device: { id: '502' },
    });
  });

  test('unknown licences, roles and devices are refused, and nothing is written', async () => {
    const bodies = [{ license: [{ id: 'X' }] }, { roles: [{ id: '999' }] }, { devices: [{ id: '999' }] }];
    for (const body of bodies) {
      expect((await patch('101', { name: 'Changed', ...body })).status).toBe(400);
    }
    expect(await field('101', 'name')).toBe('Person 1');
  });

  test('the default device must be one of the user’s', async () => {
    expect((await patch('101', { device: { id: '502' } })).status).toBe(400);
    await patch('101', { devices: [] });
    expect(await read('101')).not.toHaveProperty('device');
  });

  test('a device of another user moves, default and all, or is refused, as the switch says', async () => {
    await patch('101', { devices: [{ id: '501' }, { id: '502' }] });
    expect(await field('102', 'devices')).toBeUndefined();
    expect(await field('102', 'device')).toBeUndefined();
    directory.sandbox.setSwitches({ deviceTaken: 'refuse' });
    expect((await patch('101', { devices: [{ id: '503' }] })).status).toBe(400);
  });

  test('generate_device makes a device and the default; a taken account fails the create, or leaves none', async () => {
    const { data } = await create({ name: 'Gen', username: 'gen' }, '?generate_device=true');
    expect(data).toMatchObject({ device: { id: '504', name: 'Gen' }, devices: [{ id: '504' }] });
    expect((await directory.http.get('/devices/504')).data).toMatchObject({
      account: 'gen',
      user: { name: 'Gen' },
    });
    const clash = '?generate_device=true&device.account=GEN';
    expect((await create({ name: 'Two', username: 'two' }, clash)).status).toBe(409);
    expect(await column(directory, '/users?username=two', 'id')).toEqual([]);
    directory.sandbox.setSwitches({ generateDeviceConflict: 'without-device' });
    expect((await create({ name: 'Two', username: 'two' }, clash)).data).not.toHaveProperty('device');
  });

  test('values of a profile are texts, and its names keep their case', async () => {
    expect((await patch('101', { profile: { n: 5 } })).status).toBe(400);
    await patch('101', { profile: { camelCase: 'a', snake_case: 'b' } });
    expect(await field('101', 'profile')).toEqual({ camelCase: 'a', snake_case: 'b' });
  });

  test('an empty password changes nothing, a weak one is refused, a hash sent back is a changed password', async () => {
    directory.sandbox.setSwitches({ passwordInRead: 'hash' });
    expect(await read('101')).not.toHaveProperty('password');
    await patch('101', { password: 'first-password' });
    const hash = await field('101', 'password');
    expect(hash).toHaveLength(60);
    await patch('101', { password: '', name: 'N' });
    expect(await field('101', 'password')).toBe(hash);
    expect((await patch('101', { password: 'short' })).data).toMatchObject({
      detail: 'password does not meet the requirements',
    });
    await patch('101', { password: hash });
    expect(await field('101', 'password')).not.toBe(hash);
    directory.sandbox.setSwitches({ passwordRegExp: '^x$' });
    expect((await patch('101', { password: 'x' })).status).toBe(200);
    directory.sandbox.setSwitches({ passwordInRead: 'omitted' });
    expect(await read('101')).not.toHaveProperty('password');
  });

  test('a soft delete hides the user and keeps the login; repeated it is a 404, or empty', async () => {
    const { status, data } = await directory.http.delete('/users/101');
    expect([status, data]).toEqual([200, { deleted: [{ id: '101', name: 'Person 1' }] }]);
    expect((await directory.http.get('/users/101')).status).toBe(404);
    expect((await patch('101', { name: 'N' })).status).toBe(404);
    directory.sandbox.setSwitches({ readDeletedById: 'shown' });
    expect(await read('101')).toMatchObject({ deleted_at: String(NOW), deleted_by: { id: ADMIN_ID } });
    expect((await directory.http.delete('/users/101')).status).toBe(404);
    directory.sandbox.setSwitches({ repeatDelete: 'empty' });
    expect((await directory.http.delete('/users/101')).data).toEqual({});
  });

  test('a permanent delete is refused while devices are attached, then frees login and licence', async () => {
    expect((await directory.http.delete('/users/101?permanent=true')).status).toBe(400);
    await patch('101', { devices: [] });
    expect((await directory.http.delete('/users/101?permanent=true')).status).toBe(200);
    expect(await column(directory, '/users?any=true&id=101', 'id')).toEqual([]);
    expect((await list(directory, '/license?id=LIC-CC')).items[0]).toMatchObject({ remain: 2 });
    expect((await create({ name: 'N', username: 'user.1' })).status).toBe(200);
  });

  test('many users are deleted by a list of ids in the body', async () => {
    directory.sandbox.setSwitches({ deleteWithDevices: 'detach' });
    const { data } = await directory.http.delete('/users?permanent=true', { data: ['101', 102, '999'] });
    expect(data).toMatchObject({ deleted: [{ id: '101' }, { id: '102' }] });
    expect(await column(directory, '/users', 'id')).toEqual([ADMIN_ID, '103']);
  });

  test('updated_at moves with the user’s own fields, not with grants, unless the switch says so', async () => {
    directory.clock.advance(60_000);
    await patch('101', { license: [], roles: [], devices: [] });
    expect(await field('101', 'updated_at')).toBe(String(NOW - 5_000));
    await patch('101', { chat_name: 'C' });
    expect(await read('101')).toMatchObject({
      updated_at: String(NOW + 60_000),
      updated_by: { id: ADMIN_ID },
    });
    directory.sandbox.setSwitches({ stampOnGrants: true });
    directory.clock.advance(1);
    await patch('101', { roles: [{ id: '40' }] });
    expect(await field('101', 'updated_at')).toBe(String(NOW + 60_001));
  });
});
