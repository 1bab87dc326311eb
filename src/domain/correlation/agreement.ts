import { differenceOf, type Agreement, type Difference } from '../names/compare.ts';
import type { Name } from '../names/name.ts';
import { standardOf } from '../names/romanise.ts';
import { say } from './explain.ts';
import type { SentenceName } from './sentences.ts';

const AGREEMENTS: Readonly<Record<Agreement, SentenceName>> = {
  equal: 'nameEqual',
  romanised: 'nameRomanised',
  equivalent: 'nameEquivalent',
  spelling: 'nameSpelling',
  initial: 'nameInitial',
  diminutive: 'nameDiminutive',
  particle: 'nameParticle',
  typo: 'nameTypo',
  order: 'nameOrder',
  akanye: 'nameAkanye',
  consonants: 'nameConsonants',
  part: 'namePart',
  alike: 'nameAlike',
};

/** How the names agree; across scripts with the standard of romanisation, where it is one. */
export function agreementInWords(agreement: Agreement, user: Name, contact: Name): string {
  const plain = say(AGREEMENTS[agreement]);
  if (agreement !== 'romanised' && agreement !== 'equivalent') return plain;
  if (user.script === contact.script) return plain;
  const [cyrillic, latin] = user.script === 'cyrillic' ? [user, contact] : [contact, user];
  const standard = cyrillic.script === 'cyrillic' ? standardOf(cyrillic.text, latin.text) : null;
  return standard === null ? plain : say('nameStandard', { standard: standard.name });
}

const DIFFERENCES: Readonly<Record<Difference, SentenceName>> = {
  surname: 'surnamesApart',
  given: 'givenNamesApart',
  either: 'wordApart',
  both: 'namesApart',
};

/** In which part two names differ that are clearly different. */
export function differenceInWords(user: Name, contact: Name): string {
  return say(DIFFERENCES[differenceOf(user, contact)]);
}
