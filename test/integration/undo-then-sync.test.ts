import { afterEach, describe, expect, test } from '@jest/globals';
import type { Report } from '../../src/domain/run.ts';
import { directoryUsers, inCrm, inDirectory } from '../support/two-sides.ts';
import { contact, guid, people, startWorld, textOf, user, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

/** The record of the first stood before the first import; all three hold a licence and a role. */
const IDS = ['101', '102', '103'];
const RECORD = guid(11);
const HOLDS = { license: [{ id: 'S-CC' }], roles: [{ id: '900', name: 'Operators' }] };

function three() {
  return startWorld({
    data: people({
      webitel: {
        users: [
          user('101', 'Олена Коваль', { extension: '2101', ...HOLDS }),
          user('102', 'Bohdan Hrytsenko', { extension: '2102', ...HOLDS }),
          user('103', 'Ірина Бондар', { extension: '2103', ...HOLDS }),
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

const rollcall = async () => (await world.open()).rollcall;
const undo = async (runId: string): Promise<Report> =>
  (await (await rollcall()).undo(runId, { trigger: 'command', confirm: () => Promise.resolve(true) })).report;
const sync = async (): Promise<Report> => (await (await rollcall()).sync({ trigger: 'schedule' })).report;
const release = async () => (await rollcall()).release({ everybody: true });
const recordOf = (userId: string): string => textOf(world.record(userId)?.['Id']);
const edit = (userId: string, columns: Record<string, string>): void => {
  world.creatio.updateRow('UsrWebitelUser', recordOf(userId), columns);
};
const rightsOf = (userId: string) => {
  const held = inDirectory(world, userId);
  return held === null ? null : { licences: held.licences, roles: held.roles };
};
/** Both sides as a first import leaves them. */
const inStep = { licences: ['CALL_CENTER'], roles: ['900'] };

/** Releases everybody and syncs twice: the directory stays as it is, and the second run has nothing left to do. */
async function expectNothingTaken(): Promise<Report> {
  const before = directoryUsers(world);
  await release();
  const report = await sync();
  expect(report).toMatchObject({ status: 'succeeded', failures: [] });
  expect(directoryUsers(world)).toEqual(before);
  expect(await sync()).toMatchObject({ status: 'nothing-to-do' });
  for (const id of IDS) {
    expect(world.rows('UsrWebitelUser').filter((row) => row['UsrExternalId'] === id)).toHaveLength(1);
    expect(inCrm(world, recordOf(id))).toMatchObject(rightsOf(id) ?? {});
  }
  return report;
}

describe('after the undo of a first import, a release and a sync', () => {
  test('nobody whose record was edited loses a licence or role, on either side', async () => {
    world = await three();
    const { runId } = await world.import();
    edit('103', { UsrEmail: 'edited@example.com' });
    edit('101', { UsrExtension: '8888' });
    const undone = await undo(runId);
    expect(undone.status).toBe('partial');
    // What belongs to a record that is left is left with it.
    for (const id of ['101', '103']) expect(inCrm(world, recordOf(id))).toMatchObject(inStep);
    expect(world.record('102')).toBeUndefined();

    await expectNothingTaken();
    expect(world.record('103')).toMatchObject({ UsrEmail: 'edited@example.com' });
  });

  test('records that the CRM did not delete have their licences and roles again', async () => {
    world = await three();
    const { runId } = await world.import();
    world.creatio.setSwitches({ denyWrite: ['UsrWebitelUser'] });
    expect((await undo(runId)).status).toBe('partial');
    expect(inCrm(world, recordOf('103'))).toMatchObject({ licences: [], roles: [] });
    world.creatio.setSwitches({ denyWrite: [] });

    await expectNothingTaken();
  });

  test('a person whose contact alone was left has a record again, and no second contact', async () => {
    world = await three();
    const { runId } = await world.import();
    const contactId = textOf(world.record('103')?.['UsrContactId']);
    // A row of the CRM's own that refers to the contact: the CRM refuses to delete it.
    world.creatio.insertRow('UsrWebitelUser', {
      Id: guid(99),
      UsrName: 'by hand',
      UsrUsername: 'by.hand',
      UsrContactId: contactId,
    });
    expect((await undo(runId)).failures).toMatchObject([{ person: '103', operation: 'contact.delete' }]);
    expect(world.record('103')).toBeUndefined();
    world.creatio.deleteRow('UsrWebitelUser', guid(99));

    await expectNothingTaken();
    expect(world.record('103')).toMatchObject({ UsrContactId: contactId });
    expect(world.rows('Contact').filter((row) => row['Name'] === 'Ірина Бондар')).toHaveLength(1);
  });

  test('everybody is imported anew, with the same rows', async () => {
    world = await three();
    const { runId } = await world.import();
    const rows = { records: world.rows('UsrWebitelUser'), contacts: world.rows('Contact') };
    await undo(runId);
    await expectNothingTaken();
    const ids = (list: readonly Record<string, unknown>[]) => list.map((row) => row['Id']);
    expect(ids(world.rows('UsrWebitelUser'))).toEqual(ids(rows.records));
    expect(ids(world.rows('Contact'))).toEqual(ids(rows.contacts));
  });
});

describe('after the undo of a second run, a release and a sync', () => {
  const MANY = { license: [{ id: 'S-CC' }, { id: 'S-CHAT' }] };

  /** A first import, and a sync that carries an edit to the directory and takes a licence away that was given there. */
  async function two(): Promise<{ first: Report; second: Report }> {
    world = await startWorld({
      data: people({
        webitel: {
          users: IDS.map((id, at) =>
            user(id, ['Олена Коваль', 'Bohdan Hrytsenko', 'Ірина Бондар'][at] ?? '', HOLDS),
          ),
        },
      }),
    });
    const first = await world.import();
    world.creatio.updateRow('UsrWebitelUser', recordOf('101'), { UsrEmail: 'pushed@example.com' });
    world.webitel.updateRow('users', '102', MANY);
    const second = await sync();
    return { first, second };
  }

  test('links have their earlier form, and an edit that it had carried over is carried over again', async () => {
    const { second } = await two();
    expect(inDirectory(world, '101')?.email).toBe('pushed@example.com');
    expect(await undo(second.runId)).toMatchObject({ status: 'succeeded' });
    expect(inDirectory(world, '101')?.email).toBe('');
    await release();
    expect(await sync()).toMatchObject({ status: 'succeeded' });
    expect(inDirectory(world, '101')?.email).toBe('pushed@example.com');
    for (const id of IDS) expect(rightsOf(id)).toEqual(inStep);
  });

  test('what was kept counts as it is, and what was taken back as it was', async () => {
    const { second } = await two();
    // The user of the directory is changed by hand, so that the first edit is not taken back.
    world.webitel.updateRow('users', '101', { email: 'by.hand@example.com' });
    expect((await undo(second.runId)).failures).toMatchObject([{ person: '101', code: 'CHANGED_SINCE' }]);
    await release();
    await sync();
    for (const id of IDS) expect(rightsOf(id)).toEqual(inStep);
    expect(await sync()).toMatchObject({ status: 'nothing-to-do' });
  });

  test('a link that the undo of the first run has ended does not come back to a record that is not there', async () => {
    const { first, second } = await two();
    await undo(first.runId);
    await undo(second.runId);
    await expectNothingTaken();
  });
});
