import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Report } from '../../src/domain/run.ts';
import { generatePeople } from '../../src/sandbox/people/generate.ts';
import type { FaultRule } from '../../src/sandbox/types.ts';
import { crmState, resultOf, totalOf } from '../support/comparison.ts';
import { onceDead, startImport, until, type ImportChild } from '../support/import-child.ts';
import { startWorld, type World, type WorldOptions } from '../support/world.ts';

/** Enough people for a plan of several requests. */
const { data } = generatePeople({ users: 60, contacts: 90, crmUsers: 50, seed: 7 });

// Each test starts the product three times, in processes of their own.
jest.setTimeout(120_000);

const open: World[] = [];
const children: ImportChild[] = [];

async function world(options: Pick<WorldOptions, 'embedded'> = {}): Promise<World> {
  const started = await startWorld({ data, ...options });
  open.push(started);
  return started;
}

afterEach(async () => {
  const started = children.splice(0);
  for (const child of started) child.kill();
  await Promise.all(started.map((child) => child.ended));
  await Promise.all(open.splice(0).map((one) => one.close()));
});

function importApart(...given: Parameters<typeof startImport>): ImportChild {
  const child = startImport(...given);
  children.push(child);
  return child;
}

/** Requests that write, as the CRM counted them. */
function batches({ creatio }: World): number {
  return totalOf(
    Object.fromEntries(
      creatio
        .requests()
        .filter(({ route }) => route.endsWith('/$batch'))
        .map(({ route, count }) => [route, count]),
    ),
  );
}

/** Requests that may be under way at once. */
const IN_FLIGHT = 8;

let undisturbed: { report: Report; state: ReturnType<typeof crmState>; batches: number };

beforeAll(async () => {
  const calm = await startWorld({ data });
  const report = await calm.import();
  undisturbed = { report, state: crmState(calm.creatio), batches: batches(calm) };
  await calm.close();
});

/** Imports on what the dead process has left, and once more; everything must be as if nobody had died. */
async function expectRecovery(
  shaken: World,
  expected: { resumed: boolean; fromPlan: boolean; sentOnce: boolean },
): Promise<void> {
  const { rollcall } = await shaken.open();
  const result = await onceDead(() =>
    rollcall.import({ trigger: 'command', confirm: () => Promise.resolve(true) }),
  );
  const { report } = result;
  expect(result.resumed).toBe(expected.resumed);
  expect(report.notes.some((note) => note.includes('cut off'))).toBe(expected.fromPlan);
  expect(resultOf(report)).toEqual(resultOf(undisturbed.report));
  expect(totalOf(report.operations)).toBe(totalOf(report.outcomes));
  expect(totalOf(report.situations)).toBe(report.directory.users);
  expect(crmState(shaken.creatio)).toEqual(undisturbed.state);
  // What had been carried out was found out by reading, not by sending it again.
  if (expected.sentOnce) expect(batches(shaken)).toBe(undisturbed.batches);
  // Requests that were under way when the process died could not be kept any more.
  const { all } = shaken.counted();
  expect(report.requests.used).toBeLessThanOrEqual(all);
  expect(report.requests.used).toBeGreaterThanOrEqual(all - IN_FLIGHT);

  expect(await shaken.import()).toMatchObject({
    status: 'nothing-to-do',
    pendingPush: 0,
    directory: { complete: true },
    crm: { complete: true },
  });
  expect(shaken.counted().writes).toBe(0);
  expect(crmState(shaken.creatio)).toEqual(undisturbed.state);
  expect((await rollcall.runs(10)).map(({ status }) => status)).toEqual(['nothing-to-do', 'succeeded']);
}

