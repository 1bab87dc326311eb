import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { EventEmitter, once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { sql } from 'kysely';
import { RunOrder } from '../../src/domain/run.ts';
import { createDatabase, type Database } from '../../src/store/database.ts';
import { createStore, type Engine } from '../../src/store/index.ts';
import { openServerEngine } from '../../src/store/server-engine.ts';
import { createTestLogger, systemClock } from '../store/support.ts';
import { startPostgres, type PostgresServer } from '../support/servers.ts';

let server: PostgresServer;
let engine: Engine;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.remove());

async function open(url: string, patienceMs?: number): Promise<Engine> {
  return openServerEngine({
    url,
    logger: createTestLogger(),
    clock: systemClock,
    queueSchema: 'bullmq',
    ...(patienceMs === undefined ? {} : { patienceMs }),
  });
}

beforeEach(async () => {
  engine = await open(await server.fresh());
});
afterEach(() => engine.close());

const RUN = {
  id: 'r',
  kind: 'import',
  trigger: 'command',
  status: 'running',
  phase: 'reading',
  order: RunOrder.parse({}),
  startedAt: '2026-03-01T10:00:00.000Z',
  finishedAt: null,
  report: null,
  problem: null,
} as const;

/** Takes the server away and brings it back each time the work has told of so many steps. */
async function shaken(steps: readonly number[], work: (tell: () => void) => Promise<unknown>): Promise<void> {
  const told = new EventEmitter();
  let count = 0;
  const working = work(() => void told.emit(String(++count)));
  const shaking = (async () => {
    for (const step of steps) {
      if (count < step) await once(told, String(step));
      await server.kill();
      await server.start();
    }
  })();
  await Promise.all([working, shaking]);
}

describe('a server that goes away again and again while workers write', () => {
  test('loses nothing, does nothing twice and fails nobody', async () => {
    const store = await createStore(engine, { clock: systemClock });
    await store.runs.create(RUN);
    let adds = 0;
    const worker = async (name: string, tell: () => void): Promise<void> => {
      for (let round = 0; round < 150; round += 1) {
        await store.memory.set(name, String(round));
        expect(await store.memory.get(name)).toBe(String(round));
        await store.runs.addSpent('r', { creatio: { used: 1, retries: 0 } });
        adds += 1;
        tell();
        await store.runs.noteReading(
          'r',
          {
            readAt: RUN.startedAt,
            domainId: '1',
            sizes: [],
            showsOwnRows: false,
            isPartial: false,
            strangers: null,
            crmUserRight: null,
          },
          [`${name} ${round}`],
        );
      }
    };
    await shaken([20, 100, 180, 260, 400], (tell) =>
      Promise.all(['a', 'b', 'c', 'd'].map((name) => worker(name, tell))),
    );
    expect(await store.runs.spent('r')).toEqual({ creatio: { used: adds, retries: 0 } });
    const notes = await store.runs.notes('r');
    expect(notes).toHaveLength(adds);
    expect(new Set(notes).size).toBe(adds);
  }, 120_000);

  test('lets a run be created and moved once, and says so', async () => {
    const store = await createStore(engine, { clock: systemClock });
    const cycle = async (tell: () => void): Promise<void> => {
      for (let round = 0; round < 300; round += 1) {
        const id = `r${round}`;
        await store.runs.create({ ...RUN, id });
        expect(await store.runs.advance(id, 'reading', { phase: 'applying' })).toBe(true);
        expect(await store.runs.advance(id, 'reading', { phase: 'applying' })).toBe(false);
        await store.runs.update(id, { phase: 'done' });
        tell();
      }
    };
    await shaken([10, 60, 110, 160, 210], cycle);
  }, 120_000);

  test('is not waited for longer than the engine is patient', async () => {
    const impatient = await open(await server.fresh(), 700);
    try {
      const store = await createStore(impatient, { clock: systemClock });
      await server.kill();
      const from = Date.now();
      await expect(store.memory.get('x')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      await expect(store.links.save([])).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      expect(Date.now() - from).toBeGreaterThanOrEqual(1400);
      expect(Date.now() - from).toBeLessThan(15_000);
    } finally {
      await server.start();
      await impatient.close();
    }
  }, 60_000);
});

/** Stands between and breaks one connection at a moment of its choice. */
interface Saboteur {
  readonly url: string;
  /** Breaks the connection that sends the next text like this: before it arrives, or when it is answered. */
  breakNext(text: string, moment: 'before' | 'after'): void;
  close(): Promise<void>;
}

async function startSaboteur(target: string): Promise<Saboteur> {
  const url = new URL(target);
  const port = Number(url.port);
  let order: { readonly text: string; readonly moment: 'before' | 'after' } | null = null;
  const sockets = new Set<Socket>();
  const between = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    let isDoomed = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
        sockets.delete(socket);
      });
    }
    client.on('data', (data) => {
      if (order !== null && data.toString('latin1').toLowerCase().includes(order.text)) {
        isDoomed = order.moment === 'after';
        const isBefore = order.moment === 'before';
        order = null;
        if (isBefore) {
          client.destroy();
          return;
        }
      }
      upstream.write(data);
    });
    upstream.on('data', (data) => {
      if (isDoomed) client.destroy();
      else client.write(data);
    });
  });
  await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
  const address = between.address();
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  url.port = String(address.port);
  return {
    url: url.href,
    breakNext: (text, moment) => void (order = { text, moment }),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => between.close(resolve));
    },
  };
}

