import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { column, list, NOW, startDirectory, type Directory } from './directory.ts';

describe('licences, roles and devices of the Webitel sandbox', () => {
  let directory: Directory;
  beforeEach(async () => {
    directory = await startDirectory();
  });
  afterEach(async () => directory.sandbox.close());

  const grant = async (id: string, ...licenses: string[]) =>
    directory.http.patch<unknown>(`/users/${id}`, { license: licenses.map((license) => ({ id: license })) });

  test('a grant takes a seat, and the last one taken refuses the next', async () => {
    expect((await grant('102', 'LIC-CC')).status).toBe(200);
    expect((await list(directory, '/license?id=LIC-CC')).items[0]).toMatchObject({
      limit: 2,
      status: { errors: ['product exhausted'] },
    });
    const { status, data } = await grant('103', 'LIC-CC');
    expect(status).toBe(400);
    expect(data).toMatchObject({ detail: expect.stringContaining('product exhausted') });
    expect((await grant('102', 'LIC-CC', 'LIC-CM')).status).toBe(200);
  });

  test('an expired licence cannot be granted and is hidden by valid, which hides full ones by a switch', async () => {
    const { status, data } = await grant('102', 'LIC-OLD');
    expect([status, data]).toEqual([400, expect.objectContaining({ id: 'app.license.product.expired' })]);
    await grant('102', 'LIC-CC');
    expect(await column(directory, '/license', 'id')).toEqual(['LIC-CC', 'LIC-OLD', 'LIC-POOL', 'LIC-CM']);
    expect(await column(directory, '/license?valid=true', 'id')).toEqual(['LIC-CC', 'LIC-POOL', 'LIC-CM']);
    directory.sandbox.setSwitches({ validHidesExhausted: true });
    expect(await column(directory, '/license?valid=true', 'id')).toEqual(['LIC-POOL', 'LIC-CM']);
  });

  test('a concurrent licence is granted without limit', async () => {
    for (const id of ['101', '102', '103']) expect((await grant(id, 'LIC-POOL')).status).toBe(200);
    expect((await list(directory, '/license?id=LIC-POOL')).items[0]).toMatchObject({
      competitive: true,
      remain: 1,
    });
  });

  test('licences filter by product, user and term of search, at /products too, and the list has no size', async () => {
    expect(await column(directory, '/products?product=CHAT&product=CALL_MANAGER', 'id')).toEqual([
      'LIC-OLD',
      'LIC-POOL',
      'LIC-CM',
    ]);
    expect(await column(directory, '/license?q=contact*', 'id')).toEqual(['LIC-CC']);
    expect((await directory.http.get('/license?size=1')).data).toMatchObject({ page: 1, next: true });
    expect((await directory.http.get('/license?size=1')).data).not.toHaveProperty('size');
  });

  test('the holders of a licence are listed with their logins', async () => {
    await grant('102', 'LIC-CC');
    const { items } = await list(directory, '/products/LIC-CC/users');
    expect(items).toEqual([
      {
        user: { id: '101', name: 'user.1' },
        domain: { id: '7', name: 'acme.test' },
        expires_at: String(NOW + 1e9),
      },
      expect.objectContaining({ user: { id: '102', name: 'user.2' }, issued_at: String(NOW) }),
    ]);
    expect((await list(directory, '/products/LIC-CC/users?q=USER.2')).items).toHaveLength(1);
    expect((await directory.http.get('/products/NONE/users')).status).toBe(404);
  });

  test('a soft-deleted user keeps the seat, or frees it, as the switch says', async () => {
    await directory.http.delete('/users/101');
    expect((await list(directory, '/license?id=LIC-CC')).items[0]).toMatchObject({ remain: 1 });
    directory.sandbox.setSwitches({ deletedHoldSeats: false });
    expect((await list(directory, '/license?id=LIC-CC')).items[0]).toMatchObject({ remain: 2 });
  });

  test('a licence renewed under a new serial stays with its holders', async () => {
    directory.sandbox.updateRow('licenses', 'LIC-CC', { id: 'LIC-CC-2', not_after: String(NOW + 2e9) });
    expect(await column(directory, '/users?id=101&fields=license', 'license')).toEqual([
      [expect.objectContaining({ id: 'LIC-CC-2', prod: 'CALL_CENTER', expires_at: String(NOW + 2e9) })],
    ]);
    expect((await list(directory, '/license?id=LIC-CC-2')).items[0]).toMatchObject({ remain: 1 });
  });

  test('the role list holds the personal role of every user, which can be told apart, or left out by a switch', async () => {
    const personal = (await list(directory, '/roles')).items.filter((role) => role['user'] === true);
    expect(personal.map((role) => [role['id'], role['name']])).toContainEqual(['101', 'user.1']);
    expect(personal).toHaveLength(4);
    directory.sandbox.setSwitches({ personalRoles: false });
    expect(await column(directory, '/roles', 'name')).toEqual(['Operators', 'Supervisors']);
  });

  test('a role is read bare or wrapped, with its members', async () => {
    const { data } = await directory.http.get('/roles/40');
    expect(data).toMatchObject({ id: '40', name: 'Operators', members: [{ id: '101', name: 'Person 1' }] });
    directory.sandbox.setSwitches({ responseShape: 'wrapped' });
    expect((await directory.http.get('/roles/40?fields=id')).data).toEqual({ role: { id: '40' } });
    expect((await directory.http.get('/roles/999')).status).toBe(404);
  });

  test('a role is created flat or wrapped, and cannot take the name of a role or a user', async () => {
    expect((await directory.http.post('/roles', { name: 'Flat' })).data).toMatchObject({ name: 'Flat' });
    expect((await directory.http.post('/roles', { role: { name: 'Wrapped' } })).data).toMatchObject({
      name: 'Wrapped',
    });
    for (const name of ['OPERATORS', 'User.1']) {
      expect((await directory.http.post('/roles', { name })).status).toBe(409);
    }
  });

  test('a renamed role shows its new name on users, a deleted one is taken from them', async () => {
    directory.sandbox.updateRow('roles', '40', { name: 'Line one' });
    expect(await column(directory, '/users?id=101&fields=roles', 'roles')).toEqual([
      [{ id: '40', name: 'Line one' }],
    ]);
    await directory.http.delete('/roles/40');
    expect((await directory.http.get('/users/101')).data).not.toHaveProperty('roles');
  });

  test('a device is created and read, and its account is taken from then on', async () => {
    const body = { name: 'Desk', account: 'desk-1', password: 'secret-1', user: { id: 103 } };
    const { data } = await directory.http.post('/devices', body);
    expect(data).toMatchObject({ id: '504', account: 'desk-1', user: { id: '103', name: 'Person 3' } });
    expect((await directory.http.post('/devices', { name: 'Two', account: 'DESK-1' })).status).toBe(409);
    expect(await column(directory, '/users?id=103&fields=devices', 'devices')).toEqual([
      [
        { id: '503', name: 'Phone 3' },
        { id: '504', name: 'Desk' },
      ],
    ]);
    directory.sandbox.setSwitches({ responseShape: 'wrapped' });
    expect((await directory.http.get('/devices/504?fields=id')).data).toEqual({ device: { id: '504' } });
  });

  test('a deleted device is nobody’s default any more', async () => {
    await directory.http.delete('/devices/501');
    expect((await directory.http.get('/users/101')).data).not.toHaveProperty('device');
  });
});
