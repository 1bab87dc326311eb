/**
 * How the letters of Slavic names are read. Every spelling, in whatever script, is read back to one phonetic spelling in
 * Cyrillic letters ("reading"); where a Latin spelling leaves open which Cyrillic letter stood there, it has several
 * readings. Two spellings can be the same name exactly when they have a reading in common. So Homenko can be Гоменко or
 * Хоменко, while Khomenko is Хоменко only, and Бойко and Байко never meet.
 *
 * In a reading и stands for и і ы ї й, е for є е э ё, г for г ґ; ь, the hard sign before a vowel and the apostrophe are
 * left out; ю and я are иу and иа; ий and ії are и; ъ is the Bulgarian vowel, which Latin spellings write a, u or y.
 * Doubled letters stay: a doubled letter is a slip more often than a spelling.
 *
 * Sources of the Latin spellings.
 * Ukrainian: resolution 55 of the Cabinet of Ministers of 27 January 2010 (KMU-55) = BGN/PCGN 2019; the passports of
 * 2007 to 2010 (resolution 858 of the Cabinet of Ministers: г is g); the Legal Commission of 1996 (щ is sch);
 * BGN/PCGN 1965; ICAO Doc 9303 part 3 section 6; ISO/R 9:1968; Soviet passports, spelled the French way.
 * Russian: ICAO Doc 9303 = order 211 of the Migration Service of 2014; GOST R 52535.1-2006; order 310 of the Ministry of
 * the Interior of 1997; BGN/PCGN 1947; ISO/R 9:1968 and ISO 9:1995 as far as it keeps to carons; Soviet passports.
 * Belarusian: ICAO Doc 9303; BGN/PCGN 1979; the national system of 2000 and 2007 (ŭ, č, š, ž, ch for х, c for ц).
 * Bulgarian: the transliteration act of 2009 = BGN/PCGN 2013; BGN/PCGN 1952 (ŭ for ъ); passports before 1999, spelled the
 * French way.
 * And common informal spellings (h for х, sch for щ, j for й or ж, w for в, x for кс, u for ў, and for ю at the beginning).
 */

/**
 * How somebody writes in Latin letters, as far as it decides how the letters are read: `french` where ou is у, ch is ш and
 * j is ж (Soviet and older Bulgarian passports), `carons` where č, š or j stand in the name and ch may be х; `arabic` where
 * the name is Arabic (tables/arabic.ts).
 */
export type Hand = 'usual' | 'french' | 'carons' | 'arabic';

/** Signs by which the hand of a Latin name is known. */
export const SIGNS_OF_FRENCH = /tch|cht|i?ou(?=[bcdfghjklmnprstvz]|$)|gue/u;
export const SIGNS_OF_CARONS = /[čšžŝŭćśźńĺ]|j(?![aeiouy])|(?<=[^d])j[aeu]/u;

export interface LetterRule {
  /** Letters as they are spelled. */
  readonly spelled: string;
  /** Only at the beginning of the token, after a vowel, or before these letters (`.` is the end of the token). */
  readonly where?: 'initial' | 'after-vowel' | 'after-consonant';
  readonly before?: string;
  /** In this hand only; stands before the rule for all hands. */
  readonly hand?: Hand;
  /** What it may stand for. */
  readonly read: readonly string[];
}

export const CYRILLIC_RULES: readonly LetterRule[] = [
  // Ukrainian ьо and Russian ё, ьё are one sound: Ковальов, Ковалёв, Ковалев; Latin Kovalov, Kovalyov, Kovalev.
  { spelled: 'ьо', read: ['е', 'о', 'ио'] },
  { spelled: 'ьё', read: ['е', 'о', 'ио', 'ие'] },
  { spelled: 'ё', read: ['е', 'о', 'ио'] },
  { spelled: 'йо', where: 'after-consonant', read: ['е', 'ио'] },
  // Братський is Брацкий and Bratskyi.
  { spelled: 'тс', read: ['тс', 'ц'] },
  { spelled: 'шч', read: ['щ', 'шч'] },
  // The Belarusian ў is written w, u or ŭ; at the beginning of a word after a vowel it may be dropped to у.
  { spelled: 'ў', read: ['в', 'у'] },
  ...letters('а а, б б, в в, г г, ґ г, ѓ г, д д, е е, є е, э е, ж ж, з з, и и, і и, ы и, ї и, й и, ј и, к к'),
  ...letters('л л, м м, н н, о о, п п, р р, с с, т т, у у, ф ф, х х, ц ц, ч ч, ш ш, щ щ, ю иу, я иа'),
  ...letters('ѕ з, ћ ч, ђ дж, љ ли, њ ни, џ дж'),
  { spelled: 'ь', read: [''] },
  { spelled: 'ъ', before: 'еёюяєї', read: [''] },
  { spelled: 'ъ', read: ['ъ', 'а', 'у', 'и'] },
];

