import { afterEach, describe, expect, test } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { idsIn, startPushing, TRIO, type Pushing } from '../support/pushing.ts';
import { inDirectory, isDeleted } from '../support/two-sides.ts';
import { textOf, user } from '../support/world.ts';

let world: Pushing;
afterEach(() => world.close());

const policy = (rest: string): string => `policy: { exclude: { logins: [] }, ${rest} }`;

describe('who is left alone', () => {
  test('our own account is never changed or removed', async () => {
    world = await startPushing({ config: policy('createCrmUsers: never') });
    const before = world.user('1');
    world.edit('1', { UsrName: 'Somebody', UsrUsername: 'somebody', UsrActive: false });
    world.grant(world.recordOf('1'), 'licence', 'CHAT');
    await world.push();
    await world.sync();
    expect(world.user('1')).toEqual(before);
    world.creatio.deleteRow('UsrWebitelUser', world.recordOf('1'));
    const report = await world.push();
    expect(report.operations).toEqual({});
    await world.sync();
    expect(world.user('1')).toEqual(before);
  });

  test('protected people are changed only after approval', async () => {
    world = await startPushing({
      config: 'policy: { exclude: { logins: [rollcall] }, guards: { protected: { logins: [o.koval] } } }',
    });
    world.edit('201', { UsrName: 'Хтось Інший' });
    const stopped = await world.push();
    expect(stopped).toMatchObject({
      status: 'awaiting-approval',
      guards: [{ guard: 'protected', number: 1 }],
    });
    expect(inDirectory(world, '201')?.name).toBe('Олена Коваль');
    const { rollcall } = await world.open();
    await rollcall.approve(stopped.runId, { trigger: 'command' });
    expect(inDirectory(world, '201')?.name).toBe('Хтось Інший');
  });

  test('protected people are not removed without approval, even after their record is gone', async () => {
    world = await startPushing({
      config: 'policy: { exclude: { logins: [rollcall] }, guards: { protected: { patterns: ["o.*"] } } }',
    });
    world.creatio.deleteRow('UsrWebitelUser', world.recordOf('201'));
    expect(await world.sync()).toMatchObject({
      status: 'awaiting-approval',
      guards: [{ guard: 'protected' }],
    });
    expect(isDeleted(world.user('201') ?? {})).toBe(false);
  });

  test('a user whom somebody changes between plan and apply is stale, and not overwritten', async () => {
    let isArmed = false;
    world = await startPushing({
      onMoment: (moment) => {
        if (!isArmed || moment !== 'planned') return;
        isArmed = false;
        world.webitel.updateRow('users', '201', { extension: '7777' });
      },
    });
    world.edit('201', { UsrExtension: '2299' });
    world.edit('202', { UsrExtension: '2298' });
    isArmed = true;
    const report = await world.push();
    expect(report.outcomes).toMatchObject({ stale: 1, confirmed: 1 });
    expect([inDirectory(world, '201')?.extension, inDirectory(world, '202')?.extension]).toEqual([
      '7777',
      '2298',
    ]);
    // The next run sees both edits, and the CRM owns the field.
    await world.sync();
    expect(inDirectory(world, '201')?.extension).toBe('2299');
  });
});

