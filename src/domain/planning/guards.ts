import type { TrippedGuard } from '../run.ts';
import type { Operation, Plan } from './plan.ts';
import { loginPatterns } from './assess.ts';

/** So many pass whatever the share, and such a share whatever the number: the more generous of the two counts. */
export interface Budget {
  readonly count: number;
  /** Of the users in the directory. */
  readonly percent: number;
}

/** What a run may do without a person's approval (design §9: telephony records created do not count). */
export interface Budgets {
  readonly contactsCreated: Budget;
  readonly crmUsersCreated: Budget;
  readonly usersCreated: Budget;
  /** People of whom a record with its licence and role rows, or the directory user, stood before and changes. */
  readonly recordsChanged: Budget;
  /** People whose records are marked gone, or who are removed from either system; it rolls over 24 hours. */
  readonly recordsRemoved: Budget;
}

/** People whose records no run changes or removes without approval, by login; `*` stands for anything. */
export interface ProtectedPeople {
  readonly logins: readonly string[];
  readonly patterns: readonly string[];
}

export interface GuardPolicy {
  readonly budgets: Budgets;
  readonly protected: ProtectedPeople;
}

const BUDGET_WORDS: Readonly<Record<keyof Budgets, string>> = {
  contactsCreated: 'contacts would be created',
  crmUsersCreated: 'CRM users would be created',
  usersCreated: 'directory users would be created',
  recordsChanged: 'people would be changed',
  recordsRemoved: 'people would be removed or marked gone',
};

/** What the figures of one plan are held against. */
export interface GuardScale {
  /** Users that the directory holds. */
  readonly population: number;
  /** People removed by other runs within the time over which the budget for it rolls. */
  readonly removedBefore: number;
}

/** The guards that a plan runs into, in the order of the policy; empty when it may be applied as it is. */
export function judgeGuards(
  plan: Pick<Plan, 'kind' | 'people' | 'gone' | 'operations'> & {
    readonly directory: Pick<Plan['directory'], 'users'>;
  },
  policy: GuardPolicy,
  scale: GuardScale = { population: plan.directory.users, removedBefore: 0 },
): TrippedGuard[] {
  const tripped: TrippedGuard[] = [];
  // What an undo takes back is bounded by the run that it undoes, which a person names.
  if (plan.kind !== 'undo') {
    const numbers = numbersOf(plan);
    for (const name of BUDGET_NAMES) {
      const budget = policy.budgets[name];
      const limit = Math.max(budget.count, Math.floor((scale.population * budget.percent) / 100));
      const spent = name === 'recordsRemoved' ? scale.removedBefore : 0;
      const allowed = Math.max(0, limit - spent);
      const number = numbers[name];
      if (number <= allowed) continue;
      const before = spent === 0 ? '' : `, of which other runs used ${spent} within a day`;
      tripped.push({
        guard: `budget.${name}`,
        number,
        allowed,
        message: `${number} ${BUDGET_WORDS[name]}; without approval it may be ${allowed} (policy.guards.budgets.${name}: ${budget.count}, or ${budget.percent} % of ${scale.population} users${before}).`,
      });
    }
  }
  const touched = protectedPeople(plan, policy.protected);
  if (touched.length > 0)
    tripped.push({
      guard: 'protected',
      number: touched.length,
      allowed: 0,
      message: `Records of protected people would be changed: ${shortList(touched)} (policy.guards.protected).`,
    });
  return tripped;
}

const BUDGET_NAMES = [
  'contactsCreated',
  'crmUsersCreated',
  'usersCreated',
  'recordsChanged',
  'recordsRemoved',
] as const;

function numbersOf({
  operations,
  gone,
}: Pick<Plan, 'operations' | 'gone'>): Record<(typeof BUDGET_NAMES)[number], number> {
  const leavers = new Set(gone.map(({ userId }) => userId));
  const own = new Set(
    operations.flatMap(({ entity, kind, target }) =>
      entity === 'telephonyRecord' && kind === 'create' ? [target.id] : [],
    ),
  );
  const created = { contact: 0, crmUser: 0, directoryUser: 0 };
  const changed = new Set<string>();
  const removed = new Set<string>();
  for (const operation of operations) {
    const { entity, kind, person } = operation;
    if (kind === 'create' && (entity === 'contact' || entity === 'crmUser')) created[entity] += 1;
    if (person === null || !isOfRecord(operation)) continue;
    if (entity === 'directoryUser') {
      if (kind === 'delete') removed.add(person);
      else if (kind === 'update') changed.add(person);
      else created.directoryUser += 1;
    } else if (leavers.has(person) || (entity === 'telephonyRecord' && kind === 'delete'))
      removed.add(person);
    else if (kind !== 'create') changed.add(person);
    else if (entity !== 'telephonyRecord' && !Object.values(operation.after).some((id) => isOneOf(own, id)))
      changed.add(person);
  }
  return {
    contactsCreated: created.contact,
    crmUsersCreated: created.crmUser,
    usersCreated: created.directoryUser,
    recordsChanged: changed.size,
    recordsRemoved: removed.size,
  };
}

function isOfRecord({ entity }: Operation): boolean {
  return (
    entity === 'directoryUser' ||
    entity === 'telephonyRecord' ||
    entity === 'recordLicence' ||
    entity === 'recordRole'
  );
}

function isOneOf(ids: ReadonlySet<string>, value: unknown): boolean {
  return typeof value === 'string' && ids.has(value);
}

/** Logins of protected people whose rows the plan changes or removes; new rows take nothing from anybody. */
function protectedPeople(
  plan: Pick<Plan, 'people' | 'gone' | 'operations'>,
  { logins, patterns }: ProtectedPeople,
): string[] {
  if (logins.length === 0 && patterns.length === 0) return [];
  const isProtected = loginPatterns(logins, patterns);
  const loginOf = new Map([...plan.gone, ...plan.people].map(({ userId, login }) => [userId, login]));
  const touched = new Set<string>();
  for (const { kind, person } of plan.operations) {
    const login = person === null ? undefined : loginOf.get(person);
    if (kind !== 'create' && login !== undefined && isProtected(login)) touched.add(login);
  }
  return [...touched];
}

function shortList(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
