import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A child that prints JSON, a line for each thing it says. */
export interface Child {
  readonly pid: number;
  /** The next line. Rejects when the child ends, or nothing comes within the deadline. */
  next(): Promise<unknown>;
  /** Its standard input; most children wait for a line there. */
  say(line: string): void;
  signal(name: NodeJS.Signals): void;
  /** The exit code; `null` when a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** No step of a bench takes longer. */
const DEADLINE_MS = 3_600_000;

/** Starts `node` with these arguments. Its errors go where ours go. */
export function startNode(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string | undefined>> } = {},
): Child {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [...args], {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { PATH, HOME, ...options.env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  // A child that ends without reading breaks the pipe.
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  // Nobody else would end a sandbox that has lost its bench.
  const abandon = (): void => void child.kill('SIGKILL');
  process.on('exit', abandon);
  const ended = once(child, 'close').then(() => {
    process.off('exit', abandon);
    return child.exitCode;
  });
  return {
    pid: child.pid ?? 0,
    say: (line) => void child.stdin.write(`${line}\n`),
    signal: (name) => void child.kill(name),
    ended,
    async next() {
      const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
      try {
        const { value, done } = await lines.next();
        if (done === true) {
          await ended;
          const how = child.signalCode ?? `exit code ${child.exitCode}`;
          throw new Error(`A process ended early (${how}): ${args.join(' ')}`);
        }
        return JSON.parse(value);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

export function scriptPath(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

/** Processor time that a process has used, in milliseconds. Linux only, like every figure of another process here. */
export async function processorMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

/** The kernel counts processor time for others to see in hundredths of a second. */
const MS_PER_TICK = 10;

/** Resident memory of a process, in bytes. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

/** Watches the resident memory of a process from outside, so that nothing that keeps it busy hides a peak. */
export function watchMemory(pid: number): MemoryWatch {
  let peak = 0;
  const note = (bytes: number): void => {
    peak = Math.max(peak, bytes);
  };
  const look = (): void => {
    residentBytes(pid).then(note, () => undefined);
  };
  const timer = setInterval(look, LOOK_MS);
  return {
    peak: () => peak,
    restart: () => {
      peak = 0;
    },
    stop: () => clearInterval(timer),
  };
}

interface MemoryWatch {
  /** The most that was seen since the watch began, in bytes. */
  peak(): number;
  /** Forgets what was seen. */
  restart(): void;
  stop(): void;
}

const LOOK_MS = 50;
