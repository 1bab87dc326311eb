import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { v5 } from 'uuid';
import { parse } from 'yaml';
import type { CrmRow } from '../../../src/app/ports/crm.ts';
import { signInSteps } from '../../../src/app/plan-run.ts';
import {
  projectContact,
  projectCrmUser,
  projectDetail,
  projectLookup,
  projectRecord,
} from '../../../src/domain/mapping/project.ts';
import { Mapping } from '../../../src/domain/mapping/schema.ts';
import { splitName } from '../../../src/domain/names/split.ts';
import type { DirectoryLicence, DirectoryUser, Link, Ref, Verdict } from '../../../src/domain/person.ts';
import { buildPlan } from '../../../src/domain/planning/build.ts';
import type { LastingFailure } from '../../../src/domain/planning/failures.ts';
import type { HeldPeople } from '../../../src/domain/planning/assess.ts';
import type { GuardPolicy } from '../../../src/domain/planning/guards.ts';
import type { PlanInput } from '../../../src/domain/planning/input.ts';
import type { PushContext } from '../../../src/domain/planning/push/context.ts';
import type { Plan } from '../../../src/domain/planning/plan.ts';
import { allAtOnce } from '../../../src/domain/steps.ts';

export const MAPPING = Mapping.parse(
  parse(readFileSync(join(import.meta.dirname, '../../../mappings/creatio-webitel.yaml'), 'utf8')),
);
export const EMPLOYEE = MAPPING.contact.type.employee;

const anything = { count: Number.MAX_SAFE_INTEGER, percent: 100 };
/** Budgets that nothing exceeds. */
export const NO_GUARDS: GuardPolicy = {
  budgets: {
    contactsCreated: anything,
    crmUsersCreated: anything,
    usersCreated: anything,
    recordsChanged: anything,
    recordsRemoved: anything,
  },
  protected: { logins: [], patterns: [] },
};

/** What a push may do, as in a Webitel directory with the default policy. */
export const PUSH: PushContext = {
  writes: new Set(['login', 'displayName', 'email', 'chatName', 'extension']),
  login: { pattern: /^[A-Za-z0-9._-]+$/, words: 'letters' },
  extension: { pattern: /^[0-9]+$/, words: 'digits' },
  onInactive: 'strip-licences',
  onDelete: 'soft',
  ownUserId: '1',
};

/** Both systems and the store in memory, in the CRM's own columns. */
export interface Scene {
  readonly users: readonly DirectoryUser[];
  readonly licences: readonly DirectoryLicence[];
  readonly roles: readonly Ref[];
  readonly crm: Readonly<Record<string, readonly CrmRow[]>>;
  readonly links: readonly Link[];
  readonly verdicts: readonly Verdict[];
  readonly goneUserIds: ReadonlySet<string>;
  readonly failures: ReadonlyMap<string, LastingFailure>;
  readonly crmProblems: readonly string[];
  readonly withoutCrmUsers: string | null;
  readonly guards: GuardPolicy;
  readonly held: HeldPeople;
  readonly includeHeld: boolean;
  readonly onlyPeople: ReadonlySet<string> | null;
  readonly kind: PlanInput['kind'];
  readonly missingRecords: ReadonlySet<string>;
  readonly addable: ReadonlySet<string>;
  readonly removedBefore: number;
}

export function scene(given: Partial<Scene> = {}): Scene {
  return {
    users: [],
    licences: [],
    roles: [],
    crm: {},
    links: [],
    verdicts: [],
    goneUserIds: new Set(),
    failures: new Map(),
    crmProblems: [],
    withoutCrmUsers: null,
    guards: NO_GUARDS,
    held: new Map(),
    includeHeld: false,
    onlyPeople: null,
    kind: 'import',
    missingRecords: new Set(),
    addable: new Set(),
    removedBefore: 0,
    ...given,
  };
}

