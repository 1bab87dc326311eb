import { PassThrough, Writable } from 'node:stream';
import type { CleanedUp } from '../../src/app/clean-up.ts';
import { RollcallError } from '../../src/app/ports/errors.ts';
import type { DeadLetter } from '../../src/app/ports/jobs.ts';
import type { ProgressEvent } from '../../src/app/ports/progress.ts';
import type { CaseRecord } from '../../src/app/ports/cases.ts';
import type { RunRecord } from '../../src/app/ports/runs.ts';
import type { Regression } from '../../src/app/regress.ts';
import type {
  Decision,
  Finding,
  ImportOptions,
  Rollcall,
  RunOptions,
  RunResult,
} from '../../src/app/rollcall.ts';
import type {
  CliContext,
  FoundService,
  OpenOptions,
  SandboxRequest,
  Terminal,
} from '../../src/cli/context.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import type { Plan } from '../../src/domain/planning/plan.ts';
import type { Report } from '../../src/domain/run.ts';
import { sampleArchive, sampleCase, sampleHold, samplePlan, sampleReport, sampleToken } from './samples.ts';

const NOTHING_REPLAYED = { replayed: 0, same: 0, open: 0, flips: 0 };

const NO_REGRESSION: Regression = {
  version: 'v2',
  accepted: null,
  isAccepted: true,
  links: NOTHING_REPLAYED,
  verdicts: NOTHING_REPLAYED,
  flips: [],
  known: 0,
};

export const SECRET = 'canary-s3cret-value';

/** A terminal or a file that remembers what was written to it. */
export class Screen extends Writable {
  text = '';
  readonly isTTY: boolean;
  readonly columns = 100;

  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }

  override _write(chunk: unknown, _encoding: string, done: () => void): void {
    this.text += String(chunk);
    done();
  }
}

export interface FakeOptions {
  readonly isTTY?: boolean;
  /** What a person types on the terminal. */
  readonly typed?: string;
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  readonly plan?: Plan;
  /** Reports of the imports, one after the other. */
  readonly reports?: readonly Report[];
  readonly findings?: readonly Finding[];
  readonly cases?: readonly CaseRecord[];
  readonly regression?: Regression;
  readonly runs?: readonly RunRecord[];
  readonly cleaned?: CleanedUp;
  /** Runs that a backup cut off. */
  readonly endedRuns?: readonly string[];
  readonly deadLetters?: readonly DeadLetter[];
  readonly events?: readonly ProgressEvent[];
  /** Thrown while opening. */
  readonly openError?: Error;
  readonly storeIsOurs?: boolean;
  /** What holds the data directory. */
  readonly service?: FoundService;
  /** Thrown by the use cases. */
  readonly error?: Error;
  /** Lets an import wait until it is aborted. */
  readonly hang?: boolean;
}

/** One call of the program against a product that lives in memory, and what came of it. */
export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The one JSON document on standard output. */
  readonly json: () => unknown;
  readonly opened: readonly OpenOptions[];
  readonly closed: number;
  readonly imports: readonly ImportOptions[];
  readonly approved: readonly boolean[];
  readonly calls: readonly unknown[];
  readonly sandboxes: readonly SandboxRequest[];
  readonly sandboxesClosed: number;
  readonly left: readonly number[];
}

export interface Running {
  readonly outcome: Promise<Outcome>;
  readonly stdout: Screen;
  readonly stderr: Screen;
  /** Ctrl-C. */
  interrupt(): void;
}

