import { soundOf, withoutJoinedArticle } from './arabic.ts';
import { level } from './belarusian.ts';
import type { Gender } from './given-names.ts';
import type { SurnamePart } from './parts.ts';
import { readingsOf } from './reading.ts';
import { skeletonsOf } from './skeleton.ts';
import { masculine } from './surnames.ts';

/** The readings of a surname in the form that men bear. */
export function surnameReadings({ words }: SurnamePart, gender: Gender | null): readonly string[] {
  const [only] = words;
  if (words.length === 1 && only !== undefined) return only.readingsFor(gender);
  return masculine(joined(words.map((word) => word.readings)), gender);
}

/** The readings among which a slip shows: as they are written, for it may have hit the ending; -ая is -а all the same. */
export function slippedReadings(surname: SurnamePart): string[] {
  return surnameReadings(surname, null).map((reading) => reading.replace(/(?<=...)аиа$/u, 'а'));
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

/** The same; where the gender is open, a woman's surname may be one: Ваня Илиева. */
export function openReadings(surname: SurnamePart, gender: Gender | null): readonly string[] {
  const own = surnameReadings(surname, gender);
  if (gender !== null || !own.some((reading) => reading.endsWith('а'))) return own;
  return [...new Set([...own, ...surnameReadings(surname, 'female')])];
}

/** What all spellings of the surname have in common; of a double surname also of either half, which may be all that is left. */
export function skeletonsOfSurname({ words, text }: SurnamePart): readonly string[] {
  const [only] = words;
  if (words.length === 1 && only !== undefined && !text.includes('-')) return only.skeletons;
  return [
    ...new Set(
      words.flatMap((word) => [
        ...word.skeletons,
        ...halvesOf(word.text).flatMap((half) => skeletonsOf(readingsOf(half).map(level))),
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

/** Keys of an Arabic surname in Arabic letters. */
export function arabicSurnameKeys({ text }: SurnamePart): readonly string[] {
  return [`*${text}`];
}

/** Keys of an Arabic surname in Latin letters: its consonants, with and without an article that is written together with it. */
export function latinArabicSurnameKeys({ text, words }: SurnamePart): readonly string[] {
  const bare = withoutJoinedArticle(text);
  const keys = [`*${words.map((word) => word.sound?.consonants ?? '').join('')}`];
  return bare === null ? keys : [...keys, `*${soundOf(bare, 'latin').consonants}`];
}
