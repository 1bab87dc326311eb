import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { onceDead, startImport } from '../support/import-child.ts';
import { startPostgres, type PostgresServer } from '../support/servers.ts';
import { contact, guid, people, startWorld, user, type World } from '../support/world.ts';

// A run counts as alive for half a minute after the death of its worker.
jest.setTimeout(180_000);

let postgres: PostgresServer;
let world: World;

beforeAll(async () => {
  postgres = await startPostgres();
}, 120_000);
afterEach(() => world.close());
afterAll(() => postgres.remove());

test('a run that has lain on a server is held against both systems before its jobs go on', async () => {
  world = await startWorld({
    env: { DATABASE_URL: await postgres.fresh() },
    data: people({
      webitel: {
        users: [
          user('101', 'Олена Коваль', { extension: '2101' }),
          user('102', 'Bohdan Hrytsenko', { extension: '2102' }),
        ],
      },
      creatio: {
        Contact: [contact(guid(1), 'Олена Коваль')],
        UsrWebitelUser: [
          { Id: guid(11), UsrName: 'Олена Коваль', UsrUsername: 'user101', UsrContactId: guid(1) },
        ],
      },
    }),
  });
  // Its job stands behind reading and planning by then, and would not come back to them.
  expect((await startImport(world, { moment: 'intending', nth: 1 }).ended).signal).toBe('SIGKILL');
  world.creatio.updateRow('UsrWebitelUser', guid(11), { UsrExtension: '9999' });
  const report = await onceDead(() => world.import());
  expect(report.status).toBe('partial');
  expect(report.outcomes.stale).toBeGreaterThan(0);
  expect(report.notes.some((note) => note.includes('cut off'))).toBe(true);
  expect(world.rows('UsrWebitelUser').find((row) => row['Id'] === guid(11))).toMatchObject({
    UsrExtension: '9999',
  });
  expect(world.record('102')).toMatchObject({ UsrExtension: '2102' });
});
