import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ServerOptions } from '../server/index.ts';
import type { ProductConfig } from './parts.ts';
import { packageVersion } from './surroundings.ts';

export interface ListenOptions {
  /** Everything, or only how the process is, and its figures. */
  readonly web: boolean;
  /** Instead of the configured ones. */
  readonly host?: string | undefined;
  readonly port?: number | undefined;
}

/** A server that answers. */
export interface Listening {
  readonly url: string;
  stopping(): void;
  close(): Promise<void>;
}

/** Where commands on this machine find the service that holds their data directory, and what they show it. */
const LocalServer = z.strictObject({ url: z.url(), token: z.string().min(1), pid: z.number() });
export type LocalServer = z.infer<typeof LocalServer>;

/** Nobody but this account may read it. */
const FILE = 'server.json';
const MODE = 0o600;

export interface ListenDeps extends Pick<
  ServerOptions,
  'rollcall' | 'progress' | 'metrics' | 'logger' | 'clock'
> {
  readonly config: ProductConfig;
  readonly storeIsOurs: boolean;
}

/**
 * Starts the server of a product that is open. Where nobody else can open its store, the address is written into the data
 * directory with a token that lives as long as this process, so that commands reach it.
 */
export function listenFor({ config, storeIsOurs, ...deps }: ListenDeps) {
  return async ({ web, host, port }: ListenOptions): Promise<Listening> => {
    // Loaded when it is needed: most commands do not listen.
    const { startServer } = await import('../server/index.ts');
    const { server: settings, data } = config;
    const isShared = web && storeIsOurs;
    const token = isShared ? randomBytes(32).toString('base64url') : null;
    const running = await startServer({
      ...deps,
      web,
      host: host ?? settings.host,
      port: port ?? settings.port,
      localToken: token,
      version: packageVersion(),
      settings,
    });
    if (token !== null) await writeAddress(data, { url: loopbackOf(running.url), token, pid: process.pid });
    return {
      url: running.url,
      stopping: () => running.stopping(),
      close: async () => {
        if (isShared) await rm(join(data, FILE), { force: true });
        await running.close();
      },
    };
  };
}

/** What the process that holds this data directory has left there of its address, if it is a service. */
export async function findLocalServer(data: string, holder: number): Promise<LocalServer | null> {
  try {
    const server = LocalServer.parse(JSON.parse(await readFile(join(data, FILE), 'utf8')));
    // A service that was killed leaves its address behind, and the directory to whoever comes next.
    return server.pid === holder ? server : null;
  } catch {
    return null;
  }
}

async function writeAddress(data: string, server: LocalServer): Promise<void> {
  await mkdir(data, { recursive: true, mode: 0o700 });
  const fresh = join(data, `${FILE}.${process.pid}`);
  await writeFile(fresh, JSON.stringify(server), { mode: MODE });
  // The mode of writeFile does not change a file that was there.
  await chmod(fresh, MODE);
  await rename(fresh, join(data, FILE));
}

/** Who listens everywhere is reached on this machine. */
function loopbackOf(url: string): string {
  const address = new URL(url);
  if (address.hostname === '0.0.0.0') address.hostname = '127.0.0.1';
  if (address.hostname === '[::]') address.hostname = '[::1]';
  return address.origin;
}
