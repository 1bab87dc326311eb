import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Report } from '../../src/domain/run.ts';
import type { Row } from '../../src/sandbox/types.ts';
import { contact, guid, people, startWorld, textOf, user, type World } from '../support/world.ts';

const CC = { id: 'S-CC', prod: 'CALL_CENTER' };
const OPERATORS = { id: '900', name: 'Operators' };

const DATA = people({
  webitel: {
    roles: [OPERATORS, { id: '901', name: 'Supervisors' }],
    users: [
      user('201', 'Олена Коваль', {
        username: 'o.koval',
        extension: '2201',
        email: 'olena@example.test',
        license: [CC],
        roles: [OPERATORS],
      }),
      user('202', 'Bohdan Hrytsenko', { username: 'b.hrytsenko', extension: '2202', license: [CC] }),
      user('203', 'Ірина Бондар', { username: 'i.bondar', extension: '2203' }),
    ],
  },
  creatio: {
    Contact: [
      contact(guid(1), 'Коваль Олена'),
      contact(guid(2), 'Гриценко Богдан'),
      contact(guid(4), 'Нова Людина'),
    ],
    SysAdminUnit: [
      {
        Id: guid(52),
        Name: 'n.liudyna',
        ContactId: guid(4),
        SysAdminUnitTypeValue: 4,
        SysCultureId: 'a5420246-0a8e-e111-84a3-00155d054c03',
      },
    ],
  },
});

let world: World;

async function push(records?: readonly string[]): Promise<Report> {
  const { rollcall } = await world.open();
  const { report } = await rollcall.push({
    trigger: 'command',
    ...(records === undefined ? {} : { records }),
  });
  return report;
}

async function sync(): Promise<Report> {
  const { rollcall } = await world.open();
  return (await rollcall.sync({ trigger: 'command' })).report;
}

const recordOf = (userId: string): string => textOf(world.record(userId)?.['Id']);
const webitelUser = (id: string): Row | undefined =>
  (world.webitel.state()['users'] ?? []).find((row) => row['id'] === id);
const edit = (userId: string, changes: Row): Row =>
  world.creatio.updateRow('UsrWebitelUser', recordOf(userId), changes);
const lookup = (table: string, column: string, value: string): string =>
  textOf(world.rows(table).find((row) => row[column] === value)?.['Id']);

