import { OPERATION_ENTITIES, OPERATION_KINDS } from '../../domain/planning/plan.ts';
import type { Failure, Report } from '../../domain/run.ts';
import { renderTable } from './table.ts';
import { count, duration, moment, outside, paint, type TextStyle, type Tone } from './text.ts';
import {
  ENTITY_WORDS,
  KIND_PAST,
  KIND_TITLES,
  SITUATION_WORDS,
  STATUS_WORDS,
  USER_SITUATIONS,
} from './words.ts';

const TONES: Readonly<Record<Report['status'], Tone>> = {
  running: 'yellow',
  succeeded: 'green',
  partial: 'yellow',
  failed: 'red',
  'awaiting-approval': 'yellow',
  stopped: 'yellow',
  'nothing-to-do': 'green',
};

const MOST_FAILURES = 20;

/** The report of a run as a person reads it. */
export function renderReport(style: TextStyle, report: Report): string {
  const { directory, crm, requests } = report;
  const completeness =
    directory.complete && crm.complete ? 'read completely' : paint(style, 'yellow', incomplete(report));
  const people = peopleRows(report);
  return [
    `${paint(style, 'bold', KIND_TITLES[report.kind])}: ${paint(style, TONES[report.status], STATUS_WORDS[report.status])}`,
    `  Run ${report.runId}, ${moment(report.startedAt)}, took ${duration(report.durationMs)}`,
    report.kind === 'undo'
      ? `  ${count(directory.users, 'person', 'people')} whom the run had touched`
      : `  ${report.kind === 'push' ? count(directory.users, 'linked person', 'linked people') : count(directory.users, 'person', 'people')} in the directory; ${count(crm.contacts, 'contact')}, ${count(crm.crmUsers, 'CRM user')} and ${count(crm.telephonyRecords, 'telephony record')} in the CRM; ${completeness}`,
    ...(people.length === 0 ? [] : ['', renderTable(style, { rows: people, right: [1] })]),
    ...written(style, report),
    ...guardList(style, report),
    ...failureList(style, 'Failed', 'red', report.failures),
    ...failureList(style, 'Look at these', 'yellow', report.warnings),
    ...(report.notes.length === 0
      ? []
      : [
          '',
          renderTable(style, {
            shares: [1],
            rows: report.notes.map((note) => [`Note: ${outside(style, note)}`]),
          }),
        ]),
    '',
    `  ${count(requests.used, 'request')} sent, ${requests.floor.toLocaleString('en-US')} is the least possible${requests.retries === 0 ? '' : `, ${requests.retries} repeated`}`,
    ...(report.cases > 0
      ? ['', `  ${count(report.cases, 'person waits', 'people wait')} for your decision: rollcall cases`]
      : []),
  ].join('\n');
}

function guardList(style: TextStyle, { guards, status }: Report): string[] {
  if (guards.length === 0) return [];
  const title = status === 'awaiting-approval' ? 'Stopped by a guard' : 'Approved against a guard';
  return [
    '',
    paint(style, 'yellow', title),
    renderTable(style, { shares: [1], rows: guards.map(({ message }) => [outside(style, message)]) }),
  ];
}

function incomplete({ directory, crm }: Report): string {
  const sides = [...(directory.complete ? [] : ['the directory']), ...(crm.complete ? [] : ['the CRM'])];
  return `${sides.join(' and ')} could not be read completely`;
}

function peopleRows(report: Report): string[][] {
  if (report.kind === 'undo') return [['On hold from now on', report.held.toLocaleString('en-US')]];
  const rows = USER_SITUATIONS.map((situation): [string, number] => [
    SITUATION_WORDS[situation],
    // Whoever is on hold has a line of their own.
    report.situations[situation] -
      (situation === 'excluded' ? Math.min(report.held, report.situations.excluded) : 0),
  ]);
  rows.push(
    ['On hold, and left alone', report.held],
    ['Gone from the directory', report.gone],
    ['Added in the CRM, new to the directory', report.added],
    ['Changed in the CRM, not yet in the directory', report.pendingPush],
  );
  return rows.flatMap(([label, number]) => (number === 0 ? [] : [[label, number.toLocaleString('en-US')]]));
}

/** What was done, by kind; what was meant to be done and was not shows in the outcomes alone. */
function written(style: TextStyle, report: Report): string[] {
  const done = report.confirmed ?? report.operations;
  const rows = OPERATION_ENTITIES.flatMap((entity) =>
    OPERATION_KINDS.flatMap((kind) => {
      const number = done[`${entity}.${kind}`] ?? 0;
      return number === 0
        ? []
        : [[`${ENTITY_WORDS[entity]} ${KIND_PAST[kind]}`, number.toLocaleString('en-US')]];
    }),
  );
  const { confirmed, failed, stale, skipped } = report.outcomes;
  if (confirmed + failed + stale + skipped === 0) return ['', '  Nothing was written.'];
  const outcomes = [
    `${count(confirmed, 'change')} confirmed`,
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(stale === 0 ? [] : [`${stale} not made because the CRM has changed since`]),
    ...(skipped === 0 ? [] : [`${skipped} not made because another change failed`]),
  ];
  const table = rows.length === 0 ? [] : [renderTable(style, { rows, right: [1] })];
  return ['', ...table, `  ${outcomes.join(', ')}`];
}

function failureList(style: TextStyle, title: string, tone: Tone, failures: readonly Failure[]): string[] {
  if (failures.length === 0) return [];
  const rows = rowsOf(failures);
  const shown = rows.slice(0, MOST_FAILURES);
  return [
    '',
    `${paint(style, tone, title)} (${failures.length})`,
    renderTable(style, {
      shares: [26, 20, 54],
      rows: shown.map(({ who, operation, code, message }) => [
        outside(style, who),
        outside(style, operation === 'person' ? code : `${operation}, ${code}`),
        outside(style, message),
      ]),
    }),
    ...(rows.length > shown.length
      ? [paint(style, 'dim', `  … and ${rows.length - shown.length} more: rollcall runs show ID --json`)]
      : []),
  ];
}

/** Name, login and id: an administrator knows people by the first two, commands take the last two. */
function whoOf({ person, login = '', name = '' }: Failure): string {
  if (person === null) return 'for everyone';
  if (login === '' && name === '') return person;
  // Of a person who was added in the CRM, the id is only that of the record.
  const id = person.includes(':') ? '' : `, ${person}`;
  return name === '' ? `${login}${id}` : `${name} (${login === '' ? 'no login' : login}${id})`;
}

/** How many times the same has to be said before it is said once, and how many are named then; JSON names all. */
const SAID_ONCE = 4;
const NAMED = 3;

/** What holds for many in the same words is one line with their number, as when a whole plan is out of date. */
function rowsOf(failures: readonly Failure[]): (Omit<Failure, 'person'> & { readonly who: string })[] {
  const alike = new Map<string, Failure[]>();
  for (const failure of failures) {
    const key = `${failure.code} ${failure.message}`;
    alike.set(key, [...(alike.get(key) ?? []), failure]);
  }
  return [...alike.values()].flatMap((some) => {
    const [first] = some;
    if (first === undefined || some.length < SAID_ONCE)
      return some.map((one) => ({ ...one, who: whoOf(one) }));
    const named = some.slice(0, NAMED).map(whoOf).join('; ');
    return [
      {
        ...first,
        operation: 'person',
        who: `${some.length.toLocaleString('en-US')} times`,
        message: `${first.message} (${named}; …)`,
      },
    ];
  });
}
