import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CrmUsers, CrmUserWrite, CrmWriteOutcome } from '../../../src/app/ports/crm.ts';
import { newPassword } from '../../../src/connectors/creatio/password.ts';
import { createRandom } from '../../../src/sandbox/kit/random.ts';
import { CLIENT_ID, CLIENT_SECRET, LOGIN, openStand, type CreatioStand } from './stand.ts';

const ALL_EMPLOYEES = 'a29a3ba5-4b0d-de11-9a51-005056c00008';
const ADMINISTRATORS = '83a43ebc-f36b-1410-298d-001e8c82bcad';
const CULTURE = 'a5420246-0a8e-e111-84a3-00155d054c03';
const UKRAINIAN = 'bbbbbbbb-0000-4000-8000-000000000001';
const ID = 'cccccccc-0000-4000-8000-000000000001';

let stand: CreatioStand;
beforeEach(async () => {
  stand = await openStand();
});
afterEach(() => stand.close());

const usersOf = (connector = stand.connector): CrmUsers => {
  const { crmUsers } = connector;
  if (crmUsers === null) throw new Error('The connector cannot manage users.');
  return crmUsers;
};
const anna = (changes: Partial<CrmUserWrite> = {}): CrmUserWrite => ({
  ref: 'anna',
  kind: 'create',
  entity: 'SysAdminUnit',
  id: ID,
  values: { Name: 'anna', Active: false, Email: 'anna@example.test' },
  ...changes,
});
const unit = (id = ID) => stand.rows('SysAdminUnit').find((row) => row['Id'] === id);
const answerWith = (body: string, status = 200) =>
  stand.fault({
    path: 'AdministrationService',
    fault: 'status',
    status,
    headers: { 'content-type': 'application/json' },
    body,
  });

describe('A new user', () => {
  test('is an employee with our own language, in the role of all employees', async () => {
    expect(await usersOf().write(anna())).toEqual({ ref: 'anna', state: 'done', row: null });
    expect(unit()).toMatchObject({
      Name: 'anna',
      Email: 'anna@example.test',
      Active: false,
      SysCultureId: CULTURE,
      SysAdminUnitTypeValue: 4,
      ConnectionType: 0,
    });
    expect(stand.rows('SysUserInRole')).toEqual([
      expect.objectContaining({ SysUserId: ID, SysRoleId: ALL_EMPLOYEES }),
    ]);
  });

  test('gets the role and the language that the mapping names', async () => {
    stand.insert('SysCulture', { Id: UKRAINIAN, Name: 'uk-UA' });
    await usersOf().write(anna({ role: ADMINISTRATORS, culture: UKRAINIAN }));
    expect(unit()).toMatchObject({ SysCultureId: UKRAINIAN });
    expect(stand.rows('SysUserInRole').map((row) => row['SysRoleId'])).toEqual([ADMINISTRATORS]);
  });

  test('gets a language where an OAuth client does not know whose it is', async () => {
    const auth = { kind: 'oauth', clientId: CLIENT_ID, clientSecret: CLIENT_SECRET } as const;
    expect(await usersOf(stand.connect({ auth })).write(anna())).toMatchObject({ state: 'done' });
    expect(unit()).toMatchObject({ SysCultureId: CULTURE });
  });

  test('is refused where no language is known, with the setting that names one', async () => {
    stand.sandbox.setSwitches({ denyRead: ['SysAdminUnit'] });
    expect(await usersOf().write(anna())).toMatchObject({
      state: 'refused',
      message: expect.stringContaining('crmUser.create.culture'),
    });
    expect(await usersOf().write(anna({ culture: CULTURE }))).toMatchObject({ state: 'done' });
  });

  test('is made on a site of either flavour, and of a renamed column', async () => {
    stand.sandbox.setSwitches({ flavor: 'netcore' });
    const other = stand.connect();
    await other.whoAmI();
    expect(await usersOf(other).probe()).toEqual({ allowed: true });
    expect(await usersOf(other).write(anna())).toMatchObject({ state: 'done' });
    expect(stand.sandbox.requests().map(({ route }) => route)).toContain(
      '/rest/AdministrationService/UpdateOrCreateUser',
    );
  });

  test('has a password that meets a strict policy and turns up nowhere, even if the product quotes it', async () => {
    stand.sandbox.setSwitches({ passwordMinLength: 32 });
    expect(await usersOf().write(anna())).toMatchObject({ state: 'done' });
    // The stand's stream of randomness is known, so the password is, too.
    const bytes = createRandom(8);
    const draw = (count: number) => Uint8Array.from({ length: count }, () => Math.floor(bytes.next() * 256));
    newPassword(draw);
    const second = newPassword(draw);
    answerWith(JSON.stringify({ UpdateOrCreateUserResult: `The password ${second} is too long` }));
    const outcome = await usersOf().write(anna());
    expect(outcome).toMatchObject({ state: 'unknown', answered: true });
    expect(JSON.stringify(outcome)).toContain('[redacted] is too long');
    expect(JSON.stringify([outcome, stand.logs])).not.toContain(second);
  });
});

