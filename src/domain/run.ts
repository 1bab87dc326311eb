import { z } from 'zod';

/** What a run does (design §2, run). */
export const RUN_KINDS = ['import', 'push', 'sync', 'undo'] as const;
export type RunKind = (typeof RUN_KINDS)[number];

/** What started a run. */
export const TRIGGERS = ['command', 'schedule', 'process', 'webhook', 'poll'] as const;
export type Trigger = (typeof TRIGGERS)[number];

/** How a run stands or ended (design §9, Report). */
export const RUN_STATUSES = [
  'running',
  'succeeded',
  'partial',
  'failed',
  'awaiting-approval',
  'stopped',
  'nothing-to-do',
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/**
 * How far a run is. `planned`: its plan is kept and waits for a person; `approved`: the person agreed, and the plan is
 * checked again before it is applied. A run in any phase but `planned` and `done` is under way.
 */
export const RUN_PHASES = ['reading', 'planned', 'approved', 'applying', 'done'] as const;
export type RunPhase = (typeof RUN_PHASES)[number];

/** What whoever started a run decided; kept with the run, since any worker may carry it on. */
export const RunOrder = z.strictObject({
  /** Ask a person before the plan is applied; what a guard stops waits for approval in any case. */
  ask: z.boolean().default(false),
  /** Send again what failed in an earlier run although its input has not changed. */
  retryFailed: z.boolean().default(false),
  /** Only the people for whom something failed in this run. */
  onlyFailedOf: z.string().nullable().default(null),
  /** Believe a reading that holds less than nine tenths of the last complete one. */
  acceptFewer: z.boolean().default(false),
  /** Plan for people on hold, too; who comes through is released. */
  includeHeld: z.boolean().default(false),
  /** Only these telephony records, by their ids in the CRM; `null`: everybody. For pushes. */
  records: z.array(z.string()).nullable().default(null),
  /** Those of `records` that a person named: users are made for them although nobody knows why they have none. */
  named: z.array(z.string()).default([]),
  /** The run to be undone. */
  undoes: z.string().nullable().default(null),
  /** A person approved what the guards had stopped. */
  approved: z.boolean().default(false),
});
export type RunOrder = z.infer<typeof RunOrder>;

/** What became of one operation (design §5, Apply). */
export const OPERATION_STATES = ['planned', 'intended', 'confirmed', 'failed', 'stale', 'skipped'] as const;
export type OperationState = (typeof OPERATION_STATES)[number];

export const Failure = z.strictObject({
  /** Directory user id, or null for a shared lookup row. */
  person: z.string().nullable(),
  /** Who that is; reports of earlier versions lack both. */
  login: z.string().optional(),
  name: z.string().optional(),
  /** `<entity>.<kind>`, or `person` where nothing could be planned. */
  operation: z.string(),
  code: z.string(),
  message: z.string(),
});
export type Failure = z.infer<typeof Failure>;

const count = z.number().int().nonnegative();

/** A guard that a plan has run into (design §2, guard). */
export const TrippedGuard = z.strictObject({
  /** `budget.<what>`, `protected` or `matching`. */
  guard: z.string(),
  /** How many the plan has, and how many would have passed. */
  number: count,
  allowed: count,
  /** Which and why, in one sentence. */
  message: z.string(),
});
export type TrippedGuard = z.infer<typeof TrippedGuard>;

/** What every run says about itself; field names are fixed (design §9, Report). */
export const Report = z.strictObject({
  runId: z.string(),
  kind: z.enum(RUN_KINDS),
  trigger: z.enum(TRIGGERS),
  status: z.enum(RUN_STATUSES),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  directory: z.strictObject({ users: count, complete: z.boolean() }),
  crm: z.strictObject({ contacts: count, crmUsers: count, telephonyRecords: count, complete: z.boolean() }),
  situations: z.strictObject({
    linked: count,
    matched: count,
    unmatched: count,
    disputed: count,
    excluded: count,
    invalid: count,
  }),
  /** People on hold whom the run left alone; they are among the excluded. */
  held: count,
  gone: count,
  /** Records that an administrator added, for whom the directory has no user yet; they are not among the situations. */
  added: count,
  pendingPush: count,
  /** Everything that was taken in hand; together as many as the outcomes. */
  operations: z.record(z.string(), count),
  /** Those of them that were done; reports of earlier versions lack it. */
  confirmed: z.record(z.string(), count).optional(),
  outcomes: z.strictObject({ confirmed: count, failed: count, stale: count, skipped: count }),
  cases: count,
  /** The guards that keep the plan from being applied without approval. */
  guards: z.array(TrippedGuard),
  failures: z.array(Failure),
  warnings: z.array(Failure),
  /** Sentences a person should read: what was left out and why, what is missing. */
  notes: z.array(z.string()),
  requests: z.strictObject({
    used: count,
    floor: count,
    retries: count,
    bySystem: z.record(z.string(), count),
  }),
  durationMs: count,
});
export type Report = z.infer<typeof Report>;
