import { appendFile, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { z } from 'zod';
import { cell, openBench, until, type Bench, type Running, type Sandboxes } from '../e2e/support.ts';
import { ask } from '../server/support.ts';
import {
  freePort,
  startPostgres,
  startRedis,
  type PostgresServer,
  type TestServer,
} from '../support/servers.ts';

jest.setTimeout(400_000);

const TOKEN = 'canary-webhook-token-9';
const PEOPLE = ['--users', '30', '--contacts', '60', '--crm-users', '24', '--seed', '4'];

let bench: Bench;
let postgres: PostgresServer;
let redis: TestServer;
let sandboxes: Sandboxes;
let database: string;
let config: string;
let env: Record<string, string>;
beforeAll(async () => {
  bench = await openBench();
  [postgres, redis] = await Promise.all([startPostgres(['fsync=on']), startRedis()]);
  sandboxes = await bench.sandbox(PEOPLE);
  config = join(sandboxes.folder, 'service.yaml');
  await copyFile(sandboxes.config, config);
  await appendFile(config, `server: { webhooks: { tokens: ["${TOKEN}"] } }\n`);
  database = await postgres.fresh();
  env = { DATABASE_URL: database, REDIS_URL: redis.url };
}, 120_000);
afterAll(async () => {
  await bench.close();
  await Promise.all([postgres.remove(), redis.remove()]);
});

async function serve(roles: string): Promise<{ process: Running; url: string }> {
  const port = await freePort();
  const args = ['-c', config, 'serve', '--role', roles, '--host', '127.0.0.1', '--port', String(port)];
  const process = bench.start(args, { env, deadlineMs: 400_000 });
  const url = `http://127.0.0.1:${port}`;
  await until(
    `${roles} is ready`,
    async () => (await ask(`${url}/readyz`).catch(() => null))?.status === 200,
    90_000,
  );
  return { process, url };
}

test('an edit whose webhook was answered is carried out, whoever is killed the moment after', async () => {
  const imported = await bench.run(['-c', config, 'import', '--yes', '--json'], { env });
  expect(imported.code).toBe(0);
  const { creatio } = await sandboxes.control.state();
  const edited = (creatio['UsrWebitelUser'] ?? [])
    .map((row) => ({ id: cell(row, 'Id'), userId: cell(row, 'UsrExternalId') }))
    .filter(({ userId }) => userId !== '')
    .slice(0, 12)
    .map((one, index) => ({ ...one, name: `Змінена ${index}` }));
  expect(edited).toHaveLength(12);
  for (const { id, name } of edited)
    await sandboxes.control.post('/rows', {
      system: 'creatio',
      table: 'UsrWebitelUser',
      op: 'update',
      id,
      row: { UsrName: name },
    });

  const first = await serve('web');
  const answered: typeof edited = [];
  const told = edited.map(async (one) => {
    const { status } = await ask(`${first.url}/v1/webhooks/creatio`, {
      method: 'POST',
      headers: { 'X-Rollcall-Token': TOKEN },
      body: { entity: 'UsrWebitelUser', id: one.id, event: 'modified' },
    });
    // The very first answer is the end of whoever gave it.
    first.process.signal('SIGKILL');
    expect(status).toBe(202);
    answered.push(one);
  });
  await Promise.allSettled(told);
  await first.process.ended;
  expect(answered.length).toBeGreaterThan(0);
  // Power is cut for the servers, too: what they have not written down is gone.
  await Promise.all([postgres.kill(), redis.kill()]);
  await Promise.all([postgres.start(), redis.start()]);
  const kept = z
    .array(z.object({ row_id: z.string() }))
    .parse(await postgres.query(database, 'SELECT row_id FROM rollcall.hint'))
    .map(({ row_id: id }) => id);
  expect(kept).toEqual(expect.arrayContaining(answered.map(({ id }) => id)));

  const others = await Promise.all([serve('web'), serve('worker')]);
  const carriedOut = async (): Promise<string[]> => {
    const { webitel } = await sandboxes.control.state();
    const names = new Map((webitel['users'] ?? []).map((user) => [user['id'], cell(user, 'name')]));
    return edited.filter(({ userId, name }) => names.get(userId) === name).map(({ id }) => id);
  };
  await until(
    'what was told of is in the directory',
    async () => {
      const done = await carriedOut();
      return kept.every((id) => done.includes(id));
    },
    60_000,
  );
  // Nobody else was: it was the hints that carried them there.
  expect((await carriedOut()).toSorted()).toEqual(kept.toSorted());
  const waiting = async (): Promise<boolean> =>
    (await postgres.query(database, 'SELECT 1 FROM rollcall.hint')).length === 0;
  await until('no hint is left', waiting, 30_000);
  for (const { process } of others) process.signal('SIGTERM');
  expect((await Promise.all(others.map(({ process }) => process.ended))).map(({ code }) => code)).toEqual([
    0, 0,
  ]);
});
