import type { TelephonyRecord } from '../person.ts';
import { allAtOnce, eachInSteps, mapInSteps, type Steps } from '../steps.ts';
import { assessUsers } from './assess.ts';
import { licenceItems, roleItems, tieCatalogue, type Catalogue } from './catalogue.ts';
import { correlationsOf } from './correlations.ts';
import { decisionsOf } from './decided.ts';
import { doublesAmong } from './doubled-records.ts';
import { withoutLastingFailures } from './failures.ts';
import { planGone, type GonePlan } from './gone.ts';
import { judgeGuards } from './guards.ts';
import type { PlanInput, RawDetail } from './input.ts';
import { namedRow, type NamedRowPlan } from './named-row.ts';
import { crmUserContext } from './new-crm-user.ts';
import { inOrder } from './order.ts';
import { leftOut, nothingFor, personOf, planUser } from './people.ts';
import type { PersonContext } from './person-plan.ts';
import type { Omission, Operation, Plan, PlannedPerson } from './plan.ts';
import { arrange, lastingFailuresOf, planAdditions, seatsTaken, usersOf } from './push/batch.ts';

/** A plan without its fingerprint. */
export type UnsignedPlan = Omit<Plan, 'fingerprint'>;

/** Plans an import, a push or a sync: pure, and without any effect on either system (design §5, §6). */
export function buildPlan(reading: PlanInput): UnsignedPlan {
  return allAtOnce(planInSteps(reading));
}

/** `buildPlan` in steps, since it takes a minute for 100,000 people. */
export function* planInSteps(reading: PlanInput): Steps<UnsignedPlan> {
  const input = inOrder(reading);
  yield;
  const { mapping, crm, kind } = input;
  const directory = { ...input.directory, users: usersOf(input) };
  const assessment = assessUsers(directory.users, input.policy.exclude);
  const linkByUser = new Map(input.links.map((link) => [link.directoryUserId, link]));
  const licences = catalogueOf('licence', input);
  const roles = catalogueOf('role', input);
  const records = attachDetails(input, licences, roles);
  const recordById = new Map(records.map((record) => [record.id, record]));
  yield;
  const decisions = decisionsOf(input);
  const contactNames = new Map(crm.contacts.map((contact) => [contact.id, contact.name]));

  const logins = new Map(crm.crmUsers.map((crmUser) => [crmUser.id, crmUser.login]));

  const candidates = directory.users.filter(
    (user) =>
      !assessment.excluded.has(user.id) && !(assessment.invalid.has(user.id) && !linkByUser.has(user.id)),
  );
  const correlations = yield* correlationsOf(input, candidates, records, decisions);
  yield;

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
    // What seems to be missing in an incomplete reading may exist.
    createContacts: input.policy.createContacts && crmComplete,
    // What seems to be missing would be taken away in the directory.
    push: crmComplete ? input.push : null,
    ownContactId: (userId) => decisions.ownContactId(userId),
    isOwnContact: (userId, contactId) => decisions.isOwnContact(userId, contactId),
    nameOf: (id) => contactNames.get(id) ?? logins.get(id) ?? null,
    hasContact: (id) => contactNames.has(id),
    doublesOf: doublesAmong(records),
    crmUsers: crmComplete ? crmUserContext(input) : null,
  };

  const omitted = new Map<Omission['what'], number>();
  const isChosen = (userId: string): boolean => input.onlyPeople === null || input.onlyPeople.has(userId);
  const people: PlannedPerson[] = [];
  const operations: Operation[] = [];
  const successors = new Set<string>();
  yield* eachInSteps(directory.users, (user) => {
    const correlation = correlations.get(user.id);
    const obstacle = assessment.invalid.get(user.id);
    const warnings = [
      // Whoever is linked stays so; what is wrong with their data is worth a look all the same.
      ...(obstacle === undefined ? [] : [{ ...obstacle, severity: 'warning' as const }]),
      ...(assessment.warnings.get(user.id) ?? []),
    ];
    const isHeld = input.held.has(user.id);
    // Whoever is on hold was correlated all the same: their contact must not fall to a namesake.
    const excluded = input.includeHeld ? undefined : input.held.get(user.id);
    if (correlation === undefined || excluded !== undefined) {
      people.push(leftOut(user, excluded ?? assessment.excluded.get(user.id), obstacle, isHeld));
      return;
    }
    const planned = isChosen(user.id)
      ? planUser(user, correlation, { input, context, recordById, linkByUser, crmComplete, omitted })
      : nothingFor(correlation);
    operations.push(...planned.plan.operations);
    if (planned.succeeds !== null) successors.add(planned.succeeds);
    people.push(personOf(user, correlation, planned, warnings, contactNames, isHeld));
  });

  const additions = planAdditions(input, context, records, people, contactNames);
  people.push(...additions.flatMap(({ person }) => person));
  operations.push(...additions.flatMap((addition) => addition.operations));
  const arranged = arrange(input, operations);

  const gone = goneOf(input, recordById, successors, crmComplete, omitted, statusRow(input, 'gone', rowIdOf));
  arranged.operations.push(...gone.operations);
  yield;
  const shared = [
    ...namedRowCreations([directoryRow, inStep, gone.statusRow], arranged.operations),
    ...onlyNeeded(
      input,
      licences?.operationsAfter(seatsTaken(input, arranged.operations)) ?? [],
      arranged.operations,
      (key) => licences?.rowOf(key),
    ),
    ...onlyNeeded(input, roles?.operations ?? [], arranged.operations, () => undefined),
  ];
  // A directory that was not read completely gives no ground to write anything.
  const all = directory.problems.length > 0 ? [] : [...shared, ...arranged.operations];
  const { kept, issues, refusals } = withoutLastingFailures(
    crmComplete ? all : all.filter((operation) => operation.kind === 'update'),
    lastingFailuresOf(input),
    (text) => input.digest(text),
  );

  const plan = {
    version: 1 as const,
    kind,
    undoes: null,
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
    people: yield* mapInSteps(people, (person) => ({
      ...person,
      issues: [
        ...person.issues,
        ...(arranged.issues.get(person.userId) ?? []),
        ...(issues.get(person.userId) ?? []),
      ],
    })),
    gone: [...gone.people],
    operations: [...kept],
    omissions: [...omitted].map(([what, count]) => ({
      what,
      count,
      reason: what === 'crm-user' ? (input.policy.withoutCrmUsers ?? '') : OMISSION_REASONS[what],
    })),
    refusals: [...refusals],
  };
  yield;
  return { ...plan, guards: judgeGuards(plan, input.policy.guards, input) };
}

