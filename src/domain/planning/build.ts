import type { CellValue, CrmSchema } from '../../app/ports/crm.ts';
import { correlate } from '../correlation/correlate.ts';
import type { Correlation, CorrelationPolicy } from '../correlation/types.ts';
import type { LookupRow } from '../mapping/project.ts';
import type { Mapping } from '../mapping/schema.ts';
import type {
  Contact,
  CrmUser,
  DirectoryLicence,
  DirectoryUser,
  Link,
  Ref,
  TelephonyRecord,
  Verdict,
} from '../person.ts';
import { assessUsers, type ExcludePolicy } from './assess.ts';
import { licenceItems, roleItems, tieCatalogue, type Catalogue } from './catalogue.ts';
import { planAdoption, planNewRecord } from './first-meeting.ts';
import { planGone, type GonePlan } from './gone.ts';
import { planLinked } from './linked.ts';
import { namedRow, type NamedRowPlan } from './named-row.ts';
import type { NameParts, PersonContext, PersonPlan } from './person-plan.ts';
import type { Omission, Operation, Plan, PlannedIssue, PlannedPerson } from './plan.ts';
import { withoutLastingFailures, type LastingFailure } from './failures.ts';

/** Detail rows as they were read; their keys are found once the catalogues are tied. */
export interface RawDetail {
  readonly id: string;
  readonly recordId: string | null;
  readonly itemId: string | null;
}

/** Everything that a plan of an import is made from. The same input gives the same plan. */
export interface PlanInput {
  readonly mapping: Mapping;
  /** Digest of the mapping document and of everything else in the policy that shapes a plan. */
  readonly mappingDigest: string;
  readonly schema: CrmSchema;
  readonly policy: {
    readonly exclude: ExcludePolicy;
    readonly correlation: CorrelationPolicy;
    readonly createContacts: boolean;
  };
  readonly directory: {
    readonly product: string;
    readonly domainId: string;
    readonly users: readonly DirectoryUser[];
    readonly licences: readonly DirectoryLicence[];
    readonly roles: readonly Ref[];
    readonly problems: readonly string[];
  };
  readonly crm: {
    readonly product: string;
    readonly records: readonly Omit<TelephonyRecord, 'licences' | 'roles'>[];
    /** Record id → status and directory columns as they stand. */
    readonly standing: ReadonlyMap<string, Readonly<Record<string, CellValue>>>;
    readonly contacts: readonly Contact[];
    readonly crmUsers: readonly CrmUser[];
    readonly licenceRows: readonly LookupRow[];
    readonly roleRows: readonly LookupRow[];
    readonly licenceDetails: readonly RawDetail[];
    readonly roleDetails: readonly RawDetail[];
    /** Rows of the lookups that say directory and status: id and name. */
    readonly directoryRows: readonly Ref[];
    readonly statusRows: readonly Ref[];
    readonly problems: readonly string[];
  };
  readonly links: readonly Link[];
  readonly verdicts: readonly Verdict[];
  /** Users of links that a direct read confirmed absent or soft-deleted. */
  readonly goneUserIds: ReadonlySet<string>;
  readonly lastingFailures: ReadonlyMap<string, LastingFailure>;
  /** Id for a row that we create (design §5, Apply). */
  rowId(userId: string, entity: string, key: string): string;
  splitName(name: string): NameParts;
  digest(text: string): string;
}

/** A plan without its fingerprint. */
export type UnsignedPlan = Omit<Plan, 'fingerprint'>;

