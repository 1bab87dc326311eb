import type { Archive } from '../app/ports/archive.ts';
import type { Clock } from '../app/ports/clock.ts';
import type { Logger } from '../app/ports/logger.ts';
import type { Progress, ProgressEvent } from '../app/ports/progress.ts';
import type { Consulted, Finding, Rollcall } from '../app/rollcall.ts';
import type { Report } from '../domain/run.ts';
import type { LogControl } from '../log/control.ts';
import type { SandboxData } from '../sandbox/types.ts';

/** Where a command writes; `process.stdout` and `process.stderr` fit. */
export interface Terminal extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  /** Width in characters. */
  readonly columns?: number;
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface OpenOptions {
  /** Absolute path of `rollcall.yaml`; it need not exist. */
  readonly configPath: string;
  readonly env: Environment;
  readonly cwd: string;
  readonly logger: Logger;
  /** Must be called with the values that are never shown as soon as they are known. */
  readonly onSecrets: (values: readonly string[]) => void;
  /** Must be told how people are named, and gives the lines of a run what they have in common. */
  readonly logControl: LogControl;
}

/** The product, ready to be asked. */
export interface OpenedRollcall {
  readonly rollcall: Rollcall;
  /** No other process can work on the store while this one has it open. */
  readonly storeIsOurs: boolean;
  readonly progress: Progress;
  readonly archive: Archive;
  /** Answers on HTTP: everything, or only how the process is, and its figures. */
  listen(options: {
    readonly web: boolean;
    /** Instead of the configured ones. */
    readonly host?: string | undefined;
    readonly port?: number | undefined;
  }): Promise<OpenedServer>;
  /** Gives back everything that was opened; safe after a failed use case. */
  close(): Promise<void>;
}

export interface SandboxRequest {
  readonly users: number;
  readonly contacts: number;
  readonly crmUsers: number;
  readonly seed: number;
  /** Milliseconds that every request waits. */
  readonly latencyMs: number;
  /** Start rows instead of generated ones. */
  readonly data?: SandboxData;
  /** The server that the processes of the CRM call when records change, and its token. */
  readonly connector?: { readonly url: string; readonly token?: string };
}

/** Sandboxes that listen, and what signs in to them. */
export interface StartedSandboxes {
  readonly creatio: { readonly url: string; readonly username: string; readonly password: string };
  readonly webitel: { readonly url: string; readonly token: string };
  readonly control: { readonly url: string };
  close(): Promise<void>;
}

/** A server that answers on HTTP. */
export interface OpenedServer {
  readonly url: string;
  stopping(): void;
  close(): Promise<void>;
}

/** The service that holds the data directory. */
export interface FoundService {
  /** Starts a run there, as `POST /v1/runs` takes it, and follows it to its end or to where it waits for approval. */
  run(
    wish: Readonly<Record<string, unknown>>,
    options: { readonly signal?: AbortSignal; readonly onProgress: (event: ProgressEvent) => void },
  ): Promise<Report>;
  /** Lets a run go on that a guard has stopped, and follows it. */
  approve(
    id: string,
    options: { readonly signal?: AbortSignal; readonly onProgress: (event: ProgressEvent) => void },
  ): Promise<Report>;
  readonly consulted: Consulted;
}

/** Everything that commands take from their surroundings; the composition root provides it. */
export interface CliContext {
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly env: Environment;
  readonly cwd: string;
  readonly clock: Clock;
  readonly version: string;
  /** Calls the listener at every SIGINT and SIGTERM; answers the function that ends that. */
  onInterrupt(listener: () => void): () => void;
  /** Ends the process at once. */
  leave(exitCode: number): void;
  openRollcall(options: OpenOptions): Promise<OpenedRollcall>;
  /** Tries everything that the product needs; goes on where it could not be opened. */
  checkSurroundings(options: OpenOptions): Promise<readonly Finding[]>;
  startSandboxes(request: SandboxRequest): Promise<StartedSandboxes>;
  /** The service that holds the data directory of this configuration, if the process that holds it is one. */
  findService(options: OpenOptions, holder: number): Promise<FoundService | null>;
}
