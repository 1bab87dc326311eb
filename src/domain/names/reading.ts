import {
  CYRILLIC_RULES,
  LATIN_INITIALS,
  LATIN_RULES,
  MARKED_LATIN,
  type LetterRule,
} from './tables/readings.ts';

/** More readings than this are not followed; a name that has them is no Slavic name. */
const MOST_READINGS = 16;

const VOWELS = new Set('aeiouyjаеєэёиіыїйоуюя');

const rulesByFirst: ReadonlyMap<string, readonly LetterRule[]> = [...CYRILLIC_RULES, ...LATIN_RULES].reduce(
  (all, rule) => {
    const first = rule.spelled.charAt(0);
    const known = all.get(first);
    if (known === undefined) all.set(first, [rule]);
    else known.push(rule);
    return all;
  },
  new Map<string, LetterRule[]>(),
);

/**
 * The phonetic readings of one folded token (see tables/readings.ts); at least one. Letters of other scripts stand for
 * themselves; apostrophes, dashes and dots are left out.
 */
export function readingsOf(token: string): readonly string[] {
  const plain = plainLetters(token);
  let readings = [''];
  let position = 0;
  while (position < plain.length) {
    const rule = ruleAt(plain, position);
    if (rule === null) {
      const letter = String.fromCodePoint(plain.codePointAt(position) ?? 0);
      readings = readings.map((reading) => reading + letter);
      position += letter.length;
      continue;
    }
    readings = extend(readings, rule.read);
    position += rule.spelled.length;
  }
  return [...new Set(readings.map(settle))];
}

/** The readings of an initial: what the name that it stands for may begin with. */
export function readingsOfInitial(initial: string): readonly string[] {
  return LATIN_INITIALS.get(plainLetters(initial)) ?? readingsOf(initial);
}

function extend(readings: readonly string[], read: readonly string[]): string[] {
  const [only = ''] = read;
  if (read.length === 1 || readings.length * read.length > MOST_READINGS)
    return readings.map((reading) => reading + only);
  return readings.flatMap((reading) => read.map((next) => reading + next));
}

function ruleAt(plain: string, position: number): LetterRule | null {
  for (const rule of rulesByFirst.get(plain.charAt(position)) ?? []) {
    if (!plain.startsWith(rule.spelled, position)) continue;
    if (rule.where !== undefined && rule.where !== placeOf(plain, position)) continue;
    if (rule.before !== undefined && !isOneOf(rule.before, plain.charAt(position + rule.spelled.length)))
      continue;
    return rule;
  }
  return null;
}

function isOneOf(letters: string, letter: string): boolean {
  return letter !== '' && letters.includes(letter);
}

function placeOf(plain: string, position: number): 'initial' | 'after-vowel' | 'after-consonant' {
  if (position === 0) return 'initial';
  return VOWELS.has(plain.charAt(position - 1)) ? 'after-vowel' : 'after-consonant';
}

function plainLetters(token: string): string {
  const bare = token.replace(/['".-]/g, '');
  if (/^[a-zа-яґєіїёўј]*$/.test(bare)) return bare;
  let plain = '';
  for (const letter of bare) plain += MARKED_LATIN.get(letter) ?? withoutMark(letter);
  return plain;
}

/** Only Latin letters lose marks: the Cyrillic й and ї are letters of their own. */
function withoutMark(letter: string): string {
  return /\p{Script=Latin}/u.test(letter) ? letter.normalize('NFD').replace(/\p{M}/gu, '') : letter;
}

function settle(reading: string): string {
  return reading.replace(/ии+/gu, 'и');
}

/** Have the two lists a member in common? */
export function meet(left: readonly string[], right: readonly string[]): boolean {
  return left.some((one) => right.includes(one));
}
