import type { Gender } from '../types.ts';

/** The Russian spelling of a Ukrainian surname, where the table gives none. */
export function ukrainianInRussian(surname: string): string {
  return surname
    .replace(/івський$/u, 'овский')
    .replace(/(с|ц|з)ький$/u, '$1кий')
    .replace(/(?<![кгхжчшщ])ий$/u, 'ый')
    .replace(/ець$/u, 'ец')
    .replaceAll(/[ії]/gu, 'и')
    .replaceAll(/[ІЇ]/gu, 'И')
    .replaceAll('є', 'е')
    .replaceAll('Є', 'Е')
    .replaceAll('ґ', 'г')
    .replaceAll('Ґ', 'Г')
    .replaceAll("'", 'ь');
}

/** The Ukrainian spelling of a Russian surname, by the rules for foreign surnames. */
export function russianInUkrainian(surname: string): string {
  return surname
    .replaceAll(/ск(ий|ой)$/gu, (_, ending: string) => (ending === 'ий' ? 'ський' : 'ской'))
    .replaceAll(/ц(кий)$/gu, 'цький')
    .replaceAll(/(?<=[жчшщцЖЧШЩЦ])и(?=[бвгґджзклмнпрстфхцчшщ])/gu, '\u0001')
    .replaceAll(/(?<!ськ|цьк)ий$/gu, '\u0001й')
    .replaceAll(/(?<=ськ|цьк)ий$/gu, '\u0001й')
    .replaceAll('и', 'і')
    .replaceAll('И', 'І')
    .replaceAll('\u0001', 'и')
    .replaceAll('ы', 'и')
    .replaceAll('Э', 'Е')
    .replaceAll('э', 'е')
    .replaceAll(/^Е(?=[лврвдпг])/gu, 'Є')
    .replaceAll(/(?<=[аеиоуюяьі])е/gu, 'є')
    .replaceAll(/(?<![жчшщц])ев$/gu, 'єв')
    .replaceAll(/(?<=[бпвмф])ьё/gu, 'йо')
    .replaceAll(/(?<=[жчшщц])ё/gu, 'о')
    .replaceAll(/(?<=[лнтдсзрвб])ё/gu, 'ьо')
    .replaceAll('ё', 'йо')
    .replaceAll('Ё', 'Йо')
    .replaceAll('ъ', "'");
}

const FEMININE = {
  uk: [
    [/(с|ц|з)ький$/u, '$1ька'],
    [/ий$/u, 'а'],
    [/дній$/u, 'дня'],
    [/ой$/u, 'а'],
    [/(ов|єв|ев|йов|ьов)$/u, '$1а'],
    [/(ін|їн)$/u, '$1а'],
  ],
  ru: [
    [/(ск|цк)(ий|ой)$/u, '$1ая'],
    [/(ый|ой)$/u, 'ая'],
    [/([кгх]|адч)ий$/u, '$1ая'],
    [/дний$/u, 'дняя'],
    [/(ов|ев|ёв|ин|ын)$/u, '$1а'],
  ],
  be: [
    [/(ск|цк)і$/u, '$1ая'],
    [/оў$/u, 'ова'],
    [/аў$/u, 'ава'],
    [/ёў$/u, 'ёва'],
    [/еў$/u, 'ева'],
    [/ін$/u, 'іна'],
  ],
  bg: [
    [/ски$/u, 'ска'],
    [/(ов|ев|ин)$/u, '$1а'],
  ],
} as const;

/** Surnames like Соловей, Топчій and Ковалишин are not adjectives, and the same for both genders. */
const NO_ADJECTIVE = /(?:ей|ай|чій|дій|вій|огій|гой|ишин)$/u;

/** The form that a woman of the family bears. */
export function feminine(surname: string, language: keyof typeof FEMININE): string {
  if (NO_ADJECTIVE.test(surname)) return surname;
  for (const [ending, replacement] of FEMININE[language])
    if (ending.test(surname)) return surname.replace(ending, replacement);
  return surname;
}

/** Both patronymics of a father's name, from the son's. */
export function patronymics(son: string, language: 'uk' | 'ru' | 'be'): Record<Gender, string> {
  const daughters = {
    uk: [
      [/(?<=[аеєиіїоуюя])йович$/u, 'ївна'],
      [/ьович$/u, 'івна'],
      [/ович$/u, 'івна'],
      [/ич$/u, 'івна'],
      [/лліч$/u, 'ллівна'],
    ],
    ru: [
      [/ович$/u, 'овна'],
      [/евич$/u, 'евна'],
      [/ич$/u, 'ична'],
    ],
    be: [
      [/овіч$/u, 'оўна'],
      [/авіч$/u, 'аўна'],
      [/евіч$/u, 'еўна'],
      [/эвіч$/u, 'эўна'],
      [/іч$/u, 'інічна'],
    ],
  } as const;
  if (son === 'Ильич') return { male: son, female: 'Ильинична' };
  for (const [ending, replacement] of daughters[language])
    if (ending.test(son)) return { male: son, female: son.replace(ending, replacement) };
  return { male: son, female: son };
}
