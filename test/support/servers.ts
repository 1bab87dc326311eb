import { execFileSync, spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { accessSync, chownSync, constants, mkdtempSync, readdirSync, realpathSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { Client } from 'pg';

const CURE = 'apt-get install redis-server postgresql';
const READY_MS = 30_000;

/** A real server on a free port of loopback; it lives until `remove`. */
export interface TestServer {
  readonly port: number;
  readonly url: string;
  /** Ends it the hard way, as a power cut would; its files stay. */
  kill(): Promise<void>;
  /** Starts it again on the same port and files. */
  start(): Promise<void>;
  /** Stops it and removes its files. */
  remove(): Promise<void>;
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Debian keeps the programs of Postgres outside the PATH, in a folder for each version. */
function findProgram(name: string): string {
  const versions = list('/usr/lib/postgresql').toSorted((a, b) => Number(b) - Number(a));
  const folders = [
    ...versions.map((version) => `/usr/lib/postgresql/${version}/bin`),
    ...(process.env['PATH'] ?? '').split(':'),
  ];
  const found = folders.map((folder) => join(folder, name)).find(canRun);
  if (found === undefined) throw new Error(`There is no ${name} on this machine. Get it: ${CURE}`);
  return found;
}

/** A port of loopback that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  return address.port;
}

/** Postgres refuses to work for root; whoever else runs the tests is good enough. */
function account(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  return { uid: id('-u'), gid: id('-g') };
}

function makeFolder(owner: { uid?: number; gid?: number } = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'rollcall-server-')));
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder, owner.uid, owner.gid);
  return folder;
}

interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly options: SpawnOptions;
  /** Rejects while the server is not ready. */
  ready(): Promise<unknown>;
}

/** A program that can be killed and started again, and that does not outlive the tests. */
function createLife(program: Program): Pick<TestServer, 'kill' | 'start'> {
  let child: ChildProcess | null = null;
  let gone: Promise<void> = Promise.resolve();
  const onExit = (): void => void child?.kill('SIGKILL');
  async function kill(): Promise<void> {
    process.removeListener('exit', onExit);
    child?.kill('SIGKILL');
    await gone;
    child = null;
  }
  return {
    kill,
    async start() {
      let output = '';
      let ended = false;
      const own = spawn(program.file, [...program.args], {
        ...program.options,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child = own;
      process.once('exit', onExit);
      own.stdout?.on('data', (part) => (output += String(part)));
      own.stderr?.on('data', (part) => (output += String(part)));
      gone = new Promise((resolve) => {
        const end = (): void => {
          ended = true;
          resolve();
        };
        own.once('close', end).once('error', end);
      });
      const until = Date.now() + READY_MS;
      for (;;) {
        const problem: unknown = await program.ready().then(
          () => null,
          (error: unknown) => error,
        );
        if (problem === null && !ended) return;
        if (ended || Date.now() > until) {
          await kill();
          throw new Error(`${program.file} does not start: ${output}`, { cause: problem });
        }
        await sleep(50);
      }
    },
  };
}

export const POSTGRES_USER = 'rollcall';
export const POSTGRES_PASSWORD = 'pässword: 1/2@';

export interface PostgresServer extends TestServer {
  /** The address of another database of the server, or of another user. */
  urlOf(given: { database?: string; user?: string; password?: string }): string;
  /** Runs statements as the owner of everything. */
  admin(sql: string): Promise<Record<string, unknown>[]>;
  /** Asks one of its databases, by address. */
  query(url: string, sql: string): Promise<Record<string, unknown>[]>;
  /** A new database with nothing in it; its address. */
  fresh(): Promise<string>;
}

export async function startPostgres(settings: readonly string[] = []): Promise<PostgresServer> {
  const owner = account();
  const initdb = findProgram('initdb');
  const folder = makeFolder(owner);
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, POSTGRES_PASSWORD);
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(passwordFile, owner.uid, owner.gid);
  const options = { ...owner, cwd: folder, env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8' } };
  execFileSync(
    initdb,
    ['-D', data, '-U', POSTGRES_USER, '-A', 'scram-sha-256', '--pwfile', passwordFile, '-E', 'UTF8', '-N'],
    { ...options, stdio: 'pipe' },
  );
  const port = await freePort();
  const urlOf: PostgresServer['urlOf'] = ({
    database = 'postgres',
    user = POSTGRES_USER,
    password = POSTGRES_PASSWORD,
  }) =>
    `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
  const query = async (url: string, sql: string): Promise<Record<string, unknown>[]> => {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const result = await client.query<Record<string, unknown>>(sql);
      return result.rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  const admin = (sql: string): Promise<Record<string, unknown>[]> => query(urlOf({}), sql);
  const life = createLife({
    file: findProgram('postgres'),
    args: [
      '-D',
      data,
      '-p',
      String(port),
      '-k',
      folder,
      '-h',
      '127.0.0.1',
      ...['fsync=off', 'max_connections=100', ...settings].flatMap((setting) => ['-c', setting]),
    ],
    options,
    ready: () => admin('SELECT 1'),
  });
  await life.start();
  let count = 0;
  return {
    ...life,
    port,
    url: urlOf({}),
    urlOf,
    admin,
    query,
    async fresh() {
      const database = `fresh_${++count}`;
      await admin(`CREATE DATABASE ${database}`);
      return urlOf({ database });
    },
    async remove() {
      await life.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** @param settings lines of `redis.conf` */
export async function startRedis(
  settings: readonly string[] = [],
  { password = null, sentinel = false }: { password?: string | null; sentinel?: boolean } = {},
): Promise<TestServer> {
  const file = findProgram('redis-server');
  const folder = makeFolder();
  const port = await freePort();
  const config = join(folder, 'redis.conf');
  await writeFile(
    config,
    [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${folder}`,
      'daemonize no',
      ...(sentinel ? [] : ['save ""', 'appendonly yes', 'appendfsync always']),
      ...settings,
      ...(password === null ? [] : [`requirepass ${password}`]),
      '',
    ].join('\n'),
  );
  const life = createLife({
    file,
    args: [config, ...(sentinel ? ['--sentinel'] : [])],
    options: { cwd: folder },
    async ready() {
      const client = new Redis(port, '127.0.0.1', {
        ...(password === null ? {} : { password }),
        lazyConnect: true,
        retryStrategy: () => null,
        maxRetriesPerRequest: 0,
      });
      client.on('error', () => undefined);
      try {
        await client.connect();
        await client.ping();
      } finally {
        client.disconnect();
      }
    },
  });
  await life.start();
  return {
    ...life,
    port,
    url: `redis://${password === null ? '' : `:${password}@`}127.0.0.1:${port}/0`,
    async remove() {
      await life.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** One node that is a cluster by itself. */
export async function startRedisCluster(): Promise<TestServer> {
  const server = await startRedis(['cluster-enabled yes', 'cluster-announce-ip 127.0.0.1']);
  const client = new Redis(server.port, '127.0.0.1');
  await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  const until = Date.now() + READY_MS;
  while (!String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok')) {
    if (Date.now() > until) throw new Error('The cluster does not come up.');
    await sleep(50);
  }
  client.disconnect();
  return { ...server, url: `redis+cluster://127.0.0.1:${server.port}` };
}
