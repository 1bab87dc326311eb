import type { Gender } from './given-names.ts';

/**
 * Feminine endings of Slavic surnames, as readings, and the masculine ones they answer to: Зайцева and Зайцев,
 * Левицька and Левицький, Левицкая and Левицкий, Пушкіна and Пушкін. Only the surname of a woman is turned: «Коваленкова» is not «Коваленко»,
 * and a man called «Малина» keeps his name.
 */
const FEMININE: readonly (readonly [RegExp, string])[] = [
  [/(?<=..)ска$/u, 'ски'],
  [/(?<=..)цка$/u, 'цки'],
  [/(?<=..)ова$/u, 'ов'],
  [/(?<=..)ева$/u, 'ев'],
  [/(?<=..)ина$/u, 'ин'],
];

/** Endings by which a surname is known to be Slavic, so that its Latin spellings may differ by the standard. */
const SLAVIC =
  /(?:енко|енка|анка|чук|иук|щук|ук|ски|цки|ска|цка|скаиа|цкаиа|ов|ев|ав|ова|ева|ава|ин|ина|ич|ик|ишин|ец|иак|онак|енак|енок|ениа)$/u;

/** The readings of a surname in the form that men bear; unchanged unless `gender` says it is a woman's. */
export function masculine(readings: readonly string[], gender: Gender | null): readonly string[] {
  if (gender !== 'female') return readings;
  return [...new Set(readings.map(turn))];
}

function turn(reading: string): string {
  if (!reading.endsWith('а')) return reading;
  // Russian and Belarusian adjectives have -ая where Ukrainian and Bulgarian ones have -а: Яровая is Ярова.
  const short = /(?<=...)аиа$/u.test(reading) ? reading.slice(0, -2) : reading;
  for (const [ending, instead] of FEMININE) if (ending.test(short)) return short.replace(ending, instead);
  return short;
}

/** Is this, by its ending, a Slavic surname? */
export function isSlavicSurname(readings: readonly string[]): boolean {
  return readings.some((reading) => SLAVIC.test(reading));
}
