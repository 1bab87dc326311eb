import { afterAll, beforeAll } from '@jest/globals';
import { openEngine } from '../../src/store/index.ts';
import { describeHints } from '../contract/hints.contract.ts';
import { describeStore } from '../contract/store.contract.ts';
import { engineOptions } from '../store/support.ts';
import { startPostgres, type PostgresServer } from '../support/servers.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.remove());

const open = async () => {
  const engine = await openEngine(engineOptions('/nowhere', { databaseUrl: await server.fresh() }));
  return { engine, remove: () => engine.close() };
};

describeStore('a Postgres server', open);
describeHints('a Postgres server', open);
