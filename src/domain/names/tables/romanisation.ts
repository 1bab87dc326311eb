/**
 * Official ways to write Ukrainian and Russian names in Latin letters, letter by letter. They say by which standard a Latin
 * spelling was made; whether two spellings are one name is decided by tables/readings.ts, which covers them all.
 *
 * A row is "letter latin", or "letter latin latin-at-the-beginning"; `-` is nothing.
 */
export interface Romanisation {
  readonly name: string;
  readonly language: 'uk' | 'ru';
  readonly source: string;
  readonly letters: string;
  /** Groups that are not written letter by letter. */
  readonly groups?: string;
  /** At the beginning of a word the third column counts; here also after a vowel, ь, ъ, й or an apostrophe. */
  readonly initialAfterVowels?: boolean;
}

const UK =
  'а a, б b, в v, ґ g, д d, е e, ж zh, з z, к k, л l, м m, н n, о o, п p, р r, с s, т t, у u, ф f, х kh, ч ch';
const RU =
  'а a, б b, в v, г g, д d, ж zh, з z, и i, к k, л l, м m, н n, о o, п p, р r, с s, т t, у u, ф f, х kh, ч ch';

export const ROMANISATIONS: readonly Romanisation[] = [
  {
    name: 'KMU-55',
    language: 'uk',
    source: 'Resolution 55 of the Cabinet of Ministers of Ukraine, 27 January 2010 (= BGN/PCGN 2019)',
    letters: `${UK}, г h, є ie ye, и y, і i, ї i yi, й i y, ц ts, ш sh, щ shch, ь -, ' -, ю iu yu, я ia ya`,
    groups: 'зг zgh',
  },
  {
    name: 'ICAO 9303 (Ukrainian)',
    language: 'uk',
    source: 'ICAO Doc 9303 part 3 section 6, table for Cyrillic, Ukrainian exceptions',
    letters: `${UK}, г h, є ie, и y, і i, ї i, й i, ц ts, ш sh, щ shch, ь -, ' -, ю iu, я ia`,
  },
  {
    name: 'BGN/PCGN 1965 (Ukrainian)',
    language: 'uk',
    source: 'BGN/PCGN romanisation of Ukrainian, 1965; also Ukrainian-Latin/BGN of CLDR',
    letters: `${UK}, г h, є ye, и y, і i, ї yi, й y, ц ts, ш sh, щ shch, ь -, ' -, ю yu, я ya`,
  },
  {
    name: 'ICAO 9303 (Russian)',
    language: 'ru',
    source: 'ICAO Doc 9303 part 3 section 6; order 211 of the Russian Migration Service, 2014',
    letters: `${RU}, е e, ё e, й i, ц ts, ш sh, щ shch, ъ ie, ы y, ь -, э e, ю iu, я ia`,
  },
  {
    name: 'GOST R 52535.1-2006',
    language: 'ru',
    source: 'GOST R 52535.1-2006, Russian passports 2010 to 2013',
    letters: `${RU}, е e, ё e, й i, ц tc, ш sh, щ shch, ъ -, ы y, ь -, э e, ю iu, я ia`,
  },
  {
    name: 'order 310 of 1997',
    language: 'ru',
    source: 'Order 310 of the Russian Ministry of the Interior, 26 May 1997, Russian passports 2000 to 2010',
    letters: `${RU}, е e ye, ё e ye, й y, ц ts, ш sh, щ shch, ъ -, ы y, ь -, э e, ю yu, я ya`,
    groups: 'кс x',
    initialAfterVowels: true,
  },
  {
    name: 'BGN/PCGN 1947 (Russian)',
    language: 'ru',
    source: 'BGN/PCGN romanisation of Russian, 1947',
    letters: `${RU}, е e ye, ё e ye, й y, ц ts, ш sh, щ shch, ъ -, ы y, ь -, э e, ю yu, я ya`,
    initialAfterVowels: true,
  },
];
