import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { Report } from '../../src/domain/run.ts';
import { generatePeople } from '../../src/sandbox/people/generate.ts';
import { crmState, totalOf } from '../support/comparison.ts';
import { onceDead, startImport } from '../support/import-child.ts';
import { contact, guid, people, startWorld, textOf, user, type World } from '../support/world.ts';

// A first import of 500 and its undo take their time on a busy machine.
jest.setTimeout(120_000);

let world: World;

afterEach(() => world.close());

const RECORD = guid(11);

/** One record that stood before, one person who is known, one stranger. */
function three() {
  return startWorld({
    data: people({
      webitel: {
        users: [
          user('101', 'Олена Коваль', { extension: '2101', license: [{ id: 'S-CC', prod: 'CALL_CENTER' }] }),
          user('102', 'Bohdan Hrytsenko', { extension: '2102' }),
          user('103', 'Ірина Бондар', { roles: [{ id: '900', name: 'Operators' }] }),
        ],
      },
      creatio: {
        Contact: [contact(guid(1), 'Олена Коваль'), contact(guid(2), 'Гриценко Богдан')],
        UsrWebitelUser: [
          { Id: RECORD, UsrName: 'Олена Коваль', UsrUsername: 'user101', UsrContactId: guid(1) },
        ],
      },
    }),
  });
}

/** All rows of the CRM, the stamps of changes aside: who changed a row last is one of them. */
const stateNow = () => crmState(world.creatio, ['ModifiedById']);

const undo = async (runId: string): Promise<Report> => {
  const { rollcall } = await world.open();
  return (await rollcall.undo(runId, { trigger: 'command', confirm: () => Promise.resolve(true) })).report;
};
const holds = async () => (await world.open()).rollcall.holds();
const scheduled = () => world.import({ trigger: 'schedule' });

describe('undoing a first import', () => {
  test('of 500 leaves the CRM as it was, and the people on hold', async () => {
    const { data } = generatePeople({ users: 500, contacts: 2000, crmUsers: 400, seed: 7 });
    world = await startWorld({ data });
    const before = stateNow();
    const first = await world.import();
    expect(totalOf(first.operations)).toBeGreaterThan(1500);
    const taken = await undo(first.runId);
    expect(taken).toMatchObject({ kind: 'undo', status: 'succeeded', failures: [] });
    expect(totalOf(taken.outcomes)).toBe(totalOf(first.operations));
    expect(stateNow()).toEqual(before);

    world.counted();
    const next = await scheduled();
    expect(next).toMatchObject({ status: 'nothing-to-do', held: taken.held });
    expect(next.situations.excluded).toBeGreaterThanOrEqual(taken.held);
    expect(world.counted().writes).toBe(0);
    expect(await holds()).toHaveLength(taken.held);
  });

  test('gives back what stood before, and takes away what was made', async () => {
    world = await three();
    const before = stateNow();
    const { runId } = await world.import();
    expect(world.rows('UsrWebitelUser')).toHaveLength(3);
    expect(await undo(runId)).toMatchObject({ status: 'succeeded', held: 3 });
    expect(stateNow()).toEqual(before);
    expect((await holds()).map(({ login, reason }) => [login, reason])).toEqual([
      ['user101', `run ${runId} was undone`],
      ['user102', `run ${runId} was undone`],
      ['user103', `run ${runId} was undone`],
    ]);
  });

  test('stays undone: a run by hand shows the people as one group and takes them in only when told to', async () => {
    world = await three();
    const { runId } = await world.import();
    const after = stateNow();
    await undo(runId);
    const plan = await world.plan();
    expect(plan.operations).toEqual([]);
    expect(plan.people.filter(({ held }) => held).map(({ situation }) => situation)).toEqual([
      'excluded',
      'excluded',
      'excluded',
    ]);
    expect(await world.import()).toMatchObject({ status: 'nothing-to-do', held: 3 });
    expect(await world.import({ includeHeld: true })).toMatchObject({
      status: 'succeeded',
      situations: { matched: 2, unmatched: 1 },
    });
    expect(await holds()).toEqual([]);
    expect(stateNow()).toEqual(after);
    expect(await scheduled()).toMatchObject({ status: 'nothing-to-do', held: 0, situations: { linked: 3 } });
  });

  test('lets nobody else have the contact of a person on hold', async () => {
    world = await three();
    const { runId } = await world.import();
    await undo(runId);
    world.webitel.insertRow('users', user('110', 'Богдан Гриценко'));
    expect(await scheduled()).toMatchObject({ situations: { excluded: 4, disputed: 1, matched: 0 } });
  });
});

