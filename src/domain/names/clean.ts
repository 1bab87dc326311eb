import { foldArabic } from './arabic.ts';
import { isParticle } from './particles.ts';
import { PLAIN } from './fold.ts';
import { readingsOf } from './reading.ts';
import { givenNameOf } from './given-names.ts';
import { EXTENSION_WORDS, LABELS, TITLES, TITLES_OR_SURNAMES } from './tables/words.ts';

/** The words of a folded name, without titles, brackets, departments and extensions; dots are kept. */
export function wordsOf(folded: string): readonly string[] {
  if (PLAIN.test(folded)) return withoutTitles(folded.split(' '));
  const bare = surnameFirst(withoutTail(withoutBrackets(folded)));
  if (/^[\p{L} '-]+$/u.test(bare)) return withoutTitles(bare.split(' ').map(withoutEdges).filter(notEmpty));
  return withoutTitles(plainWords(bare));
}

/** Is a word one that names a place of work or a shared telephone? */
export function isLabel(word: string): boolean {
  return LABELS.has(word);
}

function plainWords(bare: string): string[] {
  const words: string[] = [];
  let skipNumber = false;
  for (const raw of bare
    .replace(/[,;:!?*«»“”"+&=]/gu, ' ')
    .replace(/\.(?=[^\s.])/gu, '. ')
    .split(' ')) {
    const word = withoutEdges(raw);
    const plain = word.includes('.') ? word.replaceAll('.', '') : word;
    if (plain === '') continue;
    if (EXTENSION_WORDS.has(plain) || /^[#№]/u.test(raw)) {
      skipNumber = true;
      continue;
    }
    if (/\d/u.test(plain)) {
      // x105 and т.105 are extensions in one word; 105 before or after a name is one, too.
      if (skipNumber || words.length > 0 || /^[^\d\s]?\d+$/u.test(plain)) continue;
    }
    words.push(word);
  }
  return words;
}

function withoutEdges(word: string): string {
  return /^[-'.]|[-']$/.test(word) ? word.replace(/^[-'.]+|[-']+$/gu, '') : word;
}

function notEmpty(word: string): boolean {
  return word !== '';
}

function withoutBrackets(text: string): string {
  if (!/[([{<]/u.test(text)) return text;
  const bare = text
    .replace(/\([^()]*\)|\[[^[\]]*\]|\{[^{}]*\}|<[^<>]*>/gu, ' ')
    .replace(/[([{<].*$/u, ' ')
    .replace(/[)\]}>]/gu, ' ')
    .replace(/ +/gu, ' ')
    .trim();
  return bare === ''
    ? text
        .replace(/[()[\]{}<>]/gu, ' ')
        .replace(/ +/gu, ' ')
        .trim()
    : bare;
}

/** Departments and lines behind a bar, a slash or a spaced dash; a dash between two single words joins a surname. */
function withoutTail(text: string): string {
  if (!/[|/\\]| - /.test(text)) return text;
  const [name = '', ...tail] = text.split(/ ?[|/\\] ?/u);
  const kept = tail.length > 0 && name.includes(' ') ? name : text.replace(/[|/\\]/gu, ' ');
  const [first = '', second = '', ...others] = kept.split(' - ');
  if (second === '') return kept;
  if (!first.includes(' ') && !hasLabel(first)) return kept.replaceAll(' - ', '-');
  // "Sales - Ivan Petrenko" has the label first; "Гук - Коваль Іван" and "Іван Гук - Коваль" a double surname.
  if (hasLabel(first)) return [second, ...others].join(' ');
  const isSurname = others.length === 0 && !second.includes(' ') && !/\d/u.test(second) && !hasLabel(second);
  return isSurname && first.split(' ').length === 2 ? kept.replace(' - ', '-') : first;
}

function hasLabel(text: string): boolean {
  return text.split(' ').some(isLabel);
}

/** "Kovalenko, Ivan" is the surname first; what follows a full name after a comma is a title or a department. */
function surnameFirst(text: string): string {
  if (!text.includes(',')) return text;
  const [head = '', ...rest] = text.split(/ ?, ?/u);
  if (rest.length === 0 || head === '') return text;
  const [next = ''] = rest;
  const words = head.split(' ').filter((word) => !isParticle(word));
  if (words.length < 2) return `${head} ${next}`;
  const hasGiven = words.some((word) => givenNameOf(readingsOf(word), word) !== null);
  return hasGiven || hasLabel(next) ? head : `${head} ${next}`;
}

function withoutTitles(words: readonly string[]): readonly string[] {
  if (!words.some(isTitle)) return words;
  const kept = words.filter((word) => !isTitle(word));
  // A title that is all there is may be a surname: Пан Ігор.
  return kept.length >= 2 || (kept.length === 1 && words.length > 2) ? kept : words;
}

export function isTitle(written: string): boolean {
  const word = foldArabic(written.includes('.') ? written.replaceAll('.', '') : written);
  if (!TITLES.has(word)) return false;
  // A lone Arabic letter is a title, for Arabic names have no initials; a lone letter of another script is an initial.
  return !TITLES_OR_SURNAMES.has(word);
}
