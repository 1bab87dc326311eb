import {
  ARABIC_SOUNDS,
  CLASSES,
  CYRILLIC_SOUNDS,
  LATIN_SOUNDS,
  LATIN_VOWELS,
  SAME_LETTER,
} from './tables/arabic.ts';

const OTHER_LETTERS = new RegExp(`[ء${[...SAME_LETTER.keys()].join('')}]`, 'u');

/** One spelling of an Arabic word: letters that are written one for the other are one, and a lone hamza is gone. */
export function foldArabic(word: string): string {
  if (!OTHER_LETTERS.test(word)) return word;
  let folded = '';
  for (const letter of word) folded += letter === 'ء' ? '' : (SAME_LETTER.get(letter) ?? letter);
  return folded;
}

/** An Arabic word as it sounds, however it is written (tables/arabic.ts). */
export interface Sound {
  /** The classes of its consonants: what all spellings in all scripts have in common. */
  readonly classes: string;
  /** Its consonants, doubled ones once. */
  readonly consonants: string;
  /** The same without a final h; equal neighbours once, for Arabic does not write the vowel between them. */
  readonly tight: string;
  /** Between the consonants, before and after them: which vowels; `null` where they are not written. */
  readonly vowels: readonly number[] | null;
}

/** How a folded word sounds if it is an Arabic one. */
export function soundOf(word: string, script: 'latin' | 'cyrillic' | 'arabic'): Sound {
  const { consonants, vowels } = script === 'arabic' ? ofArabic(word) : ofLetters(word, script);
  let classes = '';
  for (const consonant of consonants) {
    const one = CLASSES.get(consonant) ?? consonant;
    if (!classes.endsWith(one)) classes += one;
  }
  // Yahya has no consonant but h.
  // A final h is hardly heard, and Latin spellings leave it out or put it in.
  const tight = consonants.replace(/(.)\1+/gu, '$1').replace(/(?<=.)h$/u, '');
  return { classes: classes === '' ? consonants : classes, consonants, tight, vowels };
}

/** A word without an article that is written together with it (Alhaj, Elbaghdadi); `null` when there is none. */
export function withoutJoinedArticle(word: string): string | null {
  return /^[ae]l-?(?=.{4})/u.test(word) ? word.replace(/^[ae]l-?/u, '') : null;
}

/** Two Latin spellings that can be one word: the same consonants, and vowels that may stand for the same. */
export function soundAlike(one: Sound, other: Sound): boolean {
  if (one.consonants !== other.consonants) return false;
  const { vowels } = other;
  if (one.vowels === null || vowels === null) return false;
  return one.vowels.every((run, place) => canBeSame(run, vowels[place] ?? 0));
}

function canBeSame(one: number, other: number): boolean {
  if ((one === 0) !== (other === 0)) return false;
  return (one & 7 & ~allowedBy(other)) === 0 && (other & 7 & ~allowedBy(one)) === 0;
}

function allowedBy(run: number): number {
  return (run & 7) | ((run & 8) === 0 ? 0 : 3) | ((run & 16) === 0 ? 0 : 1);
}

function ofArabic(word: string): { consonants: string; vowels: null } {
  // A final h is most often the taa marbuta, which Latin spellings write ah or a.
  const bare = word.endsWith('ه') ? word.slice(0, -1) : word;
  let consonants = '';
  for (const letter of bare) consonants += ARABIC_SOUNDS.get(letter) ?? '';
  return { consonants, vowels: null };
}

type Spelled<T> = readonly [string, T];

const LATIN = byFirstLetter(LATIN_SOUNDS);
const CYRILLIC = byFirstLetter(CYRILLIC_SOUNDS);
const VOWELS = byFirstLetter(LATIN_VOWELS);

function byFirstLetter<T>(table: readonly Spelled<T>[]): ReadonlyMap<string, readonly Spelled<T>[]> {
  const byFirst = new Map<string, Spelled<T>[]>();
  for (const row of table) {
    const first = row[0].charAt(0);
    byFirst.set(first, [...(byFirst.get(first) ?? []), row]);
  }
  return byFirst;
}

function spelledAt<T>(
  word: string,
  position: number,
  table: ReadonlyMap<string, readonly Spelled<T>[]>,
): Spelled<T> | null {
  for (const row of table.get(word.charAt(position)) ?? [])
    if (row[0].length === 1 || word.startsWith(row[0], position)) return row;
  return null;
}

function ofLetters(
  word: string,
  script: 'latin' | 'cyrillic',
): { consonants: string; vowels: number[] | null } {
  const sounds = script === 'latin' ? LATIN : CYRILLIC;
  const bare = /[aeiouy]h$/u.test(word) ? word.slice(0, -1) : word;
  const vowels = [0];
  let consonants = '';
  let position = 0;
  while (position < bare.length) {
    const known = spelledAt(bare, position, sounds);
    if (known !== null) {
      const [spelled, sound] = known;
      const run = vowels.length - 1;
      // Doubled consonants are one, unless a vowel stands between them.
      if (!consonants.endsWith(sound) || vowels[run] !== 0) {
        consonants += sound;
        vowels.push(0);
      }
      position += spelled.length;
      continue;
    }
    const [letters, vowel] = spelledAt(bare, position, VOWELS) ?? [' ', 0];
    vowels[vowels.length - 1] = (vowels.at(-1) ?? 0) | vowel;
    position += letters.length;
  }
  return { consonants, vowels: script === 'latin' ? vowels : null };
}
