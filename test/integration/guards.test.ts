import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { exitCodeOfRun } from '../../src/cli/support/exit.ts';
import { generatePeople } from '../../src/sandbox/people/generate.ts';
import { crmState, totalOf } from '../support/comparison.ts';
import { contact, guid, people, startWorld, textOf, user, type World } from '../support/world.ts';

// A first import of 500 takes its time on a busy machine.
jest.setTimeout(120_000);

let world: World;

afterEach(() => world.close());

const policy = (budgets: string): string =>
  `policy: { exclude: { logins: [rollcall] }, guards: { budgets: ${budgets} } }`;

/** Ten people whom the CRM does not know, and five whom it does. */
function strangers(config: string) {
  return startWorld({
    config,
    data: people({
      webitel: {
        users: [
          ...SURNAMES.map((name, index) => user(String(101 + index), `Олена ${name}`)),
          ...SURNAMES.slice(0, 5).map((name, index) => user(String(201 + index), `Роман ${name}`)),
        ],
      },
      creatio: {
        Contact: SURNAMES.slice(0, 5).map((name, index) => contact(guid(index + 1), `${name} Роман`)),
      },
    }),
  });
}
const SURNAMES = [
  'Коваль',
  'Бондар',
  'Ткач',
  'Гончар',
  'Мельник',
  'Кравець',
  'Швець',
  'Лимар',
  'Рибак',
  'Чумак',
];

const approve = async (runId: string) => {
  const { rollcall } = await world.open();
  return (await rollcall.approve(runId, { trigger: 'command' })).report;
};

describe('a budget', () => {
  test('stops a first import of 500 that would create three contacts for every ten people, until it is approved', async () => {
    const { data, truth } = generatePeople({ users: 500, contacts: 2000, crmUsers: 400, seed: 11 });
    const gone = new Set<string>();
    // CRM users keep their contacts, so strangers are made of the others.
    const owned = new Set((data.creatio['SysAdminUnit'] ?? []).map((row) => textOf(row['ContactId'])));
    const missing = Object.values(truth).filter(({ contact: id }) => id === null).length;
    for (const { contact: id } of Object.values(truth))
      if (id !== null && !owned.has(id) && gone.size + missing < 170) gone.add(id);
    const rest = (table: string, column: string) =>
      (data.creatio[table] ?? []).filter((row) => !gone.has(textOf(row[column])));
    world = await startWorld({
      data: {
        webitel: data.webitel,
        creatio: {
          ...data.creatio,
          Contact: rest('Contact', 'Id'),
          ContactCommunication: rest('ContactCommunication', 'ContactId'),
          UsrWebitelUser: rest('UsrWebitelUser', 'UsrContactId'),
        },
      },
    });
    const before = crmState(world.creatio);
    const stopped = await world.import();
    const [guard] = stopped.guards;
    expect(guard).toMatchObject({ guard: 'budget.contactsCreated', allowed: 100 });
    expect(guard?.number).toBeGreaterThanOrEqual(140);
    expect(stopped).toMatchObject({ status: 'awaiting-approval', finishedAt: null, operations: {} });
    expect(exitCodeOfRun(stopped.status)).toBe(3);
    expect(world.counted()).toEqual({ all: stopped.requests.used, writes: 0 });
    expect(crmState(world.creatio)).toEqual(before);

    const plan = await (await world.open()).rollcall.runPlan(stopped.runId);
    const report = await approve(stopped.runId);
    expect(report).toMatchObject({ status: 'succeeded', outcomes: { failed: 0, stale: 0, skipped: 0 } });
    expect(totalOf(report.operations)).toBe(plan?.operations.length);
    expect(report.operations['contact.create']).toBe(guard?.number);
    expect(await world.import()).toMatchObject({ status: 'nothing-to-do' });
  });

  test('lets pass what is within its number or its share, and stops at one more', async () => {
    world = await strangers(policy('{ contactsCreated: { count: 9, percent: 0 } }'));
    expect((await world.import()).guards.map(({ number, allowed }) => [number, allowed])).toEqual([[10, 9]]);
    await world.close();
    world = await strangers(policy('{ contactsCreated: { count: 10, percent: 0 } }'));
    expect(await world.import()).toMatchObject({ status: 'succeeded', guards: [] });
    await world.close();
    // Ten of sixteen.
    world = await strangers(policy('{ contactsCreated: { count: 0, percent: 62.5 } }'));
    expect(await world.import()).toMatchObject({ status: 'succeeded', guards: [] });
  });

  test('is not for asking: neither --yes nor a saved plan passes it', async () => {
    world = await strangers(policy('{ contactsCreated: { count: 3, percent: 0 } }'));
    const plan = await world.plan();
    expect(plan.guards).toHaveLength(1);
    let asked = 0;
    const report = await world.import({ plan, confirm: () => Promise.resolve((asked += 1) > 0) });
    expect(report).toMatchObject({ status: 'awaiting-approval' });
    expect(asked).toBe(0);
    expect(world.counted().writes).toBe(0);
    expect(await approve(report.runId)).toMatchObject({ status: 'succeeded' });
  });
});

