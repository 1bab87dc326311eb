import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath, URL } from 'node:url';
import { parseEnv } from 'node:util';
import { z } from 'zod';

/** The program as it is installed; `npm test` builds it first. */
const PROGRAM = fileURLToPath(new URL('../../dist/src/bin/rollcall.js', import.meta.url));
const DEADLINE_MS = 90_000;

export interface RunOptions {
  readonly cwd?: string;
  /** Beside `PATH` and `HOME`, which every child gets. */
  readonly env?: Readonly<Record<string, string>>;
  /** What is typed; without it, standard input is at its end. */
  readonly stdin?: string;
  readonly deadlineMs?: number;
}

/** What came of a command. */
export interface Outcome {
  /** `null` when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** A command that is under way. */
export interface Running {
  readonly pid: number;
  /** What it has written so far. */
  stdout(): string;
  signal(name: NodeJS.Signals): void;
  /** Rejects when the deadline passes; the process is killed then. */
  readonly ended: Promise<Outcome>;
}

/** Sandboxes that were started by `rollcall sandbox`. */
export interface Sandboxes {
  readonly control: Control;
  readonly urls: { readonly creatio: string; readonly webitel: string; readonly control: string };
  /** The folder with `rollcall.yaml` and `.env`. */
  readonly folder: string;
  readonly config: string;
  readonly secrets: { readonly password: string; readonly token: string };
  readonly process: Running;
}

const Row = z.record(z.string(), z.json());
export type Row = z.infer<typeof Row>;
const Tables = z.record(z.string(), z.array(Row));
const State = z.object({ creatio: Tables, webitel: Tables });
export type State = z.infer<typeof State>;
const Truth = z.record(
  z.string(),
  z.object({ contact: z.string().nullable(), crmUser: z.string().nullable() }),
);
export type Truth = z.infer<typeof Truth>;
const Requests = z.array(
  z.object({ system: z.string(), method: z.string(), route: z.string(), count: z.number() }),
);
export type Requests = z.infer<typeof Requests>;

const Deliveries = z.array(
  z.object({
    entity: z.string(),
    id: z.string(),
    event: z.string(),
    outcome: z.string(),
    attempts: z.number(),
  }),
);
export type Deliveries = z.infer<typeof Deliveries>;

/** The control server of the sandboxes. */
export interface Control {
  state(): Promise<State>;
  truth(): Promise<Truth>;
  requests(): Promise<Requests>;
  forgetRequests(): Promise<void>;
  /** The calls of the CRM's processes, once none is under way any more. */
  deliveries(): Promise<Deliveries>;
  forgetDeliveries(): Promise<void>;
  post(path: '/faults' | '/switches' | '/rows' | '/clock', body: unknown): Promise<void>;
  noFaults(): Promise<void>;
}

/** A temporary folder and the processes of one test file. */
export interface Bench {
  readonly folder: string;
  start(args: readonly string[], options?: RunOptions): Running;
  run(args: readonly string[], options?: RunOptions): Promise<Outcome>;
  sandbox(args: readonly string[]): Promise<Sandboxes>;
  /** Ends what still runs and removes the folder. */
  close(): Promise<void>;
}

export async function openBench(): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-e2e-'));
  const running = new Set<Running>();
  let started = 0;

  const start = (args: readonly string[], options: RunOptions = {}): Running => {
    const one = startProgram(args, { cwd: folder, ...options });
    running.add(one);
    const forget = (): void => void running.delete(one);
    one.ended.then(forget, forget);
    return one;
  };

