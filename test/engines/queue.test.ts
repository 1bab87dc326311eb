import { afterAll, beforeAll } from '@jest/globals';
import { createJobQueue } from '../../src/queue/index.ts';
import { openEngine } from '../../src/store/index.ts';
import { describeJobQueue, queueTestOptions } from '../contract/job-queue.contract.ts';
import { engineOptions } from '../store/support.ts';
import {
  startPostgres,
  startRedis,
  startRedisCluster,
  type PostgresServer,
  type TestServer,
} from '../support/servers.ts';
import { noPool } from './support.ts';

let postgres: PostgresServer;
let redis: TestServer;
let cluster: TestServer;
beforeAll(async () => {
  [postgres, redis, cluster] = await Promise.all([startPostgres(), startRedis(), startRedisCluster()]);
}, 60_000);
afterAll(() => Promise.all([postgres.remove(), redis.remove(), cluster.remove()]));

describeJobQueue('a Postgres server', async () => {
  const engine = await openEngine(engineOptions('/nowhere', { databaseUrl: await postgres.fresh() }));
  return {
    open: (name, lines, changes = {}) =>
      createJobQueue({ pool: engine.queuePool, ...queueTestOptions(name, lines), ...changes }),
    close: () => engine.close(),
  };
});

describeJobQueue('Redis', async () => ({
  open: (name, lines, changes = {}) =>
    createJobQueue({ pool: noPool, redisUrl: redis.url, ...queueTestOptions(name, lines), ...changes }),
  close: () => Promise.resolve(),
}));

describeJobQueue('a Redis cluster', async () => ({
  open: (name, lines, changes = {}) =>
    createJobQueue({ pool: noPool, redisUrl: cluster.url, ...queueTestOptions(name, lines), ...changes }),
  close: () => Promise.resolve(),
}));
