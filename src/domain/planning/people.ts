import type { Correlation } from '../correlation/types.ts';
import type { DirectoryUser, Link, TelephonyRecord } from '../person.ts';
import { planAdoption, planNewRecord } from './first-meeting.ts';
import type { PlanInput } from './input.ts';
import { planLinked } from './linked.ts';
import type { PersonContext, PersonPlan } from './person-plan.ts';
import type { Omission, PlannedIssue, PlannedPerson } from './plan.ts';
import { planRemoval } from './push/removals.ts';
import { displayNameOf } from './words.ts';

/** What is planned for one user, and the gone user whose record they take over. */
export interface UserPlan {
  readonly plan: PersonPlan;
  readonly succeeds: string | null;
}

/** What planning needs of the whole batch. */
export interface UserContext {
  readonly input: PlanInput;
  readonly context: PersonContext;
  readonly recordById: ReadonlyMap<string, TelephonyRecord>;
  readonly linkByUser: ReadonlyMap<string, Link>;
  readonly crmComplete: boolean;
  readonly omitted: Map<Omission['what'], number>;
}

/** The plan for somebody for whom nothing is to be done: no operation, and no link that comes of it. */
export function nothingFor(found: Correlation, pendingPush = false): UserPlan {
  return {
    plan: {
      operations: [],
      recordId: found.recordId ?? '',
      contactId: found.contactId,
      ownCrmUserId: null,
      lacksCrmUser: false,
      base: null,
      issues: [],
      pendingPush,
    },
    succeeds: null,
  };
}

/** Plans one correlated user. */
export function planUser(user: DirectoryUser, found: Correlation, all: UserContext): UserPlan {
  const nothing = (pendingPush = false): UserPlan => nothingFor(found, pendingPush);
  const omit = (what: Omission['what']): UserPlan => {
    all.omitted.set(what, (all.omitted.get(what) ?? 0) + 1);
    return nothing();
  };
  const record = found.recordId === null ? undefined : all.recordById.get(found.recordId);
  const standing = all.input.crm.standing.get(found.recordId ?? '') ?? {};

  if (found.situation === 'linked') {
    const link = all.linkByUser.get(user.id);
    if (link === undefined) return nothing();
    // The link outlives the record: an administrator deleted it, which a push carries to the directory.
    if (record === undefined)
      return all.crmComplete ? removed(user, link, found, all) : omit('pending-delete');
    const plan = withWord(user, planLinked(user, link, record, contextFor(user, all), standing), all);
    if (all.crmComplete || !plan.pendingPush) return { plan, succeeds: null };
    all.omitted.set('pending-delete', (all.omitted.get('pending-delete') ?? 0) + 1);
    return { plan: { ...plan, pendingPush: false }, succeeds: null };
  }
  if (found.situation !== 'matched' && found.situation !== 'unmatched') return nothing();
  const former = all.linkByUser.get(user.id);
  if (record !== undefined && former?.status === 'gone' && former.recordId === record.id)
    return { plan: planLinked(user, former, record, contextFor(user, all), standing), succeeds: null };
  if (record !== undefined) {
    // The record may be certain and its contact found by name alone; a namesake may not have been read.
    if (!all.crmComplete && isByName(found) && record.contactId === null) return omit('name-link');
    if (!all.crmComplete && found.situation === 'unmatched') return omit('create');
    const previous = record.directoryUserId;
    const succeeds =
      previous !== null && previous !== user.id && all.linkByUser.has(previous) ? previous : null;
    const plan = counted(planAdoption(user, found, record, all.context, standing), all);
    // Without all licence and role rows there is no base to remember; the next complete run brings it.
    return { plan: all.crmComplete ? plan : { ...plan, base: null }, succeeds };
  }
  if (!all.crmComplete) return omit(isByName(found) ? 'name-link' : 'create');
  return { plan: counted(planNewRecord(user, found, all.context), all), succeeds: null };
}

