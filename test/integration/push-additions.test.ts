import { afterEach, describe, expect, test } from '@jest/globals';
import type { FaultRule } from '../../src/sandbox/types.ts';
import { idsIn, LICENCES, startPushing, TRIO, type Pushing } from '../support/pushing.ts';
import { isDeleted, referenceOf } from '../support/two-sides.ts';
import { textOf } from '../support/world.ts';

let world: Pushing;
afterEach(() => world.close());

const CREATE = { system: 'webitel', method: 'POST', path: '/users\\?' } as const;
const QUICK = { backoffMs: 5, backoffCapMs: 20, attemptMs: 1500 };
const idIn = (recordId: string): string =>
  textOf(world.rows('UsrWebitelUser').find((row) => row['Id'] === recordId)?.['UsrExternalId']);

describe('a create is carried out once', () => {
  test.each<[string, FaultRule]>([
    ['its answer is lost', { ...CREATE, when: { times: 1 }, fault: 'reset-after-write' }],
    ['its answer never comes', { ...CREATE, when: { times: 1 }, fault: 'timeout-after-write' }],
    ['its answer is cut in half', { ...CREATE, when: { times: 1 }, fault: 'truncated' }],
  ])('%s: the user who was made is adopted', async (_, fault) => {
    world = await startPushing({ httpPolicy: QUICK });
    const record = world.add({ login: 'new.one', licences: ['CALL_CENTER'], roles: ['901'] });
    world.webitel.setFaults([fault]);
    world.webitel.clearRequests();
    expect(await world.push([record])).toMatchObject({ status: 'succeeded', added: 1 });
    const made = world.withLogin('new.one');
    expect(made).toHaveLength(1);
    expect(world.asked('POST', /\/users$/)).toBe(1);
    expect(idIn(record)).toBe(made[0]?.['id']);
    expect(await world.sync()).toMatchObject({ status: 'nothing-to-do' });
  });

  test('nothing was done: it is sent again', async () => {
    world = await startPushing();
    const record = world.add({ login: 'new.one' });
    world.webitel.setFaults([{ ...CREATE, when: { times: 2 }, fault: 'reset-before-write' }]);
    expect(await world.push([record])).toMatchObject({ status: 'succeeded', added: 1 });
    expect(world.withLogin('new.one')).toHaveLength(1);
  });

  test('the process stumbles between the answer and keeping it', async () => {
    let isArmed = false;
    world = await startPushing({
      onMoment: (moment) => {
        if (!isArmed || moment !== 'answered') return;
        isArmed = false;
        throw new Error('stumbled');
      },
    });
    const record = world.add({ login: 'new.one' });
    isArmed = true;
    await world.push([record]).catch(() => undefined);
    await world.push([record]).catch(() => undefined);
    expect(isArmed).toBe(false);
    expect(world.withLogin('new.one')).toHaveLength(1);
    expect(idIn(record)).toBe(world.withLogin('new.one')[0]?.['id']);
    expect(await world.sync()).toMatchObject({ status: 'nothing-to-do' });
  });

  test('the write-back fails for good: the next sync repairs it without a second user', async () => {
    world = await startPushing();
    const record = world.add({ login: 'new.one' });
    world.creatio.setFaults([
      {
        system: 'creatio',
        path: '\\$batch',
        fault: 'status',
        status: 400,
        body: { error: { code: '', message: 'no' } },
      },
    ]);
    await world.push([record]).catch(() => undefined);
    expect(world.withLogin('new.one')).toHaveLength(1);
    expect(idIn(record)).toBe('');
    world.creatio.setFaults([]);
    await world.push([record]).catch(() => undefined);
    await world.sync();
    expect(world.withLogin('new.one')).toHaveLength(1);
    expect(idIn(record)).toBe(world.withLogin('new.one')[0]?.['id']);
    expect(await world.sync()).toMatchObject({ status: 'nothing-to-do' });
  });
});

