import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Report } from '../../src/domain/run.ts';
import { generatePeople } from '../../src/sandbox/people/generate.ts';
import type { FaultRule } from '../../src/sandbox/types.ts';
import { crmState, resultOf } from '../support/comparison.ts';
import { contact, guid, people, startWorld, user, type World, type WorldOptions } from '../support/world.ts';

/** Enough people for a plan of several requests. */
const { data } = generatePeople({ users: 60, contacts: 90, crmUsers: 50, seed: 7 });

/** Short pauses: what is tested is that calls are repeated, not how long that takes. */
const QUICK = { backoffMs: 5, backoffCapMs: 20 };

const BATCH = '/\\$batch';
const LOGIN_PAGE =
  '<!DOCTYPE html><html><head><script src="/Login/NuiLogin.js"></script></head><body></body></html>';

let worlds: World[] = [];

async function world(options: Partial<WorldOptions> = {}): Promise<World> {
  const started = await startWorld({ data, httpPolicy: QUICK, ...options });
  worlds.push(started);
  return started;
}

afterEach(async () => {
  const open = worlds;
  worlds = [];
  await Promise.all(open.map((one) => one.close()));
});

let undisturbed: { report: Report; state: ReturnType<typeof crmState> };

beforeAll(async () => {
  const calm = await startWorld({ data, httpPolicy: QUICK });
  const report = await calm.import();
  undisturbed = { report, state: crmState(calm.creatio) };
  await calm.close();
});

const creatio = (rule: Omit<FaultRule, 'system'>): FaultRule => ({ system: 'creatio', ...rule });
const webitel = (rule: Omit<FaultRule, 'system'>): FaultRule => ({ system: 'webitel', ...rule });
const once = { times: 1 };

test('without faults, the plan needs several requests, and everything in it is done', () => {
  expect(undisturbed.report).toMatchObject({
    status: 'succeeded',
    outcomes: { failed: 0, stale: 0, skipped: 0 },
  });
  expect(undisturbed.report.outcomes.confirmed).toBeGreaterThan(200);
});

const FAULTS: readonly (readonly [string, readonly FaultRule[], WorldOptions['httpPolicy']?])[] = [
  [
    'the connection is reset after the first sending of every $batch body was applied',
    [creatio({ path: BATCH, when: { firstOfBody: true }, fault: 'reset-after-write' })],
  ],
  [
    'the first sending of every $batch body is applied and never answered',
    [creatio({ path: BATCH, when: { firstOfBody: true }, fault: 'timeout-after-write' })],
    { ...QUICK, attemptMs: 2500 },
  ],
  [
    'the connection is reset before the first sending of every $batch body was applied',
    [creatio({ path: BATCH, when: { firstOfBody: true }, fault: 'reset-before-write' })],
  ],
  [
    'connections are reset while both sides are read',
    [
      creatio({ path: '/odata/Contact\\?', when: once, fault: 'reset-before-write' }),
      creatio({ path: 'metadata', when: once, fault: 'reset-after-write' }),
      webitel({ path: '/users', when: once, fault: 'reset-before-write' }),
    ],
  ],
  [
    'the session dies during the reading and answers 401',
    [creatio({ path: '/odata/Contact\\?', when: once, fault: 'expire-session', mode: '401' })],
  ],
  [
    'the session dies during the writing and answers 401',
    [1, 3].map((nth) => creatio({ path: BATCH, when: { nth }, fault: 'expire-session', mode: '401' })),
  ],
  [
    'the session dies again and again and redirects to the login page',
    [
      creatio({ path: '/odata/Contact\\?', when: once, fault: 'expire-session', mode: 'redirect' }),
      creatio({ path: BATCH, when: { nth: 2 }, fault: 'expire-session', mode: 'redirect' }),
    ],
  ],
  [
    'the session dies during reading and writing, and the login page is answered with 200',
    ['/odata/Contact\\?', BATCH].flatMap((path) => [
      creatio({ path, when: once, fault: 'expire-session' }),
      creatio({
        path,
        when: once,
        fault: 'status',
        status: 200,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: LOGIN_PAGE,
      }),
    ]),
  ],
  [
    'both systems answer 429 without saying for how long',
    [
      creatio({ path: '/odata/Contact\\?', when: { times: 2 }, fault: 'status', status: 429 }),
      creatio({ path: BATCH, when: { times: 2 }, fault: 'status', status: 429 }),
      webitel({ path: '/users', when: { times: 2 }, fault: 'status', status: 429 }),
      webitel({ path: '/userinfo', when: once, fault: 'status', status: 429 }),
    ],
  ],
  [
    'both systems answer 429 with Retry-After',
    [
      creatio({ path: BATCH, when: once, fault: 'status', status: 429, headers: { 'retry-after': '1' } }),
      creatio({
        path: '/odata/SysAdminUnit\\?',
        when: once,
        fault: 'status',
        status: 503,
        headers: { 'retry-after': '1' },
      }),
      webitel({ path: '/roles', when: once, fault: 'status', status: 429, headers: { 'retry-after': '1' } }),
    ],
  ],
  [
    'a proxy answers reads with a page of HTML and 502',
    [
      creatio({ path: '/odata/(Contact|UsrWebitelUser)\\?', when: { times: 3 }, fault: 'html' }),
      webitel({ path: '/(users|roles)', when: { times: 3 }, fault: 'html' }),
    ],
  ],
  [
    'a proxy answers the first sending of every $batch body with a page of HTML and 502',
    [creatio({ path: BATCH, when: { firstOfBody: true }, fault: 'html' })],
  ],
  [
    'answers to reads are cut in half',
    [
      creatio({ path: '/odata/Contact\\?', when: { times: 2 }, fault: 'truncated' }),
      creatio({ path: 'metadata', when: once, fault: 'truncated' }),
      webitel({ path: '/users', when: { times: 2 }, fault: 'truncated' }),
    ],
  ],
  [
    'the answer to the first sending of every $batch body is cut in half',
    [creatio({ path: BATCH, when: { firstOfBody: true }, fault: 'truncated' })],
  ],
];

