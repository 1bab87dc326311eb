import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Json } from '../../src/sandbox/types.ts';
import { startPushing, type Pushing } from '../support/pushing.ts';
import { inDirectory } from '../support/two-sides.ts';
import { user } from '../support/world.ts';

const NAMES = ['Бабенко', 'Власюк', 'Гнатюк', 'Дорош', 'Жук', 'Захарченко', 'Іваненко', 'Лисенко'];

let world: Pushing;
beforeEach(async () => {
  world = await startPushing();
});
afterEach(() => world.close());

/** Every list of a table is answered with these rows and this count. */
function answer(table: string, count: number, rows: Json[]): void {
  world.creatio.setFaults([
    {
      system: 'creatio',
      method: 'GET',
      path: `/odata/${table}\\?`,
      fault: 'status',
      status: 200,
      body: { '@odata.count': count, value: rows },
    },
  ]);
}

/** Olena holds the licence CALL_CENTER, Bohdan the role 900; each record is pushed for another reason. */
const OLENA = '201';
const BOHDAN = '202';

test.each([
  ['the CRM counts more licences than it gives', 2],
  ['the CRM shows no licence at all', 0],
])('%s: a push of one record takes no licence away', async (_what, count) => {
  world.edit(OLENA, { UsrExtension: '2299' });
  answer('UsrWebitelLicense', count, []);
  await world.push([world.recordOf(OLENA)]);
  expect(inDirectory(world, OLENA)?.licences).toEqual(['CALL_CENTER']);
  world.creatio.setFaults([]);
  await world.push([world.recordOf(OLENA)]);
  expect(inDirectory(world, OLENA)).toMatchObject({ licences: ['CALL_CENTER'], extension: '2299' });
  expect(await world.sync()).toMatchObject({ status: 'nothing-to-do' });
});

test.each([
  ['the CRM counts more roles than it gives', 2],
  ['the CRM shows no role at all', 0],
])('%s: a push of one record takes no role away', async (_what, count) => {
  world.edit(BOHDAN, { UsrExtension: '2299' });
  answer('UsrWebitelRole', count, []);
  await world.push([world.recordOf(BOHDAN)]);
  expect(inDirectory(world, BOHDAN)?.roles).toEqual(['900']);
});

test('rows of licences that the list lacks, but that exist, keep the licence', async () => {
  world.edit(OLENA, { UsrExtension: '2299' });
  world.creatio.setFaults([
    {
      system: 'creatio',
      method: 'GET',
      path: '/odata/UsrWebitelUserLicense\\?',
      when: { nth: 1 },
      fault: 'status',
      status: 200,
      body: { '@odata.count': 0, value: [] },
    },
  ]);
  await world.push([world.recordOf(OLENA)]);
  expect(inDirectory(world, OLENA)).toMatchObject({ licences: ['CALL_CENTER'], extension: '2299' });
});

test('a sync that is shown no record at all removes nobody, says why and is no success', async () => {
  const many = await startPushing({
    config:
      'policy: { exclude: { logins: [rollcall] }, guards: { budgets: { contactsCreated: { count: 99 }, crmUsersCreated: { count: 99 } } } }',
    users: Array.from({ length: 8 }, (_, index) => user(String(301 + index), `Людина ${NAMES[index] ?? ''}`)),
  });
  try {
    many.creatio.setFaults([
      {
        system: 'creatio',
        method: 'GET',
        path: '/odata/UsrWebitelUser\\?',
        fault: 'status',
        status: 200,
        body: { '@odata.count': 0, value: [] },
      },
    ]);
    const report = await many.sync();
    expect(report).toMatchObject({ status: 'partial', crm: { complete: false }, guards: [] });
    expect(report.notes).toContainEqual(expect.stringContaining('8 rows are gone at once'));
    expect(Array.from({ length: 8 }, (_, index) => inDirectory(many, String(301 + index)))).not.toContain(
      null,
    );
    many.creatio.setFaults([]);
    expect(await many.sync()).toMatchObject({ status: 'nothing-to-do' });
  } finally {
    await many.close();
  }
});
