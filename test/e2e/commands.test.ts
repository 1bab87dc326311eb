import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { z } from 'zod';
import { Plan } from '../../src/domain/planning/plan.ts';
import { Report } from '../../src/domain/run.ts';
import {
  type Bench,
  cell,
  errorOf,
  onlyJson,
  openBench,
  type Outcome,
  type Row,
  type Sandboxes,
  type Truth,
  writesAmong,
} from './support.ts';

jest.setTimeout(180_000);

const Case = z.looseObject({
  id: z.string(),
  directoryUserId: z.string(),
  status: z.enum(['open', 'decided', 'closed']),
  candidates: z.array(z.looseObject({ contactId: z.string(), evidence: z.array(z.looseObject({})).min(1) })),
});
type Case = z.infer<typeof Case>;

const EMPLOYEE = '60733efc-f36b-1410-a883-16d83cab0980';

/** Directory users, each with two staff contacts of the same name: only a person can tell. */
const NAMESAKES = [
  {
    id: '80001',
    name: 'Соломія Вереснева',
    contacts: ['00000000-0000-4000-8000-0000000000a1', '00000000-0000-4000-8000-0000000000a2'],
  },
  {
    id: '80002',
    name: 'Orest Lystopad',
    contacts: ['00000000-0000-4000-8000-0000000000b1', '00000000-0000-4000-8000-0000000000b2'],
  },
] as const;

let bench: Bench;
let sandboxes: Sandboxes;
let truth: Truth;

beforeAll(async () => {
  bench = await openBench();
  sandboxes = await bench.sandbox(['--users', '60', '--contacts', '200', '--crm-users', '45', '--seed', '7']);
  truth = await sandboxes.control.truth();
  for (const { id, name, contacts } of NAMESAKES) {
    await insert('webitel', 'users', { id, name, username: `user.${id}` });
    for (const contact of contacts)
      await insert('creatio', 'Contact', { Id: contact, Name: name, TypeId: EMPLOYEE });
  }
});

afterAll(() => bench.close());

/** Runs a command on the shared sandboxes and data directory; answers the document that it prints. */
async function ask<S extends z.ZodType>(schema: S, args: readonly string[], code = 0): Promise<z.output<S>> {
  const outcome = await command(...args, '--json');
  expect([outcome.code, outcome.code === code ? '' : outcome.stderr]).toEqual([code, '']);
  return schema.parse(onlyJson(outcome.stdout));
}

const insert = (system: string, table: string, row: Row): Promise<void> =>
  sandboxes.control.post('/rows', { system, table, op: 'insert', row });

const command = (...args: readonly string[]): Promise<Outcome> =>
  bench.run(['-c', sandboxes.config, ...args]);
const importAll = (code = 0): Promise<Report> => ask(Report, ['import', '--yes'], code);

async function record(userId: string): Promise<Row | undefined> {
  const { creatio } = await sandboxes.control.state();
  return creatio['UsrWebitelUser']?.find((row) => row['UsrExternalId'] === userId);
}