describe('an import ends as if nothing had happened when', () => {
  test.each(FAULTS.map(([when, rules, httpPolicy = QUICK]) => ({ when, rules, httpPolicy })))(
    '$when',
    async (given) => {
      const { rules, httpPolicy } = given;
      const shaken = await world({ httpPolicy });
      shaken.creatio.setFaults([...rules]);
      shaken.webitel.setFaults([...rules]);

      const report = await shaken.import();
      expect(resultOf(report)).toEqual(resultOf(undisturbed.report));
      expect(crmState(shaken.creatio)).toEqual(undisturbed.state);
      // The faults did strike, and every request that they cost was counted.
      expect(report.requests.used).toBeGreaterThan(undisturbed.report.requests.used);
      expect(report.requests.used).toBe(shaken.counted().all);

      shaken.creatio.setFaults([]);
      shaken.webitel.setFaults([]);
      const again = await shaken.import();
      expect(again).toMatchObject({ status: 'nothing-to-do', pendingPush: 0 });
      expect(shaken.counted()).toEqual({ all: again.requests.used, writes: 0 });
    },
  );

  test('the next import does what could not be written at all', async () => {
    const shaken = await world();
    shaken.creatio.setFaults([creatio({ path: BATCH, fault: 'expire-session' })]);
    const report = await shaken.import();
    expect(report).toMatchObject({ status: 'partial', outcomes: { confirmed: 0 } });
    expect(report.requests.used).toBe(shaken.counted().all);
    shaken.creatio.setFaults([]);
    expect(resultOf(await shaken.import())).toEqual(resultOf(undisturbed.report));
    expect(crmState(shaken.creatio)).toEqual(undisturbed.state);
  });

  test('the CRM writes rows and answers with an error all the same', async () => {
    const shaken = await world();
    shaken.creatio.setSwitches({ postWriteError: 0.2 });
    const report = await shaken.import();
    expect(resultOf(report)).toEqual(resultOf(undisturbed.report));
    expect(crmState(shaken.creatio)).toEqual(undisturbed.state);
    expect(report.requests.used).toBeGreaterThan(undisturbed.report.requests.used);
    expect(report.requests.used).toBe(shaken.counted().all);
  });
});

describe('a row that the CRM refuses', () => {
  const REFUSED = '102';
  const person = (id: string, name: string, email: string | null) =>
    user(id, name, {
      ...(email === null ? {} : { email }),
      license: [{ id: 'S-CC', prod: 'CALL_CENTER' }],
      roles: [{ id: '900', name: 'Operators' }],
    });
  const three = people({
    webitel: {
      users: [
        person('101', 'Olena Koval', 'olena@example.test'),
        person(REFUSED, 'Bohdan Hrytsenko', null),
        person('103', 'Iryna Bondar', 'iryna@example.test'),
      ],
    },
    creatio: { Contact: [contact(guid(1), 'Olena Koval')] },
  });

  test.each([
    ['for a required column that is empty', { requireColumns: ['UsrWebitelUser.UsrEmail'] }],
    [
      'by a rule of the server',
      { refuseRows: [{ entity: 'UsrWebitelUser', column: 'UsrExternalId', equals: REFUSED }] },
    ],
  ])(
    '%s is one named failure, is listed again without being sent, and is sent when asked for',
    async (_, switches) => {
      const calm = await world({ data: three });
      expect(await calm.import()).toMatchObject({ status: 'succeeded' });

      const shaken = await world({ data: three });
      shaken.creatio.setSwitches(switches);
      const report = await shaken.import();
      const failure = { person: REFUSED, code: 'VALIDATION' };
      expect(report.failures).toEqual([
        expect.objectContaining({ ...failure, operation: 'telephonyRecord.create' }),
      ]);
      // Of this person's rows only the contact and the CRM user came to be.
      expect(report).toMatchObject({ status: 'partial', outcomes: { failed: 1, skipped: 2, stale: 0 } });
      expect(report.requests.used).toBe(shaken.counted().all);
      expect(shaken.rows('UsrWebitelUser').map((row) => row['UsrExternalId'])).toEqual(
        expect.arrayContaining(['101', '103']),
      );
      expect(shaken.record(REFUSED)).toBeUndefined();

      const listed = await shaken.import();
      expect(listed.failures).toEqual([expect.objectContaining(failure)]);
      expect(listed).toMatchObject({
        status: 'partial',
        operations: {},
        situations: { linked: 2, matched: 1 },
      });
      expect(shaken.counted()).toEqual({ all: listed.requests.used, writes: 0 });

      shaken.creatio.setSwitches({ requireColumns: [], refuseRows: [] });
      expect(await shaken.import()).toMatchObject({ status: 'partial', operations: {} });
      expect(await shaken.import({ retryFailed: true })).toMatchObject({
        status: 'succeeded',
        operations: { 'telephonyRecord.create': 1, 'recordLicence.create': 1, 'recordRole.create': 1 },
      });
      expect(crmState(shaken.creatio)).toEqual(crmState(calm.creatio));
      expect(await shaken.import()).toMatchObject({ status: 'nothing-to-do', failures: [] });
    },
  );
});
