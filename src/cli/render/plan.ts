import type { Operation, Plan, PlannedPerson } from '../../domain/planning/plan.ts';
import { renderTable } from './table.ts';
import { count, outside, paint, type TextStyle } from './text.ts';
import { ENTITY_WORDS, KIND_WORDS, SITUATION_WORDS, SITUATIONS } from './words.ts';

/** A plan as a person reads it: what would be written, then the people by situation with the reason for each. */
export function renderPlan(style: TextStyle, plan: Plan, options: { people?: number } = {}): string {
  const most = options.people ?? Number.POSITIVE_INFINITY;
  const touched = new Set(plan.operations.map(({ person }) => person));
  const groups = SITUATIONS.flatMap((situation) => {
    const people = plan.people.filter(
      (person) =>
        person.situation === situation &&
        !isLeftOnHold(person) &&
        isWrittenOrAsIs(plan, person, touched) &&
        isWorthReading(plan, person, touched),
    );
    return people.length === 0 ? [] : [renderGroup(style, SITUATION_WORDS[situation], people, most)];
  });
  return [
    paint(style, 'bold', plan.kind === 'undo' ? `Plan to undo run ${plan.undoes ?? ''}` : 'Plan'),
    ...(plan.kind === 'undo' ? [] : [renderReading(style, plan)]),
    ...renderOperations(style, plan),
    ...plan.guards.map(({ message }) =>
      paint(style, 'yellow', `  Needs approval: ${outside(style, message)}`),
    ),
    ...renderChanges(style, 'In the directory', directoryChanges(plan), most),
    ...renderChanges(style, 'In what the CRM holds', crmChanges(plan), most),
    ...groups,
    ...renderHeld(style, plan, most),
    ...renderGone(style, plan, most),
    ...plan.omissions.map(({ what, count: number, reason }) =>
      paint(
        style,
        'yellow',
        `  Left out: ${what === 'crm-user' ? count(number, 'CRM user') : number}. ${outside(style, reason)}`,
      ),
    ),
  ].join('\n');
}

/** On hold and not taken in by this plan. */
function isLeftOnHold({ held, situation }: PlannedPerson): boolean {
  return held && situation === 'excluded';
}

function renderHeld(style: TextStyle, plan: Plan, most: number): string[] {
  const held = plan.people.filter(isLeftOnHold);
  if (held.length === 0) return [];
  const words =
    plan.kind === 'undo'
      ? 'The run touched these people. They go on hold: no run takes them in again until they are released.'
      : 'Runs leave these people alone. `rollcall release PERSON` (or --all) ends that; --include-held takes them in now.';
  return [
    '',
    `${paint(style, 'bold', plan.kind === 'undo' ? 'To go on hold' : 'On hold')} (${held.length})`,
    renderTable(style, { shares: [1], rows: [[words]] }),
    renderPeople(style, held.slice(0, most), { indent: 4, withReason: plan.kind !== 'undo' }),
    ...(held.length > most ? [paint(style, 'dim', `  … and ${held.length - most} more`)] : []),
  ];
}

/** Whom an incomplete reading keeps from being imported would stand in the plan as if they were. */
function isWrittenOrAsIs(plan: Plan, person: PlannedPerson, touched: ReadonlySet<string | null>): boolean {
  if (plan.directory.complete && plan.crm.complete) return true;
  const wouldBeImported = person.situation === 'matched' || person.situation === 'unmatched';
  return !wouldBeImported || touched.has(person.userId);
}

/** A push shows whom it is about: of everybody else there is nothing to say. */
function isWorthReading(plan: Plan, person: PlannedPerson, touched: ReadonlySet<string | null>): boolean {
  if (plan.kind !== 'push' && plan.kind !== 'sync') return true;
  return (
    person.situation !== 'linked' ||
    person.pendingPush ||
    person.issues.length > 0 ||
    touched.has(person.userId)
  );
}

/** Every change of the directory. */
function directoryChanges({ operations }: Plan): readonly Operation[] {
  return operations.filter(({ entity }) => entity === 'directoryUser');
}

/** What is changed or taken away of rows that stand in the CRM; those who are gone have a list of their own. */
function crmChanges({ kind: of, operations, gone }: Plan): readonly Operation[] {
  // An undo takes away what a run has made: the list would be that of the run's people over again.
  if (of === 'undo') return [];
  const departed = new Set(gone.map(({ userId }) => userId));
  return operations.filter(
    ({ entity, kind, person }) =>
      entity !== 'directoryUser' && kind !== 'create' && person !== null && !departed.has(person),
  );
}

/** Changes, each with old and new values and the reason. */
function renderChanges(
  style: TextStyle,
  title: string,
  changes: readonly Operation[],
  most: number,
): string[] {
  if (changes.length === 0) return [];
  return [
    '',
    `${paint(style, 'bold', title)} (${changes.length})`,
    renderTable(style, {
      shares: [1],
      rows: changes.slice(0, most).map(({ reason }) => [outside(style, reason)]),
    }),
    ...(changes.length > most ? [paint(style, 'dim', `  … and ${changes.length - most} more`)] : []),
  ];
}

