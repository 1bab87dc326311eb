import { z } from 'zod';
import { correlate } from '../domain/correlation/correlate.ts';
import type { Correlation, CorrelationPolicy, Evidence, RuleName } from '../domain/correlation/types.ts';
import type { Contact, CrmUser, DirectoryUser } from '../domain/person.ts';

const optionalText = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined);

/** One person of a list for `rollcall match`. Unknown keys are refused, so that a misspelled one is not lost in silence. */
export const MatchEntry = z.strictObject({
  id: z.union([z.string().min(1), z.number().int().transform(String)]),
  name: z.string(),
  login: optionalText.optional(),
  email: optionalText.optional(),
  phone: optionalText.optional(),
  extension: optionalText.optional(),
  department: optionalText.optional(),
});

export type MatchEntry = z.infer<typeof MatchEntry>;

/** A whole list; ids must not repeat. */
export const MatchList = z.array(MatchEntry).superRefine((entries, context) => {
  const seen = new Set<string>();
  entries.forEach(({ id }, index) => {
    if (seen.has(id))
      context.addIssue({
        code: 'custom',
        path: [index, 'id'],
        message: `The id ${id} stands in the list twice.`,
      });
    seen.add(id);
  });
});

export interface MatchCandidate {
  /** Id of the entry on the right side. */
  readonly right: string;
  readonly evidence: readonly Evidence[];
  /** 0 to 1, for ranking only; 1 for the one that was found. */
  readonly score: number;
}

export interface MatchResult {
  /** Id of the entry on the left side. */
  readonly left: string;
  /** `auto`: would be linked; `review`: would be a case; `none`: would be created. */
  readonly decision: 'auto' | 'review' | 'none';
  readonly right?: string;
  readonly rule?: RuleName;
  /** For `auto` the one that was found, for `review` those to choose from, best first. */
  readonly candidates: readonly MatchCandidate[];
}

/**
 * Tries the correlation rules on two lists without touching any system: the left one stands for directory users, the
 * right one for staff contacts, each with a CRM user if it has a login. One result per left entry, in their order.
 */
export function matchLists(
  left: readonly MatchEntry[],
  right: readonly MatchEntry[],
  policy: CorrelationPolicy = { preset: 'default' },
): MatchResult[] {
  const correlations = correlate({
    users: left.map(userOf),
    contacts: right.map(contactOf),
    crmUsers: right.flatMap(crmUserOf),
    records: [],
    links: [],
    goneUserIds: new Set(),
    verdicts: [],
    policy,
  });
  return correlations.map(resultOf);
}

function resultOf(found: Correlation): MatchResult {
  const { userId, situation, contactId } = found;
  if (situation === 'disputed') return new Found('review', found);
  if (situation === 'matched' && contactId !== null) return new Found('auto', found);
  return { left: userId, decision: 'none', candidates: NOTHING };
}

/** Candidates are put into words when somebody asks for them, and most often nobody does. */
class Found implements MatchResult {
  readonly left: string;
  readonly decision: 'auto' | 'review';
  declare readonly right?: string;
  declare readonly rule?: RuleName;
  readonly #found: Correlation;

  constructor(decision: 'auto' | 'review', found: Correlation) {
    const { userId, rule, contactId } = found;
    this.left = userId;
    this.decision = decision;
    this.#found = found;
    if (contactId !== null) this.right = contactId;
    if (rule !== null) this.rule = rule;
  }

  get candidates(): readonly MatchCandidate[] {
    if (this.right !== undefined) return [{ right: this.right, evidence: this.#found.evidence, score: 1 }];
    return this.#found.candidates.map((one) => ({
      right: one.contactId,
      evidence: one.evidence,
      score: one.score,
    }));
  }

  /** All of it, in words. */
  toJSON(): MatchResult {
    return Object.assign({}, this, { candidates: this.candidates });
  }
}

function userOf({ id, name, login, email, phone, extension, department }: MatchEntry): DirectoryUser {
  return {
    id,
    login: login ?? '',
    displayName: name,
    email: email ?? null,
    chatName: null,
    extension: extension ?? null,
    phones: phone === undefined ? NOTHING : [phone],
    department: department ?? null,
    defaultDevice: null,
    licences: NOTHING,
    roles: NOTHING,
    deleted: false,
  };
}

const NOTHING: readonly never[] = [];

function contactOf({ id, name, email, phone, extension, department }: MatchEntry): Contact {
  return {
    id,
    name,
    surname: null,
    givenName: null,
    middleName: null,
    email: email ?? null,
    phones: numbersOf(phone, extension),
    department: department ?? null,
    staff: true,
  };
}

function numbersOf(phone: string | undefined, extension: string | undefined): readonly string[] {
  if (phone === undefined) return extension === undefined ? NOTHING : [extension];
  return extension === undefined ? [phone] : [phone, extension];
}

function crmUserOf({ id, login }: MatchEntry): CrmUser[] {
  return login === undefined ? [] : [{ id, login, contactId: id, email: null, active: true }];
}
