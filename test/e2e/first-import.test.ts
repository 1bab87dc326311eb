import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Report } from '../../src/domain/run.ts';
import {
  type Bench,
  cell,
  onlyJson,
  openBench,
  type Outcome,
  type Requests,
  type Row,
  type Sandboxes,
  type State,
  type Truth,
  writesAmong,
} from './support.ts';

jest.setTimeout(180_000);

const NOBODY = '00000000-0000-0000-0000-000000000000';

/** What an import writes, each one row of a batch; rows that the CRM adds by itself are in other tables. */
const WRITTEN = [
  'Contact',
  // Each a call of its own.
  'SysAdminUnit',
  'UsrDirectory',
  'UsrSyncStatus',
  'UsrWebitelLicense',
  'UsrWebitelRole',
  'UsrWebitelUser',
  'UsrWebitelUserLicense',
  'UsrWebitelUserRole',
];

interface Imported {
  readonly outcome: Outcome;
  readonly report: Report;
  readonly requests: Requests;
}

let bench: Bench;
let sandboxes: Sandboxes;
let truth: Truth;
let before: State;
let after: State;
let first: Imported;
let second: Imported;

async function importOnce(): Promise<Imported> {
  await sandboxes.control.forgetRequests();
  const outcome = await bench.run(['-c', sandboxes.config, 'import', '--yes', '--json']);
  return {
    outcome,
    report: Report.parse(onlyJson(outcome.stdout)),
    requests: await sandboxes.control.requests(),
  };
}

beforeAll(async () => {
  bench = await openBench();
  const numbers = ['--users', '500', '--contacts', '2000', '--crm-users', '400', '--seed', '7'];
  sandboxes = await bench.sandbox(numbers);
  truth = await sandboxes.control.truth();
  before = await sandboxes.control.state();
  first = await importOnce();
  after = await sandboxes.control.state();
  second = await importOnce();
});

afterAll(() => bench.close());

const table = (state: State, name: string): readonly Row[] => state.creatio[name] ?? [];
const idsOf = (rows: readonly Row[]): Set<string> => new Set(rows.map((row) => cell(row, 'Id')));
const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
const counted = (requests: Requests, system?: string): number =>
  total(requests.filter((one) => system === undefined || one.system === system).map(({ count }) => count));

/** Contact and CRM user of each telephony record, by directory user; empty ids left out. */
function linksOf(state: State): Map<string, { contact: string | null; crmUser: string | null }> {
  const idOf = (row: Row, column: string): string | null => {
    const id = cell(row, column);
    return id === '' || id === NOBODY ? null : id;
  };
  return new Map(
    table(state, 'UsrWebitelUser')
      .filter((row) => cell(row, 'UsrExternalId') !== '')
      .map((row) => [
        cell(row, 'UsrExternalId'),
        { contact: idOf(row, 'UsrContactId'), crmUser: idOf(row, 'UsrUserId') },
      ]),
  );
}

/** The rows of a table that an import made or changed. */
function writtenRows(name: string): { created: number; updated: number } {
  const old = new Map(table(before, name).map((row) => [cell(row, 'Id'), JSON.stringify(row)]));
  const rows = table(after, name);
  return {
    created: rows.filter((row) => !old.has(cell(row, 'Id'))).length,
    updated: rows.filter((row) => {
      const known = old.get(cell(row, 'Id'));
      return known !== undefined && known !== JSON.stringify(row);
    }).length,
  };
}

/** The least number of requests for reading both sides as they stood in a state (design §5, Requests). */
function readingFloor(state: State): number {
  const pages = (rows: number, size: number): number => Math.max(1, Math.ceil(rows / size));
  const directory = [
    state.webitel['users'] ?? [],
    state.webitel['licenses'] ?? [],
    // Every user has a personal role, which the role list holds and the state may leave out.
    [
      ...(state.webitel['roles'] ?? []).filter((role) => role['user'] !== true),
      ...(state.webitel['users'] ?? []),
    ],
  ];
  const crm = [
    table(state, 'Contact'),
    table(state, 'SysAdminUnit').filter((row) => row['SysAdminUnitTypeValue'] === 4),
    ...WRITTEN.filter((name) => name !== 'Contact' && name !== 'SysAdminUnit').map((name) =>
      table(state, name),
    ),
  ];
  const signIn = 1;
  const whoAmI = 2;
  const metadata = 1;
  return (
    signIn +
    whoAmI +
    metadata +
    total(directory.map((rows) => pages(rows.length, 500))) +
    total(crm.map((rows) => pages(rows.length, 2000)))
  );
}

/** The same for an import that led from `before` to `after`. */
function importFloor(): number {
  const written = WRITTEN.map((name) => ({ name, ...writtenRows(name) }));
  const inBatches = written.filter(({ name }) => name !== 'SysAdminUnit');
  const rows = total(inBatches.map(({ created, updated }) => created + updated));
  const crmUsers = writtenRows('SysAdminUnit').created;
  const probe = 1;
  const verified = written.filter(({ updated }) => updated > 0);
  return (
    readingFloor(before) +
    Math.ceil(rows / 100) +
    probe +
    Math.ceil(crmUsers / 25) +
    crmUsers +
    total(verified.map(({ name }) => Math.ceil(table(before, name).length / 2000)))
  );
}

