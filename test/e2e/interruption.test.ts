import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Report } from '../../src/domain/run.ts';
import {
  type Bench,
  cell,
  errorOf,
  onlyJson,
  openBench,
  type Row,
  type Sandboxes,
  until,
} from './support.ts';

jest.setTimeout(180_000);

let bench: Bench;
let sandboxes: Sandboxes;

beforeAll(async () => {
  bench = await openBench();
  sandboxes = await bench.sandbox([
    '--users',
    '120',
    '--contacts',
    '300',
    '--crm-users',
    '90',
    '--seed',
    '3',
  ]);
});

afterAll(() => bench.close());

const counted = async (route: RegExp): Promise<number> =>
  (await sandboxes.control.requests())
    .filter((one) => route.test(one.route))
    .reduce((sum, { count }) => sum + count, 0);

/** What the CRM holds of an import, without ids and stamps, in an order of its own. */
async function imported(): Promise<string[]> {
  const { creatio } = await sandboxes.control.state();
  const rows = (table: string): readonly Row[] => creatio[table] ?? [];
  const contacts = new Map(rows('Contact').map((row) => [cell(row, 'Id'), cell(row, 'Name')]));
  const logins = new Map(rows('UsrWebitelUser').map((row) => [cell(row, 'Id'), cell(row, 'UsrUsername')]));
  return [
    ...contacts.values(),
    ...rows('UsrWebitelUser').map(
      (row) => `${cell(row, 'UsrExternalId')} ${contacts.get(cell(row, 'UsrContactId')) ?? 'nobody'}`,
    ),
    ...rows('UsrWebitelUserLicense').map(
      (row) => `${logins.get(cell(row, 'UsrWebitelUserId')) ?? '?'} has ${cell(row, 'UsrLicenseId')}`,
    ),
    ...rows('UsrWebitelUserRole').map(
      (row) => `${logins.get(cell(row, 'UsrWebitelUserId')) ?? '?'} is ${cell(row, 'UsrRoleId')}`,
    ),
  ];
}

test('an import that is stopped by Ctrl-C ends cleanly, and the next one goes on where it was', async () => {
  const { control, config } = sandboxes;
  // The third batch waits long enough for everything that follows to happen meanwhile.
  await control.post('/faults', [
    { system: 'creatio', path: 'batch', fault: 'latency', delayMs: 60_000, when: { nth: 3 } },
  ]);
  const running = bench.start(['-c', config, 'import', '--yes', '--json']);
  await until('the third batch was sent', async () => (await counted(/batch$/u)) >= 3);

  const second = await bench.run(['-c', config, 'runs', '--json']);
  expect(second.code).toBe(1);
  expect(errorOf(second)).toMatchObject({
    code: 'BUSY',
    message: expect.stringContaining(String(running.pid)),
    cure: expect.stringContaining('Wait until that process has ended'),
  });

  running.signal('SIGINT');
  const outcome = await running.ended;
  expect(outcome.code).toBe(1);
  expect(errorOf(outcome)).toMatchObject({ code: 'INTERRUPTED', cure: expect.stringContaining('goes on') });
  expect(outcome.stderr).toContain('Stopping as soon as it is safe');
  await control.noFaults();
  const half = (await imported()).length;

  const resumed = await bench.run(['-c', config, 'import', '--yes', '--json']);
  expect(resumed.code).toBe(0);
  const report = Report.parse(onlyJson(resumed.stdout));
  expect(report).toMatchObject({ status: 'succeeded', outcomes: { failed: 0, stale: 0, skipped: 0 } });
  expect(resumed.stderr).toContain('continued');
  const whole = await imported();
  expect(whole.length).toBeGreaterThan(half);
  const records = whole.filter((line) => /^\d+ /u.test(line));
  expect(records.length).toBeGreaterThan(100);

  const last = await bench.run(['-c', config, 'import', '--yes', '--json']);
  expect(Report.parse(onlyJson(last.stdout)).status).toBe('nothing-to-do');
});

test('what stands in the CRM then is what an import without interruption makes', async () => {
  const interrupted = (await imported()).toSorted((a, b) => a.localeCompare(b));
  const numbers = ['--users', '120', '--contacts', '300', '--crm-users', '90', '--seed', '3'];
  sandboxes = await bench.sandbox(numbers);
  const outcome = await bench.run(['-c', sandboxes.config, 'import', '--yes', '--json'], {
    env: { ROLLCALL_DATA: join(bench.folder, 'straight') },
  });
  expect(outcome.code).toBe(0);
  expect((await imported()).toSorted((a, b) => a.localeCompare(b))).toEqual(interrupted);
});