test('values that the directory cannot take are failures with a cure, and the rest of the person is done', async () => {
  world = await startPushing();
  world.edit('201', { UsrUsername: 'o@koval', UsrChatName: 'Lena' });
  world.edit('202', { UsrExtension: '22x', UsrEmail: 'bo@example.test' });
  world.edit('203', { UsrName: '', UsrExtension: '2233' });
  const report = await world.push();
  expect(report.failures.map(({ person, code }) => `${person} ${code}`).toSorted()).toEqual([
    '201 login.characters',
    '202 extension.characters',
    '203 displayName.missing',
  ]);
  expect(inDirectory(world, '201')).toMatchObject({ login: 'o.koval', chat: 'Lena' });
  expect(inDirectory(world, '202')).toMatchObject({ extension: '2202', email: 'bo@example.test' });
  expect(inDirectory(world, '203')).toMatchObject({ name: 'Ірина Бондар', extension: '2233' });
  // It is said again, and nothing is sent again.
  world.counted();
  expect((await world.sync()).failures).toHaveLength(3);
  expect(world.counted().writes).toBe(0);
  world.edit('201', { UsrUsername: 'olena.koval' });
  world.edit('202', { UsrExtension: '2244' });
  world.edit('203', { UsrName: 'Ірина Бондар-Ткач' });
  expect(await world.sync()).toMatchObject({ status: 'succeeded', failures: [] });
  expect(await world.sync()).toMatchObject({ status: 'nothing-to-do' });
});

test('STUN is kept in the CRM, and said once', async () => {
  world = await startPushing();
  world.edit('201', { UsrEnableStun: true });
  const notices = async (): Promise<number> => {
    const { rollcall } = await world.open();
    const plan = await rollcall.runPlan((await world.sync()).runId);
    return (plan?.people ?? [])
      .flatMap(({ issues }) => issues)
      .filter(({ code }) => code === 'stun.notWritable').length;
  };
  expect(await notices()).toBe(1);
  expect(await notices()).toBe(0);
  expect(world.record('201')?.['UsrEnableStun']).toBe(true);
});

describe('what the mapping manages', () => {
  /** Another mapping beside the configuration. */
  async function remap(change: (text: string) => string): Promise<void> {
    const text = await readFile(join(import.meta.dirname, '../../mappings/creatio-webitel.yaml'), 'utf8');
    const path = join(world.directory, 'own.yaml');
    await writeFile(path, change(text));
    const configuration = await readFile(world.configPath, 'utf8');
    await world.shut();
    await writeFile(world.configPath, configuration.replace(/^mapping: .*$/m, `mapping: ${path}`));
  }
  const section =
    (name: string) =>
    (text: string): string =>
      text.replace(new RegExp(`^${name}:\\n(  .*\\n)+`, 'm'), '');
  const onlyChat = (text: string): string => text.replace('managed: all', 'managed: [CHAT]');

  test('licences that nobody manages stay, whatever else is granted or withdrawn', async () => {
    world = await startPushing();
    await remap(onlyChat);
    await world.sync();
    const record = world.recordOf('201');
    world.grant(record, 'licence', 'CHAT');
    await world.push();
    expect(idsIn(world.user('201')?.['license'])).toEqual(['S-CC', 'S-CHAT']);
    world.withdraw(record, 'licence', 'CHAT');
    world.withdraw(record, 'licence', 'CALL_CENTER');
    await world.push();
    expect(idsIn(world.user('201')?.['license'])).toEqual(['S-CC']);
    world.edit('201', { UsrActive: false });
    await world.push();
    expect(idsIn(world.user('201')?.['license'])).toEqual(['S-CC']);
  });

  test.each([
    { what: 'a section of licences', narrow: section('licences') },
    { what: 'more managed licences', narrow: onlyChat },
    { what: 'a section of roles', narrow: section('roles') },
  ])('a mapping that learns $what takes nothing from anybody', async ({ narrow }) => {
    world = await startPushing({
      users: [
        ...TRIO.slice(0, 2),
        user('203', 'Ірина Бондар', {
          username: 'i.bondar',
          license: [{ id: 'S-CC' }, { id: 'S-CHAT' }],
          roles: [{ id: '900' }, { id: '901' }],
        }),
      ],
    });
    const before = ['201', '202', '203'].map((id) => inDirectory(world, id));
    await remap(narrow);
    await world.sync();
    // While nobody looks, somebody gets one more.
    world.webitel.updateRow('users', '202', { license: [{ id: 'S-CC' }] });
    await world.sync();
    before[1] = inDirectory(world, '202');
    await remap((text) => text);
    await world.sync();
    await world.sync();
    expect(['201', '202', '203'].map((id) => inDirectory(world, id))).toEqual(before);
  });
});

