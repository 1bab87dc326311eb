import { afterAll, beforeAll } from '@jest/globals';
import { openEngine } from '../../src/store/index.ts';
import { describeCleaning } from '../contract/cleaning.contract.ts';
import { engineOptions } from '../store/support.ts';
import { startPostgres, type PostgresServer } from '../support/servers.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.remove());

describeCleaning('a Postgres server', async () => {
  const engine = await openEngine(engineOptions('/nowhere', { databaseUrl: await server.fresh() }));
  return { engine, remove: () => engine.close() };
});
