import { describe, expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import { rejection } from '../../http/support.ts';
import { ADMIN_ID, NOW, sampleTables, startDirectory, TOKEN } from './support.ts';

const full = {
  id: '9007199254740993',
  name: "О'Коваль ‏עברית",
  username: 'O.Koval',
  email: 'o.koval@example.test',
  extension: '0207',
  chat_name: 'Olena',
  password: 'canary-hash-of-a-password',
  license: [{ id: 'LIC-1' }],
  roles: [{ id: '40' }],
  devices: [{ id: '512', name: 'Phone' }],
  device: { id: '512' },
};

describe('users', () => {
  test.each([{}, { emitDefaults: true }, { responseShape: 'wrapped' }])(
    'are read with everything that a directory user holds, and nothing is guessed (%j)',
    async (switches) => {
      const tables = sampleTables(1);
      tables['users']?.push(full);
      const { sandbox, connector } = await startDirectory(tables);
      sandbox.setSwitches(switches);
      const read = await connector.readUsers();
      expect(read).toMatchObject({ lastPageShort: true, duplicates: [], pages: 1 });
      expect(read.items.map((user) => user.id)).toEqual([ADMIN_ID, '101', '9007199254740993']);
      expect(read.items[2]).toEqual({
        id: '9007199254740993',
        login: 'O.Koval',
        displayName: "О'Коваль ‏עברית",
        email: 'o.koval@example.test',
        chatName: 'Olena',
        extension: '0207',
        defaultDevice: { id: '512', name: 'Phone' },
        licences: [{ serial: 'LIC-1', product: 'CALL_CENTER' }],
        roles: [{ id: '40', name: 'Operators' }],
        deleted: false,
      });
      expect(read.items[1]).toMatchObject({
        email: null,
        chatName: null,
        extension: null,
        defaultDevice: null,
        licences: [],
        roles: [],
      });
    },
  );

  test('never bring a password along, even where the product shows its hash', async () => {
    const tables = sampleTables(0);
    tables['users']?.push(full);
    const { sandbox, connector, log } = await startDirectory(tables);
    sandbox.setSwitches({ passwordInRead: 'hash', userListFields: ['id', 'name', 'password'] });
    const everything = inspect([await connector.readUsers(), log()], { depth: 10 });
    expect(everything).not.toContain('canary-hash');
    expect(everything).not.toContain('password');
  });

  test.each([
    [498, 1],
    [499, 2],
    [500, 2],
    [998, 2],
    [1000, 3],
  ])(
    'with %i others arrive in %i pages, each once, in the order of their creation',
    async (others, pages) => {
      const { connector, asked } = await startDirectory(sampleTables(others));
      const heard: number[] = [];
      const read = await connector.readUsers({ onPage: (count) => heard.push(count) });
      expect(read).toMatchObject({ lastPageShort: true, duplicates: [], pages });
      expect(read.items.map((user) => user.id)).toEqual([
        ADMIN_ID,
        ...Array.from({ length: others }, (_, at) => String(101 + at)),
      ]);
      expect(heard.at(-1)).toBe(others + 1);
      expect(asked()).toEqual({ 'GET /api/users': pages });
      expect(connector.tally()).toMatchObject({ used: pages, byRoute: { 'GET /users': pages } });
    },
  );

  test('that are soft-deleted are left out of the list and found by id', async () => {
    const { sandbox, connector } = await startDirectory();
    sandbox.updateRow('users', '102', { deleted_at: String(NOW) });
    expect((await connector.readUsers()).items.map((user) => user.id)).toEqual([ADMIN_ID, '101', '103']);
    expect(await connector.readUsersById(['102', '999'])).toEqual([
      expect.objectContaining({ id: '102', login: 'user.2', deleted: true }),
    ]);
  });

  test('are read by id 25 at a time, each once', async () => {
    const { connector, asked } = await startDirectory(sampleTables(60));
    const ids = Array.from({ length: 51 }, (_, at) => String(101 + at));
    const users = await connector.readUsersById([...ids, '101']);
    expect(users.map((user) => user.id)).toEqual(ids);
    expect(asked()).toEqual({ 'GET /api/users': 3 });
    expect(await connector.readUsersById([])).toEqual([]);
    expect(asked()).toEqual({ 'GET /api/users': 3 });
  });

  test('come even from a product that refuses to sort them, which is asked once only', async () => {
    const { sandbox, connector, asked } = await startDirectory();
    sandbox.setSwitches({ unsortable: ['id'] });
    expect((await connector.readUsers()).items).toHaveLength(4);
    expect((await connector.readUsers()).items).toHaveLength(4);
    expect(asked()).toEqual({ 'GET /api/users': 3 });
  });
});

describe('a read that is not complete says so', () => {
  test('when the announcement of the next page is lost', async () => {
    const { sandbox, connector } = await startDirectory(sampleTables(1200));
    sandbox.setSwitches({ loseNext: { page: 1 } });
    expect((await connector.readUsers()).lastPageShort).toBe(false);
    sandbox.setSwitches({ loseNext: { page: 2 } });
    expect((await connector.readUsers()).lastPageShort).toBe(false);
  });

  test('but not when the product merely gives smaller pages than asked for', async () => {
    const { sandbox, connector } = await startDirectory(sampleTables(24));
    sandbox.setSwitches({ maxPageSize: 10 });
    const read = await connector.readUsers();
    expect(read).toMatchObject({ lastPageShort: true, pages: 3 });
    expect(read.items).toHaveLength(25);
    sandbox.setSwitches({ loseNext: { page: 1 } });
    expect((await connector.readUsers()).lastPageShort).toBe(false);
  });

  test('when a row comes twice because somebody was added in front', async () => {
    const { sandbox, connector } = await startDirectory(sampleTables(600));
    sandbox.setSwitches({ duplicateRow: { page: 2 } });
    const read = await connector.readUsers();
    expect(read.duplicates).toEqual(['599']);
    expect(new Set(read.items.map((user) => user.id)).size).toBe(read.items.length);
  });

  test('by failing, when a page fails for good', async () => {
    const { sandbox, connector } = await startDirectory(sampleTables(600));
    sandbox.setFaults([{ system: 'webitel', path: 'page=2', fault: 'html', status: 502 }]);
    expect(await rejection(connector.readUsers())).toMatchObject({
      code: 'UNAVAILABLE',
      details: { system: 'webitel', route: 'GET /users', status: 502, attempts: 5 },
    });
  });

  test('and one that stumbles is complete in the end', async () => {
    const { sandbox, connector } = await startDirectory(sampleTables(600));
    sandbox.setFaults([
      { system: 'webitel', path: 'page=1', when: { nth: 1 }, fault: 'truncated' },
      { system: 'webitel', path: 'page=2', when: { nth: 1 }, fault: 'reset-before-write' },
    ]);
    const read = await connector.readUsers();
    expect(read).toMatchObject({ lastPageShort: true, pages: 2 });
    expect(read.items).toHaveLength(601);
    expect(connector.tally()).toMatchObject({ used: 4, retries: 2 });
  });
});

describe('reference data', () => {
  test('has the roles that people are given, without the personal ones', async () => {
    const { connector } = await startDirectory();
    expect(await connector.readRoles()).toMatchObject({
      lastPageShort: true,
      items: [
        { id: '40', name: 'Operators' },
        { id: '41', name: 'Supervisors' },
      ],
    });
  });

  test('has the licences with product, seats and end', async () => {
    const tables = sampleTables(1);
    tables['users']?.push({ id: '200', name: 'Holder', username: 'holder', license: [{ id: 'LIC-1' }] });
    const { connector } = await startDirectory(tables);
    expect((await connector.readLicences()).items).toEqual([
      {
        serial: 'LIC-1',
        product: 'CALL_CENTER',
        name: 'Contact centre',
        limit: 2,
        remain: 1,
        competitive: false,
        validUntil: NOW + 1000,
      },
      {
        serial: 'LIC-2',
        product: 'CHAT',
        name: 'CHAT',
        limit: 1,
        remain: 1,
        competitive: true,
        validUntil: null,
      },
    ]);
  });
});

describe('the own account', () => {
  test.each([{}, { userinfoNames: 'oidc' }, { emitDefaults: true }])(
    'is read whatever its members are called (%j)',
    async (switches) => {
      const { sandbox, connector } = await startDirectory();
      sandbox.setSwitches({ ...switches, scopes: ['users', 'roles'], permissions: ['read', 'write'] });
      expect(await connector.whoAmI()).toEqual({
        userId: ADMIN_ID,
        login: 'admin',
        domainId: '7',
        domainName: 'acme.test',
        scopes: ['users', 'roles'],
        permissions: ['read', 'write'],
      });
    },
  );

  test('is found at an address that names the interface itself', async () => {
    const { connector } = await startDirectory(sampleTables(0), { path: '/api/' });
    expect((await connector.whoAmI()).userId).toBe(ADMIN_ID);
  });
});

describe('a refusal', () => {
  test.each(['webitel', 'rpcStatus'] as const)(
    'of the token is AUTHENTICATION with a cure, asked once, and shows no token (%s)',
    async (errorShape) => {
      const token = 'canary-of-a-wrong-token';
      const { sandbox, connector, log, asked } = await startDirectory(sampleTables(0), { token });
      sandbox.setSwitches({ errorShape });
      const error = await rejection(connector.whoAmI());
      expect(error).toMatchObject({ code: 'AUTHENTICATION', cure: expect.stringContaining('token') });
      expect(asked()).toEqual({ 'GET /api/userinfo': 1 });
      expect(inspect([error, log()], { depth: 10, showHidden: true })).not.toContain('canary');
    },
  );

  test('for want of a licence is FORBIDDEN and says what to do', async () => {
    const { sandbox, connector } = await startDirectory();
    sandbox.setSwitches({ scopes: ['users', 'roles'] });
    const error = await rejection(connector.readLicences());
    expect(error).toMatchObject({
      code: 'FORBIDDEN',
      cure: expect.stringContaining('licence'),
      details: { vendorId: 'license.access.denied' },
    });
  });

  test('of the address is NOT_FOUND', async () => {
    const { connector } = await startDirectory(sampleTables(0), { path: '/elsewhere' });
    expect(await rejection(connector.whoAmI())).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('never shows the token that was right', async () => {
    const { sandbox, connector, log } = await startDirectory();
    const body = { id: 'x.y', code: 400, detail: `bad token ${TOKEN}`, status: 'Bad Request' };
    sandbox.setFaults([{ system: 'webitel', fault: 'status', status: 400, body }]);
    const error = await rejection(connector.readUsers());
    expect(error).toMatchObject({ code: 'VALIDATION' });
    expect(inspect([error, log()], { depth: 10, showHidden: true })).not.toContain(TOKEN);
  });
});
