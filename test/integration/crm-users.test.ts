import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { FaultRule, Row } from '../../src/sandbox/types.ts';
import { onceDead, startImport, until } from '../support/import-child.ts';
import { contact, guid, people, startWorld, textOf, user, type World } from '../support/world.ts';

jest.setTimeout(120_000);

const KNOWN = '101';
const NEW = ['102', '103', '104', '105', '106', '107'];
const ALL_EMPLOYEES = 'a29a3ba5-4b0d-de11-9a51-005056c00008';
const CULTURE = 'a5420246-0a8e-e111-84a3-00155d054c03';
const NOBODY = '00000000-0000-0000-0000-000000000000';
const NAMES = [
  'Roman Tkach',
  'Ірина Бондар',
  'Bohdan Hrytsenko',
  'Lesia Moroz',
  'Taras Lysenko',
  'Pavlo Zhuk',
];
const QUICK = { backoffMs: 5, backoffCapMs: 20 };
const RIGHTS = /CanManageAdministration and CanManageUsers/;

/** One person whom the CRM knows, without a CRM user, and six whom it does not. */
const data = people({
  webitel: {
    users: [
      user(KNOWN, 'Олена Коваль'),
      ...NEW.map((id, at) =>
        user(id, NAMES[at] ?? '', {
          email: `user${id}@example.test`,
          license: [{ id: 'S-CC', prod: 'CALL_CENTER' }],
          roles: [{ id: '900', name: 'Operators' }],
        }),
      ),
    ],
  },
  creatio: { Contact: [contact(guid(1), 'Олена Коваль')] },
});

const worlds: World[] = [];
async function world(options: Partial<Parameters<typeof startWorld>[0]> = {}): Promise<World> {
  const started = await startWorld({ data, httpPolicy: QUICK, ...options });
  worlds.push(started);
  return started;
}
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((one) => one.close()));
});

const usersOf = (one: World): Row[] =>
  one.rows('SysAdminUnit').filter((row) => row['SysAdminUnitTypeValue'] === 4 && row['Name'] !== 'rollcall');
const loginsOf = (one: World): string[] =>
  usersOf(one)
    .map((row) => textOf(row['Name']))
    .toSorted();
