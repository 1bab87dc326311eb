import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createStore, openEngine, type Engine } from '../../src/store/index.ts';
import {
  archiveOf,
  contentOf,
  describeArchive,
  fill,
  type OpenedEngine,
} from '../contract/archive.contract.ts';
import { engineOptions, makeDirectory, openTestEngine, systemClock } from '../store/support.ts';
import { startPostgres, type PostgresServer } from '../support/servers.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.remove());

async function openOnServer(): Promise<OpenedEngine> {
  const engine = await openEngine(engineOptions('/nowhere', { databaseUrl: await server.fresh() }));
  return { engine, remove: () => engine.close() };
}

describeArchive('the embedded engine to a server', openTestEngine, openOnServer);
describeArchive('a server to the embedded engine', openOnServer, openTestEngine);

test('a backup shows one moment, whatever others write meanwhile', async () => {
  const folder = await makeDirectory();
  const { engine, remove } = await openOnServer();
  try {
    const store = await createStore(engine, { clock: systemClock });
    await fill(store, 20);
    await archiveOf(engine).backup(join(folder, 'before'));
    let fetches = 0;
    const watched: Engine = {
      ...engine,
      pool: {
        ...engine.pool,
        async connect() {
          const client = await engine.pool.connect();
          return {
            ...client,
            async query(text, params) {
              // Others go on between the pages of the first table and those of the last ones.
              if (text.startsWith('FETCH') && ++fetches === 1) {
                await store.memory.set('late', 'x');
                await store.links.remove('webitel', ['1', '2', '3']);
              }
              return client.query(text, params);
            },
          };
        },
      },
    };
    await archiveOf(watched).backup(join(folder, 'during'));
    expect(fetches).toBeGreaterThan(5);
    expect(await store.memory.get('late')).toBe('x');
    expect(await contentOf(join(folder, 'during'))).toBe(await contentOf(join(folder, 'before')));
  } finally {
    await remove();
    await rm(folder, { recursive: true, force: true });
  }
});
