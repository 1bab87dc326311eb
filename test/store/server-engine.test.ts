import { expect, test } from '@jest/globals';
import { createServer, type Socket } from 'node:net';
import { openEngine } from '../../src/store/index.ts';
import { engineOptions } from './support.ts';

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function counted(number: number, ...parts: readonly Buffer[]): Buffer {
  const count = Buffer.alloc(2);
  count.writeInt16BE(number);
  return Buffer.concat([count, ...parts]);
}

const READY = message('Z', Buffer.from('I'));

/** One row of texts, as the wire protocol of Postgres sends it. */
function answer(row: Readonly<Record<string, string>>): Buffer {
  const names = Object.keys(row);
  const text = (oid: number): Buffer => {
    const rest = Buffer.alloc(18);
    rest.writeInt32BE(oid, 6);
    return rest;
  };
  const description = names.map((name) => Buffer.concat([Buffer.from(`${name}\0`), text(25)]));
  const values = Object.values(row).map((value) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(Buffer.byteLength(value));
    return Buffer.concat([length, Buffer.from(value)]);
  });
  return Buffer.concat([
    message('T', counted(names.length, ...description)),
    message('D', counted(names.length, ...values)),
    message('C', Buffer.from('SELECT 1\0')),
    READY,
  ]);
}

/** Lets everybody in and answers every query with the same row. */
function converse(socket: Socket, row: Readonly<Record<string, string>>): void {
  socket.on('error', () => undefined);
  socket.once('data', () => {
    socket.write(Buffer.concat([message('R', Buffer.alloc(4)), READY]));
    socket.on('data', (data) => {
      if (data.toString('latin1', 0, 1) === 'Q') socket.write(answer(row));
    });
  });
}

async function refusal(row: Readonly<Record<string, string>>): Promise<unknown> {
  const server = createServer((socket) => converse(socket, row));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  try {
    const engine = await openEngine(
      engineOptions('/nowhere', { databaseUrl: `postgres://me:hidden-pw@127.0.0.1:${address.port}/db` }),
    );
    await engine.close();
    return null;
  } catch (error) {
    return error;
  } finally {
    server.close();
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
