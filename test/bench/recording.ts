import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

/** One request as the import sent it, and how many parts of it were carried out if it was a batch. */
export const Recorded = z.strictObject({
  system: z.enum(['creatio', 'webitel']),
  method: z.string(),
  /** Path and query. */
  path: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  status: z.number(),
  /** Writes in it that were carried out. */
  done: z.number(),
});
export type Recorded = z.infer<typeof Recorded>;

/** A proxy before one of the sandboxes that keeps everything that goes through it. */
export interface Recorder {
  readonly url: string;
  close(): Promise<void>;
}

/** What belongs to one connection, to one body's way over it, or to one session. */
const NOT_KEPT = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'accept-encoding',
  'cookie',
  'bpmcsrf',
  'x-webitel-access',
]);

/** Starts a recorder; what it records is added to the list in the order in which requests began. */
export async function startRecorder(
  system: Recorded['system'],
  target: string,
  into: Recorded[],
): Promise<Recorder> {
  const server = createServer((incoming, outgoing) => {
    const entry: Recorded = {
      system,
      method: incoming.method ?? 'GET',
      path: incoming.url ?? '/',
      headers: keptHeaders(incoming),
      body: '',
      status: 0,
      done: 0,
    };
    into.push(entry);
    const passOn = async (): Promise<void> => {
      const body = await readAll(incoming);
      entry.body = body.toString('utf8');
      const { answer, content } = await forward(new URL(target), incoming, body);
      entry.status = answer.statusCode ?? 0;
      if (isBatch(entry)) entry.done = countDone(content);
      outgoing.writeHead(entry.status, answer.headers);
      outgoing.end(content);
    };
    passOn().catch((error: unknown) => outgoing.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${addressOf(server)}${new URL(target).pathname.replace(/\/$/, '')}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function addressOf(server: Server): string {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('The recorder does not listen.');
  return `http://127.0.0.1:${address.port}`;
}

function keptHeaders(incoming: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(incoming.headers).flatMap(([name, value]) =>
      NOT_KEPT.has(name) || value === undefined ? [] : [[name, String(value)]],
    ),
  );
}

/** The recorder's own address stands in answers as it stands in the request: `host` is handed on. */
async function forward(
  target: URL,
  incoming: IncomingMessage,
  body: Buffer,
): Promise<{ answer: IncomingMessage; content: Buffer }> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(
      {
        host: target.hostname,
        port: target.port,
        method: incoming.method,
        path: incoming.url,
        headers: incoming.headers,
      },
      resolve,
    )
      .on('error', reject)
      .end(body);
  });
  return { answer, content: await readAll(answer) };
}

export async function readAll(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

export function isBatch({ method, path }: Pick<Recorded, 'method' | 'path'>): boolean {
  return method === 'POST' && path.endsWith('/$batch');
}

/** Parts of a batch's answer that say that they were carried out; looked for as bytes, which costs next to nothing. */
export function countDone(content: Buffer): number {
  let count = 0;
  for (let at = content.indexOf(DONE); at !== -1; at = content.indexOf(DONE, at + DONE.length)) count += 1;
  return count;
}

const DONE = '"status":20';
