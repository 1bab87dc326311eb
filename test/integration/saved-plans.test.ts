import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Plan } from '../../src/domain/planning/plan.ts';
import type { Report } from '../../src/domain/run.ts';
import { contact, guid, people, startWorld, user, type World } from '../support/world.ts';

const ADOPTED = '501';
const MATCHED = '502';
const NEW = '503';
const LEAVER = '504';
const EXACT = '505';
const RECORD = guid(1501);
const EXACT_RECORD = guid(1505);

const licensed = { license: [{ id: 'S-CC', prod: 'CALL_CENTER' }] };
const DATA = people({
  webitel: {
    users: [
      user(ADOPTED, 'Олена Коваль', { extension: '2501', email: 'olena@example.test', ...licensed }),
      user(MATCHED, 'Roman Tkach', licensed),
      user(NEW, 'Zynoviia Halahan', licensed),
      user(LEAVER, 'Taras Lysenko', licensed),
      user(EXACT, 'Pavlo Zhuk', { username: 'p.zhuk' }),
    ],
  },
  creatio: {
    Contact: [
      contact(guid(1), 'Коваль Олена'),
      contact(guid(2), 'Ткач Роман'),
      contact(guid(5), 'Жук Павло'),
      contact(guid(6), 'Somebody Else'),
    ],
    UsrWebitelUser: [
      { Id: RECORD, UsrExternalId: ADOPTED, UsrName: 'Олена Коваль', UsrContactId: guid(1) },
      {
        Id: EXACT_RECORD,
        UsrExternalId: EXACT,
        UsrName: 'Pavlo Zhuk',
        UsrUsername: 'p.zhuk',
        UsrContactId: guid(5),
        UsrDirectoryId: 'b1e5f2c4-3d57-4f0a-9c58-7a1d2e9f0001',
        UsrSyncStatusId: 'c2f6a3d5-4e68-4a1b-8d69-8b2e3fa00002',
      },
    ],
  },
});

let world: World;
let plan: Plan;

beforeEach(async () => {
  world = await startWorld({ data: DATA });
  plan = await world.plan();
});

afterEach(() => world.close());

const apply = (saved: Plan): Promise<Report> => world.import({ plan: saved });
const stateOf = async (report: Report): Promise<Record<string, string[]>> => {
  const { rollcall } = await world.open();
  const kept = await rollcall.runPlan(report.runId);
  const stale = new Set(report.failures.map(({ person }) => person));
  return {
    people: [...new Set(kept?.operations.flatMap(({ person }) => person ?? []))],
    stale: [...stale].map(String).toSorted(),
  };
};
const isStale = ({ code }: Report['failures'][number]): boolean => code === 'STALE';

