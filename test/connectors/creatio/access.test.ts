import { afterEach, describe, expect, test } from '@jest/globals';
import { LOGIN, openStand, USER_ID, type CreatioStand } from './stand.ts';

let stand: CreatioStand;
afterEach(() => stand.close());

const routes = () =>
  Object.fromEntries(
    stand.sandbox.requests().map(({ method, route, count }) => [`${method} ${route}`, count]),
  );
const KEY = (url: string) => `creatio.prefix:${url}`;

describe('The path prefix', () => {
  test.each([
    ['netfw', '/0', 3],
    ['netcore', '', 4],
  ])('of a %s site is found once and remembered', async (flavor, prefix, first) => {
    stand = await openStand({ switches: { flavor } });
    await stand.connector.whoAmI();
    expect(stand.requests()).toBe(first);
    expect(stand.memory.get(KEY(stand.url))).toBe(prefix);

    stand.sandbox.clearRequests();
    await stand.connect().whoAmI();
    expect(stand.requests()).toBe(2);
  });

  test('that was remembered and has changed is found anew, before a write too', async () => {
    stand = await openStand({ switches: { flavor: 'netcore' } });
    stand.memory.set(KEY(stand.url), '/0');
    await stand.connector.describe();
    expect(stand.memory.get(KEY(stand.url))).toBe('');

    stand.memory.set(KEY(stand.url), '/0');
    const other = stand.connect();
    const { items } = await other.readRows({ entity: 'Contact', columns: ['Name'] });
    expect(items.length).toBeGreaterThan(0);
  });

  test.each([
    ['a maintenance page', { fault: 'html', status: 200 }, 'UNAVAILABLE'],
    ['a proxy without its server', { fault: 'html', status: 502 }, 'UNAVAILABLE'],
    ['a firewall', { fault: 'html', status: 403 }, 'FORBIDDEN'],
  ] as const)('is not judged by %s', async (_, fault, code) => {
    stand = await openStand();
    stand.fault({ path: '/odata/', ...fault });
    await expect(stand.connector.whoAmI()).rejects.toMatchObject({ code });
    expect(stand.memory.size).toBe(0);
    expect(routes()['GET /odata']).toBeUndefined();

    stand.sandbox.setFaults([]);
    await stand.connector.whoAmI();
    expect(stand.memory.get(KEY(stand.url))).toBe('/0');
  });

  test('that leads nowhere is an error of the configuration', async () => {
    stand = await openStand();
    stand.fault({ path: '/odata/', fault: 'html', status: 404 });
    await expect(stand.connector.whoAmI()).rejects.toMatchObject({ code: 'CONFIGURATION' });
  });

  test('that has worked is not doubted when an entity is not found', async () => {
    stand = await openStand({ switches: { unknownSet: '404-html' } });
    await stand.connector.whoAmI();
    const other = stand.connect();
    await other.describe();
    stand.sandbox.setSwitches({ dropEntities: ['UsrWebitelRole'] });
    const before = stand.requests();
    const read = other.readRows({ entity: 'UsrWebitelRole', columns: [] });
    await expect(read).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(stand.requests() - before).toBe(1);
  });

  test('is asked for once by requests that start together', async () => {
    stand = await openStand({ switches: { flavor: 'netcore' } });
    const crm = stand.connector;
    await Promise.all([crm.whoAmI(), crm.describe(), crm.readRows({ entity: 'Contact', columns: [] })]);
    expect(stand.requests()).toBe(crm.tally().used);
    const probes = stand.sandbox.requests().filter(({ route }) => /odata\/?$/.test(route));
    expect(probes.map(({ count }) => count)).toEqual([1, 1]);
  });
});

describe('Who-am-I', () => {
  const unit = (n: number, type: number) => ({
    SysCultureId:
      stand.sandbox.state()['SysAdminUnit']?.find((row) => row['Id'] === USER_ID)?.['SysCultureId'] ?? null,
    Id: `bbbbbbbb-0000-4000-8000-00000000000${n}`,
    Name: LOGIN,
    SysAdminUnitTypeValue: type,
    Active: true,
  });

  test('takes no role of the same name for the account', async () => {
    stand = await openStand();
    stand.sandbox.insertRow('SysAdminUnit', unit(1, 6));
    expect(await stand.connector.whoAmI()).toEqual(stand.account);
  });

  test('chooses none of two users of one name', async () => {
    stand = await openStand();
    stand.sandbox.insertRow('SysAdminUnit', unit(1, 4));
    expect(await stand.connector.whoAmI()).toEqual({ ...stand.account, userId: null, contactId: null });
    stand.sandbox.updateRow('SysAdminUnit', unit(1, 4).Id, { Active: false });
    expect(await stand.connector.whoAmI()).toEqual(stand.account);
  });
});