describe('the first import of 500 people', () => {
  test('succeeds and prints one report', () => {
    expect(first.outcome.code).toBe(0);
    expect(first.report).toMatchObject({ status: 'succeeded', kind: 'import', trigger: 'command' });
    expect(Object.keys(truth)).toHaveLength(500);
  });

  test('links nobody to a contact or a CRM user that is not theirs', () => {
    const stood = idsOf(table(before, 'Contact'));
    const stoodAsUser = idsOf(table(before, 'SysAdminUnit'));
    const wrong = [...linksOf(after)].filter(([userId, { contact, crmUser }]) => {
      const own = truth[userId] ?? { contact: null, crmUser: null };
      const isWrongContact =
        contact !== null && (own.contact === null ? stood.has(contact) : contact !== own.contact);
      const isWrongUser =
        crmUser !== null && (own.crmUser === null ? stoodAsUser.has(crmUser) : crmUser !== own.crmUser);
      return isWrongContact || isWrongUser;
    });
    expect(wrong).toEqual([]);
  });

  test('creates no contact for a user whose contact exists, and each of the others once', () => {
    const stood = idsOf(table(before, 'Contact'));
    const created = [...idsOf(table(after, 'Contact'))].filter((id) => !stood.has(id));
    const newcomers = [...linksOf(after)].filter(
      ([, { contact }]) => contact !== null && !stood.has(contact),
    );
    expect(newcomers.filter(([userId]) => truth[userId]?.contact !== null)).toEqual([]);
    expect(newcomers).toHaveLength(created.length);
    expect(new Set(newcomers.map(([, { contact }]) => contact))).toEqual(new Set(created));
    expect(created.length).toBeGreaterThan(0);
    expect(first.report.operations['contact.create']).toBe(created.length);
  });

  test('makes one inactive CRM user for each new contact, and changes none that stood', () => {
    const stood = idsOf(table(before, 'SysAdminUnit'));
    const created = table(after, 'SysAdminUnit').filter((row) => !stood.has(cell(row, 'Id')));
    const contacts = idsOf(table(before, 'Contact'));
    const newcomers = table(after, 'Contact').filter((row) => !contacts.has(cell(row, 'Id')));
    expect(created.map((row) => cell(row, 'ContactId')).toSorted()).toEqual([...idsOf(newcomers)].toSorted());
    expect(created.filter((row) => row['Active'] !== false)).toEqual([]);
    expect(first.report.operations['crmUser.create']).toBe(created.length);
    expect(writtenRows('SysAdminUnit').updated).toBe(0);
    const ofRecords = [...linksOf(after).values()].map(({ crmUser }) => crmUser);
    for (const row of created) expect(ofRecords).toContain(cell(row, 'Id'));
  });

  test('links at least 85 % of those who have a contact, and leaves at most 8 % of all to a person', () => {
    const links = linksOf(after);
    const withContact = Object.entries(truth).filter(([, { contact }]) => contact !== null);
    const linked = withContact.filter(([userId, { contact }]) => links.get(userId)?.contact === contact);
    expect(linked.length / withContact.length).toBeGreaterThanOrEqual(0.85);
    // A record that stood with its contact may belong to a person who waits for a decision.
    expect(first.report.situations.matched / withContact.length).toBeGreaterThanOrEqual(0.85);
    expect(first.report.cases / 500).toBeLessThanOrEqual(0.08);
    const { disputed, excluded, invalid } = first.report.situations;
    expect(links.size).toBeGreaterThanOrEqual(500 - disputed - excluded - invalid);
  });

  test('keeps every telephony record that stood, and makes none twice', () => {
    const stood = idsOf(table(before, 'UsrWebitelUser'));
    const records = table(after, 'UsrWebitelUser');
    expect([...stood].filter((id) => !idsOf(records).has(id))).toEqual([]);
    const users = records.map((row) => cell(row, 'UsrExternalId')).filter((id) => id !== '');
    const doubledBefore = table(before, 'UsrWebitelUser')
      .map((row) => cell(row, 'UsrExternalId'))
      .filter((id, index, all) => id !== '' && all.indexOf(id) !== index);
    expect(users.filter((id, index) => users.indexOf(id) !== index)).toEqual(doubledBefore);
  });

  test('gives a report whose sums add up', () => {
    const { report } = first;
    expect(report.directory).toEqual({ users: 500, complete: true });
    expect(total(Object.values(report.situations))).toBe(500);
    expect(total(Object.values(report.operations))).toBe(total(Object.values(report.outcomes)));
    expect(report.outcomes).toMatchObject({ failed: 0, stale: 0, skipped: 0 });
    expect(report.cases).toBe(report.situations.disputed);
    const written = WRITTEN.map(writtenRows);
    expect(report.outcomes.confirmed).toBe(total(written.map(({ created, updated }) => created + updated)));
    expect(report.crm).toEqual({
      contacts: table(before, 'Contact').length,
      crmUsers: table(before, 'SysAdminUnit').filter((row) => row['SysAdminUnitTypeValue'] === 4).length,
      telephonyRecords: table(before, 'UsrWebitelUser').length,
      complete: true,
    });
  });

  test('counts its requests as the sandboxes do, and uses few', () => {
    const { used, floor, bySystem } = first.report.requests;
    expect(used).toBe(counted(first.requests));
    expect(bySystem).toEqual({
      creatio: counted(first.requests, 'creatio'),
      webitel: counted(first.requests, 'webitel'),
    });
    expect(floor).toBe(importFloor());
    expect(used).toBeLessThanOrEqual(1.1 * importFloor() + 5);
  });
});

describe('the second import', () => {
  test('has nothing to do and only reads', async () => {
    expect(second.outcome.code).toBe(0);
    expect(second.report).toMatchObject({ status: 'nothing-to-do', operations: {} });
    expect(writesAmong(second.requests)).toEqual([]);
    expect(await sandboxes.control.state()).toEqual(after);
  });

  test('uses at most two requests more than the least', () => {
    const { used, floor } = second.report.requests;
    expect(used).toBe(counted(second.requests));
    expect(floor).toBe(readingFloor(after));
    expect(used).toBeLessThanOrEqual(readingFloor(after) + 2);
  });
});
