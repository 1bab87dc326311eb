import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { z } from 'zod';
import { Report } from '../../src/domain/run.ts';
import { createRandom } from '../../src/sandbox/kit/random.ts';
import { crmState, totalOf } from '../support/comparison.ts';
import { startPostgres, startRedis, type PostgresServer, type TestServer } from '../support/servers.ts';
import { openBench, until, type Bench, type Running, type Sandboxes } from '../e2e/support.ts';

/** `CHAOS_KILLS` and `CHAOS_SEED` make it longer, or another one; the usual one is of a length for every day. */
const KILLS = Number(process.env['CHAOS_KILLS'] ?? 20);
const SEED = Number(process.env['CHAOS_SEED'] ?? 1);
const RESTARTS = 4;

jest.setTimeout(900_000);

const PEOPLE = ['--users', '2000', '--contacts', '4000', '--crm-users', '1600', '--seed', '5'];

let bench: Bench;
let postgres: PostgresServer;
let redis: TestServer;

beforeAll(async () => {
  bench = await openBench();
  [postgres, redis] = await Promise.all([startPostgres(['fsync=on']), startRedis()]);
}, 120_000);

afterAll(async () => {
  await bench.close();
  await Promise.all([postgres.remove(), redis.remove()]);
});

const Row = z.object({ id: z.string(), phase: z.string(), status: z.string(), report: Report.nullable() });

async function stateOf({ control }: Sandboxes): Promise<ReturnType<typeof crmState>> {
  const { creatio } = await control.state();
  return crmState({ state: () => creatio });
}

test(`two workers carry an import of 2,000 through ${KILLS} kills and ${RESTARTS} restarts of Redis and Postgres`, async () => {
  const calm = await bench.sandbox(PEOPLE);
  const straight = await bench.run(['-c', calm.config, 'import', '--yes', '--json'], { deadlineMs: 300_000 });
  const undisturbed = Report.parse(JSON.parse(straight.stdout));
  expect(undisturbed.status).toBe('succeeded');
  const expected = await stateOf(calm);
  calm.process.signal('SIGINT');

  const sandboxes = await bench.sandbox([...PEOPLE, '--latency', '150']);
  const database = await postgres.fresh();
  const env = { DATABASE_URL: database, REDIS_URL: redis.url, ROLLCALL_LOG_LEVEL: 'error' };
  const random = createRandom(SEED);
  const options = { env, deadlineMs: 900_000 };
  const startWorker = (): Running =>
    bench.start(['-c', sandboxes.config, 'serve', '--role', 'worker'], options);
  const runs = async (): Promise<z.infer<typeof Row>[]> =>
    z
      .array(Row)
      .parse(
        await postgres.query(
          database,
          'SELECT id, phase, status, report FROM rollcall.run ORDER BY started_at',
        ),
      );

  const workers = [startWorker(), startWorker()];
  const starter = bench.start(['-c', sandboxes.config, 'import', '--yes', '--json'], options);
  await until('the run is under way', async () => (await runs().catch(() => [])).length > 0, 60_000);
  // Whoever started it is not needed any more.
  starter.signal('SIGKILL');

  const restarts = new Set(
    Array.from({ length: RESTARTS }, (_, index) => Math.floor(((index + 1) * KILLS) / (RESTARTS + 1))),
  );
  let restarted = 0;
  let killed = 0;
  const isOver = async (): Promise<boolean> =>
    (await runs().catch(() => [])).every(({ phase }) => phase === 'done');
  while (killed < KILLS && !(await isOver())) {
    await wait(500 + random.next() * 2500);
    const victim = Math.floor(random.next() * workers.length);
    workers[victim]?.signal('SIGKILL');
    killed += 1;
    if (restarts.has(killed)) {
      const server = restarted % 2 === 0 ? redis : postgres;
      restarted += 1;
      await server.kill();
      await wait(random.next() * 2000);
      await server.start();
    }
    workers[victim] = startWorker();
  }
  const disturbances = { killed, restarted };

  await until('the run has ended', isOver, 600_000);
  const [run, ...others] = await runs();
  expect(others).toEqual([]);
  const report = Report.parse(run?.report);
  expect(disturbances).toEqual({ killed: KILLS, restarted: RESTARTS });
  expect(await stateOf(sandboxes)).toEqual(expected);
  expect(report).toMatchObject({
    status: 'succeeded',
    situations: undisturbed.situations,
    operations: undisturbed.operations,
    outcomes: undisturbed.outcomes,
    cases: undisturbed.cases,
  });
  expect(totalOf(report.situations)).toBe(report.directory.users);
  expect(totalOf(report.operations)).toBe(totalOf(report.outcomes));
  const links = z
    .array(z.object({ count: z.number() }))
    .parse(await postgres.query(database, 'SELECT count(*)::int AS count FROM rollcall.link'));
  expect(links[0]?.count).toBe(undisturbed.situations.matched + undisturbed.situations.unmatched);

  for (const worker of workers) worker.signal('SIGTERM');
  expect((await Promise.all(workers.map(({ ended }) => ended))).map(({ code }) => code)).toEqual([0, 0]);
  const again = await bench.run(['-c', sandboxes.config, 'import', '--yes', '--json'], { env });
  expect(Report.parse(JSON.parse(again.stdout))).toMatchObject({ status: 'nothing-to-do' });
});