// These build on each other, as the days of an administrator do.
describe('a plan that is saved, read and applied', () => {
  let file: string;
  let plan: Plan;

  test('plan writes the file and nothing else', async () => {
    file = join(bench.folder, 'monday.plan.json');
    plan = await ask(Plan, ['plan', '--out', file]);
    expect(Plan.parse(JSON.parse(await readFile(file, 'utf8')))).toEqual(plan);
    expect(plan.operations.length).toBeGreaterThan(60);
    expect(plan.operations.filter(({ reason }) => reason === '')).toEqual([]);
    expect(writesAmong(await sandboxes.control.requests())).toEqual([]);
  });

  test.each([
    ['import', () => ['import']],
    ['apply', () => ['apply', file]],
  ])('%s without --yes and without a terminal asks nobody: 3, and nothing is read', async (_, args) => {
    await sandboxes.control.forgetRequests();
    const outcome = await command(...args(), '--json');
    expect(outcome.code).toBe(3);
    expect(errorOf(outcome)).toMatchObject({
      code: 'CONFIRMATION_REQUIRED',
      cure: expect.stringContaining('--yes'),
    });
    expect(await sandboxes.control.requests()).toEqual([]);
  });

  test('a plan that was tampered with is refused before anything is read', async () => {
    const bad = join(bench.folder, 'tampered.plan.json');
    const text = await readFile(file, 'utf8');
    const contactId = plan.people.find((person) => person.contactId !== null)?.contactId ?? '';
    await writeFile(bad, text.replaceAll(contactId, '00000000-0000-4000-8000-00000000000f'));
    const outcome = await command('apply', bad, '--yes', '--json');
    expect(outcome.code).toBe(64);
    expect(errorOf(outcome)).toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('fingerprint'),
    });
    expect(await sandboxes.control.requests()).toEqual([]);
  });

  test('apply --yes does what the plan says', async () => {
    const report = await ask(Report, ['apply', file, '--yes']);
    expect(report.status).toBe('succeeded');
    expect(report.outcomes).toEqual({ confirmed: plan.operations.length, failed: 0, stale: 0, skipped: 0 });
    expect(await importAll()).toMatchObject({ status: 'nothing-to-do' });
  });

  test('runs lists them newest first; runs show tells report and plan of one', async () => {
    const Runs = z.array(
      z.looseObject({ runId: z.string(), status: z.string(), startedAt: z.iso.datetime() }),
    );
    const runs = await ask(Runs, ['runs']);
    expect(runs.map(({ status }) => status)).toEqual(['nothing-to-do', 'succeeded']);
    const applied = runs[1]?.runId ?? '';
    expect((await ask(Report, ['runs', 'show', applied])).outcomes.confirmed).toBe(plan.operations.length);
    expect(await ask(Plan, ['runs', 'show', applied, '--plan'])).toEqual(plan);
    const missing = await command('runs', 'show', 'nobody', '--json');
    expect(missing.code).toBe(1);
    expect(errorOf(missing)).toMatchObject({
      code: 'NOT_FOUND',
      cure: expect.stringContaining('rollcall runs'),
    });
  });
});

describe('cases', () => {
  const [first, second] = NAMESAKES;
  const caseOf = async (user: string): Promise<Case> => {
    const open = await ask(z.array(Case), ['cases']);
    const found = open.find(({ directoryUserId }) => directoryUserId === user);
    if (found === undefined) throw new Error(`${user} has no open case.`);
    return found;
  };
  let firstCase: Case;
  let secondCase: Case;

  test('are listed with candidates and evidence', async () => {
    [firstCase, secondCase] = [await caseOf(first.id), await caseOf(second.id)];
    expect(new Set(firstCase.candidates.map(({ contactId }) => contactId))).toEqual(new Set(first.contacts));
    expect(await ask(Case, ['cases', 'show', firstCase.id])).toEqual(firstCase);
  });

  test('decide wants a decision, and a candidate of this case', async () => {
    const none = await command('cases', 'decide', firstCase.id, '--json');
    expect([none.code, errorOf(none).code]).toEqual([64, 'USAGE']);
    const stranger = second.contacts[0];
    const wrong = await command('cases', 'decide', firstCase.id, '--same', stranger, '--json');
    expect([wrong.code, errorOf(wrong).code]).toEqual([1, 'VALIDATION']);
  });

  test('revoke takes a decision back', async () => {
    const decide = ['cases', 'decide', firstCase.id, '--same', first.contacts[0]];
    expect(await ask(Case, decide)).toMatchObject({ status: 'decided' });
    expect(await ask(Case, ['cases', 'revoke', firstCase.id])).toMatchObject({ status: 'open' });
    expect(await importAll()).toMatchObject({ status: 'nothing-to-do' });
    expect(await record(first.id)).toBeUndefined();
  });

  test('decide --same binds the person, --different without a contact makes a new one', async () => {
    await ask(Case, ['cases', 'decide', firstCase.id, '--same', first.contacts[1]]);
    await ask(Case, ['cases', 'decide', secondCase.id, '--different']);
    expect(await importAll()).toMatchObject({
      status: 'succeeded',
      operations: { 'contact.create': 1, 'telephonyRecord.create': 2 },
    });
    expect(cell(await record(first.id), 'UsrContactId')).toBe(first.contacts[1]);
    const created = cell(await record(second.id), 'UsrContactId');
    expect(created).toMatch(/^[0-9a-f-]{36}$/u);
    expect(second.contacts).not.toContain(created);
  });
});