describe('What the account may not do', () => {
  test.each([403, 500])(
    'OData at all (answered with %i) names the system operation',
    async (odataDeniedStatus) => {
      stand = await openStand({ switches: { canUseOData: false, odataDeniedStatus } });
      await expect(stand.connector.whoAmI()).rejects.toMatchObject({
        code: 'FORBIDDEN',
        cure: expect.stringContaining('CanUseODataService'),
      });
      expect(stand.requests()).toBe(2);
    },
  );

  test('read one entity is an error of that entity', async () => {
    stand = await openStand({ switches: { denyRead: ['Contact'] } });
    await expect(stand.connector.readRows({ entity: 'Contact', columns: ['Name'] })).rejects.toMatchObject({
      code: 'FORBIDDEN',
      cure: expect.stringContaining('rights'),
    });
  });

  test('read the users leaves its own ids open and stops nothing', async () => {
    stand = await openStand({ switches: { denyRead: ['SysAdminUnit'] } });
    expect(await stand.connector.whoAmI()).toEqual({ ...stand.account, userId: null, contactId: null });
  });

  test('write one entity refuses that write alone', async () => {
    stand = await openStand({ switches: { denyWrite: ['UsrDirectory'] } });
    const create = (entity: string) =>
      ({
        ref: entity,
        kind: 'create',
        entity,
        id: '00000000-0000-4000-8000-000000000001',
        values: { Name: 'N' },
      }) as const;
    const outcomes = await stand.connector.write([create('UsrDirectory'), create('Contact')]);
    expect(outcomes).toMatchObject([{ state: 'refused', code: 'FORBIDDEN' }, { state: 'done' }]);
  });
});

describe('An entity that is not published', () => {
  test.each(['401', '404-json', '404-html'])(
    'is named when the site answers %s, and nothing is repeated for ever',
    async (unknownSet) => {
      stand = await openStand({ switches: { unknownSet } });
      const crm = stand.connector;
      await crm.describe();
      stand.sandbox.setSwitches({ dropEntities: ['UsrWebitelRole'] });
      const before = stand.requests();
      const read = crm.readRows({ entity: 'UsrWebitelRole', columns: ['Name'] });
      await expect(read).rejects.toThrow('UsrWebitelRole');
      await expect(read).rejects.toMatchObject({ cure: expect.stringContaining('publish') });
      expect(stand.requests() - before).toBeLessThanOrEqual(3);

      const write = {
        ref: 'r',
        kind: 'create',
        entity: 'UsrWebitelRole',
        id: '00000000-0000-4000-8000-000000000001',
        values: { Name: 'N' },
      } as const;
      const [outcome] = await crm.write([write]);
      expect(outcome?.state).toBe('refused');
    },
  );
});

describe('Requests', () => {
  test('are counted by route as the site counts them, retries among them', async () => {
    stand = await openStand();
    const crm = stand.connector;
    stand.fault({ method: 'GET', path: '/odata/Contact', when: { times: 2 }, fault: 'html', status: 502 });
    await crm.whoAmI();
    await crm.describe();
    await crm.readRows({ entity: 'Contact', columns: ['Name'] });
    const tally = crm.tally();
    expect(tally).toMatchObject({ used: 7, retries: 2 });
    expect(tally.used).toBe(stand.requests());
    expect(tally.byRoute['GET /0/odata/Contact']).toBe(3);
  });

  test('that the host refuses for a while are waited for, writes too', async () => {
    stand = await openStand();
    const crm = stand.connector;
    await crm.describe();
    stand.fault({
      path: 'batch',
      when: { times: 1 },
      fault: 'status',
      status: 429,
      headers: { 'retry-after': '7' },
    });
    const write = {
      ref: 'r',
      kind: 'create',
      entity: 'Contact',
      id: '00000000-0000-4000-8000-000000000001',
      values: { Name: 'N' },
    } as const;
    expect(await crm.write([write])).toMatchObject([{ state: 'done' }]);
    expect(stand.clock.slept).toContain(7_000);
  });
});
