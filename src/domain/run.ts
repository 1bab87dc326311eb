import { z } from 'zod';

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

/** What became of one operation (design §5, Apply). */
export const OPERATION_STATES = ['planned', 'intended', 'confirmed', 'failed', 'stale', 'skipped'] as const;
export type OperationState = (typeof OPERATION_STATES)[number];

export const Failure = z.strictObject({
  /** Directory user id, or null for a shared lookup row. */
  person: z.string().nullable(),
  /** `<entity>.<kind>`, or `person` where nothing could be planned. */
  operation: z.string(),
  code: z.string(),
  message: z.string(),
});
export type Failure = z.infer<typeof Failure>;

const count = z.number().int().nonnegative();

/** What every run says about itself; field names are fixed (design §9, Report). */
export const Report = z.strictObject({
  runId: z.string(),
  kind: z.enum(['import']),
  trigger: z.enum(['command', 'schedule', 'process', 'webhook']),
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
  gone: count,
  pendingPush: count,
  operations: z.record(z.string(), count),
  outcomes: z.strictObject({ confirmed: count, failed: count, stale: count, skipped: count }),
  cases: count,
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
