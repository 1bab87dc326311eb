import { z } from 'zod';

/** What `npm run bench` prints: one JSON document. Milliseconds and megabytes (10^6 bytes) throughout. */

const Count = z.int().nonnegative();
const Amount = z.number().nonnegative();

/** One figure of several runs: other work on the machine only ever adds, so the least says most. */
const Repeated = z.strictObject({ min: Amount, median: Amount, all: z.array(Amount).min(1) });
export type Repeated = z.infer<typeof Repeated>;

const People = { users: Count, contacts: Count };

/** Resident memory of the measured process; `idle` is with everything open and nothing to do. */
const Memory = z.strictObject({
  idleMb: Amount,
  peakMb: Amount,
  /** `peakMb` less `idleMb`. */
  aboveIdleMb: Amount,
  /** What of it was the highest use of the JavaScript heap, less that of the idle engine. */
  heapAboveIdleMb: Amount,
});

export const ImportSize = z.strictObject({
  ...People,
  crmUsers: Count,
  /** What every request to a sandbox waits before it is handled. */
  latencyMs: Count,
  /** What a `$batch` waits beside that, in the place of the work that a real site does with it. */
  batchMs: Count,
  /** Rows that were written. */
  writes: Count,
  requests: z.strictObject({ used: Count, floor: Count, retries: Count }),
  /** From the order to the report, on a fresh data directory. */
  importMs: Repeated,
  /** Of the run with the least `importMs`: when each phase began. */
  phases: z.array(z.strictObject({ phase: z.string(), atMs: Amount })),
  /** The same requests by a bare client. */
  replayMs: Repeated,
  /** `importMs` over `replayMs`, of the least and of the medians. */
  ratio: z.strictObject({ min: Amount, median: Amount }),
  msPerUser: Amount,
  /** Opening configuration, store and queue, before the run. */
  openMs: Repeated,
  /** Processor time of the importing process during the run, and of the sandboxes. */
  cpuMs: z.strictObject({ import: Repeated, sandboxes: Repeated }),
  memory: Memory,
});
export type ImportSize = z.infer<typeof ImportSize>;

export const MatchSize = z.strictObject({
  ...People,
  matchMs: Repeated,
  msPerUser: Amount,
  decisions: z.strictObject({ auto: Count, review: Count, none: Count }),
  memory: Memory,
});
export type MatchSize = z.infer<typeof MatchSize>;

/** A limit that the product is held to, with what was measured; only what was measured is listed. */
const Limit = z.strictObject({ what: z.string(), limit: Amount, measured: Amount, met: z.boolean() });
export type Limit = z.infer<typeof Limit>;

const Head = {
  node: z.string(),
  processors: Count,
  /** Work waiting for the processors when the measuring began; far above `processors`, times say little. */
  load: Amount,
  seed: Count,
  repeat: Count,
};

export const ImportDocument = z.strictObject({
  bench: z.literal('import'),
  ...Head,
  /** Requests under way to one product at the same time, of the import and of the replay. */
  concurrency: Count,
  sizes: z.array(ImportSize),
  limits: z.array(Limit),
});

export const MatchDocument = z.strictObject({
  bench: z.literal('match'),
  ...Head,
  sizes: z.array(MatchSize),
});

/**
 * Time from when a request should have been sent to its answer. Every target is measured once in each round, so the
 * figures of one place in `all` were taken under much the same load.
 */
export const WebhookTarget = z.strictObject({
  target: z.string(),
  /** In each round, without those that warm up. */
  requests: Count,
  p50Ms: Repeated,
  p99Ms: Repeated,
  maxMs: Repeated,
  /** Processor time of the measured process for one request; that of servers beside it is not in it. */
  cpuMs: Repeated,
});
export type WebhookTarget = z.infer<typeof WebhookTarget>;

export const WebhookDocument = z.strictObject({
  bench: z.literal('webhook'),
  ...Head,
  /** Requests a second. */
  rate: Count,
  targets: z.array(WebhookTarget),
  limits: z.array(Limit),
});

export const BenchDocument = z.discriminatedUnion('bench', [ImportDocument, MatchDocument, WebhookDocument]);
export type BenchDocument = z.infer<typeof BenchDocument>;
