import { expect, test } from '@jest/globals';
import { openEngine } from '../../src/store/index.ts';
import { startFakePostgres } from '../support/fake-postgres.ts';
import { engineOptions } from './support.ts';

async function refusal(row: Readonly<Record<string, string>>): Promise<unknown> {
  const { port, close } = await startFakePostgres(row);
  try {
    const engine = await openEngine(
      engineOptions('/nowhere', { databaseUrl: `postgres://me:hidden-pw@127.0.0.1:${port}/db` }),
    );
    await engine.close();
    return null;
  } catch (error) {
    return error;
  } finally {
    close();
  }
}

const FIT = { version: '140011', read_only: 'off', encoding: 'UTF8' };

test('a Postgres server that is too old is refused with the cure', async () => {
  expect(await refusal({ ...FIT, version: '130014' })).toMatchObject({
    code: 'CONFIGURATION',
    message: expect.stringContaining('version 13; Rollcall needs 14'),
    cure: expect.stringContaining('Upgrade'),
  });
});

test('a replica, which only reads, is refused with the cure', async () => {
  expect(await refusal({ ...FIT, read_only: 'on' })).toMatchObject({
    code: 'CONFIGURATION',
    cure: expect.stringContaining('primary'),
  });
});

test('a server that fits is taken', async () => {
  expect(await refusal(FIT)).toBeNull();
});

test.each([
  'db.example.com',
  'mysql://me:hidden-pw@host/db',
  'postgres://me:hidden-pw@host',
  'postgres://me:hidden-pw%zz@host/db',
  'postgres://me:hidden-pw@a:1,b:2/db',
  'postgres://me:hidden-pw@host/db?sslmode=prefer',
  'postgres://me:hidden-pw@host/db?sslmode=verify-ca',
  'postgres://me:hidden-pw@host/db?sslmode=verify-full&sslrootcert=/not/there.pem',
])('the address %s is refused with the cure and without the password', async (databaseUrl) => {
  const error: unknown = await openEngine(engineOptions('/nowhere', { databaseUrl })).catch(
    (problem: unknown) => problem,
  );
  expect(error).toMatchObject({
    code: 'CONFIGURATION',
    message: expect.stringContaining('DATABASE_URL'),
    cure: expect.stringMatching(/./),
  });
  expect(JSON.stringify(error) + String(error)).not.toContain('hidden-pw');
});