const routesOf = (one: World): Record<string, number> =>
  Object.fromEntries(
    one.creatio
      .requests()
      .filter(({ route }) => /AdministrationService|batch/.test(route))
      .map(({ route, count }) => [route.replace(/.*\//, ''), count]),
  );
const calls = (
  fault: FaultRule['fault'],
  when: FaultRule['when'],
  more: Partial<FaultRule> = {},
): FaultRule[] => [{ system: 'creatio', path: 'UpdateOrCreateUser', when: when ?? {}, fault, ...more }];
const LOGINS = NEW.map((id) => `user${id}`);

/** The second import of a world is the proof that the first has left nothing half done. */
async function expectNothingLeft(one: World): Promise<void> {
  const before = usersOf(one);
  one.counted();
  expect(await one.import()).toMatchObject({ status: 'nothing-to-do', pendingPush: 0, notes: [] });
  expect(one.counted().writes).toBe(0);
  expect(usersOf(one)).toEqual(before);
}

describe('the first import', () => {
  test('makes an inactive CRM user for everybody who is new to the CRM, and the second writes nothing', async () => {
    const one = await world();
    const report = await one.import();
    expect(report).toMatchObject({
      status: 'succeeded',
      situations: { matched: 1, unmatched: NEW.length },
      operations: { 'contact.create': NEW.length, 'crmUser.create': NEW.length },
      outcomes: { failed: 0, stale: 0, skipped: 0 },
    });
    expect(loginsOf(one)).toEqual(LOGINS);
    for (const id of NEW) {
      const record = one.record(id);
      const [own] = usersOf(one).filter((row) => row['Name'] === `user${id}`);
      expect(own).toMatchObject({
        ContactId: record?.['UsrContactId'],
        Active: false,
        Email: `user${id}@example.test`,
        SysCultureId: CULTURE,
        ConnectionType: 0,
      });
      expect(record).toMatchObject({ UsrUserId: own?.['Id'] });
      expect(one.rows('SysUserInRole').filter((row) => row['SysUserId'] === own?.['Id'])).toEqual([
        expect.objectContaining({ SysRoleId: ALL_EMPLOYEES }),
      ]);
    }
    // Whoever was found in the CRM gets no CRM user, and the report says so.
    expect(one.record(KNOWN)).toMatchObject({ UsrContactId: guid(1), UsrUserId: NOBODY });
    expect(report.notes).toEqual([expect.stringMatching(/^1 of the telephony records made stand without/)]);
    await expectNothingLeft(one);
  });

  test('takes one call for each, and one batch more than without them', async () => {
    const one = await world();
    const report = await one.import();
    expect(routesOf(one)).toEqual({ GetUsersCount: 1, UpdateOrCreateUser: NEW.length, $batch: 3 });
    expect(report.requests.used).toBe(one.counted().all);
    expect(report.requests.used).toBeLessThanOrEqual(1.1 * report.requests.floor + 5);
    const alone = await world({
      config: 'policy: { createCrmUsers: never, exclude: { logins: [rollcall] } }',
    });
    const { requests } = await alone.import();
    // Probe, look for logins, the calls.
    expect(report.requests.floor - requests.floor).toBe(2 + NEW.length);
  });

  test('a plan says who gets one, and making it asks for the right once and writes nothing', async () => {
    const one = await world();
    const plan = await one.plan();
    const creations = plan.operations.filter(({ entity }) => entity === 'crmUser');
    expect(creations.map(({ after }) => after['Name'])).toEqual(LOGINS);
    expect(creations.map(({ after }) => after['Active'])).toEqual(NEW.map(() => false));
    expect(JSON.stringify(plan)).not.toMatch(/password/i);
    expect(one.counted().writes).toBe(0);
    const report = await one.import({ plan });
    expect(report).toMatchObject({ status: 'succeeded', outcomes: { stale: 0 } });
    expect(loginsOf(one)).toEqual(LOGINS);
  });

  test.each([
    ['the account lacks the right', { cannotManageUsers: ['rollcall'] }],
    ['the site has no such service', { dropMethods: ['GetUsersCount', 'UpdateOrCreateUser'] }],
  ])('makes the records alone where %s, and says what is missing', async (_, switches) => {
    const one = await world();
    one.creatio.setSwitches(switches);
    const { rollcall } = await one.open();
    const finding = (await rollcall.check()).find(({ code }) => code === 'creatio.users');
    expect(finding).toEqual({
      severity: 'warning',
      code: 'creatio.users',
      message: expect.stringMatching(/made without CRM users\.$/),
      cure: expect.stringMatching(RIGHTS),
    });
    one.counted();
    const report = await one.import();
    expect(report).toMatchObject({ status: 'succeeded', operations: { 'contact.create': NEW.length } });
    expect(report.operations['crmUser.create']).toBeUndefined();
    expect(report.notes).toContainEqual(expect.stringMatching(/^Left out \(CRM users.*: 6\./));
    expect(report.notes).toContainEqual(expect.stringMatching(RIGHTS));
    expect(report.requests.used).toBe(one.counted().all);
    expect(loginsOf(one)).toEqual([]);
    expect(NEW.map((id) => one.record(id)?.['UsrUserId'])).toEqual(NEW.map(() => NOBODY));
    await expectNothingLeft(one);
  });

  test('makes none by policy, and check does not ask for the right', async () => {
    const one = await world({ config: 'policy: { createCrmUsers: never, exclude: { logins: [rollcall] } }' });
    const { rollcall } = await one.open();
    expect(await rollcall.check()).toContainEqual(
      expect.objectContaining({ severity: 'ok', code: 'creatio.users' }),
    );
    const report = await one.import();
    expect(report).toMatchObject({ status: 'succeeded' });
    expect(report.notes).toContainEqual(expect.stringMatching(/policy\.createCrmUsers/));
    expect(routesOf(one)).toEqual({ $batch: expect.any(Number) });
    expect(loginsOf(one)).toEqual([]);
    await expectNothingLeft(one);
  });
});

describe('a CRM user that is refused does not lose the telephony record', () => {
  test('for want of the right, which was taken away meanwhile: a few are tried, the records stand alone', async () => {
    const one = await world();
    const report = await one.import({
      confirm: () => {
        one.creatio.setSwitches({ cannotManageUsers: ['rollcall'] });
        return Promise.resolve(true);
      },
    });
    expect(report).toMatchObject({ status: 'partial', outcomes: { failed: 4, skipped: 2, stale: 0 } });
    expect(report.failures).toHaveLength(4);
    expect(report.failures[0]).toMatchObject({ operation: 'crmUser.create', code: 'FORBIDDEN' });
    expect(report.notes).toContainEqual(expect.stringMatching(/^6 CRM users were not made.*CanManageAdm/));
    expect(NEW.map((id) => one.record(id)?.['UsrUserId'])).toEqual(NEW.map(() => NOBODY));
    expect(one.rows('UsrWebitelUserLicense')).toHaveLength(NEW.length);
    await expectNothingLeft(one);
  });

  test.each([
    [
      'the product refuses one of them',
      { refuseRows: [{ entity: 'SysAdminUnit', column: 'Name', equals: 'user104' }] },
    ],
    ['the password policy is stricter than anything', { passwordMinLength: 200 }],
  ])('because %s', async (_, switches) => {
    const one = await world();
    one.creatio.setSwitches(switches);
    const report = await one.import();
    const lost = NEW.filter((id) => one.record(id)?.['UsrUserId'] === NOBODY);
    expect(lost).toEqual('refuseRows' in switches ? ['104'] : NEW);
    expect(report).toMatchObject({ status: 'partial', outcomes: { failed: lost.length, skipped: 0 } });
    expect(report.failures.map(({ person }) => person)).toEqual(lost);
    expect(loginsOf(one)).toEqual(LOGINS.filter((login) => !lost.includes(login.slice(4))));
    await expectNothingLeft(one);
  });

  test('because somebody took the login after the plan was made: nobody else is touched', async () => {
    const one = await world();
    const rival = { Id: guid(77), Name: 'user105', SysAdminUnitTypeValue: 5, SysCultureId: CULTURE };
    const report = await one.import({
      confirm: () => {
        one.creatio.insertRow('SysAdminUnit', { ...rival, Active: true });
        return Promise.resolve(true);
      },
    });
    expect(report.failures).toEqual([
      expect.objectContaining({ person: '105', operation: 'crmUser.create', code: 'CONFLICT' }),
    ]);
    expect(one.rows('SysAdminUnit').filter((row) => row['Name'] === 'user105')).toEqual([
      expect.objectContaining({ ...rival, Active: true }),
    ]);
    expect(one.record('105')).toMatchObject({ UsrUserId: NOBODY });
  });
});

test('a record that was entered by hand is filled with the new CRM user, or with all else if that is refused', async () => {
  const byHand = {
    ...data,
    creatio: { ...data.creatio, UsrWebitelUser: [{ Id: guid(9), UsrUsername: 'user102', UsrName: 'Roman' }] },
  };
  const one = await world({ data: byHand });
  expect(await one.import()).toMatchObject({ status: 'succeeded' });
  const own = usersOf(one).find((row) => row['Name'] === 'user102');
  expect(one.record('102')).toMatchObject({ Id: guid(9), UsrUserId: own?.['Id'], UsrName: 'Roman' });
  await expectNothingLeft(one);

  const other = await world({ data: byHand });
  const report = await other.import({
    confirm: () => {
      other.creatio.setSwitches({ cannotManageUsers: ['rollcall'] });
      return Promise.resolve(true);
    },
  });
  expect(report.failures.map(({ operation }) => operation)).not.toContain('telephonyRecord.update');
  expect(other.record('102')).toMatchObject({
    Id: guid(9),
    UsrUserId: NOBODY,
    UsrContactId: other.rows('Contact').find((row) => row['Name'] === NAMES[0])?.['Id'],
  });
  await expectNothingLeft(other);
});

describe('a login that another CRM user has', () => {
  test('keeps the person without a CRM user and is named', async () => {
    const one = await world({
      data: people({
        webitel: { users: [user('201', 'Roman Tkach', { username: 'R.Tkach' })] },
        creatio: {
          Contact: [contact(guid(1), 'Somebody Entirely'), contact(guid(2), 'Another One')],
          SysAdminUnit: [1, 2].map((n) => ({
            Id: guid(50 + n),
            Name: n === 1 ? 'r.tkach' : 'R.TKACH',
            ContactId: guid(n),
            SysCultureId: CULTURE,
          })),
        },
      }),
    });
    const report = await one.import();
    expect(report).toMatchObject({ status: 'succeeded', situations: { unmatched: 1 } });
    expect(report.warnings).toEqual([
      expect.objectContaining({
        person: '201',
        code: 'crmUser.loginTaken',
        message: expect.stringContaining('r.tkach'),
      }),
    ]);
    expect(one.record('201')).toMatchObject({ UsrUserId: NOBODY });
    expect(usersOf(one)).toHaveLength(2);
    await expectNothingLeft(one);
  });
});

describe('exactly one CRM user is made although', () => {
  test.each([
    [
      'the answer to the first sending of each is lost',
      calls('reset-after-write', { firstOfBody: true, times: 6 }),
    ],
    ['the first calls are carried out and never answered', calls('timeout-after-write', { times: 3 })],
    [
      'the connection breaks before the first calls are carried out',
      calls('reset-before-write', { times: 3 }),
    ],
    ['half of the first answers arrives', calls('truncated', { times: 3 })],
    ['a proxy answers the first calls', calls('html', { times: 3 })],
    ['the session dies', calls('expire-session', { times: 2 }, { mode: 'fault' })],
    ['the host asks for fewer calls', calls('status', { times: 2 }, { status: 429 })],
  ])('%s', async (_, faults) => {
    const one = await world({ httpPolicy: { ...QUICK, attemptMs: 1500 } });
    one.creatio.setFaults(faults);
    const report = await one.import();
    expect(report).toMatchObject({
      status: 'succeeded',
      operations: { 'crmUser.create': NEW.length },
      outcomes: { failed: 0, skipped: 0, stale: 0 },
    });
    expect(report.requests.used).toBe(one.counted().all);
    expect(loginsOf(one)).toEqual(LOGINS);
    expect(usersOf(one).map((row) => row['Active'])).toEqual(NEW.map(() => false));
    one.creatio.setFaults([]);
    await expectNothingLeft(one);
  });

  test('handlers behind the save fail', async () => {
    const one = await world();
    one.creatio.setSwitches({ postWriteError: 0.5 });
    expect(await one.import()).toMatchObject({ status: 'succeeded', outcomes: { failed: 0, skipped: 0 } });
    expect(loginsOf(one)).toEqual(LOGINS);
    await expectNothingLeft(one);
  });

  test('the service is out of reach for one import: the next one makes them, and the records with them', async () => {
    const one = await world();
    one.creatio.setFaults(calls('html', {}));
    const report = await one.import();
    expect(report).toMatchObject({ status: 'partial' });
    expect(NEW.map((id) => one.record(id))).toEqual(NEW.map(() => undefined));
    one.creatio.setFaults([]);
    expect(await one.import()).toMatchObject({ status: 'succeeded', situations: { matched: NEW.length } });
    expect(loginsOf(one)).toEqual(LOGINS);
    expect(NEW.map((id) => one.record(id)?.['UsrUserId'])).not.toContain(NOBODY);
    await expectNothingLeft(one);
  });

  test.each([
    {
      when: 'between CRM users and records',
      fault: { path: 'batch', when: { nth: 3 }, fault: 'latency', delayMs: 5000 },
      struck: (one: World) => (routesOf(one)['$batch'] ?? 0) >= 3,
      made: NEW.length,
    },
    {
      when: 'while some are being made, of which one is made and never answered',
      fault: { path: 'UpdateOrCreateUser', when: { nth: 3 }, fault: 'timeout-after-write' },
      struck: (one: World) => usersOf(one).length >= 4,
      made: 4,
    },
  ] as const)('the process is killed $when', async ({ fault, struck, made }) => {
    const one = await world();
    one.creatio.setFaults([{ system: 'creatio', ...fault }]);
    const child = startImport(one);
    try {
      await until(() => struck(one));
    } finally {
      child.kill();
    }
    expect(await child.ended).toEqual({ signal: 'SIGKILL', output: '' });
    const before = usersOf(one);
    expect(before).toHaveLength(made);
    // Somebody puts one of them to use meanwhile.
    const [used] = before;
    one.creatio.updateRow('SysAdminUnit', textOf(used?.['Id']), { Active: true });
    one.creatio.setFaults([]);
    const { rollcall } = await one.open();
    const { report, resumed } = await onceDead(() =>
      rollcall.import({ trigger: 'command', confirm: () => Promise.resolve(true) }),
    );
    expect(resumed).toBe(true);
    expect(report).toMatchObject({ status: 'succeeded', outcomes: { failed: 0, stale: 0, skipped: 0 } });
    expect(loginsOf(one)).toEqual(LOGINS);
    expect(usersOf(one).filter((row) => row['Active'] === true)).toEqual([
      expect.objectContaining({ Id: used?.['Id'] }),
    ]);
    // What had been carried out was found out by reading.
    expect(routesOf(one)['UpdateOrCreateUser']).toBe(NEW.length);
    await expectNothingLeft(one);
  });
});
