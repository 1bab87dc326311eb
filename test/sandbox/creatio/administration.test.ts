import { describe, expect, test } from '@jest/globals';
import type { Json, Row } from '../../../src/sandbox/types.ts';
import { asText, CALLER, guid, LOGIN, type Caller, type Site, useSites } from './site.ts';

const start = useSites();

const ALL_EMPLOYEES = 'a29a3ba5-4b0d-de11-9a51-005056c00008';
const CULTURE = 'a5420246-0a8e-e111-84a3-00155d054c03';
const GOOD_PASSWORD = 'Correct-horse-7';

const people = {
  Contact: [{ Id: guid(1), Name: 'Anna Koval' }],
  SysAdminUnit: [{ Id: guid(51), Name: 'boris', ContactId: CALLER, SysCultureId: CULTURE }],
};

/** What a good client sends to make Anna's user. */
const anna: Record<string, Json> = {
  Id: guid(61),
  Name: 'anna',
  Contact: guid(1),
  Active: false,
  ConnectionType: 0,
  SysCulture: CULTURE,
  Email: 'anna@example.test',
  UserPassword: GOOD_PASSWORD,
};

const call = (caller: Caller, method: string, body: Json, root = '/0') =>
  caller.send('POST', `${root}/rest/AdministrationService/${method}`, { body });
const save = (caller: Caller, values: Record<string, Json>, roleId = ALL_EMPLOYEES) =>
  call(caller, 'UpdateOrCreateUser', { jsonObject: JSON.stringify(values), roleId });
const unit = (site: Site, id: string): Row | undefined =>
  site.sandbox.state()['SysAdminUnit']?.find((row) => row['Id'] === id);

describe('UpdateOrCreateUser', () => {
  test('makes a user with the given id and its membership in the role, and answers an empty result', async () => {
    const site = await start({ data: people });
    const answer = await save(await site.signIn(), anna);
    expect([answer.status, answer.json()]).toEqual([200, { UpdateOrCreateUserResult: '' }]);
    expect(unit(site, guid(61))).toMatchObject({
      Name: 'anna',
      ContactId: guid(1),
      Active: false,
      Email: 'anna@example.test',
      SysAdminUnitTypeValue: 4,
      SysCultureId: CULTURE,
      CreatedById: CALLER,
    });
    expect(site.sandbox.state()['SysUserInRole']).toEqual([
      expect.objectContaining({ SysUserId: guid(61), SysRoleId: ALL_EMPLOYEES }),
    ]);
    expect(JSON.stringify(site.sandbox.state())).not.toContain(GOOD_PASSWORD);
  });

  test('changes the user of an id that is there: what is not named stays, and no role is added', async () => {
    const site = await start({ data: people });
    const caller = await site.signIn();
    await save(caller, anna);
    expect((await save(caller, { Id: guid(61), Active: true })).at('UpdateOrCreateUserResult')).toBe('');
    expect(unit(site, guid(61))).toMatchObject({ Name: 'anna', Active: true, Email: 'anna@example.test' });
    expect(site.sandbox.state()['SysUserInRole']).toHaveLength(1);
  });

  test('heeds no login or contact that another user has, unless the site does', async () => {
    const site = await start({ data: people });
    const caller = await site.signIn();
    const twin = { ...anna, Name: 'Boris', Contact: CALLER };
    site.sandbox.setSwitches({ uniqueLogins: true });
    expect((await save(caller, twin)).at('UpdateOrCreateUserResult')).toMatch(/^23505/);
    site.sandbox.setSwitches({ uniqueLogins: false, enforceUserPerContact: true });
    expect((await save(caller, twin)).at('UpdateOrCreateUserResult')).toMatch(/contact/);
    expect(unit(site, guid(61))).toBeUndefined();
    site.sandbox.setSwitches({ enforceUserPerContact: false });
    expect((await save(caller, twin)).at('UpdateOrCreateUserResult')).toBe('');
  });

  test.each([
    ['a weak password', { ...anna, UserPassword: 'short' }, /at least 8/],
    ['a password of one class', { ...anna, UserPassword: 'correcthorse' }, /upper-case/],
    ['no language', { ...anna, SysCulture: null }, /SysCulture/],
    ['a contact that is not there', { ...anna, Contact: guid(9) }, /^23503/],
    ['a column that is not there', { ...anna, Nothing: 1 }, /Nothing/],
    ['a lookup named with Id', { ...anna, ContactId: guid(1) }, /ContactId/],
    ['no id', { ...anna, Id: '' }, /Id is not/],
  ])('refuses %s in its result, with status 200, and makes nothing', async (_, values, reason) => {
    const site = await start({ data: people });
    const answer = await save(await site.signIn(), values);
    expect(answer.status).toBe(200);
    expect(asText(answer.at('UpdateOrCreateUserResult'))).toMatch(reason);
    expect(unit(site, guid(61))).toBeUndefined();
    expect(site.sandbox.state()['SysUserInRole']).toEqual([]);
  });

  test('leaves no user behind when the role is not there', async () => {
    const site = await start({ data: people });
    const answer = await save(await site.signIn(), anna, guid(9));
    expect(asText(answer.at('UpdateOrCreateUserResult'))).toMatch(/^23503/);
    expect(unit(site, guid(61))).toBeUndefined();
  });

  test('stays the only way in: OData refuses users as before', async () => {
    const caller = await (await start({ data: people })).signIn();
    const body = { Id: guid(61), Name: 'anna', SysCultureId: CULTURE };
    expect((await caller.odata('POST', 'SysAdminUnit', { body })).status).toBe(500);
    expect(
      (await caller.odata('PATCH', `SysAdminUnit(${guid(51)})`, { body: { Active: false } })).status,
    ).toBe(500);
  });
});

