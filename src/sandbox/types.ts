/**
 * What every sandbox offers, whatever product it stands for.
 *
 * A sandbox shares no code with the connector that it tests (design §10): nothing below `src/sandbox` may import
 * from `src/connectors`, `src/domain` or `src/app`.
 */

/** The products that a sandbox can stand for. */
export type SandboxSystem = 'creatio' | 'webitel';

/** A JSON value as it travels on the wire. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** One row of a table, in the product's own field names. */
export type Row = Record<string, Json>;

/** All rows of one system, by table (Creatio: entity set; Webitel: `users`, `roles`, `licenses`, `devices`, …). */
export type Tables = Record<string, Row[]>;

/** Which of the requests that match a fault rule it strikes. */
export interface FaultWhen {
  /** Strike the n-th matching request, counted from 1. */
  nth?: number;
  /** Strike with this probability, 0 to 1, drawn from the sandbox's seeded randomness. */
  probability?: number;
  /** Strike the first time that this exact request body is seen. */
  firstOfBody?: boolean;
  /** Strike at most so many times; without it, as long as the rule stands. */
  times?: number;
}

/** One fault rule, as `POST /faults` takes it. A rule without `when` strikes every matching request. */
export interface FaultRule {
  system: SandboxSystem;
  /** HTTP method; without it, any. */
  method?: string;
  /** Regular expression that the path with its query must match; without it, any. */
  path?: string;
  when?: FaultWhen;
  /**
   * - `latency`: wait `delayMs`, then go on.
   * - `status`: answer `status` with `headers` and `body`; nothing is done.
   * - `reset-before-write`: drop the connection; nothing is done.
   * - `reset-after-write`: do the work, then drop the connection.
   * - `timeout-after-write`: do the work, then never answer.
   * - `truncated`: do the work, announce the whole body, send half of it and drop the connection.
   * - `html`: answer `status` (502 unless told) with a proxy's HTML page; nothing is done.
   * - `expire-session`: the caller's session is dead from this request on (Creatio only); `mode` says how it shows.
   */
  fault:
    | 'latency'
    | 'status'
    | 'reset-before-write'
    | 'reset-after-write'
    | 'timeout-after-write'
    | 'truncated'
    | 'html'
    | 'expire-session';
  delayMs?: number;
  status?: number;
  headers?: Record<string, string>;
  body?: Json;
  mode?: '401' | 'redirect' | 'fault';
}

/** How often one route was asked. `route` has ids replaced by `{id}` and no query. */
export interface RequestCount {
  system: SandboxSystem;
  method: string;
  route: string;
  count: number;
}

/** The time and the randomness of a sandbox; both can be set by a test. */
export interface SandboxClock {
  /** Milliseconds since 1970. */
  now(): number;
  set(epochMs: number): void;
  advance(ms: number): void;
}

/** A call that a product has made, or is making, to the connector; as `GET /deliveries` answers it. */
export interface Delivery {
  /** What it is about: the object and the row; for a process that was started, the request row. */
  entity: string;
  id: string;
  event: 'added' | 'modified' | 'deleted' | 'execute';
  /** `lost` was never sent. */
  outcome: 'waiting' | 'delivered' | 'failed' | 'lost';
  /** The status of the last answer; `null` where none has come. */
  status: number | null;
  /** Why the last attempt failed, where no answer came. */
  error: string | null;
  attempts: number;
  /** From the first attempt to the end of the last one, in real milliseconds. */
  ms: number;
  /** The same call once more, as a network makes it. */
  isDuplicate: boolean;
}

/** The calls of a product to the connector. */
export interface DeliveryBook {
  /** In the order in which they came up. */
  list(): Delivery[];
  /** Forgets those that have ended. */
  clear(): void;
  /** Waits until none is under way, and with it all that follows from their ends; answers `false` if that takes too long. */
  settled(withinMs: number): Promise<boolean>;
}

/** One running stand-in. */
export interface Sandbox {
  readonly system: SandboxSystem;
  /** Starts to listen on 127.0.0.1; port 0 takes a free one. Answers the base URL without a trailing slash. */
  listen(port?: number): Promise<{ url: string }>;
  close(): Promise<void>;
  /** A deep copy of all rows. */
  state(): Tables;
  requests(): RequestCount[];
  clearRequests(): void;
  setFaults(rules: FaultRule[]): void;
  /** Sets switches of unproven or configurable behaviour; an unknown name is an error that lists the known ones. */
  setSwitches(values: Record<string, Json>): void;
  /** An edit by somebody else, past the HTTP interface: rules of the product (uniqueness, stamps) still hold. */
  insertRow(table: string, row: Row): Row;
  updateRow(table: string, id: string, changes: Row): Row;
  deleteRow(table: string, id: string): void;
}

/** What `--data` reads and `GET /state` answers. */
export interface SandboxData {
  webitel: Tables;
  creatio: Tables;
}

/** The truth behind generated people: for a directory user id, whose contact and CRM user it is. */
export type Truth = Record<string, { contact: string | null; crmUser: string | null }>;