test('unlink takes a person and a contact apart, and the next imports leave it so', async () => {
  const { people } = await ask(Plan, ['plan']);
  const linked = people.find(({ situation, userId }) => situation === 'linked' && truth[userId]?.contact);
  const { userId = '', login = '', contactId = '' } = linked ?? {};
  expect(await ask(z.json(), ['unlink', login])).toEqual({ directoryUserId: userId, contactId });
  await importAll();
  const again = await ask(Plan, ['plan']);
  expect(again.people.find((person) => person.userId === userId)?.contactId).not.toBe(contactId);
});

test('one record that the CRM refuses: exit code 2, named, the others done', async () => {
  const { control } = sandboxes;
  await insert('webitel', 'users', { id: '90001', name: 'Refused Person', username: 'person.90001' });
  await insert('webitel', 'users', { id: '90002', name: 'Welcome Person', username: 'person.90002' });
  await control.post('/switches', {
    system: 'creatio',
    values: { refuseRows: [{ entity: 'UsrWebitelUser', column: 'UsrUsername', equals: 'person.90001' }] },
  });
  const report = await importAll(2);
  expect(report).toMatchObject({ status: 'partial', outcomes: { failed: 1 } });
  expect(report.failures).toEqual([
    expect.objectContaining({ person: '90001', operation: 'telephonyRecord.create' }),
  ]);
  expect(await record('90002')).toMatchObject({ UsrName: 'Welcome Person' });
});

test('a directory that shows only some of its people: exit code 3, nothing written', async () => {
  await sandboxes.control.post('/switches', { system: 'webitel', values: { visibleUsers: 5 } });
  await sandboxes.control.forgetRequests();
  const report = await importAll(3);
  expect(report).toMatchObject({ status: 'stopped', directory: { complete: false }, operations: {} });
  expect(report.notes.join(' ')).toMatch(/not read completely/u);
  expect(writesAmong(await sandboxes.control.requests())).toEqual([]);
  await sandboxes.control.post('/switches', { system: 'webitel', values: { visibleUsers: null } });
});

test('match meets a name in two scripts, and leaves strangers alone', async () => {
  const left = join(bench.folder, 'left.json');
  const right = join(bench.folder, 'right.json');
  await writeFile(
    left,
    JSON.stringify([
      { id: '1', name: 'Bohdan Zghurskyi' },
      { id: '2', name: 'Ткаченко Олександра' },
    ]),
  );
  await writeFile(
    right,
    JSON.stringify([
      { id: 'a', name: 'Згурський Богдан Іванович' },
      { id: 'b', name: 'Ткаченко Олександр' },
    ]),
  );
  const Match = z.array(
    z.object({
      left: z.string(),
      decision: z.enum(['auto', 'review', 'none']),
      right: z.string().optional(),
      rule: z.string().optional(),
      candidates: z.array(z.object({ right: z.string(), evidence: z.array(z.looseObject({})) })),
    }),
  );
  const [same, other] = await ask(Match, ['match', '--left', left, '--right', right]);
  expect(same).toMatchObject({ left: '1', decision: 'auto', right: 'a', rule: 'name' });
  expect(same?.candidates[0]?.evidence.length).toBeGreaterThan(0);
  expect(other).toMatchObject({ left: '2' });
  expect(other?.decision).not.toBe('auto');
});

test('demo shows plan, progress and report, finds nothing the second time and leaves nothing behind', async () => {
  const folder = join(bench.folder, 'tmp');
  await mkdir(folder);
  const outcome = await bench.run(['demo'], { env: { TMPDIR: folder } });
  expect([outcome.code, outcome.code === 0 ? '' : outcome.stderr]).toEqual([0, '']);
  expect(outcome.stdout).toContain('The second import wrote nothing.');
  expect(outcome.stdout).toMatch(/contact/iu);
  expect(outcome.stderr).toMatch(/^(Reading|Writing): /mu);
  expect(await readdir(folder)).toEqual([]);
});

test('--help of each command says how to use it and gives an example', async () => {
  const names = ['demo', 'sandbox', 'check', 'plan', 'apply', 'import', 'runs', 'cases', 'unlink', 'match'];
  await Promise.all(
    names.map(async (name) => {
      const outcome = await bench.run([name, '--help']);
      expect(outcome).toMatchObject({ code: 0, stderr: '' });
      expect(outcome.stdout).toMatch(
        new RegExp(`^Usage: rollcall ${name}.*--config.*Example:\\n  rollcall `, 'su'),
      );
    }),
  );
});