describe('a saved plan', () => {
  test('is applied as it stands when nothing has changed, and applying it again doubles nothing', async () => {
    const report = await apply(plan);
    expect(report).toMatchObject({
      status: 'succeeded',
      situations: { matched: 3, unmatched: 2, excluded: 1 },
      outcomes: { confirmed: plan.operations.length, stale: 0, failed: 0, skipped: 0 },
    });
    const after = world.creatio.state();
    world.counted();
    const again = await apply(plan);
    expect(again.outcomes).toEqual({ confirmed: 0, failed: 0, stale: plan.operations.length, skipped: 0 });
    expect(again.failures.every(isStale)).toBe(true);
    expect(world.counted().writes).toBe(0);
    expect(world.creatio.state()).toEqual(after);
    expect(await world.import()).toMatchObject({ status: 'nothing-to-do', situations: { linked: 5 } });
  });

  test('leaves out a record that was edited in between, with what depends on it, and does the rest', async () => {
    world.creatio.updateRow('UsrWebitelUser', RECORD, { UsrExtension: '7777' });
    const report = await apply(plan);
    expect(report.status).toBe('partial');
    expect(await stateOf(report)).toMatchObject({ stale: [ADOPTED] });
    expect(report.failures.map(({ operation, code }) => [operation, code])).toEqual([
      ['telephonyRecord.update', 'STALE'],
      ['recordLicence.create', 'STALE'],
    ]);
    expect(report.failures[0]?.message).toMatch(/would write something else/);
    expect(report.failures[1]?.message).toMatch(/depends on telephonyRecord\.update/);
    expect(report.outcomes).toMatchObject({ stale: 2, confirmed: plan.operations.length - 2 });
    expect(world.record(ADOPTED)).toMatchObject({ UsrExtension: '7777', UsrEmail: '' });
    for (const id of [MATCHED, NEW, LEAVER]) expect(world.record(id)).toBeDefined();
    // The next run does what is left, on what stands by then.
    expect(await world.import()).toMatchObject({
      status: 'succeeded',
      situations: { linked: 4, matched: 1 },
    });
    expect(world.record(ADOPTED)).toMatchObject({ UsrExtension: '7777', UsrEmail: 'olena@example.test' });
  });

  test('creates nobody for whom a contact has been added in between', async () => {
    world.creatio.insertRow('Contact', contact(guid(9), 'Галаган Зиновія'));
    const report = await apply(plan);
    expect(await stateOf(report)).toMatchObject({ stale: [NEW] });
    expect(report.failures.every(isStale)).toBe(true);
    expect(report.failures.map(({ operation }) => operation)).toEqual([
      'contact.create',
      'crmUser.create',
      'telephonyRecord.create',
      'recordLicence.create',
    ]);
    expect(world.record(NEW)).toBeUndefined();
    expect(world.rows('Contact').filter((row) => row['Name'] === 'Zynoviia Halahan')).toEqual([]);
    expect(world.record(MATCHED)).toBeDefined();
    await world.import();
    expect(world.record(NEW)).toMatchObject({ UsrContactId: guid(9) });
  });

  test('links nobody by a name that somebody else has got in between', async () => {
    world.webitel.insertRow('users', user('590', 'Ткач Роман'));
    const report = await apply(plan);
    expect(await stateOf(report)).toMatchObject({ stale: [MATCHED] });
    expect(world.record(MATCHED)).toBeUndefined();
    expect(report).toMatchObject({ cases: 2, directory: { users: 7 } });
    const { rollcall } = await world.open();
    expect((await rollcall.cases({ status: 'open' })).map((one) => one.directoryUserId).toSorted()).toEqual([
      MATCHED,
      '590',
    ]);
  });

  test('writes nothing for a user who was deleted in between', async () => {
    world.webitel.deleteRow('users', LEAVER);
    const report = await apply(plan);
    expect(await stateOf(report)).toMatchObject({ stale: [LEAVER] });
    expect(world.record(LEAVER)).toBeUndefined();
    expect(world.rows('Contact').filter((row) => row['Name'] === 'Taras Lysenko')).toEqual([]);
    expect(report).toMatchObject({
      status: 'partial',
      situations: { unmatched: 1 },
      directory: { users: 5 },
    });
  });

  test('links nobody to a contact that the record has lost in between, even where nothing was to be written', async () => {
    expect(plan.operations.some(({ person }) => person === EXACT)).toBe(false);
    world.creatio.updateRow('UsrWebitelUser', EXACT_RECORD, { UsrContactId: guid(6) });
    await apply(plan);
    const linked = (await world.plan()).people.find(({ userId }) => userId === EXACT);
    expect(linked).toMatchObject({ situation: 'linked', contactId: guid(6) });
  });

  test('does not open a case again that was decided in between', async () => {
    world.webitel.insertRow('users', user('590', 'Ткач Роман'));
    const { rollcall } = await world.open();
    await world.import({ confirm: () => Promise.resolve(true) });
    const saved = await world.plan();
    const [one] = await rollcall.cases({ status: 'open' });
    await rollcall.decide(one?.id ?? '', { kind: 'create' });
    await apply(saved);
    expect((await rollcall.cases({ status: 'open' })).map(({ id }) => id)).not.toContain(one?.id);
  });
});

describe('a plan that is not ours to apply', () => {
  test('is refused when it was edited', async () => {
    const [first, ...rest] = plan.operations;
    if (first === undefined) throw new Error('the plan is empty');
    const edited: Plan = { ...plan, operations: [{ ...first, reason: 'because' }, ...rest] };
    world.counted();
    await expect(apply(edited)).rejects.toMatchObject({
      code: 'VALIDATION',
      message: expect.stringContaining('fingerprint'),
    });
    expect(world.counted().writes).toBe(0);
  });

  test('is refused when mapping, policy or directory are others by now', async () => {
    await world.shut();
    const other = await startWorld({
      data: DATA,
      config: 'policy: { exclude: { logins: [rollcall, p.zhuk] } }',
    });
    try {
      await expect(other.import({ plan })).rejects.toMatchObject({
        code: 'VALIDATION',
        message: expect.stringContaining('mapping or policy'),
      });
      expect(other.counted().writes).toBe(0);
    } finally {
      await other.close();
    }
  });

  test('is refused when the directory has another domain', async () => {
    world.webitel.setSwitches({ domainId: '77' });
    await expect(apply(plan)).rejects.toMatchObject({ code: 'VALIDATION' });
    expect(world.counted().writes).toBe(0);
  });
});
