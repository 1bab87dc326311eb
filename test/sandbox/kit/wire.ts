import { connect, type Socket } from 'node:net';

/** What one connection brought until it ended (or until it had been silent for `quietMs`). */
export interface WireAnswer {
  text: string;
  ended: 'reset' | 'closed' | 'quiet';
}

/** Sends one HTTP request on a socket of its own and reports what happens to the connection. */
export function speak(
  url: string,
  request: { method?: string; path: string; type?: string; body?: string },
  quietMs = 150,
): Promise<WireAnswer> {
  const { hostname, port } = new URL(url);
  const body = request.body ?? '';
  const socket: Socket = connect(Number(port), hostname);
  return new Promise((resolve) => {
    let text = '';
    let quiet: NodeJS.Timeout | undefined;
    const end = (ended: WireAnswer['ended']): void => {
      clearTimeout(quiet);
      socket.destroy();
      resolve({ text, ended });
    };
    socket.on('connect', () => {
      const type = request.type === undefined ? '' : `content-type: ${request.type}\r\n`;
      const length = request.body === undefined ? '' : `content-length: ${Buffer.byteLength(body)}\r\n`;
      socket.write(
        `${request.method ?? 'GET'} ${request.path} HTTP/1.1\r\nhost: ${hostname}\r\nconnection: close\r\n${type}${length}\r\n${body}`,
      );
      quiet = setTimeout(() => end('quiet'), quietMs);
    });
    socket.on('data', (chunk) => {
      text += chunk.toString();
      quiet?.refresh();
    });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      end(error.code === 'ECONNRESET' ? 'reset' : 'closed'),
    );
    socket.on('end', () => end('closed'));
  });
}

/** Sends a GET, waits for its answer and sends the next one on the same connection; resolves with all that came. */
export function getInTurn(url: string, paths: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const waiting = [...paths];
  return new Promise((resolve, reject) => {
    let text = '';
    const next = (): void => {
      const path = waiting.shift();
      if (path === undefined) socket.destroy();
      else socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`);
    };
    socket.on('connect', next);
    socket.on('data', (chunk) => {
      text += chunk.toString();
      next();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}
