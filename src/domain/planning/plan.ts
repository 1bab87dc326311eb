import { z } from 'zod';
import { PERSON_FIELDS } from '../person.ts';
import { RULES } from '../correlation/types.ts';
import { RUN_KINDS, TrippedGuard } from '../run.ts';

/** What an operation writes: the entities of `operations` in plans and reports. */
export const OPERATION_ENTITIES = [
  'lookup',
  'licence',
  'role',
  'contact',
  'crmUser',
  'telephonyRecord',
  'recordLicence',
  'recordRole',
  'directoryUser',
] as const;
export type OperationEntity = (typeof OPERATION_ENTITIES)[number];

export const OPERATION_KINDS = ['create', 'update', 'delete'] as const;

const Cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const Cells = z.record(z.string(), Cell);

/** One intended change on one object of one system. */
export const Operation = z.strictObject({
  /** Unique in the plan and the same in every plan that intends the same change: `<entity>.<kind>:<row id>`. */
  id: z.string(),
  entity: z.enum(OPERATION_ENTITIES),
  kind: z.enum(OPERATION_KINDS),
  /** The directory user for whose sake it happens; `null` for shared lookup rows. */
  person: z.string().nullable(),
  /** The row, in the CRM's own names. */
  target: z.strictObject({ entity: z.string(), id: z.string() }),
  /** The columns to be written as they were read; `null` for a create. */
  before: Cells.nullable(),
  /** The columns to be written; empty for a delete. */
  after: Cells,
  /** Why, in one sentence. */
  reason: z.string(),
  /** Operations of the same plan that must be confirmed first. */
  dependsOn: z.array(z.string()),
  /** Columns whose values another operation brings to light: what the directory gave to a user that it made. */
  takes: z.array(z.strictObject({ operation: z.string(), cell: z.string(), column: z.string() })).optional(),
  /** Operations that it waits for, too; where one is refused, it goes without these columns instead of failing. */
  waitsFor: z.array(z.strictObject({ operation: z.string(), columns: z.array(z.string()) })).optional(),
});
export type Operation = z.infer<typeof Operation>;

const Value = z.union([z.string(), z.boolean(), z.null()]);
const SetPair = z.strictObject({
  crm: z.array(z.string()),
  directory: z.array(z.string()),
  rows: z.record(z.string(), z.string()),
});

export const PlannedBase = z.strictObject({
  fields: z.partialRecord(z.enum(PERSON_FIELDS), z.strictObject({ crm: Value, directory: Value })),
  licences: SetPair,
  roles: SetPair,
});

export const PlannedEvidence = z.strictObject({
  rule: z.string(),
  field: z.string(),
  directoryValue: z.string().nullable(),
  crmValue: z.string().nullable(),
  verdict: z.enum(['for', 'against', 'neutral']),
  weight: z.enum(['decisive', 'supporting', 'weak']),
  text: z.string(),
});
export type PlannedEvidence = z.infer<typeof PlannedEvidence>;

export const PlannedCandidate = z.strictObject({
  contactId: z.string(),
  contactName: z.string(),
  crmUserId: z.string().nullable(),
  recordId: z.string().nullable(),
  score: z.number(),
  evidence: z.array(PlannedEvidence),
});

export type PlannedCandidate = z.infer<typeof PlannedCandidate>;

/** Something worth a reader's attention about one person; it stops nobody else. */
export const PlannedIssue = z.strictObject({
  /** `failure`: the person (or this part of them) is not done. `warning`: done, but look. */
  severity: z.enum(['failure', 'warning']),
  /** Dotted: `name.missing`, `extension.duplicate`, `licence.noSeat`, … */
  code: z.string(),
  message: z.string(),
});
export type PlannedIssue = z.infer<typeof PlannedIssue>;

/** One directory user in the plan: situation, reason, and the link to be remembered once their operations are done. */
export const PlannedPerson = z.strictObject({
  userId: z.string(),
  login: z.string(),
  displayName: z.string(),
  /** `added`: an administrator added the record, and the directory has no such user yet; `userId` is `record:<record id>`. */
  situation: z.enum(['linked', 'matched', 'unmatched', 'disputed', 'excluded', 'invalid', 'added']),
  rule: z.enum(RULES).nullable(),
  reason: z.string(),
  recordId: z.string().nullable(),
  contactId: z.string().nullable(),
  /** The contact's name as the CRM has it; `null` where there is none yet. */
  contactName: z.string().nullable(),
  crmUserId: z.string().nullable(),
  evidence: z.array(PlannedEvidence),
  candidates: z.array(PlannedCandidate),
  issues: z.array(PlannedIssue),
  /** The two sides differ in something that a push would settle. */
  pendingPush: z.boolean(),
  /** What the link will remember; `null` where no link comes of it, or where the one there is stays as it is. */
  base: PlannedBase.nullable(),
  /** The directory user, confirmed gone, whose link this one replaces. */
  succeeds: z.string().nullable(),
  /** On hold: left alone by this plan, or taken in by it at a person's wish. */
  held: z.boolean(),
});
export type PlannedPerson = z.infer<typeof PlannedPerson>;

/** A link whose directory user was confirmed absent. */
export const PlannedGone = z.strictObject({
  userId: z.string(),
  login: z.string(),
  recordId: z.string(),
  /** Marked now, or marked before. */
  isNew: z.boolean(),
  reason: z.string(),
});

export type PlannedGone = z.infer<typeof PlannedGone>;

/** What an incomplete reading of the CRM, a missing right or the policy keeps out of the plan (design §5). */
export const Omission = z.strictObject({
  what: z.enum(['create', 'name-link', 'gone', 'pending-delete', 'crm-user']),
  count: z.number().int(),
  reason: z.string(),
});

export type Omission = z.infer<typeof Omission>;

/** The ordered operations of a run with everything a reader needs to judge them (design §2, plan). */
export const Plan = z.strictObject({
  version: z.literal(1),
  kind: z.enum(RUN_KINDS),
  /** The run that an undo takes back. */
  undoes: z.string().nullable(),
  mapping: z.strictObject({ directory: z.string(), digest: z.string() }),
  directory: z.strictObject({
    product: z.string(),
    domainId: z.string(),
    users: z.number().int(),
    complete: z.boolean(),
    problems: z.array(z.string()),
  }),
  crm: z.strictObject({
    product: z.string(),
    contacts: z.number().int(),
    crmUsers: z.number().int(),
    telephonyRecords: z.number().int(),
    complete: z.boolean(),
    problems: z.array(z.string()),
  }),
  people: z.array(PlannedPerson),
  gone: z.array(PlannedGone),
  operations: z.array(Operation),
  omissions: z.array(Omission),
  /** Shared rows that the CRM refused before and that would be sent unchanged; they are not sent again. */
  refusals: z.array(z.strictObject({ operation: z.string(), code: z.string(), message: z.string() })),
  /** What keeps the plan from being applied without a person's approval. */
  guards: z.array(TrippedGuard),
  /** Of everything above; the same reading gives the same fingerprint. */
  fingerprint: z.string(),
});
export type Plan = z.infer<typeof Plan>;

/** What a plan says beside its people and operations, which may be many. */
export const PlanHead = Plan.omit({ people: true, gone: true, operations: true });
export type PlanHead = z.infer<typeof PlanHead>;
