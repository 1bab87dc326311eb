import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { defineJob, type JobQueue } from '../../src/app/ports/jobs.ts';
import { createJobQueue } from '../../src/queue/index.ts';
import { queueTestOptions } from '../contract/job-queue.contract.ts';
import type { LogLine } from '../store/support.ts';
import { startRedis, startRedisCluster, type TestServer } from '../support/servers.ts';
import { noPool } from './support.ts';

const PASSWORD = 'hush-hush-9';
let server: TestServer;
beforeAll(async () => {
  server = await startRedis([], { password: PASSWORD });
}, 60_000);
afterAll(() => server.remove());

const clearUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of clearUp.splice(0).toReversed()) await step();
});

async function open(
  redisUrl: string,
  changes: { name?: string; lines?: LogLine[]; redisPrefix?: string; lockMs?: number } = {},
): Promise<JobQueue> {
  const { name = randomUUID(), lines = [], ...others } = changes;
  const queue = await createJobQueue({ pool: noPool, redisUrl, ...queueTestOptions(name, lines), ...others });
  clearUp.push(() => queue.close(0));
  return queue;
}

/** The refusal of an address; it must not give the password away. */
async function refusal(redisUrl: string): Promise<unknown> {
  const error: unknown = await open(redisUrl).then(
    () => null,
    (problem: unknown) => problem,
  );
  const said =
    error instanceof Error ? `${error.message} ${String(error.cause)} ${JSON.stringify(error)}` : '';
  for (const secret of [PASSWORD, 'wr0ng-secret']) expect(said).not.toContain(secret);
  return error;
}

/** Does one job on a queue. */
async function doOne(queue: JobQueue): Promise<void> {
  const note = defineJob({
    name: 'note',
    payload: z.object({}),
    attempts: 1,
    process: () => Promise.resolve({ kind: 'done' }),
  });
  await queue.work([note], { concurrency: 1 });
  await queue.waitFor(await queue.add({ name: 'note', payload: {} }));
}

describe('a Redis that cannot keep the queue', () => {
  test('refuses a wrong password, and one that is missing, with the cure', async () => {
    const expected = { code: 'AUTHENTICATION', cure: expect.stringContaining('REDIS_URL') };
    expect(await refusal(`redis://:wr0ng-secret@127.0.0.1:${server.port}`)).toMatchObject(expected);
    expect(await refusal(`redis://127.0.0.1:${server.port}`)).toMatchObject(expected);
  });

  test('that nobody has started is named', async () => {
    expect(await refusal('redis://:wr0ng-secret@127.0.0.1:1')).toMatchObject({
      code: 'UNAVAILABLE',
      message: 'Redis at 127.0.0.1:1 cannot be reached.',
    });
    expect(await refusal('redis+cluster://:wr0ng-secret@127.0.0.1:1,127.0.0.1:2')).toMatchObject({
      code: 'UNAVAILABLE',
    });
    expect(await refusal('redis+sentinel://:wr0ng-secret@127.0.0.1:1/main')).toMatchObject({
      code: 'UNAVAILABLE',
    });
  });

  test('that throws keys away when it is full is refused with the cure', async () => {
    const admin = new Redis(server.url);
    clearUp.push(() => admin.quit());
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
    clearUp.push(() => admin.config('SET', 'maxmemory-policy', 'noeviction'));
    expect(await refusal(server.url)).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringContaining('allkeys-lru'),
      cure: expect.stringContaining('maxmemory-policy noeviction'),
    });
  });

  test('with a number that it does not have, or of another kind than the address says, is refused', async () => {
    expect(await refusal(`redis://:${PASSWORD}@127.0.0.1:${server.port}/999`)).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringContaining('no database'),
    });
    expect(await refusal(`redis+cluster://:${PASSWORD}@127.0.0.1:${server.port}`)).toMatchObject({
      code: 'CONFIGURATION',
      cure: expect.stringContaining('redis://'),
    });
  });
});

describe('a Redis that keeps the queue', () => {
  test('is used although it keeps its settings to itself', async () => {
    const admin = new Redis(server.url);
    clearUp.push(() => admin.quit());
    await admin.call('ACL', 'SETUSER', 'worker', 'on', `>${PASSWORD}`, '~*', '&*', '+@all', '-config');
    await doOne(await open(`redis://worker:${PASSWORD}@127.0.0.1:${server.port}`));
    await admin.call('ACL', 'SETUSER', 'worker', '-info');
    expect(await refusal(`redis://worker:${PASSWORD}@127.0.0.1:${server.port}`)).toMatchObject({
      code: 'FORBIDDEN',
      cure: expect.stringContaining('ACL SETUSER'),
    });
    await admin.call('FLUSHALL');
  });

  test('has keys of one prefix only, and one slot for all of them in a cluster', async () => {
    await doOne(await open(server.url, { redisPrefix: 'mine' }));
    const admin = new Redis(server.url);
    clearUp.push(() => admin.quit());
    const keys = await admin.keys('*');
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.filter((key) => !key.startsWith('mine:'))).toEqual([]);

    const cluster = await startRedisCluster();
    clearUp.push(() => cluster.remove());
    await doOne(await open(cluster.url, { redisPrefix: 'mine' }));
    const node = new Redis(cluster.port, '127.0.0.1');
    clearUp.push(() => node.quit());
    const tagged = await node.keys('*');
    expect(tagged.length).toBeGreaterThan(0);
    expect(tagged.filter((key) => !key.startsWith('{mine}:'))).toEqual([]);
  }, 60_000);

  test('is found by its sentinels', async () => {
    const sentinel = await startRedis(
      [
        `sentinel monitor main 127.0.0.1 ${server.port} 1`,
        `sentinel auth-pass main ${PASSWORD}`,
        'sentinel resolve-hostnames no',
      ],
      { sentinel: true },
    );
    clearUp.push(() => sentinel.remove());
    await doOne(await open(`redis+sentinel://:${PASSWORD}@127.0.0.1:${sentinel.port}/main`));
    expect(await refusal(`redis+sentinel://:${PASSWORD}@127.0.0.1:${sentinel.port}/other`)).toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('other'),
    });
  }, 60_000);

  test('is waited for when it is restarted, and the job under way is done', async () => {
    const lines: LogLine[] = [];
    const queue = await open(server.url, { lines, lockMs: 2000 });
    let begun: () => void = () => undefined;
    const underWay = new Promise<void>((resolve) => {
      begun = resolve;
    });
    let release: () => void = () => undefined;
    const restarted = new Promise<void>((resolve) => {
      release = resolve;
    });
    const done: string[] = [];
    await queue.work(
      [
        defineJob({
          name: 'note',
          payload: z.object({ id: z.string() }),
          attempts: 3,
          async process({ payload: { id } }) {
            begun();
            await restarted;
            done.push(id);
            return { kind: 'done' };
          },
        }),
      ],
      { concurrency: 1 },
    );
    const first = await queue.add({ name: 'note', payload: { id: 'first' } });
    const waiting = queue.waitFor(first);
    await underWay;
    await server.kill();
    release();
    const adding = queue.add({ name: 'note', payload: { id: 'second' }, id: 'second' });
    await server.start();
    await Promise.all([waiting, adding.then((id) => queue.waitFor(id))]);
    expect([...new Set(done)].toSorted()).toEqual(['first', 'second']);
    expect(lines.map((line) => line.message)).toContain('Redis is away; waiting for it.');
  }, 60_000);
});
