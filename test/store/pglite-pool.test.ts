import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Engine, SqlNotification } from '../../src/store/sql.ts';
import { openTestEngine } from './support.ts';

let engine: Engine;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ engine, remove } = await openTestEngine());
  await engine.pool.query('CREATE TABLE public.t (n integer PRIMARY KEY)');
});

afterAll(() => remove());

// A timer that is older than every transaction: what it calls carries no trace of any.
const outsiders: (() => void)[] = [];
const timer = setInterval(() => outsiders.splice(0).forEach((start) => start()), 1);
afterAll(() => clearInterval(timer));

/** Runs something as code would that knows nothing of the caller's transaction. */
function elsewhere<T>(work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    outsiders.push(() => void work().then(resolve, reject));
  });
}

async function numbers(): Promise<number[]> {
  const { rows } = await engine.pool.query<{ n: number }>('SELECT n FROM public.t ORDER BY n');
  return rows.map((row) => row.n);
}

describe('the pool over the embedded engine', () => {
  test('gives values as pg gives them', async () => {
    const { rows, rowCount, command, fields } = await engine.pool.query(
      `SELECT 9007199254740993::int8 AS big, '{"a":[1]}'::jsonb AS doc, timestamptz '2026-01-02T03:04:05.678Z' AS at,
              1.5::numeric AS exact, ARRAY['a','b']::text[] AS list, ARRAY[1]::int8[] AS bigs, true AS yes, 7 AS small,
              NULL::text AS nothing`,
    );
    expect(rows).toEqual([
      {
        big: '9007199254740993',
        doc: { a: [1] },
        at: new Date('2026-01-02T03:04:05.678Z'),
        exact: '1.5',
        list: ['a', 'b'],
        bigs: ['1'],
        yes: true,
        small: 7,
        nothing: null,
      },
    ]);
    expect({ rowCount, command, first: fields[0]?.name }).toEqual({
      rowCount: 1,
      command: 'SELECT',
      first: 'big',
    });
  });

  test('gives the rest of the process a turn between statements, also in a transaction', async () => {
    let turns = 0;
    let isOver = false;
    const turn = (): void => {
      turns += 1;
      if (!isOver) setImmediate(turn);
    };
    setImmediate(turn);
    const client = await engine.pool.connect();
    await client.query('BEGIN');
    for (let times = 0; times < 20; times += 1) await client.query('SELECT $1::int', [times]);
    await client.query('COMMIT');
    client.release();
    for (let times = 0; times < 20; times += 1) await engine.pool.query('SELECT 1');
    isOver = true;
    expect(turns).toBeGreaterThanOrEqual(40);
  });

  test('takes parameters as pg takes them', async () => {
    const { rows } = await engine.pool.query(
      'SELECT $1::jsonb AS doc, $2::text[] AS list, $3::timestamptz AS at, $4::int8 AS big, $5::text AS nothing',
      [{ a: "it's" }, ['x"y', 'z'], new Date(0), '12', undefined],
    );
    expect(rows).toEqual([
      { doc: { a: "it's" }, list: ['x"y', 'z'], at: new Date(0), big: '12', nothing: null },
    ]);
  });

  test('errors carry the code of the server and none of the parameters', async () => {
    await engine.pool.query('INSERT INTO public.t VALUES (1)');
    const error: unknown = await engine.pool
      .query('INSERT INTO public.t VALUES ($1)', [1])
      .catch((problem: unknown) => problem);
    expect(error).toMatchObject({ code: '23505' });
    expect(error).not.toHaveProperty('params');
    await engine.pool.query('DELETE FROM public.t');
  });

  test('says what a full disk is, with the cure', async () => {
    const full = `DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$`;
    await expect(engine.pool.query(full)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(/The disk is full: the database in \/.+ cannot be written/u),
      cure: expect.stringContaining('ROLLCALL_DATA'),
    });
  });

  test('keeps everybody else out of a transaction until it ends', async () => {
    const client = await engine.pool.connect();
    const steps: string[] = [];
    await client.query('BEGIN');
    await client.query('INSERT INTO public.t VALUES (1)');
    let ask: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      ask = resolve;
    });
    const waiting = elsewhere(async () => {
      const answer = numbers();
      ask();
      const seen = await answer;
      steps.push('seen');
      return seen;
    });
    await asked;
    await client.query('INSERT INTO public.t VALUES (2)');
    steps.push('commit');
    await client.query('COMMIT');
    client.release();
    expect(await waiting).toEqual([1, 2]);
    expect(steps).toEqual(['commit', 'seen']);
    await engine.pool.query('DELETE FROM public.t');
  });

  test('a query inside an open transaction but outside its client throws at once', async () => {
    const client = await engine.pool.connect();
    await client.query('BEGIN');
    await expect(engine.pool.query('SELECT 1')).rejects.toThrow('outside its client');
    const second = await engine.pool.connect();
    await expect(second.query('SELECT 1')).rejects.toThrow('outside its client');
    second.release();
    await client.query('ROLLBACK');
    client.release();
    await expect(engine.pool.query('SELECT 1')).resolves.toMatchObject({ rowCount: 1 });
  });

  test('the body of a transaction may not use the pool, nor anything that it awaits', async () => {
    const deep = async (): Promise<unknown> => {
      await Promise.resolve();
      return engine.pool.query('SELECT 1');
    };
    await expect(engine.insideTransaction(deep)).rejects.toThrow('outside its client');
    await expect(deep()).resolves.toMatchObject({ rowCount: 1 });
  });

  test('a client that is released in the middle of a transaction rolls it back', async () => {
    const client = await engine.pool.connect();
    await client.query('BEGIN');
    await client.query('INSERT INTO public.t VALUES (3)');
    client.release();
    expect(await numbers()).toEqual([]);
  });

  test('a transaction that failed lets the next one in after its rollback', async () => {
    const client = await engine.pool.connect();
    await client.query('BEGIN');
    await expect(client.query('SELECT nonsense')).rejects.toMatchObject({ code: '42703' });
    await client.query('ROLLBACK');
    client.release();
    expect(await numbers()).toEqual([]);
  });

  test('refuses to begin a transaction without a client', async () => {
    await expect(engine.pool.query('BEGIN')).rejects.toThrow('client of its own');
    await expect(engine.pool.query('SELECT 1')).resolves.toMatchObject({ rowCount: 1 });
  });

  test('a client hears what it listens to, once the notifying transaction has committed', async () => {
    const client = await engine.pool.connect();
    const heard: string[] = [];
    const first = new Promise<void>((resolve) => {
      client.on('notification', (note: SqlNotification) => {
        heard.push(`${note.channel}=${note.payload}`);
        // Whoever hears it may use the pool.
        void engine.pool.query('SELECT 1').then(() => resolve());
      });
    });
    await client.query('-- why we listen\n  LISTEN "Some.Channel";');
    const notifier = await engine.pool.connect();
    await notifier.query('BEGIN');
    await notifier.query(`SELECT pg_notify('Some.Channel', 'one')`);
    expect(heard).toEqual([]);
    await notifier.query('COMMIT');
    notifier.release();
    await first;
    expect(heard).toEqual(['Some.Channel=one']);

    await client.query('UNLISTEN "Some.Channel"');
    await engine.pool.query(`SELECT pg_notify('Some.Channel', 'two')`);
    await engine.pool.query('SELECT 1');
    expect(heard).toEqual(['Some.Channel=one']);
    client.release();
  });

  test('one listener that leaves does not deafen another', async () => {
    const one = await engine.pool.connect();
    const two = await engine.pool.connect();
    await one.query('LISTEN shared');
    await two.query('LISTEN shared');
    await one.query('UNLISTEN shared');
    one.release();
    const heard = new Promise<string>((resolve) => {
      two.on('notification', (note: SqlNotification) => resolve(note.payload));
    });
    await engine.pool.query(`SELECT pg_notify('shared', 'still here')`);
    expect(await heard).toBe('still here');
    two.release();
  });
});
