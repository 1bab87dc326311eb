import { link, mkdtemp, readdir, readFile, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { RollcallError } from '../app/ports/errors.ts';

/** Who works on a data directory; the holder tells it to whoever connects to its socket. */
export const Holder = z.strictObject({
  pid: z.number().int(),
  command: z.string(),
  /** ISO 8601, UTC. */
  since: z.iso.datetime(),
});
export type Holder = z.infer<typeof Holder>;

export interface DirectoryLock {
  /** Lets the next process in. */
  release(): Promise<void>;
}

/** What lies beside the socket of a lock, for those whom a busy holder does not answer in time. */
const Description = z.strictObject({ lock: z.number().int(), holder: Holder });

const DESCRIPTION_NAME = /^lock\..+\.json$/;
const NAME = /^lock\.(\d{1,12})\.sock$/;
/** Addresses of unix sockets have 108 bytes with the closing zero on Linux, 104 on macOS. */
const LONGEST_ADDRESS = 100;
const ANSWER_WITHIN_MS = 1000;

/**
 * A path to the directory that is short enough for the address of a socket. A long one is reached through a symbolic
 * link in a private temporary directory, which is needed only for the moment of binding or connecting.
 */
async function shortPath(directory: string): Promise<{ path: string; forget(): Promise<void> }> {
  const longest = join(directory, `lock.${'9'.repeat(12)}.sock`);
  if (Buffer.byteLength(longest) <= LONGEST_ADDRESS)
    return { path: directory, forget: () => Promise.resolve() };
  const holder = await mkdtemp(join(tmpdir(), 'rc-'));
  const path = join(holder, 'd');
  await symlink(directory, path);
  return { path, forget: () => rm(holder, { recursive: true, force: true }) };
}

/** `null` when nobody listens; what the holder says of itself otherwise, as far as it answers in time. */
function probe(address: string): Promise<{ holder: Holder | null } | null> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(address);
    const answer = (): void => {
      socket.destroy();
      try {
        resolve({ holder: Holder.parse(JSON.parse(text)) });
      } catch {
        resolve({ holder: null });
      }
    };
    socket.setEncoding('utf8');
    // A connection is proof of life: the kernel accepts it even while the holder is busy computing.
    socket.setTimeout(ANSWER_WITHIN_MS, answer);
    socket.on('data', (part: string) => {
      text += part;
    });
    socket.on('end', answer);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      socket.destroy();
      // Anything else (no right to connect, a full backlog) does not prove that the holder is gone.
      resolve(error.code === 'ECONNREFUSED' || error.code === 'ENOENT' ? null : { holder: null });
    });
  });
}

function isTaken(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST';
}

async function generations(directory: string): Promise<number[]> {
  const names = await readdir(directory);
  return names.flatMap((name) => {
    const digits = NAME.exec(name)?.[1];
    return digits === undefined ? [] : [Number(digits)];
  });
}

function descriptionPath(directory: string, generation: number): string {
  return join(directory, `lock.${generation}.json`);
}

/** What the holder of a lock wrote about itself; `null` where there is nothing, or it is about another lock. */
async function readDescription(directory: string, generation: number): Promise<Holder | null> {
  try {
    const text = await readFile(descriptionPath(directory, generation), 'utf8');
    const { lock, holder } = Description.parse(JSON.parse(text));
    return lock === generation ? holder : null;
  } catch {
    return null;
  }
}

/** Takes the place of what earlier holders wrote; appears complete or not at all. */
async function writeDescription(
  directory: string,
  generation: number,
  self: Holder,
  unique: string,
): Promise<void> {
  const earlier = (await readdir(directory)).filter((name) => DESCRIPTION_NAME.test(name));
  await Promise.all(earlier.map((name) => rm(join(directory, name), { force: true })));
  const draft = join(directory, `lock.${unique}.json`);
  const text = JSON.stringify(Description.parse({ lock: generation, holder: self }));
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, descriptionPath(directory, generation));
}

function startServer(address: string, self: Holder): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(JSON.stringify(self));
  });
  // The lock alone keeps no process alive.
  server.unref();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, () => {
      server.on('error', () => undefined);
      resolve(server);
    });
  });
}

function busy(directory: string, holder: Holder | null): RollcallError {
  const who =
    holder === null
      ? 'another process that does not say who it is'
      : `process ${holder.pid} (${holder.command}), since ${holder.since}`;
  return new RollcallError('BUSY', `The data directory ${directory} is in use by ${who}.`, {
    cure: 'Wait until that process has ended or stop it; where it is the service, let the service do it (`rollcall import`, `push` and `sync` ask it by themselves, and so does its HTTP interface).',
    details: holder === null ? {} : { pid: holder.pid, command: holder.command, since: holder.since },
  });
}

/**
 * Takes the lock of a data directory: a listening socket inside it. Each holder leaves its socket file behind, and its
 * successor takes the next number, so that a dead holder's file is never replaced but outnumbered: the highest number
 * decides, and a hard link, which fails where the name exists, makes sure that each number is taken once.
 *
 * @throws RollcallError `BUSY`, naming the holder.
 */
export async function lockDirectory(directory: string, self: Holder, unique: string): Promise<DirectoryLock> {
  const short = await shortPath(directory);
  const own = join(short.path, `lock.${unique}`);
  const pathOf = (generation: number): string => join(short.path, `lock.${generation}.sock`);
  let server: Server | null = null;
  try {
    for (;;) {
      const highest = Math.max(0, ...(await generations(short.path)));
      if (highest > 0) {
        const alive = await probe(pathOf(highest));
        if (alive !== null)
          throw busy(directory, alive.holder ?? (await readDescription(short.path, highest)));
      }
      // The socket listens before it has its name: nobody ever meets a lock that is held and does not answer.
      server ??= await startServer(own, self);
      try {
        await link(own, pathOf(highest + 1));
      } catch (error) {
        if (!isTaken(error)) throw error;
        continue;
      }
      const present = await generations(short.path);
      if (Math.max(...present) === highest + 1) {
        await Promise.all(
          present.filter((one) => one <= highest).map((one) => rm(pathOf(one), { force: true })),
        );
        await writeDescription(short.path, highest + 1, self, unique);
        break;
      }
      // Others have come and gone since the first look, and the number was free for a second time.
      await rm(pathOf(highest + 1), { force: true });
    }
  } catch (error) {
    server?.close();
    throw error;
  } finally {
    await unlink(own).catch(() => undefined);
    await short.forget();
  }
  const held = server;
  return {
    release: () =>
      new Promise<void>((resolve) => {
        held.close(() => resolve());
      }),
  };
}