/** Plans an import: pure, and without any effect on either system (design §5). */
export function buildImportPlan(input: PlanInput): UnsignedPlan {
  const { mapping, directory, crm } = input;
  const assessment = assessUsers(directory.users, input.policy.exclude);
  const linkByUser = new Map(input.links.map((link) => [link.directoryUserId, link]));
  const licences = catalogueOf('licence', input);
  const roles = catalogueOf('role', input);
  const records = attachDetails(input, licences, roles);
  const recordById = new Map(records.map((record) => [record.id, record]));

  const candidates = directory.users.filter(
    (user) =>
      !assessment.excluded.has(user.id) && !(assessment.invalid.has(user.id) && !linkByUser.has(user.id)),
  );
  const correlations = new Map(
    correlate({
      users: candidates,
      records,
      contacts: crm.contacts,
      crmUsers: crm.crmUsers,
      links: input.links,
      goneUserIds: input.goneUserIds,
      verdicts: input.verdicts,
      policy: input.policy.correlation,
    }).map((correlation) => [correlation.userId, correlation]),
  );

  const rowIdOf = (entity: string) => (key: string) => input.rowId('', entity, key);
  const crmComplete = crm.problems.length === 0;
  // A row that seems to be missing in an incomplete reading may exist, so nothing may come to depend on a new one.
  const usable = (row: NamedRowPlan | null) => (crmComplete || row?.creation === null ? row : null);
  const foundDirectoryRow = mapping.record.directory
    ? namedRow(mapping.record.directory.entity, mapping.record.directory.name, crm.directoryRows, rowIdOf)
    : null;
  const directoryRow = usable(foundDirectoryRow);
  const inStep = usable(statusRow(input, 'inStep', rowIdOf));
  const context: PersonContext = {
    mapping,
    schema: input.schema,
    licences,
    roles,
    directoryRow,
    statusRow: inStep,
    rowId: input.rowId,
    splitName: input.splitName,
    createContacts: input.policy.createContacts,
  };

  const omitted = new Map<Omission['what'], number>();
  const people: PlannedPerson[] = [];
  const operations: Operation[] = [];
  const successors = new Set<string>();
  for (const user of directory.users) {
    const correlation = correlations.get(user.id);
    const warnings = assessment.warnings.get(user.id) ?? [];
    if (correlation === undefined) {
      people.push(leftOut(user, assessment.excluded.get(user.id), assessment.invalid.get(user.id)));
      continue;
    }
    const planned = planUser(user, correlation, {
      input,
      context,
      recordById,
      linkByUser,
      crmComplete,
      omitted,
    });
    operations.push(...planned.plan.operations);
    if (planned.succeeds !== null) successors.add(planned.succeeds);
    people.push(personOf(user, correlation, planned, warnings));
  }

  const gone = goneOf(input, recordById, successors, crmComplete, omitted, statusRow(input, 'gone', rowIdOf));
  operations.push(...gone.operations);
  const shared = [
    ...namedRowCreations([directoryRow, inStep, gone.statusRow], operations),
    ...(licences?.operations ?? []),
    ...(roles?.operations ?? []),
  ];
  const all = [...shared, ...operations];
  const { kept, issues } = withoutLastingFailures(
    crmComplete ? all : all.filter((operation) => operation.kind === 'update'),
    input.lastingFailures,
    (text) => input.digest(text),
  );

  return {
    version: 1,
    kind: 'import',
    mapping: { directory: mapping.directory, digest: input.mappingDigest },
    directory: {
      product: directory.product,
      domainId: directory.domainId,
      users: directory.users.length,
      complete: directory.problems.length === 0,
      problems: [...directory.problems],
    },
    crm: {
      product: crm.product,
      contacts: crm.contacts.length,
      crmUsers: crm.crmUsers.length,
      telephonyRecords: crm.records.length,
      complete: crmComplete,
      problems: [...crm.problems],
    },
    people: people.map((person) => ({
      ...person,
      issues: [...person.issues, ...(issues.get(person.userId) ?? [])],
    })),
    gone: [...gone.people],
    operations: [...kept],
    omissions: [...omitted].map(([what, count]) => ({ what, count, reason: OMISSION_REASONS[what] })),
  };
}

const OMISSION_REASONS: Readonly<Record<Omission['what'], string>> = {
  create: 'The CRM was not read completely, so what seems to be missing there may exist.',
  'name-link': 'The CRM was not read completely, so a namesake may have been passed over.',
  gone: 'The CRM was not read completely.',
  'pending-delete': 'The CRM was not read completely, so a record that seems to be missing may exist.',
};

interface UserPlan {
  readonly plan: PersonPlan;
  readonly succeeds: string | null;
}

interface UserContext {
  readonly input: PlanInput;
  readonly context: PersonContext;
  readonly recordById: ReadonlyMap<string, TelephonyRecord>;
  readonly linkByUser: ReadonlyMap<string, Link>;
  readonly crmComplete: boolean;
  readonly omitted: Map<Omission['what'], number>;
}

function planUser(user: DirectoryUser, found: Correlation, all: UserContext): UserPlan {
  const nothing = (pendingPush = false): UserPlan => ({
    plan: {
      operations: [],
      recordId: found.recordId ?? '',
      contactId: found.contactId,
      base: null,
      issues: [],
      pendingPush,
    },
    succeeds: null,
  });
  const omit = (what: Omission['what']): UserPlan => {
    all.omitted.set(what, (all.omitted.get(what) ?? 0) + 1);
    return nothing();
  };
  const record = found.recordId === null ? undefined : all.recordById.get(found.recordId);
  const standing = all.input.crm.standing.get(found.recordId ?? '') ?? {};

  if (found.situation === 'linked') {
    const link = all.linkByUser.get(user.id);
    if (link === undefined) return nothing();
    // The link outlives the record: an administrator deleted it, which a push will carry to the directory.
    if (record === undefined) return all.crmComplete ? nothing(true) : omit('pending-delete');
    const plan = planLinked(user, link, record, all.context, standing);
    if (all.crmComplete || !plan.pendingPush) return { plan, succeeds: null };
    all.omitted.set('pending-delete', (all.omitted.get('pending-delete') ?? 0) + 1);
    return { plan: { ...plan, pendingPush: false }, succeeds: null };
  }
  if (found.situation !== 'matched' && found.situation !== 'unmatched') return nothing();
  if (record !== undefined) {
    if (!all.crmComplete && found.rule === 'name') return omit('name-link');
    const previous = record.directoryUserId;
    const succeeds =
      previous !== null && previous !== user.id && all.linkByUser.has(previous) ? previous : null;
    const plan = planAdoption(user, found, record, all.context, standing);
    // Without all licence and role rows there is no base to remember; the next complete run brings it.
    return { plan: all.crmComplete ? plan : { ...plan, base: null }, succeeds };
  }
  if (!all.crmComplete) return omit(found.rule === 'name' ? 'name-link' : 'create');
  return { plan: planNewRecord(user, found, all.context), succeeds: null };
}

