import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { Clock } from '../../src/app/ports/clock.ts';
import type { LogFields, Logger } from '../../src/app/ports/logger.ts';
import { createHttpDoor, type HttpDoorOptions } from '../../src/http/door.ts';
import type { HttpDoor } from '../../src/http/types.ts';

export interface FakeClock extends Clock {
  /** What was slept, in order. */
  readonly slept: number[];
}

/** A clock on which sleeping takes no time: it jumps ahead instead. */
export function createFakeClock(start = Date.UTC(2026, 0, 5)): FakeClock {
  let now = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      await Promise.resolve();
      signal?.throwIfAborted();
      slept.push(ms);
      now += ms;
    },
  };
}

export interface LogLine {
  level: string;
  message: string;
  fields: LogFields;
}

/** A logger that keeps its lines. */
export function createMemoryLogger(lines: LogLine[] = []): Logger & { lines: LogLine[] } {
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}): void => {
      lines.push({ level, message, fields });
    };
  return {
    lines,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => createMemoryLogger(lines),
  };
}

export interface TestServer {
  url: string;
  /** `METHOD /path?query` of everything that came in. */
  readonly seen: string[];
  close(): Promise<void>;
}

/** A real server on loopback. */
export async function startServer(
  handler: (request: IncomingMessage, response: ServerResponse, count: number) => void,
): Promise<TestServer> {
  const seen: string[] = [];
  const listener: RequestListener = (request, response) => {
    seen.push(`${request.method} ${request.url}`);
    request.resume();
    request.on('end', () => handler(request, response, seen.length));
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function answerJson(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export interface DoorKit {
  door: HttpDoor;
  clock: FakeClock;
  logger: ReturnType<typeof createMemoryLogger>;
}

/** A door with a clock that jumps, jitter at its upper end, and a logger that keeps its lines. */
export function createDoorKit(options: Partial<HttpDoorOptions> & { baseUrl: string }): DoorKit {
  const clock = createFakeClock();
  const logger = createMemoryLogger();
  const door = createHttpDoor({ system: 'acme', clock, logger, random: () => 1, ...options });
  return { door, clock, logger };
}

/** The rejection of a promise; a promise that resolves is a failure. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('The promise was expected to reject.');
}
