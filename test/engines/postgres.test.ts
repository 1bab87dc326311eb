import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { defineJob } from '../../src/app/ports/jobs.ts';
import { createJobQueue } from '../../src/queue/index.ts';
import { createStore, openEngine, type Engine } from '../../src/store/index.ts';
import { queueTestOptions } from '../contract/job-queue.contract.ts';
import { createTestLogger, engineOptions, systemClock, type LogLine } from '../store/support.ts';
import { POSTGRES_PASSWORD, startPostgres, type PostgresServer } from '../support/servers.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.remove());

const clearUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of clearUp.splice(0).toReversed()) await step();
});

async function open(databaseUrl: string, lines: LogLine[] = []): Promise<Engine> {
  const engine = await openEngine(
    engineOptions('/nowhere', { databaseUrl, logger: createTestLogger(lines) }),
  );
  clearUp.push(() => engine.close());
  return engine;
}

/** The refusal of an address; it must not give the password away, plain or encoded. */
async function refusal(
  databaseUrl: string,
  use = (engine: Engine): Promise<unknown> => createStore(engine, { clock: systemClock }),
) {
  const error: unknown = await open(databaseUrl)
    .then(use)
    .then(
      () => null,
      (problem: unknown) => problem,
    );
  const said = error instanceof Error ? `${error.message} ${JSON.stringify(error)}` : '';
  for (const secret of [POSTGRES_PASSWORD, encodeURIComponent(POSTGRES_PASSWORD), 'wr0ng-secret']) {
    expect(said).not.toContain(secret);
  }
  return error;
}

describe('a Postgres server that cannot be used', () => {
  test('refuses a wrong password with the cure', async () => {
    expect(await refusal(server.urlOf({ password: 'wr0ng-secret' }))).toMatchObject({
      code: 'AUTHENTICATION',
      retryable: false,
      message: expect.stringContaining(`127.0.0.1:${server.port}`),
      cure: expect.stringContaining('DATABASE_URL'),
    });
  });

  test('without the database says how to create it', async () => {
    expect(await refusal(server.urlOf({ database: 'not there' }))).toMatchObject({
      code: 'CONFIGURATION',
      cure: expect.stringContaining('CREATE DATABASE "not there"'),
    });
  });

  test('that nobody has started is named', async () => {
    const url = new URL(server.url);
    url.port = '1';
    expect(await refusal(url.href)).toMatchObject({
      code: 'UNAVAILABLE',
      message: 'Postgres at 127.0.0.1:1 cannot be reached.',
    });
  });

  test('that only reads is refused, whether all of it or the database alone', async () => {
    const url = await server.fresh();
    await server.admin(
      `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET default_transaction_read_only = on`,
    );
    expect(await refusal(url)).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringContaining('read-only'),
      cure: expect.stringContaining('primary'),
    });
  });

  test('that lets the user make no schema says which right to grant', async () => {
    await server.admin(`CREATE ROLE guest LOGIN PASSWORD 'guest-pass'`);
    expect(await refusal(server.urlOf({ user: 'guest', password: 'guest-pass' }))).toMatchObject({
      code: 'FORBIDDEN',
      cure: expect.stringContaining('GRANT CREATE ON DATABASE'),
    });
  });

  test('whose database does not keep every name is refused', async () => {
    await server.admin(
      `CREATE DATABASE narrow ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`,
    );
    expect(await refusal(server.urlOf({ database: 'narrow' }))).toMatchObject({
      code: 'CONFIGURATION',
      cure: expect.stringContaining("ENCODING 'UTF8'"),
    });
  });

  test('that speaks no TLS is not spoken to in the clear when TLS was asked for', async () => {
    expect(await refusal(`${server.url}?sslmode=require`)).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringContaining('does not speak TLS'),
    });
  });
});

describe('a Postgres server that is shared', () => {
  test('is brought up to date by one of many who start at once', async () => {
    const url = await server.fresh();
    const engines = await Promise.all(Array.from({ length: 6 }, () => open(url)));
    const stores = await Promise.all(engines.map((engine) => createStore(engine, { clock: systemClock })));
    const owners = await Promise.all(
      stores.map((store, index) => store.leases.acquire('crm', `p${index}`, 60_000)),
    );
    expect(owners.filter(Boolean)).toEqual([true]);
  });

  test('hands a session with an open transaction or channels to nobody else', async () => {
    const { pool } = await open(await server.fresh());
    await pool.query('CREATE TABLE public.t (n int)');
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query('INSERT INTO public.t VALUES (1)');
    client.release();
    const listener = await pool.connect();
    await listener.query('LISTEN news');
    listener.release();
    expect((await pool.query('SELECT * FROM public.t')).rows).toEqual([]);
    expect((await pool.query('SELECT pg_listening_channels() AS c')).rows).toEqual([]);
  });

  test('lets a query outside an open transaction throw, as on the embedded engine', async () => {
    const engine = await open(await server.fresh());
    const body = (): Promise<unknown> => engine.pool.query('SELECT 1');
    await expect(engine.insideTransaction(body)).rejects.toThrow('outside its client');
  });
});

describe('a Postgres server that is restarted', () => {
  test('is waited for by store and queue, and the job under way is done', async () => {
    const lines: LogLine[] = [];
    const engine = await open(await server.fresh(), lines);
    const store = await createStore(engine, { clock: systemClock });
    const queue = await createJobQueue({
      pool: engine.queuePool,
      ...queueTestOptions(randomUUID(), lines),
      lockMs: 2000,
    });
    clearUp.push(() => queue.close(0));
    let begun: () => void = () => undefined;
    const underWay = new Promise<void>((resolve) => {
      begun = resolve;
    });
    let release: () => void = () => undefined;
    const restarted = new Promise<void>((resolve) => {
      release = resolve;
    });
    await queue.work(
      [
        defineJob({
          name: 'note',
          payload: z.object({ id: z.string() }),
          attempts: 3,
          async process({ payload: { id } }) {
            if (id === 'first') begun();
            await restarted;
            await store.memory.set(id, 'done');
            return { kind: 'done' };
          },
        }),
      ],
      { concurrency: 2 },
    );
    const first = await queue.add({ name: 'note', payload: { id: 'first' } });
    const waiting = queue.waitFor(first);
    await underWay;
    await server.kill();
    release();
    const reading = store.memory.get('first');
    const adding = queue.add({ name: 'note', payload: { id: 'second' }, id: 'second' });
    await server.start();
    await adding;
    await Promise.all([waiting, queue.waitFor('second'), reading]);
    expect(await store.memory.get('first')).toBe('done');
    expect(await store.memory.get('second')).toBe('done');
    expect(lines.map((line) => line.message)).toContain('The database is away; waiting for it.');
  }, 60_000);
});