function personOf(
  user: DirectoryUser,
  found: Correlation,
  { plan, succeeds }: UserPlan,
  warnings: readonly PlannedIssue[],
): PlannedPerson {
  const failed = plan.issues.some((issue) => issue.severity === 'failure');
  const decided =
    !failed &&
    (found.situation === 'matched' || found.situation === 'unmatched' || found.situation === 'linked');
  return {
    userId: user.id,
    login: user.login,
    displayName: user.displayName,
    situation: found.situation,
    rule: found.rule,
    reason: found.reason,
    recordId: decided && plan.recordId !== '' ? plan.recordId : found.recordId,
    contactId: decided ? plan.contactId : found.contactId,
    crmUserId: found.crmUserId,
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
  };
}

function copySet(pair: {
  crm: readonly string[];
  directory: readonly string[];
  rows: Readonly<Record<string, string>>;
}) {
  return { crm: [...pair.crm], directory: [...pair.directory], rows: { ...pair.rows } };
}

function leftOut(
  user: DirectoryUser,
  excluded: string | undefined,
  invalid: PlannedIssue | undefined,
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
    crmUserId: null,
    evidence: [],
    candidates: [],
    issues: invalid === undefined ? [] : [invalid],
    pendingPush: false,
    base: null,
    succeeds: null,
  };
}

function catalogueOf(entity: 'licence' | 'role', input: PlanInput): Catalogue | null {
  const mapping = entity === 'licence' ? input.mapping.licences : input.mapping.roles;
  if (mapping === undefined) return null;
  const items =
    entity === 'licence'
      ? licenceItems(input.directory.licences, input.directory.users)
      : roleItems(input.directory.roles, input.directory.users);
  const rows = entity === 'licence' ? input.crm.licenceRows : input.crm.roleRows;
  return tieCatalogue(entity, items, rows, mapping, (key) => input.rowId('', mapping.lookup.entity, key));
}

function attachDetails(
  input: PlanInput,
  licences: Catalogue | null,
  roles: Catalogue | null,
): TelephonyRecord[] {
  const group = (details: readonly RawDetail[], catalogue: Catalogue | null) => {
    const byRecord = new Map<string, TelephonyRecord['licences'][number][]>();
    for (const { id, recordId, itemId } of details) {
      if (recordId === null || itemId === null) continue;
      const row = { id, itemId, key: catalogue?.keyOf(itemId) ?? null };
      const known = byRecord.get(recordId);
      if (known === undefined) byRecord.set(recordId, [row]);
      else known.push(row);
    }
    return byRecord;
  };
  const licenceRows = group(input.crm.licenceDetails, licences);
  const roleRows = group(input.crm.roleDetails, roles);
  return input.crm.records.map((record) => ({
    ...record,
    licences: licenceRows.get(record.id) ?? [],
    roles: roleRows.get(record.id) ?? [],
  }));
}

function statusRow(
  input: PlanInput,
  which: 'inStep' | 'gone',
  rowIdOf: (entity: string) => (key: string) => string,
): NamedRowPlan | null {
  const { status } = input.mapping.record;
  return status === undefined ? null : namedRow(status.entity, status[which], input.crm.statusRows, rowIdOf);
}

function goneOf(
  input: PlanInput,
  recordById: ReadonlyMap<string, TelephonyRecord>,
  successors: ReadonlySet<string>,
  crmComplete: boolean,
  omitted: Map<Omission['what'], number>,
  status: NamedRowPlan | null,
): GonePlan & { statusRow: NamedRowPlan | null } {
  const links = input.links.filter(
    (link) => input.goneUserIds.has(link.directoryUserId) && !successors.has(link.directoryUserId),
  );
  const fresh = links.filter((link) => link.status === 'active').length;
  if (!crmComplete) {
    if (fresh > 0) omitted.set('gone', fresh);
    return { operations: [], people: [], statusRow: null };
  }
  return { ...planGone(links, input.mapping, recordById, input.crm.standing, status), statusRow: status };
}

/** Lookup rows that are created because an operation of the plan refers to them. */
function namedRowCreations(
  rows: readonly (NamedRowPlan | null)[],
  operations: readonly Operation[],
): Operation[] {
  const needed = new Set(operations.flatMap((operation) => operation.dependsOn));
  return rows.flatMap((row) =>
    row !== null && row.creation !== null && needed.has(row.creation.id) ? [row.creation] : [],
  );
}
