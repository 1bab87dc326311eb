import type { Plan, PlannedPerson } from '../../domain/planning/plan.ts';
import { renderTable } from './table.ts';
import { count, outside, paint, type TextStyle } from './text.ts';
import { ENTITY_WORDS, KIND_WORDS, SITUATION_WORDS, SITUATIONS } from './words.ts';

/** A plan as a person reads it: what would be written, then the people by situation with the reason for each. */
export function renderPlan(style: TextStyle, plan: Plan, options: { people?: number } = {}): string {
  const most = options.people ?? Number.POSITIVE_INFINITY;
  const groups = SITUATIONS.flatMap((situation) => {
    const people = plan.people.filter((person) => person.situation === situation);
    return people.length === 0 ? [] : [renderGroup(style, SITUATION_WORDS[situation], people, most)];
  });
  return [
    paint(style, 'bold', 'Plan'),
    renderReading(style, plan),
    ...renderOperations(style, plan),
    ...groups,
    ...renderGone(style, plan, most),
    ...plan.omissions.map(({ count: number, reason }) =>
      paint(style, 'yellow', `  Left out: ${number}. ${outside(style, reason)}`),
    ),
  ].join('\n');
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
  const rows = [...counts].map(([what, number]) => [what, number.toLocaleString('en-US')]);
  return [
    '',
    `  ${count(plan.operations.length, 'change')} to the CRM:`,
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
  return [
    '',
    `${paint(style, 'bold', title)} (${people.length})`,
    renderTable(style, {
      shares: [22, 16, 62],
      rows: shown.map((person) => [
        outside(style, person.displayName === '' ? '(no name)' : person.displayName),
        outside(style, person.login),
        outside(
          style,
          [...boundTo(person), person.reason, ...evidenceOf(person), ...issuesOf(person)].join(' '),
        ),
      ]),
    }),
    ...(rest > 0 ? [paint(style, 'dim', `  … and ${rest} more`)] : []),
  ].join('\n');
}

/** Whose contact the person is taken for. */
function boundTo({ contactName }: PlannedPerson): string[] {
  return contactName === null ? [] : [`Contact: ${contactName}.`];
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
  return person.issues.map(
    ({ severity, message }) => `${severity === 'failure' ? 'Not possible' : 'Warning'}: ${message}`,
  );
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