describe('a plan that waits for approval', () => {
  const few = policy('{ contactsCreated: { count: 3, percent: 0 } }');

  test('is refused row by row where it has gone stale, and applied where it has not', async () => {
    world = await strangers(few);
    const { runId } = await world.import();
    world.creatio.insertRow('Contact', contact(guid(77), 'Рибак Олена'));
    world.webitel.deleteRow('users', '110');
    const report = await approve(runId);
    expect(report).toMatchObject({ status: 'partial', outcomes: { failed: 0 } });
    const staleOf = report.failures.filter(({ code }) => code === 'STALE').map(({ person }) => person);
    expect(new Set(staleOf)).toEqual(new Set(['109', '110']));
    expect(world.rows('Contact').filter((row) => /Рибак/u.test(textOf(row['Name'])))).toHaveLength(1);
    expect(world.record('101')).toBeDefined();
    expect(world.record('109')).toBeUndefined();
    expect(world.record('110')).toBeUndefined();
    // The next import sees nine known people and takes up the one that was left.
    expect(await world.import()).toMatchObject({
      status: 'succeeded',
      situations: { linked: 13, matched: 1 },
    });
  });

  test('gives way to a newer one, and cannot be approved after that', async () => {
    world = await strangers(few);
    const older = await world.import();
    const newer = await world.import();
    await expect(approve(older.runId)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(newer.runId),
    });
    expect(await approve(newer.runId)).toMatchObject({ status: 'succeeded' });
    await expect(approve(newer.runId)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  test('goes on waiting when nobody agrees, or when the directory cannot be read to check it', async () => {
    world = await strangers(few);
    const { runId } = await world.import();
    const { rollcall } = await world.open();
    const declined = await rollcall.approve(runId, {
      trigger: 'command',
      confirm: () => Promise.resolve(false),
    });
    expect(declined.report.status).toBe('awaiting-approval');
    world.webitel.setFaults([
      { system: 'webitel', method: 'GET', path: '/users', fault: 'status', status: 502 },
    ]);
    const unread = await approve(runId);
    expect(unread).toMatchObject({ status: 'awaiting-approval' });
    expect((await rollcall.run(runId)).problem).toContain('could not be read completely');
    expect(world.counted().writes).toBe(0);
    world.webitel.setFaults([]);
    expect(await approve(runId)).toMatchObject({ status: 'succeeded' });
  });

  test('is refused as a whole when the policy is another by now', async () => {
    world = await strangers(few);
    const { runId } = await world.import();
    await world.reconfigure(policy('{ contactsCreated: { count: 4, percent: 0 } }'));
    await expect(approve(runId)).rejects.toMatchObject({ code: 'VALIDATION' });
    expect(world.counted().writes).toBe(0);
  });

  test('outlives the process', async () => {
    world = await strangers(few);
    const { runId } = await world.import();
    await world.shut();
    expect(await approve(runId)).toMatchObject({ runId, status: 'succeeded' });
  });
});

describe('protected people', () => {
  test('get new records, but theirs are neither changed nor marked gone without approval', async () => {
    world = await startWorld({
      config:
        'policy: { exclude: { logins: [rollcall] }, guards: { protected: { logins: [USER101], patterns: ["vip-*"] } } }',
      data: people({
        webitel: {
          users: [
            user('101', 'Олена Коваль', {
              device: { id: '71', name: 'phone' },
              devices: [
                { id: '71', name: 'phone' },
                { id: '72', name: 'another' },
              ],
            }),
            user('102', 'Роман Ткач', { username: 'vip-tkach' }),
          ],
        },
      }),
    });
    expect(await world.import()).toMatchObject({ status: 'succeeded', guards: [] });
    world.webitel.updateRow('users', '101', { device: { id: '72', name: 'another' } });
    world.webitel.deleteRow('users', '102');
    const report = await world.import();
    expect(report).toMatchObject({
      status: 'awaiting-approval',
      guards: [{ guard: 'protected', number: 2, message: expect.stringContaining('user101') }],
    });
    expect(world.record('101')).toMatchObject({ UsrDefaultDevice: 'phone' });
    expect(await approve(report.runId)).toMatchObject({ status: 'succeeded' });
    expect(world.record('101')).toMatchObject({ UsrDefaultDevice: 'another' });
  });
});
