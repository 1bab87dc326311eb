import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { ask, type Answer, type Asking } from '../server/support.ts';
import { type Bench, type Running, until } from './support.ts';

const LocalServer = z.object({ url: z.url(), token: z.string(), pid: z.number() });

/** A service that answers. */
export interface Service {
  readonly process: Running;
  readonly url: string;
  readonly token: string;
  /** Asks with the token of commands on this machine. */
  ask(path: string, options?: Asking): Promise<Answer>;
}

/** Where a service with the embedded engine leaves its address. */
export function addressOf(config: string): string {
  return join(dirname(config), '.rollcall', 'server.json');
}

/** Starts the service of a configuration and waits until it answers. */
export async function startService(bench: Bench, config: string): Promise<Service> {
  const process = bench.start(['-c', config, 'serve'], { deadlineMs: 400_000 });
  const { url, token } = await until(
    'the service answers',
    async () => {
      const text = await readFile(addressOf(config), 'utf8').catch(() => null);
      if (text === null) return undefined;
      const found = LocalServer.parse(JSON.parse(text));
      const answer = await ask(`${found.url}/healthz`).catch(() => null);
      return answer?.status === 200 && found.pid === process.pid && found;
    },
    90_000,
  );
  return { process, url, token, ask: (path, options) => ask(`${url}${path}`, { token, ...options }) };
}
