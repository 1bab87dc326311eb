import {
  CYRILLIC_RULES,
  LATIN_INITIALS,
  LATIN_RULES,
  MARKED_LATIN,
  type Hand,
  type LetterRule,
  SIGNS_OF_CARONS,
  SIGNS_OF_FRENCH,
} from './tables/readings.ts';

/** More readings than this are not followed; a name that has them is no Slavic name. */
const MOST_READINGS = 16;

const VOWELS = new Set('aeiouyjаеєэёиіыїйоуюя');

/** By the code of the first letter that they are for. */
type Rules = readonly (readonly LetterRule[] | undefined)[];

const rules: Readonly<Record<Hand, Rules>> = {
  usual: rulesOf('usual'),
  french: rulesOf('french'),
  carons: rulesOf('carons'),
  arabic: rulesOf('arabic'),
};

function rulesOf(hand: Hand): Rules {
  const byFirst: LetterRule[][] = [];
  for (const rule of [...CYRILLIC_RULES, ...LATIN_RULES])
    if (rule.hand === undefined || rule.hand === hand)
      (byFirst[rule.spelled.charCodeAt(0)] ??= []).push(rule);
  return byFirst;
}

/** The hand in which a folded name is written. */
export function handOf(text: string): Hand {
  if (SIGNS_OF_FRENCH.test(text)) return 'french';
  return SIGNS_OF_CARONS.test(text) ? 'carons' : 'usual';
}

/**
 * The phonetic readings of one folded token (see tables/readings.ts); at least one. Letters of other scripts stand for
 * themselves; apostrophes, dashes and dots are left out.
 */
export function readingsOf(token: string, hand: Hand = 'usual'): readonly string[] {
  const plain = plainLetters(token);
  const known = rules[hand];
  let readings: readonly string[] = [''];
  // What all readings go on with, until the next letter that can be read in several ways.
  let tail = '';
  let position = 0;
  while (position < plain.length) {
    const rule = ruleAt(plain, position, known);
    if (rule === null) {
      const letter = String.fromCodePoint(plain.codePointAt(position) ?? 0);
      tail += letter;
      position += letter.length;
      continue;
    }
    if (rule.read.length === 1) tail += rule.read[0] ?? '';
    else {
      readings = extend(readings, tail, rule.read);
      tail = '';
    }
    position += rule.spelled.length;
  }
  const ended = extend(readings, tail, ['']);
  const settled = ended.length === 1 ? [settle(ended[0] ?? '')] : [...new Set(ended.map(settle))];
  const abroad = /[вv][сs]/.test(plain) ? BORDER.exec(plain) : null;
  return abroad === null ? settled : [...settled, ...acrossTheBorder(plain, abroad, hand)];
}

/** Endings that the other language writes in its own way, see `acrossTheBorder`. */
const BORDER = /(?:івськ(?:ий|(а))|ivsk(?:yi|yy|(a))|овск(?:ий|(ая))|ovsk(?:ii|iy|ij|(aia|aya|aja)))$/u;

/**
 * Ukrainian -івський is -овский in Russian documents. Both get one more reading for it, with ѡ, so that Петрівський meets
 * Петровский and not Петровський, who is somebody else.
 */
function acrossTheBorder(plain: string, found: RegExpExecArray, hand: Hand): string[] {
  const ending = found.slice(1).some((feminine) => feminine !== undefined) ? 'ѡвска' : 'ѡвски';
  return readingsOf(plain.slice(0, found.index), hand).map((stem) => stem + ending);
}

/** The readings of an initial: what the name that it stands for may begin with. */
export function readingsOfInitial(initial: string): readonly string[] {
  return LATIN_INITIALS.get(plainLetters(initial)) ?? readingsOf(initial);
}

function extend(readings: readonly string[], tail: string, read: readonly string[]): readonly string[] {
  const [only = ''] = read;
  if (readings.length * read.length > MOST_READINGS || read.length === 1) {
    const end = tail + only;
    return end === '' ? readings : readings.map((reading) => reading + end);
  }
  return readings.flatMap((reading) => read.map((next) => reading + tail + next));
}

const NO_RULES: readonly LetterRule[] = [];

function ruleAt(plain: string, position: number, known: Rules): LetterRule | null {
  for (const rule of known[plain.charCodeAt(position)] ?? NO_RULES) {
    if (rule.spelled.length > 1 && !plain.startsWith(rule.spelled, position)) continue;
    if (rule.where !== undefined && rule.where !== placeOf(plain, position)) continue;
    if (rule.before !== undefined && !isOneOf(rule.before, plain.charAt(position + rule.spelled.length)))
      continue;
    return rule;
  }
  return null;
}

/** A dot among the letters stands for the end. */
function isOneOf(letters: string, letter: string): boolean {
  return letters.includes(letter === '' ? '.' : letter);
}

function placeOf(plain: string, position: number): 'initial' | 'after-vowel' | 'after-consonant' {
  if (position === 0) return 'initial';
  return VOWELS.has(plain.charAt(position - 1)) ? 'after-vowel' : 'after-consonant';
}

const PLAIN_LETTERS = /^[a-zŭа-яґєіїёўј]*$/;

function plainLetters(token: string): string {
  if (PLAIN_LETTERS.test(token)) return token;
  const bare = token.replace(/['".-]/g, '');
  if (PLAIN_LETTERS.test(bare)) return bare;
  let plain = '';
  for (const letter of bare) plain += MARKED_LATIN.get(letter) ?? withoutMark(letter);
  return plain;
}

/** Only Latin letters lose marks: the Cyrillic й and ї are letters of their own. */
function withoutMark(letter: string): string {
  return letter !== 'ŭ' && /\p{Script=Latin}/u.test(letter) ? withoutMarks(letter) : letter;
}

/** Latin letters without the marks that decorate them. */
export function withoutMarks(latin: string): string {
  return /[^a-z]/.test(latin) ? latin.normalize('NFD').replace(/\p{M}/gu, '') : latin;
}

function settle(reading: string): string {
  return reading.includes('ии') ? reading.replace(/ии+/gu, 'и') : reading;
}

/** Have the two lists a member in common? */
export function meet<T>(left: readonly T[], right: readonly T[]): boolean {
  for (const one of left) if (right.includes(one)) return true;
  return false;
}