describe('a run that was killed is continued and ends as if it had not been', () => {
  test.each([
    { moment: 'approved', nth: 1, what: 'before its plan was kept' },
    { moment: 'planned', nth: 1, what: 'between plan and apply' },
    { moment: 'intending', nth: 1, what: 'before operations were marked as intended' },
    { moment: 'intending', nth: 2, what: 'before more operations were marked as intended' },
    { moment: 'intended', nth: 1, what: 'between intended and sent' },
    { moment: 'intended', nth: 2, what: 'between intended and sent, with some confirmed' },
    { moment: 'answered', nth: 1, what: 'between answered and confirmed' },
    { moment: 'answered', nth: 2, what: 'between answered and confirmed, with some confirmed' },
    { moment: 'confirmed', nth: 1, what: 'after some were confirmed' },
    { moment: 'confirmed', nth: 2, what: 'after more were confirmed' },
    { moment: 'finishing', nth: 1, what: 'between the last write and the report' },
  ] as const)('$what ($moment, $nth)', async ({ moment, nth }) => {
    const shaken = await world();
    const child = importApart(shaken, { moment, nth });
    expect(await child.ended).toEqual({ signal: 'SIGKILL', output: '' });
    await expectRecovery(shaken, {
      resumed: true,
      fromPlan: moment !== 'approved',
      // Of the first request alone it is certain that no other was under way.
      sentOnce: nth === 1,
    });
  });

  test.each([
    { what: 'sent, applied and never answered', nth: 1, fault: 'timeout-after-write' },
    { what: 'sent, applied and never answered, with some confirmed', nth: 2, fault: 'timeout-after-write' },
    { what: 'sent and applied only after its death', nth: 1, fault: 'latency' },
    { what: 'sent and applied only after its death, with some confirmed', nth: 2, fault: 'latency' },
  ] as const)('while a request was $what', async ({ nth, fault }) => {
    const shaken = await world();
    const rule: FaultRule = { system: 'creatio', path: '/\\$batch', when: { nth }, fault, delayMs: 1200 };
    shaken.creatio.setFaults([rule]);
    const standing = shaken.rows('UsrWebitelUser').length;
    const child = importApart(shaken);
    await until(
      () =>
        batches(shaken) >= nth &&
        (fault === 'latency' || shaken.rows('UsrWebitelUser').length >= standing + nth),
    );
    child.kill();
    expect(await child.ended).toEqual({ signal: 'SIGKILL', output: '' });
    await expectRecovery(shaken, {
      resumed: true,
      fromPlan: true,
      sentOnce: nth === 1 && fault === 'timeout-after-write',
    });
  });
});

describe('a first start that was killed leaves a data directory that the next start works with', () => {
  const exists = (path: string): Promise<boolean> =>
    access(path).then(
      () => true,
      () => false,
    );

  test.each([
    { what: 'as soon as the directory was there', there: () => true },
    {
      what: 'while the database was put in place',
      there: (name: string) => name.startsWith('postgres.new-'),
    },
    { what: 'while the database was opened', there: (name: string) => name === 'postgres' },
  ])('$what', async ({ there }) => {
    const shaken = await world({ embedded: true });
    const directory = join(shaken.directory, '.rollcall');
    const child = importApart(shaken);
    await until(async () => (await exists(directory)) && (await readdir(directory)).some(there));
    child.kill();
    expect(await child.ended).toEqual({ signal: 'SIGKILL', output: '' });
    await expectRecovery(shaken, { resumed: false, fromPlan: false, sentOnce: true });
  });
});

describe('a second process on one data directory', () => {
  test('is told who holds it, and neither loses anything', async () => {
    const shaken = await world({ embedded: true });
    shaken.creatio.setFaults([
      { system: 'creatio', path: '/\\$batch', when: { times: 1 }, fault: 'latency', delayMs: 10_000 },
    ]);
    const first = importApart(shaken);
    await until(() => shaken.creatio.requests().some(({ route }) => route.endsWith('/$batch')));
    const second = importApart(shaken);
    await expect(shaken.open()).rejects.toMatchObject({
      name: 'RollcallError',
      code: 'BUSY',
      message: expect.stringContaining(`process ${first.pid} (rollcall)`),
      details: { pid: first.pid },
    });
    expect(JSON.parse((await second.ended).output)).toMatchObject({
      code: 'BUSY',
      message: expect.stringContaining(`process ${first.pid} (rollcall)`),
    });
    expect(JSON.parse((await first.ended).output)).toEqual({ status: 'succeeded', resumed: false });
    expect(crmState(shaken.creatio)).toEqual(undisturbed.state);
    // Forgets the opening that was refused.
    await shaken.shut().catch(() => undefined);
    expect(await shaken.import()).toMatchObject({ status: 'nothing-to-do' });
  });
});