describe('What the service answers', () => {
  const write = (): Promise<CrmWriteOutcome> => usersOf().write(anna());
  const told = (text: string) => answerWith(JSON.stringify({ UpdateOrCreateUserResult: text }));
  const MESSAGE = 'Current user does not have sufficient permissions';

  test.each([
    ['that the right is missing', MESSAGE, { state: 'refused', code: 'FORBIDDEN' }],
    ['the name of the operation alone', 'CanManageUsers', { state: 'refused', code: 'FORBIDDEN' }],
    [
      'that the login is taken',
      '23505: duplicate key value violates unique constraint "IUSysAdminUnitName"',
      { state: 'refused', code: 'CONFLICT' },
    ],
    ['that a value is too long', '22001: value too long', { state: 'refused', code: 'VALIDATION' }],
    ['that a row is not there', '23503: insert or update …', { state: 'unknown', answered: true }],
    ['something in another language', 'Пароль занадто простий', { state: 'unknown', answered: true }],
  ])('in its result, %s: %s', async (_, text, outcome) => {
    told(text);
    expect(await write()).toMatchObject(outcome);
  });

  test.each([
    ['nothing', {}],
    ['no text', { UpdateOrCreateUserResult: null }],
  ])('may be %s, which leaves it open what was done', async (_, body) => {
    answerWith(JSON.stringify(body));
    expect(await write()).toMatchObject({ state: 'unknown' });
  });

  test.each(['403', '500'])('may be a fault with status %s where the right is missing', async (status) => {
    stand.sandbox.setSwitches({ cannotManageUsers: [LOGIN], administrationDenied: status });
    expect(await write()).toMatchObject({
      state: 'refused',
      code: 'FORBIDDEN',
      message: expect.stringContaining('CanManageAdministration'),
    });
    expect(await usersOf().probe()).toMatchObject({ allowed: false });
  });

  test('may be a fault that explains nothing: the product has answered, and the row tells', async () => {
    answerWith(JSON.stringify({ Message: 'There was an error.', ExceptionType: 'System.Exception' }), 500);
    expect(await write()).toMatchObject({ state: 'unknown', answered: true });
  });

  test('may be a session that dies again and again, which says nothing about the right', async () => {
    stand.fault({ path: 'AdministrationService', fault: 'expire-session' });
    await expect(write()).rejects.toMatchObject({ code: 'AUTHENTICATION' });
    expect(unit()).toBeUndefined();
  });

  test('is not there when the password is wrong, and the error says that', async () => {
    await expect(usersOf(stand.connect({ password: 'wrong' })).write(anna())).rejects.toMatchObject({
      code: 'AUTHENTICATION',
      message: expect.stringContaining('refused the sign-in'),
    });
  });

  test('may be that there is no such service', async () => {
    stand.sandbox.setSwitches({ dropMethods: ['UpdateOrCreateUser', 'GetUsersCount'] });
    expect(await write()).toMatchObject({ state: 'refused', code: 'CONTRACT' });
    expect(await usersOf().probe()).toMatchObject({
      allowed: false,
      message: expect.stringContaining('404'),
    });
  });
});

describe('The probe of the right', () => {
  test.each([
    ['a number', 7, true],
    ['a number as text', '7', true],
    ['an object as text', '{"Success":true,"Count":7}', true],
    ['nothing', '', true],
    ['no success', '{"Success":false,"ExceptionMessage":"no"}', false],
    ['a sentence', 'Недостатньо прав', false],
  ])('takes %s for what it is', async (_, result, allowed) => {
    answerWith(JSON.stringify({ GetUsersCountResult: result }));
    expect(await usersOf().probe()).toMatchObject({ allowed });
  });

  test('names both operations and what happens without them', async () => {
    stand.forbidUsers();
    expect(await usersOf().probe()).toEqual({
      allowed: false,
      message: expect.stringMatching(/^Creatio does not let this account manage its users: .*\.$/),
      cure: expect.stringMatching(/CanManageAdministration and CanManageUsers/),
    });
  });

  test('says nothing about the right when the site cannot be asked', async () => {
    stand.fault({ path: 'AdministrationService', fault: 'html', status: 502 });
    await expect(usersOf().probe()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});
