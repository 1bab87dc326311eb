import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { createLogControl } from '../../src/log/control.ts';
import { createLogger } from '../../src/log/logger.ts';
import { generatePeople } from '../../src/sandbox/people/generate.ts';
import type { Row, SandboxData } from '../../src/sandbox/types.ts';
import { rejection } from '../http/support.ts';
import { startWorld, type World } from '../support/world.ts';

const Line = z.record(z.string(), z.unknown());
type Line = z.infer<typeof Line>;

/** What tells who a person is, as the systems have it. */
const TELLING = ['name', 'username', 'email', 'Name', 'Email', 'GivenName', 'Surname', 'MobilePhone'];
const OUR_ACCOUNT = 'rollcall';

function namesIn(data: SandboxData): string[] {
  const people: Row[] = [
    ...(data.webitel['users'] ?? []),
    ...(data.creatio['Contact'] ?? []),
    ...(data.creatio['SysAdminUnit'] ?? []),
  ];
  const found = people.flatMap((row) => TELLING.map((field) => row[field]));
  return [
    ...new Set(
      found.filter(
        (value): value is string =>
          typeof value === 'string' && value.length >= 5 && value.toLowerCase() !== OUR_ACCOUNT,
      ),
    ),
  ];
}

/** A world whose product writes a real log at its most detailed. */
async function worldWithLog(data: SandboxData, config?: string) {
  let text = '';
  const logControl = createLogControl();
  const logger = createLogger({
    level: 'debug',
    format: 'json',
    destination: new Writable({
      write(chunk, _encoding, done) {
        text += String(chunk);
        done();
      },
    }),
    secrets: () => [],
    clock: { now: Date.now, sleep: () => Promise.resolve() },
    control: logControl,
  });
  const world = await startWorld({ data, logger, logControl, ...(config === undefined ? {} : { config }) });
  const lines = (): Line[] =>
    text
      .trim()
      .split('\n')
      .map((line) => Line.parse(JSON.parse(line)));
  return { world, lines, text: () => text, logger };
}

describe('the log of an import at its most detailed', () => {
  let data: SandboxData;
  let logged: Awaited<ReturnType<typeof worldWithLog>>;
  let world: World;
  let runId: string;
  /** What was written until the run had ended. */
  let lines: Line[];

  beforeAll(async () => {
    ({ data } = generatePeople({ users: 40, contacts: 120, crmUsers: 30, seed: 5 }));
    logged = await worldWithLog(data);
    ({ world } = logged);
    // Some people cannot be written.
    const refused = (data.webitel['users'] ?? [])
      .filter((row) => row['username'] !== OUR_ACCOUNT)
      .slice(0, 10);
    world.creatio.setSwitches({
      refuseRows: refused.map((row) => ({
        entity: 'UsrWebitelUser',
        column: 'UsrExternalId',
        equals: typeof row['id'] === 'string' ? row['id'] : '',
      })),
    });
    const report = await world.import();
    ({ runId } = report);
    expect(report.failures.length).toBeGreaterThan(0);
    lines = logged.lines();
  });
  afterAll(() => world.close());

  test('names nobody', () => {
    const names = namesIn(data);
    expect(names.length).toBeGreaterThan(200);
    expect(names.filter((name) => logged.text().includes(name))).toEqual([]);
  });

  test('names nobody where a run fails with the words of the CRM, which its own error repeats', async () => {
    const person = namesIn(data)[3] ?? '';
    const before = logged.lines().length;
    world.creatio.setFaults([
      {
        system: 'creatio',
        method: 'GET',
        path: 'Contact',
        fault: 'status',
        status: 400,
        body: { error: { code: '', message: `Cannot read ${person}.` } },
      },
    ]);
    const error = await rejection(world.import());
    world.creatio.setFaults([]);
    expect(String(error)).toContain(person);
    logged.logger.debug('The command failed.', { error });
    const since = logged.lines().slice(before);
    const failed = since.filter(({ message }) => /failed for good|command failed/u.test(String(message)));
    expect(failed.map((line) => JSON.stringify(line['error']))).toEqual([
      expect.stringContaining('[quoted]'),
      expect.stringContaining('[quoted]'),
    ]);
    expect(JSON.stringify(since)).not.toContain(person);
  });

  test('has the id of the run in every line about a request, and the ids of requests, each with what came of it', () => {
    const requests = lines.filter(({ message }) => /^A request (was|is|failed)/u.test(String(message)));
    expect(requests.length).toBeGreaterThan(10);
    expect(new Set(requests.map((line) => line['runId']))).toEqual(new Set([runId]));
    for (const line of requests) {
      expect(line).toMatchObject({
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/u),
        route: expect.any(String),
      });
      expect(['creatio', 'webitel']).toContain(line['system']);
      expect(line).toHaveProperty('status');
    }
    const answered = requests.filter(({ message }) => message === 'A request was answered.');
    expect(new Set(answered.map((line) => line['requestId'])).size).toBe(answered.length);
    for (const line of answered) expect(line['ms']).toEqual(expect.any(Number));
  });

  test('finds who failed by id', () => {
    const failed = lines.filter(({ message }) => message === 'An operation failed.');
    expect(failed).not.toEqual([]);
    for (const line of failed)
      expect(line).toMatchObject({ level: 'warn', runId, personId: expect.stringMatching(/^\d+$/u) });
  });

  test('has one pseudonym for one person, before and after the product was started anew', async () => {
    const shown = (): unknown => logged.lines().at(-1)?.['login'];
    logged.logger.info('A line.', { login: 'olena.p' });
    const before = shown();
    await world.shut();
    await world.open();
    logged.logger.info('A line.', { login: 'Olena.P' });
    expect(shown()).toBe(before);
    expect(before).toMatch(/^p-[0-9a-f]{8}$/u);
  });
});