describe('what an administrator does in the CRM happens in the directory', () => {
  beforeAll(async () => {
    world = await startWorld({ data: DATA });
    expect((await world.import()).status).toBe('succeeded');
  });
  afterAll(() => world.close());

  test('straight after a first import there is nothing to push', async () => {
    const report = await push();
    expect(report).toMatchObject({ kind: 'push', status: 'nothing-to-do', operations: {} });
  });

  test('names, extension, e-mail and chat name are changed there, and the next sync has nothing to do', async () => {
    edit('201', {
      UsrName: 'Олена Ткач',
      UsrUsername: 'o.tkach',
      UsrExtension: '2299',
      UsrEmail: '',
      UsrChatName: 'Lena',
    });
    const report = await push([recordOf('201')]);
    expect(report).toMatchObject({ status: 'succeeded', operations: { 'directoryUser.update': 1 } });
    expect(webitelUser('201')).toMatchObject({
      name: 'Олена Ткач',
      username: 'o.tkach',
      extension: '2299',
      chat_name: 'Lena',
    });
    expect(webitelUser('201')?.['email'] ?? '').toBe('');
    expect(await sync()).toMatchObject({ status: 'nothing-to-do' });
  });

  test('licences and roles are added and taken away, and what nobody manages stays', async () => {
    const record = recordOf('202');
    world.creatio.insertRow('UsrWebitelUserLicense', {
      UsrWebitelUserId: record,
      UsrLicenseId: lookup('UsrWebitelLicense', 'Code', 'CHAT'),
    });
    world.creatio.insertRow('UsrWebitelUserRole', {
      UsrWebitelUserId: record,
      UsrRoleId: lookup('UsrWebitelRole', 'UsrExternalId', '901'),
    });
    const held = world
      .rows('UsrWebitelUserLicense')
      .find(
        (row) =>
          row['UsrWebitelUserId'] === record &&
          row['UsrLicenseId'] === lookup('UsrWebitelLicense', 'Code', 'CALL_CENTER'),
      );
    world.creatio.deleteRow('UsrWebitelUserLicense', textOf(held?.['Id']));
    expect(await push([record])).toMatchObject({ status: 'succeeded' });
    expect(webitelUser('202')).toMatchObject({ license: [{ id: 'S-CHAT' }], roles: [{ id: '901' }] });
    expect(await sync()).toMatchObject({ status: 'nothing-to-do' });
  });

  test('two people swap their extensions in one run', async () => {
    // The CRM's own index lets nobody have an extension twice, not even for a moment.
    edit('202', { UsrExtension: '' });
    edit('203', { UsrExtension: '2202' });
    edit('202', { UsrExtension: '2203' });
    expect(await push([recordOf('202')])).toMatchObject({ status: 'succeeded' });
    expect([webitelUser('202')?.['extension'], webitelUser('203')?.['extension']]).toEqual(['2203', '2202']);
    expect(await sync()).toMatchObject({ status: 'nothing-to-do' });
  });

  test('who is switched off loses licences and sessions, and gets them back when switched on', async () => {
    edit('201', { UsrActive: false });
    expect(await push([recordOf('201')])).toMatchObject({ status: 'succeeded' });
    expect(webitelUser('201')?.['license'] ?? []).toEqual([]);
    expect(await sync()).toMatchObject({ status: 'nothing-to-do' });
    edit('201', { UsrActive: true });
    expect(await push([recordOf('201')])).toMatchObject({ status: 'succeeded' });
    expect(webitelUser('201')).toMatchObject({ license: [{ id: 'S-CC' }], roles: [{ id: '900' }] });
    expect(await sync()).toMatchObject({ status: 'nothing-to-do' });
  });

  test('a record that is added gets a user, and id and device come back', async () => {
    const added = world.creatio.insertRow('UsrWebitelUser', {
      UsrUserId: guid(52),
      UsrExtension: '2210',
      UsrActive: true,
    });
    const id = textOf(added['Id']);
    world.creatio.insertRow('UsrWebitelUserLicense', {
      UsrWebitelUserId: id,
      UsrLicenseId: lookup('UsrWebitelLicense', 'Code', 'CALL_CENTER'),
    });
    const report = await push([id]);
    expect(report).toMatchObject({
      status: 'succeeded',
      added: 1,
      operations: { 'directoryUser.create': 1, 'telephonyRecord.update': 1 },
    });
    const row = world.rows('UsrWebitelUser').find((one) => one['Id'] === id);
    const made = webitelUser(textOf(row?.['UsrExternalId']));
    expect(made).toMatchObject({
      username: 'n.liudyna',
      name: 'Нова Людина',
      extension: '2210',
      license: [{ id: 'S-CC' }],
      force_password_change: true,
    });
    expect(row).toMatchObject({ UsrUsername: 'n.liudyna', UsrName: 'Нова Людина', UsrContactId: guid(4) });
    expect(textOf(row?.['UsrDefaultDevice'])).not.toBe('');
    expect(await sync()).toMatchObject({ status: 'nothing-to-do' });
  });

  test('a record that is deleted takes its user into the recycle view, and nobody else', async () => {
    const record = recordOf('203');
    world.creatio.deleteRow('UsrWebitelUser', record);
    expect(await push([record])).toMatchObject({
      status: 'succeeded',
      operations: { 'directoryUser.delete': 1 },
    });
    expect(webitelUser('203')?.['deleted_at'] ?? '0').not.toBe('0');
    expect(webitelUser('202')?.['deleted_at'] ?? '0').toBe('0');
    expect(await sync()).toMatchObject({ status: 'nothing-to-do' });
  });
});