function renderReading(style: TextStyle, plan: Plan): string {
  const { directory, crm } = plan;
  const problems = [...directory.problems, ...crm.problems].map((problem) =>
    paint(style, 'yellow', `  Not read completely: ${outside(style, problem)}`),
  );
  return [
    `  Directory: ${count(directory.users, 'person', 'people')}.`,
    `  CRM: ${count(crm.contacts, 'contact')}, ${count(crm.crmUsers, 'CRM user')}, ${count(crm.telephonyRecords, 'telephony record')}.`,
    ...problems,
  ].join('\n');
}

function renderOperations(style: TextStyle, plan: Plan): string[] {
  if (plan.operations.length === 0) return ['', '  There is nothing to write.'];
  const counts = new Map<string, number>();
  for (const { entity, kind } of plan.operations) {
    const key = `${ENTITY_WORDS[entity]}: ${KIND_WORDS[kind]}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const writesDirectory = plan.operations.some(({ entity }) => entity === 'directoryUser');
  const rows = [...counts].map(([what, number]) => [what, number.toLocaleString('en-US')]);
  return [
    '',
    `  ${count(plan.operations.length, 'change')}${writesDirectory ? '' : ' to the CRM'}:`,
    renderTable(style, { rows, right: [1], indent: 4 }),
  ];
}

function renderGroup(
  style: TextStyle,
  title: string,
  people: readonly PlannedPerson[],
  most: number,
): string {
  const shown = people.slice(0, most);
  const rest = people.length - shown.length;
  const byReason = new Map<string, PlannedPerson[]>();
  for (const person of shown) byReason.set(person.reason, [...(byReason.get(person.reason) ?? []), person]);
  // What is said of several people is said once.
  const shared = [...byReason].filter(([, holders]) => holders.length > 1);
  const others = shown.filter(({ reason }) => byReason.get(reason)?.length === 1);
  return [
    '',
    `${paint(style, 'bold', title)} (${people.length})`,
    ...shared.flatMap(([reason, holders]) => [
      renderTable(style, { shares: [1], rows: [[outside(style, reason)]] }),
      renderPeople(style, holders, { indent: 4, withReason: false }),
    ]),
    ...(others.length === 0 ? [] : [renderPeople(style, others, { indent: 2, withReason: true })]),
    ...(rest > 0 ? [paint(style, 'dim', `  … and ${rest} more`)] : []),
  ].join('\n');
}

function renderPeople(
  style: TextStyle,
  people: readonly PlannedPerson[],
  { indent, withReason }: { indent: number; withReason: boolean },
): string {
  const rows = people.map((person) => [
    outside(style, person.displayName === '' ? '(no name)' : person.displayName),
    outside(style, person.login),
    outside(
      style,
      [
        ...boundTo(person),
        ...(withReason ? [person.reason] : []),
        ...evidenceOf(person),
        ...issuesOf(person),
      ].join(' '),
    ),
  ]);
  const silent = rows.every(([, , remarks]) => remarks === '');
  return renderTable(style, {
    indent,
    shares: silent ? [0, 0] : [40, 0, 60],
    rows: silent ? rows.map((row) => row.slice(0, 2)) : rows,
  });
}

/** Whose contact the person is taken for, where the name does not say it. */
function boundTo({ contactName, displayName }: PlannedPerson): string[] {
  return contactName === null || contactName === displayName ? [] : [`Contact: ${contactName}.`];
}

/** What spoke for or against where a person has to decide, in short: the strongest three; elsewhere the reason says it. */
function evidenceOf(person: PlannedPerson): string[] {
  if (person.situation !== 'disputed') return [];
  const [best] = person.candidates;
  const evidence = person.evidence.length > 0 ? person.evidence : (best?.evidence ?? []);
  const texts = evidence
    .filter(({ verdict }) => verdict !== 'neutral')
    .toSorted((a, b) => STRENGTH[a.weight] - STRENGTH[b.weight])
    .slice(0, 3)
    .map(({ text, verdict }) => `${verdict === 'for' ? '+' : '-'} ${text.replace(/\.$/u, '')}`)
    .filter((text) => !person.reason.includes(text.slice(2)));
  return texts.length === 0 ? [] : [`[${texts.join('; ')}]`];
}

const STRENGTH = { decisive: 0, supporting: 1, weak: 2 } as const;

function issuesOf(person: PlannedPerson): string[] {
  return person.issues
    .filter(({ message }) => !person.reason.includes(message))
    .map(({ severity, message }) => `${severity === 'failure' ? 'Not possible' : 'Warning'}: ${message}`);
}

function renderGone(style: TextStyle, plan: Plan, most: number): string[] {
  const fresh = plan.gone.filter(({ isNew }) => isNew);
  if (fresh.length === 0) return [];
  return [
    '',
    `${paint(style, 'bold', 'Gone from the directory')} (${fresh.length})`,
    renderTable(style, {
      shares: [30, 70],
      rows: fresh.slice(0, most).map(({ login, reason }) => [outside(style, login), outside(style, reason)]),
    }),
    ...(fresh.length > most ? [paint(style, 'dim', `  … and ${fresh.length - most} more`)] : []),
  ];
}