describe('a connection that breaks', () => {
  let saboteur: Saboteur;
  let database: Database;
  let own: Engine;
  beforeEach(async () => {
    saboteur = await startSaboteur(await server.fresh());
    own = await open(saboteur.url, 10_000);
    await createStore(own, { clock: systemClock });
    database = createDatabase(own);
  });
  afterEach(async () => {
    await own.close();
    await saboteur.close();
  });

  /** Counts up in a transaction; answers how often its body was called, and what the counter says in the end. */
  async function countUp(): Promise<{ calls: number; answer: string; value: string }> {
    await database.db.insertInto('memory').values({ key: 'n', value: '0' }).execute();
    return counting();
  }
  async function counting(): Promise<{ calls: number; answer: string; value: string }> {
    let calls = 0;
    const answer = await database.transaction(async (trx) => {
      calls += 1;
      const { rows } = await sql<{ value: string }>`
        UPDATE rollcall.memory SET value = (value::int + 1)::text WHERE key = 'n' RETURNING value`.execute(
        trx,
      );
      return rows[0]?.value ?? '';
    });
    const row = await database.db.selectFrom('memory').select('value').executeTakeFirstOrThrow();
    return { calls, answer, value: row.value };
  }

  test('in the middle of a transaction lets it be done again', async () => {
    saboteur.breakNext('update rollcall.memory', 'after');
    expect(await countUp()).toEqual({ calls: 2, answer: '1', value: '1' });
  });

  test('before a commit arrives lets the transaction be done again', async () => {
    await countUp();
    saboteur.breakNext('commit', 'before');
    expect(await counting()).toEqual({ calls: 2, answer: '2', value: '2' });
  });

  test('after a commit has got through lets nothing be done again', async () => {
    await countUp();
    saboteur.breakNext('commit', 'after');
    expect(await counting()).toEqual({ calls: 1, answer: '2', value: '2' });
  });

  test('at the beginning of a transaction, or while it is named, is not noticed', async () => {
    await countUp();
    for (const text of ['begin', 'insert into rollcall.lease']) {
      saboteur.breakNext(text, 'after');
      expect(await counting()).toMatchObject({ calls: 1 });
    }
  });

  test.each(['before', 'after'] as const)('%s a single statement lets it be sent again', async (moment) => {
    saboteur.breakNext('insert into "rollcall"."memory"', moment);
    await database.db
      .insertInto('memory')
      .values({ key: 'n', value: '7' })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: '7' }))
      .execute();
    expect(await counting()).toMatchObject({ value: '8' });
  });

  test('leaves no marks behind but the last ones', async () => {
    await countUp();
    for (let round = 0; round < 20; round += 1) await counting();
    const leases = await database.db.selectFrom('lease').select('name').execute();
    expect(leases.length).toBeLessThanOrEqual(2);
  });

  test('does not let a refusal be repeated', async () => {
    let calls = 0;
    await expect(
      database.transaction(async (trx) => {
        calls += 1;
        await trx.insertInto('memory').values({ key: 'x', value: '1' }).execute();
        await trx.insertInto('memory').values({ key: 'x', value: '1' }).execute();
      }),
    ).rejects.toMatchObject({ code: '23505' });
    expect(calls).toBe(1);
  });
});