test('names are plain in the log where rollcall.yaml says so', async () => {
  const { data } = generatePeople({ users: 5, contacts: 10, crmUsers: 4, seed: 5 });
  const { world, lines, logger } = await worldWithLog(data, 'log: { names: plain }');
  try {
    await world.open();
    logger.info('A line.', { login: 'olena.p' });
    expect(lines().at(-1)).toMatchObject({ login: 'olena.p' });
  } finally {
    await world.close();
  }
});

describe('the log of a service', () => {
  test('tells of each run that starts, waits for approval and ends, and takes none of its own for cut off', async () => {
    const { data } = generatePeople({ users: 12, contacts: 20, crmUsers: 9, seed: 3 });
    const { world, lines } = await worldWithLog(
      data,
      'policy: { exclude: { logins: [rollcall] }, guards: { budgets: { contactsCreated: { count: 0, percent: 0 } } } }',
    );
    const stop = new AbortController();
    try {
      const { rollcall } = await world.open();
      const working = rollcall.work(stop.signal);
      const { id: runId } = await rollcall.submit({ kind: 'import', trigger: 'schedule' });
      const endOf = async (status: string): Promise<void> => {
        while ((await rollcall.run(runId)).status !== status)
          await new Promise((resolve) => setImmediate(resolve));
      };
      await endOf('awaiting-approval');
      await rollcall.letGoOn(runId);
      await endOf('succeeded');
      stop.abort();
      await working;
      const told = lines().filter(
        (line) => line['runId'] === runId && String(line['message']).startsWith('A run '),
      );
      expect(told).toEqual([
        expect.objectContaining({
          level: 'info',
          message: 'A run has started.',
          kind: 'import',
          trigger: 'schedule',
        }),
        expect.objectContaining({
          level: 'warn',
          message: 'A run waits for approval.',
          guards: [expect.stringContaining('budget.')],
        }),
        expect.objectContaining({ level: 'info', message: 'A run was approved and goes on.' }),
        expect.objectContaining({
          level: 'info',
          message: 'A run has ended.',
          status: 'succeeded',
          failed: 0,
          confirmed: expect.any(Number),
        }),
      ]);
    } finally {
      stop.abort();
      await world.close();
    }
  });
});
