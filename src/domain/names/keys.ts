import { soundOf, withoutJoinedArticle } from './arabic.ts';
import type { Gender } from './given-names.ts';
import { initialClass } from './initials.ts';
import { nameOf, type Name, type SurnamePart, type Understanding } from './name.ts';
import type { ParsedName } from './parse.ts';
import { readingsOf } from './reading.ts';
import { skeletonsOf } from './skeleton.ts';
import { masculine } from './surnames.ts';

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
export function surnameKeysOf(surname: SurnamePart, gender: Gender | null, name: Name): readonly string[] {
  if (name.isArabic && name.script === 'arabic') return [`*${surname.text}`];
  if (name.isArabic && name.script === 'latin') {
    const bare = withoutJoinedArticle(surname.text);
    const keys = [`*${surname.words.map((word) => word.sound?.consonants ?? '').join('')}`];
    return bare === null ? keys : [...keys, `*${soundOf(bare, 'latin').consonants}`];
  }
  // Where the gender is open, a woman's surname may be one: Ваня Илиева.
  if (gender === null)
    return [...new Set([...surnameReadings(surname, null), ...surnameReadings(surname, 'female')])];
  return surnameReadings(surname, gender);
}

/** Keys by which a Belarusian spelling and another one of the same full name meet; `compareNames` sees to it that one is. */
export function borderKeysOf(name: Name): readonly string[] {
  if (!name.isSlavic) return [];
  const keys = new Set<string>();
  for (const { given, surname, gender } of name.understandings)
    for (const one of given.isInitial ? [] : akanyeOf(surname, gender))
      for (const { id } of given.official) keys.add(`@${one}|#${id}`);
  return [...keys];
}

export function weakKeysOf(name: Name): readonly string[] {
  if (name.isLabel) return [`=${name.text}`];
  if (name.words === 1) return [`=${name.text}`];
  const keys = new Set<string>();
  for (const understanding of name.understandings) {
    if (mayBeArabic(name)) {
      const [surname, given] = [
        classesOf(understanding.surname),
        understanding.given.word.sound?.classes ?? '',
      ];
      if (surname !== '') keys.add(`~${surname}|${given}`);
    }
    if (name.isArabic && name.script === 'arabic') continue;
    for (const skeleton of skeletonsOfSurname(understanding.surname))
      for (const letter of initialsOf(understanding)) keys.add(`${skeleton}|${letter}.`);
  }
  return [...keys];
}

/** A Latin name that shows no other origin may be Arabic. */
export function mayBeArabic(name: Name): boolean {
  return name.isArabic || (name.script === 'latin' && !name.isSlavic);
}

/** What all spellings of the surname have in common; of a double surname also of either half, which may be all that is left. */
export function skeletonsOfSurname({ words, text }: SurnamePart): readonly string[] {
  const [only] = words;
  if (words.length === 1 && only !== undefined && !text.includes('-')) return only.skeletons;
  return [
    ...new Set(
      words.flatMap((word) => [
        ...word.skeletons,
        ...halvesOf(word.text).flatMap((half) => skeletonsOf(readingsOf(half))),
      ]),
    ),
  ];
}

/** The halves of a double surname; empty when it is none. */
export function halvesOf(surname: string): readonly string[] {
  return surname.includes('-') ? surname.split('-').filter((half) => half.length >= 3) : [];
}

/** Classes of the consonants of an Arabic surname. */
export function classesOf({ words }: SurnamePart): string {
  return words.map((word) => word.sound?.classes ?? '').join('');
}

/** The readings of a surname in the form that men bear. */
export function surnameReadings({ words }: SurnamePart, gender: Gender | null): readonly string[] {
  const [only] = words;
  if (words.length === 1 && only !== undefined) return only.readingsFor(gender);
  return masculine(joined(words.map((word) => word.readings)), gender);
}

export function akanyeOf({ words }: SurnamePart, gender: Gender | null): readonly string[] {
  const [only] = words;
  const all =
    words.length === 1 && only !== undefined ? only.akanye : joined(words.map((word) => word.akanye));
  if (gender !== 'female') return all;
  // A woman's -ава is -аў; -ская and -ска are -ски.
  return all.map((one) =>
    one
      .replace(/(?<=..)ава$/u, 'ав')
      .replace(/(?<=..[сц]к)а$/u, 'и')
      .replace(/(?<=..ин)а$/u, ''),
  );
}

function joined(parts: readonly (readonly string[])[]): readonly string[] {
  return parts
    .reduce<readonly string[]>((all, part) => all.flatMap((left) => part.map((right) => left + right)), [''])
    .slice(0, 16);
}

/** The first letters, as readings in classes, that the given name may have in any of its official forms. */
export function initialsOf({ given }: Understanding): readonly string[] {
  const letters = new Set<string>();
  for (const reading of given.readings) letters.add(initialClass(reading));
  for (const name of given.official) for (const letter of name.initials) letters.add(initialClass(letter));
  for (const name of given.short) for (const letter of name.initials) letters.add(initialClass(letter));
  return [...letters];
}
