import type { CellValue } from '../../app/ports/crm.ts';
import type { Correlation } from '../correlation/types.ts';
import { foldIdentifier } from '../names/fold.ts';
import type { CrmUser, DirectoryUser } from '../person.ts';
import { operationContent, type LastingFailure } from './failures.ts';
import type { PlanInput } from './input.ts';
import type { PersonContext } from './person-plan.ts';
import type { Operation, PlannedIssue } from './plan.ts';

/** What planning CRM users needs of the whole batch. */
export interface CrmUserContext {
  byId(id: string): CrmUser | undefined;
  /** Who has this login already, in words, besides that CRM user; `null` for nobody. */
  holderOf(login: string, besides: string): string | null;
  /** Has nobody else, neither a CRM user nor another directory user, this address? */
  isTheirsAlone(email: string): boolean;
  /** What the creation ended with in an earlier run, if it would be sent unchanged. */
  refusedBefore(creation: Operation): LastingFailure | null;
}

/** The CRM user of a person who was found to have none. */
export interface CrmUserPlan {
  readonly id: string | null;
  /** `null` where there is none to be made, or an earlier run has made it already. */
  readonly creation: Operation | null;
  readonly issues: readonly PlannedIssue[];
  /** They would get one if any were made. */
  readonly isOmitted: boolean;
}

export const NO_CRM_USER: CrmUserPlan = { id: null, creation: null, issues: [], isOmitted: false };

/**
 * Plans the CRM user of somebody who gets a contact of their own: inactive, under the directory's login (design §5,
 * Unmatched). Without one, the telephony record stands alone.
 *
 * @param creations what creates the contact, if it is not there yet
 */
export function planCrmUser(
  user: DirectoryUser,
  found: Correlation,
  contactId: string | null,
  creations: readonly Operation[],
  context: PersonContext,
): CrmUserPlan {
  const { crmUsers } = context;
  if (found.crmUserId !== null) return NO_CRM_USER;
  if (crmUsers === null) return { ...NO_CRM_USER, isOmitted: true };
  if (contactId === null) return NO_CRM_USER;
  const { crmUser: mapping } = context.mapping;
  const id = context.rowId(user.id, mapping.entity, '');

  const earlier = crmUsers.byId(id);
  if (earlier !== undefined)
    return earlier.contactId === null || earlier.contactId === contactId
      ? { ...NO_CRM_USER, id }
      : without(
          'elsewhere',
          `The CRM user ${earlier.login} that was made for them has another contact by now`,
        );
  const holder = crmUsers.holderOf(user.login, id);
  if (holder !== null) return without('loginTaken', `The login ${user.login} is that of ${holder}`);

  const after: Record<string, CellValue> = {
    [mapping.login]: user.login,
    [mapping.contact]: contactId,
    [mapping.active]: false,
  };
  if (mapping.email !== undefined && user.email !== null && crmUsers.isTheirsAlone(user.email))
    after[mapping.email] = user.email;
  const creation: Operation = {
    id: `crmUser.create:${id}`,
    entity: 'crmUser',
    kind: 'create',
    person: user.id,
    target: { entity: mapping.entity, id },
    before: null,
    after,
    reason: `${user.displayName} (${user.login}) is no CRM user yet; they cannot sign in until an administrator activates them.`,
    dependsOn: creations.map((operation) => operation.id),
  };
  const refused = crmUsers.refusedBefore(creation);
  return refused === null
    ? { ...NO_CRM_USER, id, creation }
    : without(
        'refused',
        `A CRM user was refused before (${refused.code}) and nothing has changed since: ${refused.message}`,
      );
}

function without(what: string, why: string): CrmUserPlan {
  const message = `${why.replace(/\.$/, '')}. The telephony record stands without a CRM user.`;
  return { ...NO_CRM_USER, issues: [{ severity: 'warning', code: `crmUser.${what}`, message }] };
}

/** Looks up logins and addresses of both sides; `null` where no CRM users are made. */
export function crmUserContext(input: PlanInput): CrmUserContext | null {
  if (input.policy.withoutCrmUsers !== null) return null;
  const { crm, directory } = input;
  const byLogin = new Map<string, CrmUser[]>();
  const addresses = new Map<string, number>();
  const count = (email: string | null): void => {
    const key = foldIdentifier(email);
    if (key !== null) addresses.set(key, (addresses.get(key) ?? 0) + 1);
  };
  for (const crmUser of crm.crmUsers) {
    count(crmUser.email);
    const login = foldIdentifier(crmUser.login) ?? '';
    const known = byLogin.get(login);
    if (known === undefined) byLogin.set(login, [crmUser]);
    else known.push(crmUser);
  }
  const holders = new Map<string, number>();
  for (const { login, email } of directory.users) {
    count(email);
    const key = foldIdentifier(login) ?? '';
    holders.set(key, (holders.get(key) ?? 0) + 1);
  }
  const byId = new Map(crm.crmUsers.map((crmUser) => [crmUser.id, crmUser]));
  return {
    byId: (id) => byId.get(id),
    holderOf: (login, besides) => {
      const key = foldIdentifier(login) ?? '';
      const holder = byLogin.get(key)?.find(({ id }) => id !== besides);
      if (holder !== undefined) return `the CRM user ${holder.login} (${holder.id})`;
      return (holders.get(key) ?? 0) > 1 ? 'several directory users' : null;
    },
    isTheirsAlone: (email) => (addresses.get(foldIdentifier(email) ?? '') ?? 0) <= 1,
    refusedBefore: (creation) => {
      const failure = input.lastingFailures.get(creation.id);
      if (failure === undefined) return null;
      return failure.digest === input.digest(operationContent(creation)) ? failure : null;
    },
  };
}
