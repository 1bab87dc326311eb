import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  Configuration,
  type ApiLicenseV1,
  type ApiUser,
  CustomersApi,
  DevicesApi,
  RolesApi,
  AuthApi,
  UserAccessTokensApi,
  UsersApi,
} from 'webitel-sdk';
import { ADMIN_ID, sampleTables, startDirectory, TOKEN, type Directory } from './directory.ts';

// The vendor's own client knows nothing of this stand-in: what it can use is shaped as the vendor shapes it.
describe('the vendor’s client against the Webitel sandbox', () => {
  let directory: Directory;
  beforeEach(async () => {
    directory = await startDirectory(sampleTables(20));
  });
  afterEach(async () => directory.sandbox.close());

  const apiOf = <T>(Api: new (configuration: Configuration, basePath: string) => T): T => {
    const basePath = `${directory.url}/api`;
    return new Api(new Configuration({ basePath, apiKey: TOKEN, baseOptions: { proxy: false } }), basePath);
  };

  test('pages through users with fields and a descending sort', async () => {
    const users = apiOf(UsersApi);
    const seen: (string | undefined)[] = [];
    for (let page = 1; page < 10; page += 1) {
      const { data } = await users.searchUsers(
        undefined, undefined, undefined, undefined, undefined, undefined, undefined, undefined, undefined,
        undefined, undefined, ['id', 'name'], ['!id'], page, 8,
      ); // prettier-ignore
      seen.push(...(data.items ?? []).map((user: ApiUser) => user.id));
      if (data.next !== true) break;
    }
    expect(seen).toHaveLength(21);
    expect(seen.slice(0, 2)).toEqual(['120', '119']);
    expect(seen.at(-1)).toBe(ADMIN_ID);
  });

  test('searches with a body, and reads one user wrapped as its types say', async () => {
    const users = apiOf(UsersApi);
    const { data } = await users.searchUsers2({
      id: ['101', '102'],
      fields: ['id', 'license'],
      sort: ['-id'],
    });
    expect(data.items?.map((user: ApiUser) => user.id)).toEqual(['102', '101']);
    expect(data.items?.[1]?.license?.[0]).toMatchObject({ id: 'LIC-CC', prod: 'CALL_CENTER' });
    directory.sandbox.setSwitches({ responseShape: 'wrapped' });
    expect((await users.readUser('101', ['id', 'username'])).data.user).toEqual({
      id: '101',
      username: 'user.1',
    });
  });

  test('changes the named fields of a user, and deletes many', async () => {
    const users = apiOf(UsersApi);
    const { data } = await users.updateUser2('101', { name: 'New', extension: '7' }, ['name']);
    expect(data).toMatchObject({ name: 'New', extension: '2001' });
    const deleted = await users.deleteUsers2(['101', '102']);
    expect(deleted.data.deleted?.map((user: ApiUser) => user.id)).toEqual(['101', '102']);
  });

  test('its stale way to create a user, with a wrapped body, is refused', async () => {
    await expect(
      apiOf(UsersApi).createUser({ user: { name: 'N', username: 'stale' } }),
    ).rejects.toMatchObject({
      response: { status: 400 },
    });
  });

  test('reads roles by ids, licences by product, and holders', async () => {
    const roles = await apiOf(RolesApi).searchRoles(['40']);
    expect(roles.data.items).toEqual([{ id: '40', name: 'Operators', description: 'Line 1' }]);
    const customers = apiOf(CustomersApi);
    const licences = await customers.licenseUsage2(
      undefined, undefined, undefined, undefined, undefined, undefined, undefined, undefined, undefined,
      undefined, ['CHAT'], true,
    ); // prettier-ignore
    expect(licences.data.items?.map((licence: ApiLicenseV1) => licence.id)).toEqual(['LIC-POOL']);
    const holders = await customers.licenseUsers('LIC-CC');
    expect(holders.data.items?.[0]?.user).toEqual({ id: '101', name: 'user.1' });
  });

  test('creates a device and reads it back', async () => {
    const devices = apiOf(DevicesApi);
    await devices.createDevice({ name: 'Desk', account: 'desk', user: { id: '101' } });
    const { data } = await devices.searchDevice(10, 1, ['id', 'account'], ['+account'], undefined, 'desk');
    expect(data.items).toEqual([{ id: '521', account: 'desk' }]);
  });

  test('asks who it is, and works with a token that it made', async () => {
    const { data: me } = await apiOf(AuthApi).userInfo2();
    expect(me).toMatchObject({ dc: '7', user_id: ADMIN_ID });
    const { data: token } = await apiOf(UserAccessTokensApi).addUserAccessToken('101', { usage: 'test' });
    const { data: other } = await apiOf(AuthApi).userInfo2(undefined, {
      headers: { 'X-Webitel-Access': token.token },
    });
    expect(other).toMatchObject({ user_id: '101' });
  });
});
