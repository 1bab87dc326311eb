import { createServer, type Socket } from 'node:net';

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

/** A server that speaks the protocol of Postgres and answers every query with the same row. */
export async function startFakePostgres(
  row: Readonly<Record<string, string>>,
): Promise<{ port: number; close(): void }> {
  const server = createServer((socket) => converse(socket, row));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  return { port: address.port, close: () => void server.close() };
}
