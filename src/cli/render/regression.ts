import { inLanguage, type ExplanationLanguage } from '../../app/explain.ts';
import type { Regression } from '../../app/regress.ts';
import type { Replayed } from '../../app/replay.ts';
import { renderTable } from './table.ts';
import { count, outside, type TextStyle } from './text.ts';

const STANDING = {
  link: 'linked to',
  same: 'decided: is',
  different: 'decided: is not',
  create: 'decided: new',
} as const;

/** What a replay of links and verdicts found. */
export function renderRegression(
  style: TextStyle,
  { version, accepted, isAccepted, links, verdicts, flips, known }: Regression,
  lang: ExplanationLanguage,
): string {
  return [
    accepted === version && isAccepted
      ? `The matching rules are version ${version}, as accepted.`
      : `The matching rules are version ${version}; ${accepted === null ? 'none was accepted yet' : accepted === version ? 'it was accepted, and more contradicts it now' : `${accepted} was accepted`}.`,
    counted('link', links),
    counted('verdict', verdicts),
    ...(known === 0 ? [] : [`${known} of them contradicted the accepted rules, too.`]),
    ...(flips.length === 0
      ? ['Nothing would flip.']
      : [
          '',
          `Would be decided otherwise by the rules alone (${flips.length})`,
          renderTable(style, {
            head: ['Person', 'Stands', 'Would be', 'Why'],
            shares: [24, 22, 22, 32],
            rows: flips.map((flip) => [
              outside(style, `${flip.displayName} (${flip.login})`),
              outside(style, `${STANDING[flip.standing]} ${flip.contactId ?? ''}`.trim()),
              outside(style, `${flip.foundName} (${flip.foundId})`),
              outside(style, inLanguage(flip.reason, lang)),
            ]),
          }),
          '',
          'Links and verdicts stand; nobody who is linked is matched again.',
        ]),
    isAccepted
      ? 'This version is accepted.'
      : 'This version is not accepted. Look at the list, then accept it with: rollcall match --regress --accept',
  ].join('\n');
}

function counted(what: string, { replayed, same, open, flips }: Replayed): string {
  return `${count(replayed, what)} replayed: ${same} the same, ${open} that the rules leave open, ${flips} otherwise.`;
}
