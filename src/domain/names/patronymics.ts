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
  const fathers = new Set<string>();
  const initials = new Set<string>();
  let gender: Gender | null = null;
  for (const reading of readings) {
    for (const { ending, gender: found } of PATRONYMIC_ENDINGS) {
      if (!reading.endsWith(ending)) continue;
      const stem = reading.slice(0, -ending.length);
      if (stem.length < SHORTEST_STEM) continue;
      gender = found;
      const bare = withoutLastVowels(IRREGULAR_STEMS.get(stem) ?? stem);
      const father = fatherOf(bare);
      fathers.add(father?.id ?? bare);
      for (const initial of father?.initials ?? []) initials.add(initial);
      break;
    }
  }
  return gender === null ? null : { fathers: [...fathers], initials: [...initials], gender };
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