/** Starts the program; `start(...).outcome` settles when it has ended. */
export function start(argv: readonly string[], options: FakeOptions = {}): Running {
  const isTTY = options.isTTY ?? false;
  const stdout = new Screen(isTTY);
  const stderr = new Screen(isTTY);
  const stdin = Object.assign(new PassThrough(), { isTTY });
  if (options.typed !== undefined) stdin.end(options.typed);
  const opened: OpenOptions[] = [];
  const imports: ImportOptions[] = [];
  const approved: boolean[] = [];
  const calls: unknown[] = [];
  const sandboxes: SandboxRequest[] = [];
  const left: number[] = [];
  const interrupts = new Set<() => void>();
  let closed = 0;
  let sandboxesClosed = 0;
  let now = Date.UTC(2026, 0, 2);

  const listeners = new Set<(event: ProgressEvent) => void>();
  const fail = (): void => {
    if (options.error !== undefined) throw options.error;
  };
  const plan = options.plan ?? samplePlan();
  const reports = [...(options.reports ?? [sampleReport()])];
  const cases = options.cases ?? [sampleCase()];
  const found = <T>(value: T | undefined): T => {
    if (value === undefined) throw new RollcallError('NOT_FOUND', 'There is none.', { cure: 'List them.' });
    return value;
  };
  const record = (name: string, ...args: unknown[]): void => void calls.push([name, ...args]);

  const follow = async (order: RunOptions, given = plan): Promise<RunResult> => {
    fail();
    for (const event of options.events ?? []) {
      now += 1000;
      for (const listener of listeners) listener(event);
    }
    if (options.hang === true) {
      await new Promise((_resolve, reject) => {
        order.signal?.addEventListener('abort', () => reject(new Error('aborted')));
      });
    }
    const report = reports.shift() ?? sampleReport();
    // Neither is asked about: there is nothing to apply, or a guard has stopped it.
    if (report.status !== 'nothing-to-do' && report.status !== 'awaiting-approval') {
      order.show?.(given);
      const yes = (await order.confirm?.(given, report.runId)) ?? true;
      approved.push(yes);
      if (!yes) return { report: { ...report, status: 'stopped' }, resumed: false };
    }
    return { report, resumed: false };
  };

  const readDocuments = (open: OpenOptions): void => {
    opened.push(open);
    open.onSecrets([SECRET]);
    if (options.openError !== undefined) throw options.openError;
    open.logger.info('Opened.', { password: SECRET, note: `with ${SECRET}` });
  };

  const rollcall: Rollcall = {
    check: async () => (fail(), options.findings ?? []),
    plan: async () => (fail(), plan),
    import: async (order) => {
      imports.push(order);
      return follow(order, order.plan);
    },
    push: async (order) => (record('push', order.records ?? null), follow(order)),
    sync: async (order) => (record('sync'), follow(order)),
    trigger: async ({ kind }) => (record('trigger', kind), { runId: 'run-1', alreadyRunning: false }),
    hear: async (hints) => (record('hear', hints), { kept: hints.length, ignored: 0 }),
    letGoOn: async (id) => (record('letGoOn', id), found((options.runs ?? [])[0])),
    tokens: {
      create: async ({ name, scopes, expiresAt }) => (
        record('createToken', name, scopes, expiresAt),
        { token: sampleToken({ name, scopes, expiresAt }), secret: 'rc_0123456789abcdef_shown-once' }
      ),
      list: async () => (fail(), [sampleToken()]),
      revoke: async (id) => (fail(), record('revokeToken', id)),
      verify: async () => null,
    },
    backlog: async () => ({ hints: 0, openCases: 0 }),
    schedule: async (signal) => {
      record('schedule');
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    },
    submit: async ({ kind }) => (record('submit', kind), found((options.runs ?? [])[0])),
    undo: async (id, order) => (record('undo', id), follow(order)),
    approve: async (id, order) => (record('approve', id), follow(order)),
    hold: async (person, reason) => (record('hold', person, reason), sampleHold()),
    holds: async () => (fail(), [sampleHold()]),
    release: async (which) => (record('release', which), [sampleHold()]),
    deadLetters: async (limit) => (fail(), record('deadLetters', limit), options.deadLetters ?? []),
    retryDeadLetter: async (id) => {
      fail();
      record('retryDeadLetter', id);
      if (id === 'taken') throw new RollcallError('CONFLICT', 'It is active.');
      return id === 'hopeless'
        ? { id, outcome: 'failed', code: 'UNAVAILABLE', message: 'Still away.' }
        : { id, outcome: 'done', code: null, message: null };
    },
    ready: async () => fail(),
    work: async (signal) => {
      record('work');
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    },
    runs: async (limit) => (fail(), record('runs', limit), options.runs ?? []),
    run: async (id) => found((options.runs ?? []).find((one) => one.id === id)),
    runPlan: async () => plan,
    cleanUp: async (which) => (
      record('cleanUp', which),
      options.cleaned ?? { details: 0, runs: 0, cases: 0 }
    ),
    cases: async (which) => (fail(), record('cases', which), cases),
    case: async (id) => found(cases.find((one) => one.id === id)),
    decide: async (id, decision: Decision) => (
      fail(),
      record('decide', id, decision),
      sampleCase({ id, status: 'decided' })
    ),
    revoke: async (id) => (record('revoke', id), sampleCase({ id })),
    regress: async (order) => (fail(), record('regress', order), options.regression ?? NO_REGRESSION),
    unlink: async (person) => (record('unlink', person), { directoryUserId: '3', contactId: 'contact-a' }),
    takeUnlinkBack: async (person) => (
      record('takeUnlinkBack', person),
      { directoryUserId: '3', contactId: 'contact-a', forgotten: 'contact-b' }
    ),
  };

  const context: CliContext = {
    stdout: asTerminal(stdout),
    stderr: asTerminal(stderr),
    stdin,
    env: options.env ?? {},
    cwd: options.cwd ?? '/nowhere',
    clock: { now: () => now, sleep: () => Promise.resolve() },
    version: '1.2.3',
    onInterrupt: (listener) => {
      interrupts.add(listener);
      return () => interrupts.delete(listener);
    },
    leave: (exitCode) => void left.push(exitCode),
    checkSurroundings: async (open) => {
      readDocuments(open);
      return rollcall.check();
    },
    openRollcall: async (open) => {
      readDocuments(open);
      const progress = {
        publish: () => undefined,
        subscribe: (listener: (event: ProgressEvent) => void) => {
          listeners.add(listener);
          return () => void listeners.delete(listener);
        },
      };
      return {
        rollcall,
        storeIsOurs: options.storeIsOurs ?? true,
        progress,
        archive: {
          backup: async (file) => (fail(), record('backup', file), sampleArchive()),
          restore: async (file, { replace }) => (
            fail(),
            record('restore', file, replace),
            { ...sampleArchive(), endedRuns: options.endedRuns ?? [] }
          ),
        },
        listen: async ({ web, host, port }) => (
          record('listen', web, host, port),
          {
            url: `http://127.0.0.1:${port ?? 8080}`,
            stopping: () => record('stopping'),
            close: async () => record('server closed'),
          }
        ),
        close: async () => void (closed += 1),
      };
    },
    findService: async () => options.service ?? null,
    startSandboxes: async (request) => {
      sandboxes.push(request);
      return {
        creatio: { url: 'http://127.0.0.1:1111', username: 'Supervisor', password: `it's ${SECRET}` },
        webitel: { url: 'http://127.0.0.1:2222/api', token: 'canary-token-value' },
        control: { url: 'http://127.0.0.1:3333' },
        close: async () => void (sandboxesClosed += 1),
      };
    },
  };

  const outcome = runCli(argv, context).then((exitCode): Outcome => ({
    exitCode,
    stdout: stdout.text,
    stderr: stderr.text,
    json: () => {
      if (!/^[^\n]+\n$/u.test(stdout.text)) throw new Error(`Not one line of JSON: ${stdout.text}`);
      return JSON.parse(stdout.text);
    },
    opened,
    closed,
    imports,
    approved,
    calls,
    sandboxes,
    sandboxesClosed,
    left,
  }));
  return { outcome, stdout, stderr, interrupt: () => interrupts.forEach((listener) => listener()) };
}

export function run(argv: readonly string[], options: FakeOptions = {}): Promise<Outcome> {
  return start(argv, options).outcome;
}

/** Resolves once the condition holds; rejects after five seconds. */
export async function eventually(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('It did not happen.');
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

function asTerminal(screen: Screen): Terminal {
  return screen;
}