const OMISSION_REASONS: Readonly<Record<Exclude<Omission['what'], 'crm-user'>, string>> = {
  create: 'The CRM was not read completely, so what seems to be missing there may exist.',
  'name-link': 'The CRM was not read completely, so a namesake may have been passed over.',
  gone: 'The CRM was not read completely.',
  'pending-delete': 'The CRM was not read completely, so a record that seems to be missing may exist.',
};

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
  const group = (details: readonly RawDetail[], catalogue: Catalogue | null, set: 'licences' | 'roles') => {
    // A row whose lookup row is not shown stands for what it stood for when it was last met.
    const remembered = new Map(
      input.links.flatMap(({ base }) => Object.entries(base[set].rows).map(([key, id]) => [id, key])),
    );
    const byRecord = new Map<string, TelephonyRecord['licences'][number][]>();
    for (const { id, recordId, itemId } of details) {
      if (recordId === null || itemId === null) continue;
      const row = { id, itemId, key: catalogue?.keyOf(itemId) ?? remembered.get(id) ?? null };
      const known = byRecord.get(recordId);
      if (known === undefined) byRecord.set(recordId, [row]);
      else known.push(row);
    }
    return byRecord;
  };
  const licenceRows = group(input.crm.licenceDetails, licences, 'licences');
  const roleRows = group(input.crm.roleDetails, roles, 'roles');
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
  const isLeftAlone = (userId: string): boolean =>
    (input.held.has(userId) && !input.includeHeld) ||
    (input.onlyPeople !== null && !input.onlyPeople.has(userId));
  const links = input.links.filter(
    ({ directoryUserId }) =>
      input.goneUserIds.has(directoryUserId) &&
      !successors.has(directoryUserId) &&
      !isLeftAlone(directoryUserId),
  );
  const fresh = links.filter((link) => link.status === 'active').length;
  // A push carries nothing of the directory's into the CRM but what the CRM may not decide.
  if (input.kind === 'push') return { operations: [], people: [], statusRow: null };
  if (!crmComplete) {
    if (fresh > 0) omitted.set('gone', fresh);
    return { operations: [], people: [], statusRow: null };
  }
  return { ...planGone(links, input.mapping, recordById, input.crm.standing, status), statusRow: status };
}

/** When only some people are planned for, of the shared rows only those that they need. */
function onlyNeeded(
  input: PlanInput,
  shared: readonly Operation[],
  operations: readonly Operation[],
  rowOf: (key: string) => string | undefined,
): readonly Operation[] {
  if (input.onlyPeople === null && !input.sharedForNeedOnly && input.kind !== 'push') return shared;
  const needed = new Set(operations.flatMap(({ dependsOn }) => dependsOn));
  const moved = new Set(seatsTaken(input, operations).keys());
  const rows = new Set([...moved].flatMap((product) => rowOf(product) ?? []));
  return shared.filter(({ id, target }) => needed.has(id) || rows.has(target.id));
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