describe('policies', () => {
  test.each([
    { onInactive: 'strip-licences', licences: [], logouts: 1 },
    { onInactive: 'log-out', licences: ['S-CC'], logouts: 1 },
    { onInactive: 'leave', licences: ['S-CC'], logouts: 0 },
  ])('switched off under onInactive: $onInactive', async ({ onInactive, licences, logouts }) => {
    world = await startPushing({
      config: `policy: { exclude: { logins: [rollcall] }, push: { onInactive: ${onInactive} } }`,
    });
    world.edit('201', { UsrActive: false });
    world.webitel.clearRequests();
    await world.push();
    expect(idsIn(world.user('201')?.['license'])).toEqual(licences);
    expect(world.asked('POST', /logout/)).toBe(logouts);
    expect(await world.sync()).toMatchObject({ status: 'nothing-to-do' });
    // While they are off, a licence in the directory is drift where licences are stripped.
    world.webitel.updateRow('users', '201', { license: [{ id: 'S-CC' }] });
    await world.import();
    await world.sync();
    expect(idsIn(world.user('201')?.['license'])).toEqual(licences);
    world.edit('201', { UsrActive: true });
    await world.sync();
    expect(idsIn(world.user('201')?.['license'])).toEqual(['S-CC']);
    expect(await world.sync()).toMatchObject({ status: 'nothing-to-do' });
  });

  test.each([
    { onDelete: 'soft', deleteWithDevices: 'refuse', left: 'deleted' },
    { onDelete: 'permanent', deleteWithDevices: 'detach', left: 'nobody' },
    { onDelete: 'permanent', deleteWithDevices: 'refuse', left: 'nobody' },
    { onDelete: 'leave', deleteWithDevices: 'refuse', left: 'alive' },
  ])(
    'deleted under onDelete: $onDelete, devices $deleteWithDevices',
    async ({ onDelete, deleteWithDevices, left }) => {
      world = await startPushing({
        config: `policy: { exclude: { logins: [rollcall] }, push: { onDelete: ${onDelete} } }`,
      });
      world.webitel.setSwitches({ deleteWithDevices });
      const record = world.add({ login: 'new.one' });
      await world.push([record]);
      const id = textOf(world.withLogin('new.one')[0]?.['id']);
      world.creatio.deleteRow('UsrWebitelUser', record);
      expect((await world.push([record])).failures).toEqual([]);
      const found = world.user(id);
      expect(found === undefined ? 'nobody' : isDeleted(found) ? 'deleted' : 'alive').toBe(left);
      await world.sync();
      expect(await world.sync()).toMatchObject({ operations: {} });
    },
  );
});