describe('a login that is not free', () => {
  beforeAll(async () => {
    world = await startWorld({ data: DATA });
    await world.import();
  });
  afterAll(() => world.close());

  const add = (): string =>
    textOf(world.creatio.insertRow('UsrWebitelUser', { UsrUserId: guid(52), UsrActive: true })['Id']);

  test('since a deleted user keeps it, is a case, and is free once the user is removed for good', async () => {
    const first = add();
    expect(await push([first])).toMatchObject({ status: 'succeeded' });
    world.creatio.deleteRow('UsrWebitelUser', first);
    expect(await push([first])).toMatchObject({ status: 'succeeded' });
    const again = add();
    expect(await push([again])).toMatchObject({
      status: 'partial',
      failures: [{ code: 'LOGIN_HELD_BY_DELETED' }],
    });
    const { rollcall } = await world.open();
    const [held] = await rollcall.cases({ status: 'open' });
    expect(held).toMatchObject({
      kind: 'login-held',
      login: 'n.liudyna',
      directoryUserId: `record:${again}`,
    });
    await expect(rollcall.decide(held?.id ?? '', { kind: 'create' })).rejects.toMatchObject({
      code: 'VALIDATION',
      cure: expect.stringContaining('--purge'),
    });
    await rollcall.decide(held?.id ?? '', { kind: 'purge' });
    expect(await push([again])).toMatchObject({
      status: 'succeeded',
      operations: { 'directoryUser.create': 1 },
    });
    expect(await rollcall.cases({ status: 'open' })).toEqual([]);
  });

  test('since somebody else has it, is a case until one of the two is changed', async () => {
    edit('201', { UsrUsername: 'B.Hrytsenko' });
    expect(await push([recordOf('201')])).toMatchObject({
      status: 'partial',
      failures: [{ code: 'CONFLICT' }],
    });
    const { rollcall } = await world.open();
    expect(await rollcall.cases({ status: 'open' })).toMatchObject([
      { kind: 'conflict', directoryUserId: '201' },
    ]);
    edit('201', { UsrUsername: 'o.koval-2' });
    expect(await push([recordOf('201')])).toMatchObject({ status: 'succeeded' });
    expect(await rollcall.cases({ status: 'open' })).toEqual([]);
  });
});

describe('undoing a push', () => {
  beforeAll(async () => {
    world = await startWorld({ data: DATA });
    await world.import();
  });
  afterAll(() => world.close());

  test('gives back what it changed, removes whom it added, lists whom it cannot bring back, and stays undone', async () => {
    const before = webitelUser('201');
    edit('201', { UsrExtension: '2288', UsrActive: false });
    world.creatio.deleteRow('UsrWebitelUser', recordOf('203'));
    const added = world.creatio.insertRow('UsrWebitelUser', {
      UsrUserId: guid(52),
      UsrExtension: '2210',
      UsrActive: true,
    });
    const pushed = await push();
    expect(pushed).toMatchObject({
      status: 'succeeded',
      operations: { 'directoryUser.create': 1, 'directoryUser.update': 1, 'directoryUser.delete': 1 },
    });
    const made = (world.webitel.state()['users'] ?? []).find((row) => row['username'] === 'n.liudyna');
    const { rollcall } = await world.open();
    const { report } = await rollcall.undo(pushed.runId, { trigger: 'command' });
    expect(report.failures).toEqual([expect.objectContaining({ person: '203', code: 'NOT_RESTORABLE' })]);
    expect(webitelUser('201')).toMatchObject({ extension: before?.['extension'], license: [{ id: 'S-CC' }] });
    expect(webitelUser(textOf(made?.['id']))?.['deleted_at'] ?? '0').not.toBe('0');
    const row = world.rows('UsrWebitelUser').find((one) => one['Id'] === added['Id']);
    expect(textOf(row?.['UsrExternalId'])).toBe('');
    // Everybody whom it touched is on hold: the record is still switched off, and still without a user.
    const next = await sync();
    expect(next.operations['directoryUser.update'] ?? 0).toBe(0);
    expect(next.operations['directoryUser.create'] ?? 0).toBe(0);
  });
});