describe('the other methods', () => {
  test('delete a user to whom nothing points, with its memberships', async () => {
    const site = await start({ data: people });
    const caller = await site.signIn();
    await save(caller, anna);
    const answer = await call(caller, 'DeleteUser', { userId: guid(61) });
    expect(JSON.parse(asText(answer.at('DeleteUserResult')))).toEqual({
      Success: true,
      IsSecurityException: false,
      ExceptionMessage: '',
    });
    expect(unit(site, guid(61))).toBeUndefined();
    expect(site.sandbox.state()['SysUserInRole']).toEqual([]);
  });

  test('do not delete a user whom rows refer to, nor one who is not there', async () => {
    const site = await start({ data: people });
    const caller = await site.signIn();
    await save(caller, anna);
    site.sandbox.insertRow('UsrWebitelUser', { Id: guid(11), UsrName: 'Anna', UsrUserId: guid(61) });
    const refused = await call(caller, 'DeleteUser', { userId: guid(61) });
    expect(JSON.parse(asText(refused.at('DeleteUserResult')))).toMatchObject({
      Success: false,
      ExceptionMessage: expect.stringMatching(/^23503/),
    });
    const missing = await call(caller, 'DeleteUser', { userId: guid(99) });
    expect(JSON.parse(asText(missing.at('DeleteUserResult')))).toMatchObject({ Success: false });
    expect(unit(site, guid(61))).toBeDefined();
  });

  test('count users and not roles, tell who is locked, and judge passwords', async () => {
    const site = await start({ data: people });
    const caller = await site.signIn();
    expect((await call(caller, 'GetUsersCount', {})).at('GetUsersCountResult')).toBe(2);
    site.sandbox.setSwitches({ usersCountAs: 'json' });
    expect((await call(caller, 'GetUsersCount', {})).at('GetUsersCountResult')).toBe(
      '{"Success":true,"Count":2}',
    );
    const blocked = async () =>
      (await call(caller, 'GetIsUserBlocked', { userId: guid(51) })).at('GetIsUserBlockedResult');
    expect(await blocked()).toBe(false);
    site.sandbox.updateRow('SysAdminUnit', guid(51), {
      UnblockTime: new Date(site.clock.now() + 1000).toISOString(),
    });
    expect(await blocked()).toBe(true);
    const judge = async (password: string) =>
      (await call(caller, 'ValidatePassword', { userName: 'anna', password })).at('ValidatePasswordResult');
    expect(await judge(GOOD_PASSWORD)).toBe('');
    expect(await judge('Correct horse')).toMatch(/a digit/);
  });
});

describe('who may call', () => {
  test('an account without CanManageAdministration is refused in the form that is switched', async () => {
    const site = await start({ data: people, switches: { cannotManageUsers: [LOGIN] } });
    const caller = await site.signIn();
    expect(asText((await save(caller, anna)).at('UpdateOrCreateUserResult'))).toMatch(
      /CanManageAdministration/,
    );
    const deletion = await call(caller, 'DeleteUser', { userId: guid(51) });
    expect(JSON.parse(asText(deletion.at('DeleteUserResult')))).toMatchObject({
      Success: false,
      IsSecurityException: true,
    });
    for (const status of ['403', '500']) {
      site.sandbox.setSwitches({ administrationDenied: status });
      const answer = await call(caller, 'GetUsersCount', {});
      expect([answer.status, answer.at('ExceptionType')]).toEqual([
        Number(status),
        'System.Security.SecurityException',
      ]);
    }
    expect(unit(site, guid(51))).toBeDefined();
    expect(unit(site, guid(61))).toBeUndefined();
  });

  test('a call needs the CSRF token, and a dead session is told as a fault', async () => {
    const site = await start({ data: people });
    const caller = await site.signIn();
    const path = '/0/rest/AdministrationService/GetUsersCount';
    expect((await caller.send('POST', path, { body: {}, headers: { bpmcsrf: 'x' } })).status).toBe(403);
    site.clock.advance(61 * 60_000);
    const dead = await caller.send('POST', path, { body: {} });
    expect([dead.status, dead.at('Message')]).toEqual([401, 'Authentication failed.']);
  });

  test('the service lies where the flavour has it, knows its own methods only, and is asked by POST', async () => {
    const site = await start({ switches: { flavor: 'netcore' } });
    const caller = await site.signIn('/odata');
    expect((await call(caller, 'GetUsersCount', {}, '')).status).toBe(200);
    expect((await call(caller, 'GetUsersCount', {})).status).toBe(404);
    expect((await call(caller, 'NoSuchMethod', {}, '')).status).toBe(404);
    expect((await caller.send('GET', '/rest/AdministrationService/GetUsersCount')).status).toBe(405);
    expect((await call(caller, 'DeleteUser', { userId: 'x' }, '')).status).toBe(400);
    site.sandbox.setSwitches({ dropMethods: ['GetUsersCount'] });
    expect((await call(caller, 'GetUsersCount', {}, '')).status).toBe(404);
  });
});
