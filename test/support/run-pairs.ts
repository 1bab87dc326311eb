import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startPostgres, startRedis } from './servers.ts';

/**
 * Runs the integration tests on the pairs of engines that `npm test` does not: the queue on Redis or Postgres, the
 * store embedded or on a server. Arguments are handed to jest.
 */
const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
const store = { TEST_DATABASE_URL: postgres.url };
const queue = { TEST_REDIS_URL: redis.url };
const pairs = [
  { title: 'store on a server, queue there too', env: store },
  { title: 'store on a server, queue on Redis', env: { ...store, ...queue } },
  { title: 'store embedded, queue on Redis', env: queue },
];
try {
  for (const { title, env } of pairs) {
    process.stderr.write(`\n${title}\n`);
    // Not spawnSync: the servers write to pipes that somebody has to read.
    const jest = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        '--experimental-vm-modules',
        'node_modules/jest/bin/jest.js',
        // What hangs on to a server that is taken away must not keep the next pair from its turn.
        '--forceExit',
        ...(process.argv.length > 2 ? process.argv.slice(2) : ['test/integration']),
      ],
      { stdio: 'inherit', env: { ...process.env, ...env } },
    );
    const [status]: unknown[] = await once(jest, 'close');
    if (status !== 0) process.exitCode = 1;
  }
} finally {
  await Promise.all([postgres.remove(), redis.remove()]);
}