export function person(id: string, displayName: string, changes: Partial<DirectoryUser> = {}): DirectoryUser {
  return {
    id,
    login: `user${id}`,
    displayName,
    email: null,
    chatName: null,
    extension: null,
    defaultDevice: null,
    licences: [],
    roles: [],
    deleted: false,
    ...changes,
  };
}

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function inputOf(given: Scene): PlanInput {
  const { record, contact, crmUser, licences, roles } = MAPPING;
  const rows = (entity: string): readonly CrmRow[] => given.crm[entity] ?? [];
  const refs = (entity: string): Ref[] =>
    rows(entity).map((row) => ({ id: String(row['Id']), name: String(row['Name']) }));
  const crmUsers = rows(crmUser.entity).map((row) => projectCrmUser(row, crmUser));
  const staff = new Set(crmUsers.flatMap(({ contactId }) => contactId ?? []));
  const standing = [record.directory?.column, record.status?.column].filter((column) => column !== undefined);
  return {
    kind: given.kind,
    push: given.kind === 'import' ? null : PUSH,
    missingRecords: given.missingRecords,
    addable: given.addable,
    population: given.users.length,
    removedBefore: given.removedBefore,
    now: Date.parse('2026-03-01T00:00:00Z'),
    mapping: MAPPING,
    mappingDigest: 'digest',
    schema: {},
    policy: {
      exclude: { logins: [], patterns: [], withoutLicence: false },
      correlation: { preset: 'default' },
      createContacts: true,
      withoutCrmUsers: given.withoutCrmUsers,
      guards: given.guards,
    },
    directory: {
      product: 'webitel',
      domainId: '1',
      ownUserId: '1',
      users: given.users,
      licences: given.licences,
      roles: given.roles,
      problems: [],
    },
    crm: {
      product: 'creatio',
      records: rows(record.entity).map((row) => projectRecord(row, record)),
      standing: new Map(
        rows(record.entity).map((row) => [
          String(row['Id']),
          Object.fromEntries(standing.map((column) => [column, row[column] ?? null])),
        ]),
      ),
      contacts: rows(contact.entity).map((row) => projectContact(row, contact, staff)),
      crmUsers,
      licenceRows: licences ? rows(licences.lookup.entity).map((row) => projectLookup(row, licences)) : [],
      roleRows: roles ? rows(roles.lookup.entity).map((row) => projectLookup(row, roles)) : [],
      licenceDetails: licences ? rows(licences.detail.entity).map((row) => projectDetail(row, licences)) : [],
      roleDetails: roles ? rows(roles.detail.entity).map((row) => projectDetail(row, roles)) : [],
      directoryRows: refs(record.directory?.entity ?? ''),
      statusRows: refs(record.status?.entity ?? ''),
      problems: given.crmProblems,
    },
    links: given.links,
    verdicts: given.verdicts,
    reopened: new Map(),
    goneUserIds: given.goneUserIds,
    held: given.held,
    includeHeld: given.includeHeld,
    sharedForNeedOnly: false,
    onlyPeople: given.onlyPeople,
    lastingFailures: given.failures,
    rowId: (...parts) => v5(parts.join('\n'), v5.URL),
    splitName,
    digest,
  };
}

export function planOf(given: Scene): Plan {
  return allAtOnce(signInSteps(buildPlan(inputOf(given)), digest));
}

/** Carries a plan out in memory: rows are written, and people whose operations are done are linked. */
export function applied(given: Scene, plan: Plan): Scene {
  const tables = new Map(Object.entries(given.crm).map(([entity, rows]) => [entity, [...rows]]));
  for (const { kind, target, after } of plan.operations) {
    const rows = tables.get(target.entity) ?? [];
    tables.set(target.entity, rows);
    const index = rows.findIndex((row) => row['Id'] === target.id);
    if (kind === 'create') {
      if (index >= 0) throw new Error(`${target.entity} ${target.id} exists already`);
      rows.push({ Id: target.id, ...after });
    } else rows[index] = { ...rows[index], ...after };
  }
  const links = new Map(given.links.map((link) => [link.directoryUserId, link]));
  for (const { userId, login, recordId, contactId, crmUserId, base, issues } of plan.people)
    if (base !== null && recordId !== null && !issues.some(({ severity }) => severity === 'failure'))
      links.set(userId, {
        directory: MAPPING.directory,
        directoryUserId: userId,
        login,
        recordId,
        contactId,
        crmUserId,
        status: 'active',
        base,
      });
  for (const { userId, isNew } of plan.gone) {
    const link = links.get(userId);
    if (isNew && link !== undefined) links.set(userId, { ...link, status: 'gone' });
  }
  for (const { succeeds } of plan.people) if (succeeds !== null) links.delete(succeeds);
  return { ...given, crm: Object.fromEntries(tables), links: [...links.values()] };
}