describe('a create that cannot be', () => {
  test('a login that somebody else has is a conflict, and the others are done', async () => {
    world = await startPushing();
    const taken = world.add({ login: 'another', columns: { UsrUsername: 'O.Koval' } });
    const free = world.add({ login: 'free.one' });
    const report = await world.push([taken, free]);
    expect(report).toMatchObject({ status: 'partial', added: 2 });
    expect(report.failures).toMatchObject([{ person: `record:${taken}`, code: 'CONFLICT' }]);
    expect([idIn(taken), idIn(free) === '']).toEqual(['', false]);
    const again = await world.sync();
    expect(again.failures).toMatchObject([{ person: `record:${taken}`, code: 'CONFLICT' }]);
    expect(world.withLogin('o.koval')).toHaveLength(1);
    // Another login cures it.
    world.creatio.updateRow('UsrWebitelUser', taken, { UsrUsername: 'another' });
    expect(await world.sync()).toMatchObject({ status: 'succeeded', failures: [] });
    expect(idIn(taken)).toBe(world.withLogin('another')[0]?.['id']);
  });

  test('a login that a deleted user holds is free once that user is removed for good', async () => {
    world = await startPushing();
    world.webitel.updateRow('users', '203', { deleted_at: '1700000000000' });
    const record = world.add({ login: 'i.bondar', name: 'Інша Людина' });
    const report = await world.push([record]);
    expect(report.failures).toMatchObject([{ code: 'LOGIN_HELD_BY_DELETED' }]);
    expect(idIn(record)).toBe('');
    world.webitel.deleteRow('users', '203');
    expect((await world.sync()).failures).toEqual([]);
    expect(world.withLogin('i.bondar').map((row) => row['id'])).toEqual([idIn(record)]);
  });

  test('a licence that is used up leaves no half-made user, and the others are done', async () => {
    const licenses = [{ ...LICENCES[0], limit: 2 }, { ...LICENCES[1] }];
    world = await startPushing({ licenses });
    const [a, b, c] = ['one', 'two', 'three'].map((login) =>
      world.add({ login: `new.${login}`, licences: login === 'three' ? ['CHAT'] : ['CALL_CENTER', 'CHAT'] }),
    );
    const report = await world.push();
    expect(report.failures).toMatchObject([{ code: 'QUOTA' }]);
    const made = [a, b, c].map((record) => idIn(record ?? '') !== '');
    expect(made.filter(Boolean)).toHaveLength(2);
    expect(made[2]).toBe(true);
    expect(world.withLogin(made[0] ? 'new.two' : 'new.one')).toEqual([]);
    // Somebody buys seats.
    world.webitel.updateRow('licenses', 'S-CC', { limit: 9 });
    expect(await world.sync()).toMatchObject({ failures: [] });
    expect([a, b, c].map((record) => idIn(record ?? '') !== '')).toEqual([true, true, true]);
    expect(await world.sync()).toMatchObject({ status: 'nothing-to-do' });
  });

  test('a licence that is used up unseen is refused by the directory, and nobody is half made', async () => {
    const licenses = [{ ...LICENCES[0], limit: 2 }, { ...LICENCES[1] }];
    let isArmed = false;
    world = await startPushing({
      licenses,
      onMoment: (moment) => {
        if (!isArmed || moment !== 'planned') return;
        isArmed = false;
        world.webitel.updateRow('users', '203', { license: [{ id: 'S-CC' }] });
      },
    });
    const record = world.add({ login: 'new.one', licences: ['CALL_CENTER'] });
    isArmed = true;
    expect((await world.push([record])).failures).toMatchObject([{ code: 'QUOTA' }]);
    expect(world.withLogin('new.one')).toEqual([]);
  });

  test('a record without a CRM user, or with values that the directory does not take, says what to do', async () => {
    world = await startPushing();
    const nobody = textOf(
      world.creatio.insertRow('UsrWebitelUser', { UsrUsername: 'x', UsrActive: true })['Id'],
    );
    const mail = world.add({ login: 'a@b', columns: {} });
    const letters = world.add({ login: 'fine', columns: { UsrExtension: '12a' } });
    const report = await world.push();
    expect(new Map(report.failures.map(({ person, code }) => [person, code]))).toEqual(
      new Map([
        [`record:${nobody}`, 'crmUser.required'],
        [`record:${mail}`, 'login.characters'],
        [`record:${letters}`, 'extension.characters'],
      ]),
    );
    expect(world.asked('POST', /\/users$/)).toBe(0);
  });
});

describe('delete and add again', () => {
  test('after the deletion was carried out, the login is held by the deleted user', async () => {
    world = await startPushing();
    const first = world.add({ login: 'new.one', licences: ['CHAT'], columns: { UsrExtension: '2300' } });
    await world.push([first]);
    const crmUser = world.rows('UsrWebitelUser').find((row) => row['Id'] === first)?.['UsrUserId'] ?? null;
    world.creatio.deleteRow('UsrWebitelUser', first);
    expect(await world.push([first])).toMatchObject({ status: 'succeeded' });
    const row = world.creatio.insertRow('UsrWebitelUser', { UsrUserId: crmUser, UsrActive: true });
    const second = textOf(row['Id']);
    expect((await world.push([second])).failures).toMatchObject([{ code: 'LOGIN_HELD_BY_DELETED' }]);
    const [held] = world.withLogin('new.one');
    world.webitel.deleteRow('users', textOf(held?.['id']));
    const freed = await world.push([second]);
    expect(freed.failures).toEqual([]);
    expect(world.withLogin('new.one').map((one) => one['id'])).toEqual([idIn(second)]);
    // The first one counts the seat that was freed.
    await world.sync();
    expect(await world.sync()).toMatchObject({ status: 'nothing-to-do' });
  });

  test('in one go, the person keeps one user that is alive, or a case says why not', async () => {
    world = await startPushing();
    const first = world.add({ login: 'new.one', licences: ['CHAT'] });
    await world.push([first]);
    const crmUser = world.rows('UsrWebitelUser').find((row) => row['Id'] === first)?.['UsrUserId'] ?? null;
    world.creatio.deleteRow('UsrWebitelUser', first);
    const second = textOf(
      world.creatio.insertRow('UsrWebitelUser', { UsrUserId: crmUser, UsrActive: true })['Id'],
    );
    const report = await world.push([first, second]);
    const next = await world.sync();
    const users = world.withLogin('new.one');
    expect(users).toHaveLength(1);
    const [only] = users;
    if (only !== undefined && isDeleted(only))
      expect([...report.failures, ...next.failures].map(({ code }) => code)).toContain(
        'LOGIN_HELD_BY_DELETED',
      );
    else expect(idIn(second)).toBe(only?.['id']);
  });
});

test('a new user carries our reference, and only what was asked for', async () => {
  world = await startPushing({ users: TRIO });
  const record = world.add({ login: 'new.one', roles: ['901'] });
  await world.push([record]);
  const [made] = world.withLogin('new.one');
  expect(referenceOf(made ?? {})).toMatch(/^[0-9a-f-]{36}$/);
  expect(idsIn(made?.['license'])).toEqual([]);
  expect(idsIn(made?.['roles'])).toEqual(['901']);
});
