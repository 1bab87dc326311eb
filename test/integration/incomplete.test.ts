import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import { describeError, exitCodeOfRun } from '../../src/cli/support/exit.ts';
import { generatePeople } from '../../src/sandbox/people/generate.ts';
import type { FaultRule, Json, Sandbox } from '../../src/sandbox/types.ts';
import { crmState } from '../support/comparison.ts';
import {
  CUSTOMER,
  contact,
  guid,
  people,
  startWorld,
  user,
  type World,
  type WorldOptions,
} from '../support/world.ts';

/** More than one page of users. */
const company = generatePeople({ users: 520, contacts: 560, crmUsers: 300, seed: 11 }).data;

const QUICK = { backoffMs: 5, backoffCapMs: 20 };

const open: World[] = [];

async function world(data: WorldOptions['data']): Promise<World> {
  const started = await startWorld({ data, httpPolicy: QUICK });
  open.push(started);
  return started;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

/** The run is stopped, both systems were only read, and nothing was remembered: the next run starts from the same. */
async function expectStopped(shaken: World, note: RegExp): Promise<void> {
  shaken.counted();
  const before = crmState(shaken.creatio);
  const report = await shaken.import({ confirm: () => Promise.reject(new Error('Nothing is to be asked.')) });
  expect(report).toMatchObject({
    status: 'stopped',
    directory: { complete: false },
    operations: {},
    outcomes: { confirmed: 0, failed: 0, stale: 0, skipped: 0 },
    failures: [],
  });
  expect(exitCodeOfRun(report.status)).toBe(3);
  expect(report.notes).toContainEqual(expect.stringMatching(note));
  expect(shaken.counted()).toEqual({ all: report.requests.used, writes: 0 });
  expect(crmState(shaken.creatio)).toEqual(before);
  const { rollcall } = await shaken.open();
  expect((await rollcall.runs(1))[0]).toMatchObject({ id: report.runId, status: 'stopped', phase: 'done' });
}

const webitel = (rule: Omit<FaultRule, 'system'>): FaultRule => ({ system: 'webitel', ...rule });
const SECOND_PAGE = '/users\\?.*page=2';

const CUT_SHORT: readonly {
  what: string;
  note: RegExp;
  rules?: FaultRule[];
  switches?: Record<string, Json>;
}[] = [
  {
    what: 'a page of users fails for good',
    note: /could not be read to its end.*500/,
    rules: [webitel({ path: SECOND_PAGE, fault: 'status', status: 500 })],
  },
  {
    what: 'a page of users is a web page for good',
    note: /could not be read to its end.*web page/,
    rules: [webitel({ path: SECOND_PAGE, fault: 'html' })],
  },
  {
    what: 'a page of users is cut off for good',
    note: /could not be read to its end.*half an answer/,
    rules: [webitel({ path: SECOND_PAGE, fault: 'truncated' })],
  },
  {
    what: 'a page of users is no answer at all',
    note: /could not be read to its end/,
    rules: [webitel({ path: SECOND_PAGE, fault: 'status', status: 200, body: { items: 'none' } })],
  },
  {
    what: 'the roles cannot be read',
    note: /could not be read to its end/,
    rules: [webitel({ path: '/roles', fault: 'reset-before-write' })],
  },
  {
    what: 'a page says that nothing follows, and something does',
    note: /Incomplete reading/,
    switches: { loseNext: { page: 1 } },
  },
  {
    what: 'one user comes on two pages',
    note: /came more than once/,
    switches: { duplicateRow: { page: 2 } },
  },
];

const HIDDEN: typeof CUT_SHORT = [
  { what: 'the account sees 30 users', note: /seats in use/, switches: { visibleUsers: 30 } },
  {
    what: 'the account sees 30 users, itself not among them',
    note: /the account that Rollcall works as is not among the users/,
    switches: { visibleUsers: 30, ownUserVisible: false },
  },
];

const CALM = { loseNext: null, duplicateRow: null, visibleUsers: null, ownUserVisible: true };

function disturb(shaken: World, { rules = [], switches = {} }: (typeof CUT_SHORT)[number]): void {
  shaken.webitel.setFaults(rules);
  shaken.webitel.setSwitches({ ...CALM, ...switches });
}

describe('an import is stopped and writes nothing when', () => {
  let shaken: World;
  beforeAll(async () => {
    shaken = await startWorld({ data: company, httpPolicy: QUICK });
  });
  afterAll(() => shaken.close());

  test.each([...CUT_SHORT, ...HIDDEN])('it is the very first one and $what', async (given) => {
    disturb(shaken, given);
    await expectStopped(shaken, given.note);
  });

  test('none of that keeps the next import from doing its work', async () => {
    disturb(shaken, { what: 'nothing', note: /^/ });
    expect(await shaken.import()).toMatchObject({ status: 'succeeded', directory: { complete: true } });
  });

  test.each([...CUT_SHORT, ...HIDDEN])('everybody is linked and $what', async (given) => {
    disturb(shaken, given);
    await expectStopped(shaken, given.note);
  });

  test('an account that saw too little has made nobody gone', async () => {
    disturb(shaken, { what: 'nothing', note: /^/ });
    expect(await shaken.import()).toMatchObject({ status: 'nothing-to-do', gone: 0, pendingPush: 0 });
  });
});

describe('a refusal of the directory is an error, not an incomplete reading, when', () => {
  test.each([
    ['the token is refused', [webitel({ fault: 'status', status: 401 })], {}, 'AUTHENTICATION'],
    ['a permission is missing', [], { permissions: [] }, 'FORBIDDEN'],
    ['the licence of the account does not cover users', [], { scopes: ['roles', 'license'] }, 'FORBIDDEN'],
  ])('%s', async (_, rules, switches, code) => {
    const shaken = await world(people({ webitel: { users: [user('101', 'Olena Koval')] } }));
    shaken.webitel.setFaults(rules);
    shaken.webitel.setSwitches(switches);
    const error: unknown = await shaken.import().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code });
    expect(describeError(error).exitCode).toBe(1);
    expect(shaken.counted().writes).toBe(0);
    const { rollcall } = await shaken.open();
    expect((await rollcall.runs(1))[0]).toMatchObject({ status: 'failed', phase: 'done' });
  });
});