function removed(
  user: DirectoryUser,
  link: Link,
  found: Correlation,
  { input, context }: UserContext,
): UserPlan {
  if (context.push === null || !input.missingRecords.has(link.recordId)) return nothingFor(found, true);
  const { operations, issues, pendingPush } = planRemoval(user, link, context.push);
  const { plan } = nothingFor(found, pendingPush);
  return { plan: { ...plan, operations, issues }, succeeds: null };
}

/** Somebody changed our own account in the CRM: it stays as it is, and that is said. */
function withWord(user: DirectoryUser, plan: PersonPlan, { context }: UserContext): PersonPlan {
  if (!plan.pendingPush || user.id !== context.push?.ownUserId) return plan;
  const message = `${displayNameOf(user)} is the account that Rollcall works as; it is changed in the directory by hand only.`;
  return { ...plan, issues: [...plan.issues, { severity: 'warning', code: 'self.protected', message }] };
}

/** Our own account is only read, whatever the CRM says of it. */
function contextFor(user: DirectoryUser, { context }: UserContext): PersonContext {
  return user.id === context.push?.ownUserId ? { ...context, push: null } : context;
}

function counted(plan: PersonPlan, { omitted }: UserContext): PersonPlan {
  if (plan.lacksCrmUser) omitted.set('crm-user', (omitted.get('crm-user') ?? 0) + 1);
  return plan;
}

/** The contact was found by its name, with a number or without: another of that name may not have been read. */
function isByName({ contactRule }: Correlation): boolean {
  return contactRule === 'name' || contactRule === 'number';
}

/** The user's entry in the plan. */
export function personOf(
  user: DirectoryUser,
  found: Correlation,
  { plan, succeeds }: UserPlan,
  warnings: readonly PlannedIssue[],
  contactNames: ReadonlyMap<string, string>,
  held: boolean,
): PlannedPerson {
  const failed = plan.issues.some((issue) => issue.severity === 'failure');
  const decided =
    !failed &&
    (found.situation === 'matched' || found.situation === 'unmatched' || found.situation === 'linked');
  const contactId = decided ? plan.contactId : found.contactId;
  return {
    userId: user.id,
    login: user.login,
    displayName: user.displayName,
    situation: found.situation,
    rule: found.rule,
    reason: found.reason,
    recordId: decided && plan.recordId !== '' ? plan.recordId : found.recordId,
    contactId,
    contactName: contactNames.get(contactId ?? '') ?? null,
    crmUserId: found.crmUserId ?? (decided ? plan.ownCrmUserId : null),
    evidence: [...found.evidence],
    candidates: found.candidates.map((candidate) => ({ ...candidate, evidence: [...candidate.evidence] })),
    issues: [...warnings, ...plan.issues],
    pendingPush: plan.pendingPush,
    base:
      plan.base === null
        ? null
        : {
            fields: plan.base.fields,
            licences: copySet(plan.base.licences),
            roles: copySet(plan.base.roles),
          },
    succeeds,
    held,
  };
}

function copySet(pair: {
  crm: readonly string[];
  directory: readonly string[];
  rows: Readonly<Record<string, string>>;
}) {
  return { crm: [...pair.crm], directory: [...pair.directory], rows: { ...pair.rows } };
}

/** The entry of a user who takes no part. */
export function leftOut(
  user: DirectoryUser,
  excluded: string | undefined,
  invalid: PlannedIssue | undefined,
  held: boolean,
): PlannedPerson {
  return {
    userId: user.id,
    login: user.login,
    displayName: user.displayName,
    situation: excluded === undefined ? 'invalid' : 'excluded',
    rule: null,
    reason: excluded ?? invalid?.message ?? '',
    recordId: null,
    contactId: null,
    contactName: null,
    crmUserId: null,
    evidence: [],
    candidates: [],
    issues: invalid === undefined ? [] : [invalid],
    pendingPush: false,
    base: null,
    succeeds: null,
    held,
  };
}