describe('undoing twice', () => {
  test('is refused with the name of the run that did it, and an undo cannot be undone', async () => {
    world = await three();
    const { runId } = await world.import();
    const first = await undo(runId);
    await expect(undo(runId)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(first.runId),
    });
    await expect(undo(first.runId)).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(undo('no-such-run')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('takes away the rest where the first one could not', async () => {
    world = await three();
    const before = stateNow();
    const { runId } = await world.import();
    const stranger = world.rows('Contact').find((row) => row['Name'] === 'Ірина Бондар');
    // A row of the CRM's own that refers to the contact: the CRM refuses to delete it.
    world.creatio.insertRow('UsrWebitelUser', {
      Id: guid(99),
      UsrName: 'by hand',
      UsrUsername: 'by.hand',
      UsrContactId: textOf(stranger?.['Id']),
    });
    const partial = await undo(runId);
    expect(partial).toMatchObject({
      status: 'partial',
      outcomes: { failed: 1 },
      failures: [{ person: '103', operation: 'contact.delete' }],
    });
    expect(world.rows('Contact')).toHaveLength((before['Contact']?.length ?? 0) + 1);
    world.creatio.deleteRow('UsrWebitelUser', guid(99));
    expect(await undo(runId)).toMatchObject({ status: 'succeeded', operations: { 'contact.delete': 1 } });
    expect(stateNow()).toEqual(before);
  });
});

describe('undoing after later edits', () => {
  test('leaves alone what somebody has changed since, with what it refers to, and lists it', async () => {
    world = await three();
    const { runId } = await world.import();
    const record = world.record('103');
    world.creatio.updateRow('UsrWebitelUser', textOf(record?.['Id']), { UsrExtension: '9999' });
    world.creatio.updateRow('UsrWebitelUser', RECORD, { UsrExtension: '8888' });
    const report = await undo(runId);
    expect(report.status).toBe('partial');
    // The licence and the role that the records left have are nobody's alone.
    expect(new Set(report.failures.map(({ person, code }) => `${person ?? 'shared'} ${code}`))).toEqual(
      new Set(['101 CHANGED_SINCE', '103 CHANGED_SINCE', 'shared CHANGED_SINCE']),
    );
    expect(world.record('103')).toMatchObject({
      UsrExtension: '9999',
      UsrContactId: record?.['UsrContactId'],
    });
    expect(world.rows('Contact').some((row) => row['Name'] === 'Ірина Бондар')).toBe(true);
    expect(world.rows('UsrWebitelUser').find((row) => row['Id'] === RECORD)).toMatchObject({
      UsrExtension: '8888',
      UsrExternalId: '101',
    });
    expect(world.record('102')).toBeUndefined();
    // Who is left as they were stay linked; they are on hold all the same.
    expect(await scheduled()).toMatchObject({ status: 'nothing-to-do', held: 3 });
  });

  test('passes over what somebody has deleted already', async () => {
    world = await three();
    const { runId } = await world.import();
    world.creatio.deleteRow('UsrWebitelUser', textOf(world.record('102')?.['Id']));
    expect(await undo(runId)).toMatchObject({ status: 'succeeded' });
    expect(world.rows('UsrWebitelUser')).toHaveLength(1);
  });

  test('gives a link back its earlier form', async () => {
    world = await three();
    await world.import();
    world.webitel.deleteRow('users', '102');
    const marked = await world.import();
    expect(marked.gone).toBe(1);
    expect(await undo(marked.runId)).toMatchObject({ status: 'succeeded', held: 1 });
    world.webitel.insertRow('users', user('102', 'Bohdan Hrytsenko', { extension: '2102' }));
    const { rollcall } = await world.open();
    expect(await rollcall.release({ run: marked.runId })).toHaveLength(1);
    expect(await world.import()).toMatchObject({ situations: { linked: 3 } });
  });
});

describe('undoing a run that', () => {
  test('half failed takes away what it did', async () => {
    world = await three();
    const before = stateNow();
    world.creatio.setSwitches({ denyWrite: ['UsrWebitelUserLicense'] });
    const half = await world.import();
    expect(half.status).toBe('partial');
    expect(await undo(half.runId)).toMatchObject({ status: 'succeeded' });
    expect(stateNow()).toEqual(before);
  });

  test('was killed while it was undone goes on and ends the same', async () => {
    world = await three();
    const before = stateNow();
    const { runId } = await world.import();
    await world.shut();
    expect((await startImport(world, { moment: 'answered', nth: 1 }, { undo: runId }).ended).signal).toBe(
      'SIGKILL',
    );
    await expect(onceDead(() => world.import())).rejects.toMatchObject({ code: 'CONFLICT' });
    const report = await undo(runId);
    expect(report).toMatchObject({ outcomes: { failed: 0, stale: 0, skipped: 0 } });
    expect(stateNow()).toEqual(before);
    expect(await holds()).toHaveLength(3);
  });

  test('waits for approval has nothing to be undone', async () => {
    world = await startWorld({
      config:
        'policy: { exclude: { logins: [rollcall] }, guards: { budgets: { contactsCreated: { count: 0, percent: 0 } } } }',
      data: people({ webitel: { users: [user('101', 'Олена Коваль')] } }),
    });
    const { runId } = await world.import();
    await expect(undo(runId)).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('a hold', () => {
  test('set by hand keeps every run from a person until they are released', async () => {
    world = await three();
    await world.import();
    const { rollcall } = await world.open();
    await rollcall.hold('USER102', 'two telephones');
    await expect(rollcall.hold('102', 'again')).rejects.toMatchObject({ code: 'CONFLICT' });
    world.webitel.deleteRow('users', '102');
    expect(await world.import()).toMatchObject({ gone: 0 });
    expect((await rollcall.release({ person: '102' })).map(({ login }) => login)).toEqual(['user102']);
    expect(await world.import()).toMatchObject({ gone: 1 });
    await expect(rollcall.release({ person: '102' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(rollcall.hold('stranger', 'why')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