/** Each reading of the collection brings every other row only, and the count of all. */
function halve(creatio: Sandbox, table: string): void {
  const rows = creatio.state()[table] ?? [];
  creatio.setFaults([
    {
      system: 'creatio',
      method: 'GET',
      path: `/odata/${table}\\?`,
      fault: 'status',
      status: 200,
      body: { '@odata.count': rows.length, value: rows.filter((_row, index) => index % 2 === 0) },
    },
  ]);
}

describe('when the count of the CRM does not match what was read, also not the second time', () => {
  const small = generatePeople({ users: 40, contacts: 60, crmUsers: 30, seed: 3 }).data;

  test('nobody is created or linked by name alone, and the report says so', async () => {
    const calm = await world(small);
    const undisturbed = await calm.import();
    const shaken = await world(small);
    const before = crmState(shaken.creatio);
    halve(shaken.creatio, 'Contact');
    const report = await shaken.import();
    expect(report).toMatchObject({ crm: { complete: false }, directory: { complete: true } });
    expect(report.status).toBe('partial');
    expect(Object.keys(report.operations).filter((kind) => !kind.endsWith('.update'))).toEqual([]);
    expect(report.notes).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Incomplete reading: Contact: \d+ rows were read, but the CRM counts \d+\.$/),
        expect.stringMatching(/^Left out \(what would have been created\): \d+\. /),
      ]),
    );
    const after = crmState(shaken.creatio);
    for (const [table, rows] of Object.entries(after)) expect(rows).toHaveLength(before[table]?.length ?? 0);
    expect(shaken.counted().all).toBe(report.requests.used);

    shaken.creatio.setFaults([]);
    expect(await shaken.import()).toMatchObject({
      situations: { unmatched: undisturbed.situations.unmatched },
    });
    // The status of a record is written only together with another change, and its rows were adopted without one.
    const aside = ['UsrSyncStatusId'];
    expect(crmState(shaken.creatio, aside)).toEqual(crmState(calm.creatio, aside));
  });

  test('no record counts as deleted, and nobody as gone', async () => {
    const shaken = await world(small);
    await shaken.import();
    const before = crmState(shaken.creatio);
    const [leaver] = shaken.rows('UsrWebitelUser');
    // Deleted softly, so that the seats of the licences stay as they are.
    shaken.webitel.updateRow('users', textOf(leaver?.['UsrExternalId']), { deleted_at: '1764000000000' });
    halve(shaken.creatio, 'UsrWebitelUser');
    shaken.counted();
    const report = await shaken.import();
    expect(report).toMatchObject({
      status: 'partial',
      crm: { complete: false },
      pendingPush: 0,
      gone: 0,
    });
    expect(report.notes).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Left out \(users gone from the directory\): 1\. /),
        expect.stringMatching(/^Left out \(differences that rest on missing rows\): \d+\. /),
      ]),
    );
    expect(shaken.counted()).toEqual({ all: report.requests.used, writes: 0 });
    expect(crmState(shaken.creatio)).toEqual(before);

    shaken.creatio.setFaults([]);
    expect(await shaken.import()).toMatchObject({ status: 'succeeded', gone: 1, pendingPush: 0 });
  });
});