  return {
    folder,
    start,
    run: (args, options) => start(args, options).ended,
    sandbox: async (args) => {
      started += 1;
      const home = join(folder, `sandbox-${started}`);
      const process = start(['sandbox', ...args, '--json', '--config-dir', home], { deadlineMs: 600_000 });
      const line = await Promise.race([
        until('the sandboxes are ready', () => process.stdout().includes('\n') && process.stdout()),
        process.ended.then(({ stderr }) => Promise.reject(new Error(`The sandboxes ended: ${stderr}`))),
      ]);
      const Url = z.strictObject({ url: z.url() });
      const ready = z.strictObject({ creatio: Url, webitel: Url, control: Url }).parse(onlyJson(line));
      const env = parseEnv(await readFile(join(home, '.env'), 'utf8'));
      return {
        control: connect(ready.control.url),
        urls: { creatio: ready.creatio.url, webitel: ready.webitel.url, control: ready.control.url },
        folder: home,
        config: join(home, 'rollcall.yaml'),
        secrets: z
          .object({ SANDBOX_CREATIO_PASSWORD: z.string().min(8), SANDBOX_WEBITEL_TOKEN: z.string().min(8) })
          .transform((known) => ({
            password: known.SANDBOX_CREATIO_PASSWORD,
            token: known.SANDBOX_WEBITEL_TOKEN,
          }))
          .parse(env),
        process,
      };
    },
    close: async () => {
      const left = [...running];
      for (const one of left) one.signal('SIGKILL');
      await Promise.allSettled(left.map(({ ended }) => ended));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function startProgram(args: readonly string[], options: RunOptions): Running {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: options.cwd,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (stdout += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part));
  // A program that ends without reading breaks the pipe.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.stdin ?? '');
  const ended = new Promise<Outcome>((resolve, reject) => {
    const deadlineMs = options.deadlineMs ?? DEADLINE_MS;
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(
        new Error(`rollcall ${args.join(' ')} did not end within ${deadlineMs} ms.\n${stdout}\n${stderr}`),
      );
    }, deadlineMs);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr, seconds: (performance.now() - startedAt) / 1000 });
    });
  });
  // Whoever waits hears it too; this keeps one that nobody waits for from ending the test run.
  ended.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    stdout: () => stdout,
    signal: (name) => void child.kill(name),
    ended,
  };
}

function connect(base: string): Control {
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const [status, content] = await new Promise<[number, string]>((resolve, reject) => {
      request(base + path, { method, agent: false }, (answer) => {
        readText(answer).then((text) => resolve([answer.statusCode ?? 0, text]), reject);
      })
        .on('error', reject)
        .end(body === undefined ? undefined : JSON.stringify(body));
    });
    if (status !== 200) throw new Error(`${method} ${path} of the control server: ${status} ${content}`);
    return JSON.parse(content);
  };
  return {
    state: async () => State.parse(await ask('GET', '/state')),
    truth: async () => Truth.parse(await ask('GET', '/truth')),
    requests: async () => Requests.parse(await ask('GET', '/requests')),
    forgetRequests: async () => void (await ask('DELETE', '/requests')),
    deliveries: async () => Deliveries.parse(await ask('GET', '/deliveries?settled=1&withinMs=120000')),
    forgetDeliveries: async () => void (await ask('DELETE', '/deliveries')),
    post: async (path, body) => void (await ask('POST', path, body)),
    noFaults: async () => void (await ask('DELETE', '/faults')),
  };
}

/** Looks until there is something to see. */
export async function until<T>(
  what: string,
  look: () => T | false | undefined | Promise<T | false | undefined>,
  deadlineMs = 30_000,
): Promise<T> {
  for (const end = performance.now() + deadlineMs; performance.now() < end; await wait(20)) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
  }
  throw new Error(`Waited ${deadlineMs} ms in vain: ${what}.`);
}

/** The one JSON document that standard output must be. */
export function onlyJson(stdout: string): unknown {
  if (!/^[^\n]+\n$/u.test(stdout)) throw new Error(`Not one line of JSON:\n${stdout.slice(0, 2000)}`);
  return JSON.parse(stdout);
}

const Failed = z.strictObject({
  error: z.strictObject({ code: z.string(), message: z.string().min(1), cure: z.string().nullable() }),
});

/** The error that a failed command with `--json` prints. */
export function errorOf(outcome: Outcome): z.infer<typeof Failed>['error'] {
  return Failed.parse(onlyJson(outcome.stdout)).error;
}

/** Requests that may change something: all but reads and the sign-in. */
export function writesAmong(requests: Requests): Requests {
  // The probe of the right to manage users has no effect.
  const harmless = ['/AuthService.svc/Login', '/AdministrationService/GetUsersCount'];
  return requests.filter(
    ({ method, route }) => method !== 'GET' && !harmless.some((end) => route.endsWith(end)),
  );
}

/** A cell of a row as text; empty where there is none. */
export function cell(row: Row | undefined, column: string): string {
  const value = row?.[column];
  return typeof value === 'string' ? value : '';
}
