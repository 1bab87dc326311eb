import { fatherOf, withoutLastVowels, type Gender } from './given-names.ts';
import { IRREGULAR_STEMS, PATRONYMIC_ENDINGS, SHORTEST_STEM } from './tables/patronymics.ts';

/** A word that ends like a patronymic. It may still be a surname (Абрамович). */
export interface Patronymic {
  /** The father's names that it may be made of; unknown fathers by the stem itself. */
  readonly fathers: readonly string[];
  /** First letters, as readings, of the father's name in all its forms: Миколайович may be abbreviated Н. */
  readonly initials: readonly string[];
  readonly gender: Gender;
}

/** The patronymic in a token with these readings, or `null`. */
export function patronymicOf(readings: readonly string[]): Patronymic | null {
  const found = readings.map(endingOf).filter((one) => one !== null);
  const last = found.at(-1);
  if (last === undefined) return null;
  const fathers = found.map(({ stem }) => {
    const bare = withoutLastVowels(IRREGULAR_STEMS.get(stem) ?? stem);
    return fatherOf(bare) ?? { id: bare, initials: [] };
  });
  return {
    fathers: [...new Set(fathers.map(({ id }) => id))],
    initials: [...new Set(fathers.flatMap(({ initials }) => initials))],
    gender: last.gender,
  };
}

/** The ending of a patronymic in a reading, and the stem before it. */
function endingOf(reading: string): { readonly stem: string; readonly gender: Gender } | null {
  for (const { ending, gender } of PATRONYMIC_ENDINGS)
    if (reading.length >= ending.length + SHORTEST_STEM && reading.endsWith(ending))
      return { stem: reading.slice(0, -ending.length), gender };
  return null;
}

/**
 * The father in the second name of a Bulgarian, which looks like a surname: Иванов, Георгиева. Only where the father's name
 * is known, so that a double surname is not taken for one.
 */
export function surnameOfFather(readings: readonly string[]): Patronymic | null {
  for (const reading of readings) {
    const [, stem = '', feminine] = /^(.{2,})[оеи]?в(а)?$/u.exec(reading) ?? [];
    const father = stem === '' ? null : fatherOf(withoutLastVowels(stem));
    if (father !== null)
      return {
        fathers: [father.id],
        initials: father.initials,
        gender: feminine === undefined ? 'male' : 'female',
      };
  }
  return null;
}
