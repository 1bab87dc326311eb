import type { Gender } from './given-names.ts';
import { nameOf, type Name } from './name.ts';
import type { ParsedName } from './parse.ts';
import type { SurnamePart } from './parts.ts';
import {
  arabicSurnameKeys,
  classesOf,
  latinArabicSurnameKeys,
  openReadings,
  skeletonsOfSurname,
} from './surname-part.ts';

/**
 * The keys of a full name: two spellings of one person's surname and given name have at least one in common, whatever the
 * order of the words and whether or not the patronymic is there. Keys gather who may be equal; `compareNames` decides,
 * since only it sees a patronymic or a gender that speaks against. A name with an initial in place of the given name has
 * none.
 */
export function nameKeys(parsed: ParsedName): readonly string[] {
  return keysOf(nameOf(parsed));
}

/** Keys under which names meet that may be the same person's but prove nothing: initials, diminutives, consonants. */
export function weakNameKeys(parsed: ParsedName): readonly string[] {
  return weakKeysOf(nameOf(parsed));
}

export function keysOf(name: Name): readonly string[] {
  if (name.words === 0) return [];
  if (name.understandings.length === 0)
    return name.words === 1 ? [] : [`=${name.text.split(' ').toSorted().join(' ')}`];
  const keys = new Set<string>();
  for (const understanding of name.understandings) {
    const { given, surname, gender } = understanding;
    if (given.isInitial) continue;
    const names = given.official.length > 0 ? given.official.map((one) => `#${one.id}`) : given.readings;
    for (const one of surnameKeysOf(surname, gender, name))
      for (const other of names) keys.add(`${one}|${other}`);
  }
  return [...keys];
}

/** How the surname of an understanding is looked up. Arabic ones by what their spellings in one script have in common. */
function surnameKeysOf(surname: SurnamePart, gender: Gender | null, name: Name): readonly string[] {
  if (name.isArabic && name.script === 'arabic') return arabicSurnameKeys(surname);
  if (name.isArabic && name.script === 'latin') return latinArabicSurnameKeys(surname);
  return openReadings(surname, gender);
}

export function weakKeysOf(name: Name): readonly string[] {
  if (name.isLabel) return [`=${name.text}`];
  if (name.words === 1) return [`=${name.text}`];
  const keys = new Set<string>();
  for (const understanding of name.understandings) {
    if (name.mayBeArabic) {
      const [surname, given] = [
        classesOf(understanding.surname),
        understanding.given.word.sound?.classes ?? '',
      ];
      if (surname !== '') keys.add(`~${surname}|${given}`);
    }
    if (name.isArabic && name.script === 'arabic') continue;
    for (const skeleton of skeletonsOfSurname(understanding.surname))
      for (const letter of understanding.given.initials) keys.add(`${skeleton}|${letter}.`);
  }
  return [...keys];
}
