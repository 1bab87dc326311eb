import type { Contact, CrmUser, DirectoryUser, Link, TelephonyRecord, Verdict } from '../person.ts';

/** The rules of the ladder (design §5, Correlate), in order; the first decisive one wins. */
export const RULES = [
  'link',
  'record-id',
  'record-adopted',
  'record-successor',
  'verdict',
  'login',
  'email',
  'name',
  'number',
  'weak-name',
] as const;

export type RuleName = (typeof RULES)[number];

/** One reason for or against a match. */
export interface Evidence {
  readonly rule: RuleName | 'uniqueness' | 'extension' | 'phone' | 'department';
  /** The canonical field that was compared (`login`, `email`, `name`, `patronymic`, …). */
  readonly field: string;
  readonly directoryValue: string | null;
  readonly crmValue: string | null;
  readonly verdict: 'for' | 'against' | 'neutral';
  /** How strong: `decisive` may link on its own, `supporting` ranks candidates, `weak` only makes a case. */
  readonly weight: 'decisive' | 'supporting' | 'weak';
  /** In words, in English; `inLanguage` says it in another. */
  readonly text: string;
}

/** A contact that the user may be, best first. */
export interface Candidate {
  readonly contactId: string;
  /** As the CRM has it; empty when the contact was not read. */
  readonly contactName: string;
  readonly crmUserId: string | null;
  readonly recordId: string | null;
  readonly evidence: readonly Evidence[];
  /** 0 to 1, for ranking only. */
  readonly score: number;
}

export type Situation = 'linked' | 'matched' | 'unmatched' | 'disputed' | 'excluded' | 'invalid';

/** The outcome for one directory user. */
export interface Correlation {
  readonly userId: string;
  readonly situation: Situation;
  readonly rule: RuleName | null;
  /** The rule that found the contact, which may be a weaker one than the rule that found the record. */
  readonly contactRule: RuleName | null;
  readonly recordId: string | null;
  readonly contactId: string | null;
  readonly crmUserId: string | null;
  readonly evidence: readonly Evidence[];
  /** Filled for `disputed`; at most ten. */
  readonly candidates: readonly Candidate[];
  /** Why, in one sentence, for plans, cases and reports. */
  readonly reason: string;
}

export interface CorrelationPolicy {
  readonly preset: 'default' | 'seed-strict';
  /** Where telephone numbers without a country code are (ISO 3166-1, two letters). */
  readonly country?: string;
}

/** Both sides as they were read. Users that are excluded or invalid are not among `users`. */
export interface CorrelationInput {
  readonly users: readonly DirectoryUser[];
  readonly records: readonly TelephonyRecord[];
  readonly contacts: readonly Contact[];
  readonly crmUsers: readonly CrmUser[];
  readonly links: readonly Link[];
  /** Directory user ids of links that were confirmed absent or soft-deleted. */
  readonly goneUserIds: ReadonlySet<string>;
  readonly verdicts: readonly Verdict[];
  readonly policy: CorrelationPolicy;
}
