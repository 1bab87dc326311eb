import { fatherOf, withoutLastVowels, type Gender } from './given-names.ts';
import { IRREGULAR_STEMS, PATRONYMIC_ENDINGS, SHORTEST_STEM } from './tables/patronymics.ts';

/** A word that ends like a patronymic. It may still be a surname (Абрамович). */
export interface Patronymic {
  /** The father's names that it may be made of; unknown fathers by the stem itself. */
  readonly fathers: readonly string[];
  readonly gender: Gender;
}

/** The patronymic in a token with these readings, or `null`. */
export function patronymicOf(readings: readonly string[]): Patronymic | null {
  const fathers: string[] = [];
  let gender: Gender | null = null;
  for (const reading of readings) {
    for (const { ending, gender: found } of PATRONYMIC_ENDINGS) {
      if (!reading.endsWith(ending)) continue;
      const stem = reading.slice(0, -ending.length);
      if (stem.length < SHORTEST_STEM) continue;
      gender = found;
      fathers.push(fatherName(stem));
      break;
    }
  }
  return gender === null ? null : { fathers: [...new Set(fathers)], gender };
}

/**
 * The father in the second name of a Bulgarian, which looks like a surname: Иванов, Георгиева. Only where the father's name
 * is known, so that a double surname is not taken for one.
 */
export function surnameOfFather(readings: readonly string[]): Patronymic | null {
  for (const reading of readings) {
    const [, stem = '', feminine] = /^(.{2,})[оеи]?в(а)?$/u.exec(reading) ?? [];
    const father = stem === '' ? null : fatherOf(withoutLastVowels(stem));
    if (father !== null) return { fathers: [father.id], gender: feminine === undefined ? 'male' : 'female' };
  }
  return null;
}

function fatherName(stem: string): string {
  const regular = IRREGULAR_STEMS.get(stem) ?? stem;
  const bare = withoutLastVowels(regular);
  return fatherOf(bare)?.id ?? bare;
}