export const LATIN_RULES: readonly LetterRule[] = [
  { spelled: 'chtch', hand: 'french', read: ['щ'] },
  { spelled: 'cht', hand: 'french', read: ['шт', 'щ', 'чт'] },
  { spelled: 'ch', hand: 'french', read: ['ш', 'ч'] },
  { spelled: 'dj', hand: 'french', read: ['дж'] },
  { spelled: 'j', hand: 'french', read: ['ж', 'и'] },
  { spelled: 'gu', before: 'ei', hand: 'french', read: ['г', 'гу'] },
  { spelled: 'ine', before: '.', hand: 'french', read: ['ин', 'ине'] },
  { spelled: 'ch', hand: 'carons', read: ['ч', 'х'] },
  { spelled: 'c', hand: 'carons', read: ['ц', 'к'] },
  { spelled: 'schtsch', read: ['щ'] },
  { spelled: 'shch', read: ['щ'] },
  { spelled: 'szcz', read: ['щ'] },
  { spelled: 'shh', read: ['щ'] },
  { spelled: 'tsch', read: ['ч'] },
  { spelled: 'sht', read: ['шт', 'щ'] },
  { spelled: 'sch', read: ['щ', 'ш', 'сч'] },
  { spelled: 'tch', read: ['ч'] },
  { spelled: 'sh', read: ['ш'] },
  { spelled: 'sz', read: ['ш'] },
  { spelled: 'ch', read: ['ч'] },
  { spelled: 'cz', read: ['ч'] },
  // KMU-55 writes зг as zgh (read by z + gh); ICAO 9303 writes it zh, like ж.
  { spelled: 'zh', read: ['ж', 'зг'] },
  { spelled: 'kh', read: ['х'] },
  { spelled: 'gh', read: ['г'] },
  { spelled: 'ph', read: ['ф', 'пх'] },
  { spelled: 'th', read: ['т'] },
  { spelled: 'ck', read: ['к', 'цк'] },
  { spelled: 'ts', read: ['ц', 'тс'] },
  { spelled: 'tz', read: ['ц'] },
  { spelled: 'tc', read: ['ц'] },
  // Russian passports before 2000 were spelled the French way.
  { spelled: 'ou', read: ['у', 'оу'] },
  { spelled: 'iou', read: ['иу', 'иоу'] },
  { spelled: 'yo', read: ['ио', 'е'] },
  { spelled: 'io', read: ['ио', 'е'] },
  { spelled: 'jo', read: ['ио', 'е'] },
  // є, and е at the beginning or after a vowel; after a consonant ie is also и + е: Serhienko, Vasylieva.
  ...['ye', 'ie', 'je'].flatMap((spelled): LetterRule[] => [
    { spelled, where: 'after-consonant', read: ['ие', 'е'] },
    { spelled, read: ['е'] },
  ]),
  { spelled: 'dj', read: ['дж', 'ди'] },
  { spelled: 'j', before: 'aeiouy', read: ['и', 'ж'] },
  // After a vowel the Belarusian ў, after a consonant the Bulgarian ъ.
  { spelled: 'ŭ', where: 'after-vowel', read: ['в', 'у'] },
  { spelled: 'ŭ', read: ['ъ'] },
  { spelled: 'c', before: 'eiy', read: ['ц'] },
  { spelled: 'c', read: ['к', 'ц'] },
  { spelled: 'h', read: ['г', 'х'] },
  { spelled: 'x', read: ['кс', 'х'] },
  // Uliya for Юлія, Uruk for Юрук: at the beginning many write ю by its second sound.
  { spelled: 'u', where: 'initial', read: ['у', 'иу'] },
  ...letters(
    'a а, b б, d д, e е, f ф, g г, i и, j и, k к, l л, m м, n н, o о, p п, q к, r р, s с, t т, u у, v в',
  ),
  ...letters('w в, y и, z з'),
];

/** Latin letters with marks that are more than a decoration; all others lose their mark. */
export const MARKED_LATIN: ReadonlyMap<string, string> = new Map(
  'ž zh, č ch, š sh, ŝ shch, ø o, ł l, ß ss, æ ae, œ oe, ð d, þ th, đ d, ı i'.split(', ').map((pair) => {
    const [letter = '', plain = ''] = pair.split(' ');
    return [letter, plain];
  }),
);

function letters(list: string): LetterRule[] {
  return list.split(', ').map((pair) => {
    const [spelled = '', read = ''] = pair.split(' ');
    return { spelled, read: [read] };
  });
}

/** What a lone Latin letter may be the first of: J. Kovalenko is Julia, Zhanna (French spelling) or Eugene in Cyrillic. */
export const LATIN_INITIALS: ReadonlyMap<string, readonly string[]> = new Map(
  'c кцчс, e е, g гж, h гх, i ие, j ижед, k кх, p пф, s сшщ, t тц, u уи, x кх, y ие, z зжц'
    .split(', ')
    .map((pair) => {
      const [letter = '', read = ''] = pair.split(' ');
      return [letter, Array.from(read)];
    }),
);