describe('an e-mail that the directory refuses as somebody else’s', () => {
  const SHARED = 'info@example.test';
  const withMail = [user('204', 'Тарас Лисенко', { username: 't.lysenko', email: SHARED }), ...TRIO];

  test('fails alone: name, extension, licences and roles are carried all the same', async () => {
    world = await startPushing({ users: withMail });
    world.edit('201', { UsrEmail: SHARED, UsrName: 'Олена Ткач', UsrExtension: '2299' });
    world.grant(world.recordOf('201'), 'licence', 'CHAT');
    const report = await world.push();
    expect(report).toMatchObject({ status: 'partial', outcomes: { failed: 1, skipped: 0 } });
    expect(report.failures).toMatchObject([
      { person: '201', code: 'CONFLICT', message: expect.stringContaining(`refuses the e-mail ${SHARED}`) },
    ]);
    const now = { name: 'Олена Ткач', extension: '2299', licences: ['CALL_CENTER', 'CHAT'], email: '' };
    expect(inDirectory(world, '201')).toMatchObject(now);
    // It is said as long as it lasts, and nothing else is sent again.
    expect(await world.sync()).toMatchObject({
      operations: { 'directoryUser.update': 1 },
      failures: [{ person: '201', code: 'CONFLICT' }],
    });
    expect(inDirectory(world, '201')).toMatchObject(now);
    world.edit('201', { UsrEmail: 'o.tkach@example.test' });
    expect(await world.sync()).toMatchObject({ status: 'succeeded', failures: [] });
    expect(inDirectory(world, '201')?.email).toBe('o.tkach@example.test');
    expect(await world.sync()).toMatchObject({ status: 'nothing-to-do' });
    const { rollcall } = await world.open();
    expect(await rollcall.cases({ status: 'open' })).toEqual([]);
  });

  test('is carried at once where the directory lets people share it', async () => {
    world = await startPushing({ users: withMail });
    world.webitel.setSwitches({ uniqueEmail: false });
    world.edit('201', { UsrEmail: SHARED, UsrName: 'Олена Ткач' });
    expect(await world.push()).toMatchObject({ status: 'succeeded', failures: [] });
    expect(inDirectory(world, '201')).toMatchObject({ name: 'Олена Ткач', email: SHARED });
    expect(await world.sync()).toMatchObject({ status: 'nothing-to-do' });
  });

  test('keeps nobody from being added; the next sync says what is missing', async () => {
    world = await startPushing({ users: withMail });
    const record = world.add({ login: 'new.one', columns: { UsrEmail: SHARED }, licences: ['CHAT'] });
    expect(await world.push([record])).toMatchObject({
      status: 'succeeded',
      added: 1,
      warnings: [{ code: 'email.shared', message: expect.stringContaining('Тарас Лисенко') }],
    });
    const [made] = world.withLogin('new.one');
    expect(idsIn(made?.['license'])).toEqual(['S-CHAT']);
    expect(textOf(made?.['email'])).toBe('');
    expect((await world.sync()).failures).toMatchObject([
      { person: textOf(made?.['id']), code: 'CONFLICT', message: expect.stringContaining(SHARED) },
    ]);
    world.creatio.updateRow('UsrWebitelUser', record, { UsrEmail: 'new.one@example.test' });
    expect(await world.sync()).toMatchObject({ failures: [] });
    expect(textOf(world.withLogin('new.one')[0]?.['email'])).toBe('new.one@example.test');
    expect(await world.sync()).toMatchObject({ status: 'nothing-to-do' });
  });

  test('does not stand in the way of undoing what was carried', async () => {
    world = await startPushing({ users: withMail });
    const before = inDirectory(world, '201');
    world.edit('201', { UsrEmail: 'o.tkach@example.test', UsrName: 'Олена Ткач' });
    const pushed = await world.push();
    expect(pushed).toMatchObject({ status: 'succeeded', operations: { 'directoryUser.update': 2 } });
    const { rollcall } = await world.open();
    const { report } = await rollcall.undo(pushed.runId, { trigger: 'command' });
    expect(report).toMatchObject({ status: 'succeeded', failures: [] });
    expect(inDirectory(world, '201')).toEqual(before);
  });
});

test('what nobody means to write goes to the directory without it, once', async () => {
  world = await startPushing();
  world.edit('201', { UsrName: 'Олена\r\nКо\u0007валь\u202e', UsrChatName: 'о\u0000лена\u2066' });
  world.edit('202', { UsrName: '  Bohdan\u200b Hrytsenko ' });
  expect(await world.push()).toMatchObject({ status: 'succeeded', failures: [], warnings: [] });
  expect(inDirectory(world, '201')).toMatchObject({ name: 'Олена Коваль', chat: 'олена' });
  // Blanks and joiners are somebody's letters.
  expect(inDirectory(world, '202')?.name).toBe('  Bohdan\u200b Hrytsenko ');
  expect(await world.push()).toMatchObject({ status: 'nothing-to-do', failures: [], warnings: [] });
  expect(await world.sync()).toMatchObject({ status: 'nothing-to-do', failures: [], warnings: [] });
});
