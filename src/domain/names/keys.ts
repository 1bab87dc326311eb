import { consonantKeyOf, nameOf, type Name, type Understanding } from './name.ts';
import type { ParsedName } from './parse.ts';
import { masculine } from './surnames.ts';

/**
 * The keys of a full name: two spellings of one person's surname and given name have at least one in common, whatever the
 * order of the words and whether or not the patronymic is there. Keys gather who may be equal; `compareNames` decides,
 * since only it sees a patronymic or a gender that speaks against. A name with an initial in place of the given name has
 * none. A name of one word has the key of the whole.
 */
export function nameKeys(parsed: ParsedName): readonly string[] {
  return keysOf(nameOf(parsed));
}

/** Keys under which names meet that may be the same person's but prove nothing: initials, diminutives, consonants. */
export function weakNameKeys(parsed: ParsedName): readonly string[] {
  return weakKeysOf(nameOf(parsed));
}

export function keysOf(name: Name): readonly string[] {
  const keys = new Set<string>();
  if (name.words === 0) return [];
  if (name.understandings.length === 0) {
    keys.add(name.words === 1 ? `=${name.text}` : `=${name.text.split(' ').toSorted().join(' ')}`);
    return [...keys];
  }
  for (const understanding of name.understandings) {
    const { given } = understanding;
    if (given.isInitial) continue;
    const names =
      given.official.length > 0 ? given.official.map((official) => `#${official.id}`) : given.readings;
    for (const surname of masculine(understanding.readings, understanding.gender))
      for (const one of names) keys.add(`${surname}|${one}`);
  }
  return [...keys];
}

export function weakKeysOf(name: Name): readonly string[] {
  const keys = new Set<string>();
  const consonants = consonantKeyOf(name);
  if (consonants !== null) keys.add(`~${consonants}`);
  for (const understanding of name.understandings) {
    const surnames = eitherForm(understanding);
    for (const surname of surnames) {
      for (const one of [...understanding.given.official, ...understanding.given.short])
        keys.add(`${surname}|#${one.id}`);
      for (const letter of initialsOf(understanding)) keys.add(`${surname}|${letter}.`);
    }
  }
  return [...keys];
}

/** The surname as it is written and, unless it is a man's, as a man would bear it. */
function eitherForm(understanding: Understanding): readonly string[] {
  if (understanding.gender === 'male') return understanding.readings;
  return [...new Set([...understanding.readings, ...masculine(understanding.readings, 'female')])];
}

/** The first letters, as readings, that the given name may have in any of its official forms. */
export function initialsOf({ given }: Understanding): readonly string[] {
  const letters = given.readings.map((reading) => reading.charAt(0));
  for (const name of [...given.official, ...given.short]) letters.push(...name.initials);
  return [...new Set(letters)];
}
