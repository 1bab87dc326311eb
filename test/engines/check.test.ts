import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { onlyJson, openBench, type Bench, type Sandboxes } from '../e2e/support.ts';
import { startFakePostgres } from '../support/fake-postgres.ts';
import {
  POSTGRES_PASSWORD,
  startPostgres,
  startRedis,
  type PostgresServer,
  type TestServer,
} from '../support/servers.ts';

jest.setTimeout(120_000);

const REDIS_PASSWORD = 'canary-redis-password';
const Findings = z.object({
  ok: z.boolean(),
  findings: z.array(
    z.object({
      severity: z.enum(['error', 'warning', 'ok']),
      code: z.string(),
      message: z.string().min(1),
      cure: z.string().nullable(),
    }),
  ),
});

let bench: Bench;
let sandboxes: Sandboxes;
let postgres: PostgresServer;
let redis: TestServer;
const clearUp: (() => unknown)[] = [];

beforeAll(async () => {
  bench = await openBench();
  [sandboxes, postgres, redis] = await Promise.all([
    bench.sandbox(['--users', '5', '--contacts', '10', '--crm-users', '4']),
    startPostgres(),
    startRedis([], { password: REDIS_PASSWORD }),
  ]);
});
afterEach(async () => {
  for (const step of clearUp.splice(0)) await step();
});
afterAll(async () => {
  await Promise.all([bench.close(), postgres.remove(), redis.remove()]);
});

/** What `check` says through the built program. No password may be seen, and what the engines do not touch is checked. */
async function check(env: Readonly<Record<string, string>>, config = sandboxes.config) {
  const outcome = await bench.run(['-c', config, 'check', '--json', '--log-level', 'debug'], { env });
  const { ok, findings } = Findings.parse(onlyJson(outcome.stdout));
  for (const secret of [
    POSTGRES_PASSWORD,
    encodeURIComponent(POSTGRES_PASSWORD),
    REDIS_PASSWORD,
    'wr0ng-secret',
    sandboxes.secrets.password,
    sandboxes.secrets.token,
  ])
    expect(outcome.stdout + outcome.stderr).not.toContain(secret);
  const codes = findings.map(({ code }) => code);
  expect(codes).toEqual(expect.arrayContaining(['webitel.sign-in', 'creatio.sign-in']));
  return { ok, exit: outcome.code, codes, errors: findings.filter(({ severity }) => severity === 'error') };
}

const redisUrl = (password = REDIS_PASSWORD): string => `redis://:${password}@127.0.0.1:${redis.port}/0`;

describe('check with engines that cannot be used names each with its cure, and ends with 1', () => {
  test('a Postgres database that only reads', async () => {
    const url = await postgres.fresh();
    await postgres.admin(
      `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET default_transaction_read_only = on`,
    );
    expect(await check({ DATABASE_URL: url })).toMatchObject({
      ok: false,
      exit: 1,
      errors: [
        {
          code: 'store.engine',
          message: expect.stringContaining('read-only'),
          cure: expect.stringContaining('primary'),
        },
      ],
    });
  });

  test('a Postgres server that is too old', async () => {
    const old = await startFakePostgres({ version: '130014', read_only: 'off', encoding: 'UTF8' });
    clearUp.push(() => old.close());
    const { errors, exit } = await check({
      DATABASE_URL: `postgres://rollcall:wr0ng-secret@127.0.0.1:${old.port}/db`,
    });
    expect(exit).toBe(1);
    expect(errors).toEqual([
      expect.objectContaining({
        code: 'store.engine',
        message: expect.stringContaining('version 13; Rollcall needs 14'),
        cure: expect.stringContaining('Upgrade'),
      }),
    ]);
  });

  test('a wrong password of Postgres and a Redis that throws keys away, both at once', async () => {
    const admin = new Redis(redisUrl());
    clearUp.push(() => admin.quit());
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
    clearUp.unshift(() => admin.config('SET', 'maxmemory-policy', 'noeviction'));
    const { errors, exit } = await check({
      DATABASE_URL: postgres.urlOf({ password: 'wr0ng-secret' }),
      REDIS_URL: redisUrl(),
    });
    expect(exit).toBe(1);
    expect(errors).toEqual([
      expect.objectContaining({ code: 'store.engine', cure: expect.stringContaining('DATABASE_URL') }),
      expect.objectContaining({
        code: 'queue.engine',
        message: expect.stringContaining('allkeys-lru'),
        cure: expect.stringContaining('maxmemory-policy noeviction'),
      }),
    ]);
  });

  test('a wrong password of Redis, or an address that is none', async () => {
    expect((await check({ REDIS_URL: redisUrl('wr0ng-secret') })).errors).toEqual([
      expect.objectContaining({ code: 'queue.engine', cure: expect.stringContaining('REDIS_URL') }),
    ]);
    expect((await check({ DATABASE_URL: 'mysql://me:wr0ng-secret@host/db' })).errors).toEqual([
      expect.objectContaining({ code: 'store.engine', message: expect.stringContaining('DATABASE_URL') }),
    ]);
  });

  test('an engine and a system: both are found', async () => {
    const config = join(sandboxes.folder, 'unreachable.yaml');
    const good = await readFile(sandboxes.config, 'utf8');
    await writeFile(config, good.replace(sandboxes.urls.webitel, 'http://127.0.0.1:1'));
    const { errors } = await check({ DATABASE_URL: 'postgres://me:wr0ng-secret@127.0.0.1:1/db' }, config);
    expect(errors.map(({ code }) => code)).toEqual(['store.engine', 'webitel.sign-in']);
  });
});

test('check with engines that can be used says so and ends with 0', async () => {
  const { ok, exit, codes } = await check({ DATABASE_URL: await postgres.fresh(), REDIS_URL: redisUrl() });
  expect([ok, exit]).toEqual([true, 0]);
  expect(codes.slice(0, 2)).toEqual(['store.engine', 'queue.engine']);
});