describe('contacts that others add and delete while a run reads', () => {
  const PAGE = 2000;
  const CUSTOMERS = 2050;
  const LATE = '102';
  /** The contact of the second user is the last but one of all; that of the third comes while the run reads. */
  const shop = people({
    webitel: {
      users: [user('101', 'Olena Koval'), user('103', 'Bohdan Hrytsenko'), user(LATE, 'Iryna Bondar')],
    },
    creatio: {
      Contact: [
        ...Array.from({ length: CUSTOMERS }, (_, n) =>
          contact(guid(n + 1), `Buyer ${n}`, { TypeId: CUSTOMER }),
        ),
        contact(guid(9001), 'Olena Koval'),
        contact(guid(9002), 'Bohdan Hrytsenko'),
      ],
    },
  });
  const slow = (times: number): FaultRule => ({
    system: 'creatio',
    path: `/odata/Contact\\?.*skip=${PAGE - 1}\\b`,
    when: { times },
    fault: 'latency',
    // Long enough to be noticed on a busy machine.
    delayMs: 2000,
  });
  const pagesAsked = (shaken: World): number =>
    shaken.creatio
      .requests()
      .filter(({ route }) => route.endsWith('/odata/Contact'))
      .reduce((total, { count }) => total + count, 0);

  test('between two pages do not stop it and double nobody', async () => {
    const shaken = await world(shop);
    // The contacts of the built-in accounts and of ours stand beside those of the test.
    const standing = shaken.rows('Contact').length - CUSTOMERS - 2;
    shaken.creatio.setFaults([slow(1)]);
    const running = shaken.import();
    await until(() => pagesAsked(shaken) === 2);
    shaken.creatio.deleteRow('Contact', guid(7));
    shaken.creatio.insertRow('Contact', contact(guid(9003), 'Iryna Bondar'));
    const report = await running;
    expect(report).toMatchObject({
      status: 'succeeded',
      crm: { complete: true },
      situations: { matched: 3, unmatched: 0 },
    });
    // Two pages, and two more since the pages did not join.
    expect(pagesAsked(shaken)).toBe(4);
    expect(shaken.record(LATE)).toMatchObject({ UsrContactId: guid(9003) });
    expect(shaken.rows('Contact').filter((row) => !textOf(row['Name']).startsWith('Buyer'))).toHaveLength(
      3 + standing,
    );
  });

  test('between the pages of both readings leave out what rests on absence, and the next run does it', async () => {
    const shaken = await world(shop);
    shaken.creatio.setFaults([slow(2)]);
    const running = shaken.import();
    for (const [pages, removed] of [
      [2, 7],
      [4, 8],
    ] as const) {
      await until(() => pagesAsked(shaken) === pages);
      shaken.creatio.deleteRow('Contact', guid(removed));
    }
    const report = await running;
    expect(report).toMatchObject({ status: 'partial', crm: { complete: false }, operations: {} });
    expect(report.notes).toContainEqual(expect.stringMatching(/^Left out/));
    expect(shaken.counted()).toEqual({ all: report.requests.used, writes: 0 });

    expect(await shaken.import()).toMatchObject({
      status: 'succeeded',
      situations: { matched: 2, unmatched: 1 },
      operations: { 'contact.create': 1, 'telephonyRecord.create': 3 },
    });
  });
});

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 60_000; !condition(); await wait(5))
    if (Date.now() > deadline) throw new Error('What the test waits for has not come.');
}
