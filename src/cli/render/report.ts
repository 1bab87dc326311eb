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
      : `  ${count(directory.users, 'person', 'people')} in the directory; ${count(crm.contacts, 'contact')}, ${count(crm.crmUsers, 'CRM user')} and ${count(crm.telephonyRecords, 'telephony record')} in the CRM; ${completeness}`,
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
    report.situations[situation],
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
  const shown = failures.slice(0, MOST_FAILURES);
  return [
    '',
    `${paint(style, tone, title)} (${failures.length})`,
    renderTable(style, {
      shares: [18, 24, 58],
      rows: shown.map(({ person, operation, code, message }) => [
        outside(style, person ?? 'for everyone'),
        outside(style, operation === 'person' ? code : `${operation}, ${code}`),
        outside(style, message),
      ]),
    }),
    ...(failures.length > shown.length
      ? [paint(style, 'dim', `  … and ${failures.length - shown.length} more: rollcall runs show ID --json`)]
      : []),
  ];
}
