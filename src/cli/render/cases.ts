import { explain, inLanguage, type ExplanationLanguage } from '../../app/explain.ts';
import type { CaseRecord } from '../../app/ports/cases.ts';
import type { PlannedEvidence } from '../../domain/planning/plan.ts';
import { renderTable } from './table.ts';
import { count, moment, outside, paint, type TextStyle } from './text.ts';

const CASE_STATUS = { open: 'open', decided: 'decided', closed: 'settled by itself' } as const;

/** The review queue as a list. */
export function renderCases(style: TextStyle, cases: readonly CaseRecord[]): string {
  if (cases.length === 0) return 'No case waits for a decision.';
  return [
    renderTable(style, {
      head: ['Case', 'Person', 'Login', 'State', 'Why'],
      shares: [0, 24, 18, 12, 46],
      indent: 0,
      rows: cases.map((one) => [
        one.id,
        outside(style, one.displayName),
        outside(style, one.login),
        CASE_STATUS[one.status],
        outside(style, one.reason),
      ]),
    }),
    '',
    'See the candidates with: rollcall cases show ID',
  ].join('\n');
}

/** One case with its candidates, best first, and how to decide it. */
export function renderCase(style: TextStyle, one: CaseRecord, lang: ExplanationLanguage = 'en'): string {
  const candidates = one.candidates.flatMap((candidate, index) => [
    '',
    `${index + 1}. ${outside(style, candidate.contactName || '(no name)')}, contact ${candidate.contactId}${candidate.crmUserId === null ? '' : `, CRM user ${candidate.crmUserId}`}`,
    ...candidate.evidence.flatMap((evidence) => [
      `   ${VERDICT_SIGN[evidence.verdict]} ${outside(style, explain(evidence, lang))}`,
      ...bothSides(style, evidence, lang),
    ]),
  ]);
  return [
    `${paint(style, 'bold', outside(style, one.displayName))} (${outside(style, one.login)}, directory id ${outside(style, one.directoryUserId)})`,
    `Case ${one.id}, ${CASE_STATUS[one.status]}, since ${moment(one.openedAt)}`,
    outside(style, inLanguage(one.reason, lang)),
    ...(one.kind === 'match' ? ['', count(one.candidates.length, 'candidate')] : []),
    ...candidates,
    ...(one.status === 'open'
      ? ['', ...howToDecide(one)]
      : one.status === 'decided'
        ? ['', `Take the decision back with: rollcall cases revoke ${one.id}`]
        : []),
  ].join('\n');
}

/** The values that were compared; of whose the contact is, the sentence itself tells. */
function bothSides(
  style: TextStyle,
  { field, directoryValue, crmValue }: PlannedEvidence,
  lang: ExplanationLanguage,
): string[] {
  if (field === 'contact' || directoryValue === null || crmValue === null) return [];
  const directory = lang === 'uk' ? 'телефонія' : 'directory';
  return [`     ${directory}: ${outside(style, directoryValue)}; CRM: ${outside(style, crmValue)}`];
}

const VERDICT_SIGN = { for: '+', against: '-', neutral: ' ' } as const;

function howToDecide(one: CaseRecord): string[] {
  if (one.kind === 'conflict')
    return ['Change the value on one of the two sides; the next sync closes the case.'];
  if (one.kind === 'login-held')
    return [
      'Decide with one of:',
      `  rollcall cases decide ${one.id} --purge                 removes the deleted user from the directory, for good`,
      '  another login in the CRM; the next push or sync makes the user with it',
    ];
  const first = one.candidates[0]?.contactId ?? 'CONTACT';
  return [
    'Decide with one of:',
    `  rollcall cases decide ${one.id} --same ${first}`,
    `  rollcall cases decide ${one.id} --different             none of them`,
    `  rollcall cases decide ${one.id} --create                a new person: add a contact`,
  ];
}
