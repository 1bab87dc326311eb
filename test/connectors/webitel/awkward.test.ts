import { afterEach, describe, expect, test } from '@jest/globals';
import { createWebitelConnector } from '../../../src/connectors/webitel/index.ts';
import {
  answerJson,
  createFakeClock,
  createMemoryLogger,
  rejection,
  startServer,
  type TestServer,
} from '../../http/support.ts';
import { TOKEN } from './support.ts';

const servers: TestServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** A directory that gives the same answer to everything. */
async function stubborn(answer: unknown) {
  const server = await startServer((_, response) => answerJson(response, 200, answer));
  servers.push(server);
  const connector = createWebitelConnector(
    { url: server.url, auth: { kind: 'token', token: TOKEN } },
    {
      logger: createMemoryLogger(),
      clock: createFakeClock(),
      random: () => 0,
      randomBytes: (count) => new Uint8Array(count),
    },
  );
  return { server, connector };
}

const users = [
  { id: '1', name: 'One', username: 'one' },
  { id: '2', name: 'Two', username: 'two', deleted_at: '1764000000000' },
];

describe('a directory that does not do what it is asked', () => {
  test('and gives the same page for ever is read twice, and the read is not complete', async () => {
    const { server, connector } = await stubborn({ next: true, items: users });
    const read = await connector.readUsers();
    expect(read).toMatchObject({ lastPageShort: false, duplicates: ['1', '2'], pages: 2 });
    expect(server.seen).toHaveLength(2);
  });

  test('and announces more, but has nothing, is not complete', async () => {
    const { connector } = await stubborn({ next: true });
    expect(await connector.readUsers()).toMatchObject({ items: [], lastPageShort: false, pages: 1 });
  });

  test('and lists soft-deleted users does not bring them back to life', async () => {
    const { connector } = await stubborn({ items: users });
    expect((await connector.readUsers()).items.map((user) => user.id)).toEqual(['1']);
  });

  test('and ignores which ids are wanted adds nobody', async () => {
    const { connector } = await stubborn({ items: users });
    expect((await connector.readUsersById(['2', '3'])).map((user) => user.id)).toEqual(['2']);
  });

  test('and leaves out an id is a CONTRACT error that names the place', async () => {
    const { connector } = await stubborn({ items: [users[0], { name: 'Nobody' }] });
    expect(await rejection(connector.readUsers())).toMatchObject({
      code: 'CONTRACT',
      details: { route: 'GET /users', path: 'items.1.id' },
    });
  });
});

describe('every request', () => {
  test('asks for named fields, by id, 500 a page, below /api', async () => {
    const { server, connector } = await stubborn({});
    await connector.readUsers();
    await connector.readUsersById(['2', '3']);
    const fields = [
      'id',
      'name',
      'username',
      'email',
      'extension',
      'chat_name',
      'device',
      'license',
      'roles',
    ];
    const query = `${[...fields, 'deleted_at'].map((field) => `fields=${field}`).join('&')}&sort=id&page=1&size=500`;
    expect(server.seen).toEqual([`GET /api/users?${query}`, `GET /api/users?id=2&id=3&any=true&${query}`]);
  });
});
