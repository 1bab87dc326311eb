import { CYRILLIC_OF, LATIN_OF } from './tables/lookalikes.ts';

/** Longest name that is looked at; what lies beyond is not part of a name. */
export const LONGEST = 300;

/** Names in the letters of one script, with nothing to repair or to drop: by far the most. */
export const PLAIN = /^[A-Za-z]+(?:[ '-][A-Za-z]+)*$|^[А-Яа-яЁёЄєІіЇїҐґ]+(?:[ '-][А-Яа-яЁёЄєІіЇїҐґ]+)*$/;
/** Folded text in plain letters of one script with plain signs: another pass would change nothing. */
const SETTLED = /^(?:[a-z0-9 '().,[\]|/-]+|[а-яёєіїґў0-9 '().,[\]|/-]+)$/;
/** The same before capitals and blanks are made small and single: all that is left to do. */
const TIDY = /^(?:[A-Za-z0-9 '().,[\]|/-]+|[А-Яа-яЁёЄєІіЇїҐґЎў0-9 '().,[\]|/-]+)$/;
/** Arabic letters and single blanks: nothing would change them. */
const PLAIN_ARABIC = /^[\u0621-\u063a\u0641-\u064a]+(?: [\u0621-\u063a\u0641-\u064a]+)*$/;
const APOSTROPHES = /[`´‘’‛ʹʻʼʽʾʿˈ′՚＇]/gu;
const QUOTE_AS_APOSTROPHE = /(?<=\p{L})["”](?=\p{L})/gu;
const INVISIBLE = /[\p{Cf}\p{Cs}\p{Co}\p{Cn}\u{fe00}-\u{fe0f}\u{34f}]/gu;
const MARKS = /[\u0300-\u036f\u064b-\u065f\u0670\u06d6-\u06ed\u0640]/gu;
const DASHES = /[\p{Pd}−]/gu;
const BLANKS = /[\s\p{Cc}\p{Z}_]+/gu;
const TOKENS = /[\p{L}\p{M}'-]+/gu;
const LETTER = /\p{L}/u;
const LATIN = /\p{Script=Latin}/u;
const CYRILLIC = /\p{Script=Cyrillic}/u;

/**
 * One spelling of a name for all the ways in which the same letters are typed: NFKC, lower case, one apostrophe, one
 * dash, single blanks; direction marks, invisible characters, stress marks and Arabic vowel signs are gone, and tokens
 * that mix Latin and Cyrillic look-alikes are repaired. Idempotent; never throws.
 */
export function fold(text: string): string {
  if (text.length <= LONGEST && PLAIN.test(text)) return text.toLowerCase();
  if (text.length <= LONGEST && TIDY.test(text)) return text.trim().replace(/ {2,}/g, ' ').toLowerCase();
  if (text.length <= LONGEST && PLAIN_ARABIC.test(text)) return text;
  let folded = pass(text.slice(0, LONGEST * 4));
  if (SETTLED.test(folded)) return folded;
  // A second pass settles what the first uncovered (a look-alike under a mark); more than a few never happen.
  for (let round = 0; round < 4; round += 1) {
    const again = pass(folded);
    if (again === folded) break;
    folded = again;
  }
  return folded;
}

function pass(text: string): string {
  const unified = text
    .replace(INVISIBLE, '')
    .replace(APOSTROPHES, "'")
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .replace(APOSTROPHES, "'")
    .replace(QUOTE_AS_APOSTROPHE, "'")
    .replace(DASHES, '-')
    .replace(BLANKS, ' ')
    .trim();
  return repairLookalikes(unified)
    .toLowerCase()
    .normalize('NFKC')
    .replace(MARKS, '')
    .slice(0, LONGEST)
    .replace(INVISIBLE, '')
    .trim();
}

/** A login or an e-mail address as it is compared: NFKC, trimmed, lower case; `null` when nothing is left. */
export function foldIdentifier(text: string | null): string | null {
  if (text === null) return null;
  if (/^[!-~]+$/.test(text)) return text.toLowerCase();
  const folded = text.normalize('NFKC').replace(INVISIBLE, '').trim().toLowerCase();
  return folded === '' ? null : folded;
}

/** Letters of one script in a token that is otherwise of the other script become what they look like. */
function repairLookalikes(text: string): string {
  if (!LATIN.test(text) || !CYRILLIC.test(text)) return text;
  const mostly = cyrillicShare(text) >= 0.5;
  return text.replace(TOKENS, (token) => {
    if (!LETTER.test(token)) return token;
    const hasLatin = LATIN.test(token);
    const hasCyrillic = CYRILLIC.test(token);
    if (hasLatin && hasCyrillic) return repairMixed(token, mostly);
    // A lone letter has no neighbours in its token: the rest of the name says what it is.
    if (Array.from(token).length > 1) return token;
    if (hasLatin && mostly) return CYRILLIC_OF.get(token) ?? token;
    if (hasCyrillic && !mostly) return LATIN_OF.get(token) ?? token;
    return token;
  });
}

function repairMixed(token: string, mostlyCyrillic: boolean): string {
  const asCyrillic = swap(token, LATIN, CYRILLIC_OF);
  const asLatin = swap(token, CYRILLIC, LATIN_OF);
  if (asCyrillic === null) return asLatin ?? token;
  if (asLatin === null) return asCyrillic;
  const share = cyrillicShare(token);
  return share > 0.5 || (share === 0.5 && mostlyCyrillic) ? asCyrillic : asLatin;
}

function swap(token: string, foreign: RegExp, table: ReadonlyMap<string, string>): string | null {
  let swapped = '';
  for (const letter of token) {
    if (!foreign.test(letter)) {
      swapped += letter;
      continue;
    }
    const twin = table.get(letter);
    if (twin === undefined) return null;
    swapped += twin;
  }
  return swapped;
}

function cyrillicShare(text: string): number {
  let cyrillic = 0;
  let latin = 0;
  for (const letter of text) {
    if (CYRILLIC.test(letter)) cyrillic += 1;
    else if (LATIN.test(letter)) latin += 1;
  }
  return cyrillic / Math.max(1, cyrillic + latin);
}

export type Script = 'latin' | 'cyrillic' | 'arabic' | 'mixed' | 'other';

const ARABIC = /\p{Script=Arabic}/u;

/** The script that a folded name or token is written in. */
export function scriptOf(text: string): Script {
  let latin = false;
  let cyrillic = false;
  let arabic = false;
  for (let position = 0; position < text.length; position += 1) {
    const code = text.charCodeAt(position);
    const small = code | 0x20;
    if (small >= 0x61 && small <= 0x7a) latin = true;
    else if (code >= 0x400 && code <= 0x4ff) cyrillic = true;
    else if (code >= 0x621 && code <= 0x63a) arabic = true;
    else if (code >= 0x641 && code <= 0x64a) arabic = true;
    else if (code > 0x7f) {
      const letter = String.fromCodePoint(text.codePointAt(position) ?? 0);
      latin ||= LATIN.test(letter);
      cyrillic ||= CYRILLIC.test(letter);
      arabic ||= ARABIC.test(letter);
    }
  }
  if (Number(latin) + Number(cyrillic) + Number(arabic) > 1) return 'mixed';
  if (latin) return 'latin';
  if (cyrillic) return 'cyrillic';
  return arabic ? 'arabic' : 'other';
}
