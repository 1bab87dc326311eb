/**
 * Endings of Ukrainian, Russian and Belarusian patronymics, as readings (tables/readings.ts: и for і/и/ї/й, е for є/ё), longest
 * first. What stands before the ending is the father's name without its last vowels. Our own list.
 */
export const PATRONYMIC_ENDINGS: readonly { readonly ending: string; readonly gender: 'male' | 'female' }[] =
  [
    { ending: 'инична', gender: 'female' },
    // Belarusian: Іванаўна, Пятроўна, Сяргееўна; ў is в or у (tables/readings.ts).
    { ending: 'авна', gender: 'female' },
    { ending: 'ауна', gender: 'female' },
    { ending: 'оуна', gender: 'female' },
    { ending: 'еуна', gender: 'female' },
    { ending: 'ивна', gender: 'female' },
    { ending: 'евна', gender: 'female' },
    { ending: 'овна', gender: 'female' },
    { ending: 'ична', gender: 'female' },
    { ending: 'ович', gender: 'male' },
    { ending: 'авич', gender: 'male' },
    { ending: 'евич', gender: 'male' },
    { ending: 'ич', gender: 'male' },
  ];

/** Turkic patronymics stand after the father's name: Ельчин Рустам огли. */
export const PATRONYMIC_WORDS: ReadonlySet<string> = new Set(
  'огли оглы кизи кызы ogly oglu kyzy kizi qizi'.split(' '),
);

/**
 * Fathers' names that change inside before the ending, as readings: what is left of the patronymic → the name.
 * Львович is of Лев, Яковлевич and Якович of Яків, Павлович of Павел.
 */
export const IRREGULAR_STEMS: ReadonlyMap<string, string> = new Map([
  ['лв', 'лев'],
  ['иаковл', 'иакив'],
  ['иакавл', 'иакив'],
  ['иакаул', 'иакив'],
  ['иак', 'иакив'],
  ['павл', 'павло'],
  ['петр', 'петро'],
  ['федор', 'федир'],
  ['прокоп', 'прокип'],
  ['сидор', 'сидир'],
  ['михаил', 'михаило'],
  ['семен', 'семен'],
  ['кузм', 'кузма'],
  ['лукиан', 'лукиан'],
  ['тихон', 'тихин'],
]);

/** Surnames that end like patronymics; beside a given name they are read as surnames. */
export const SHORTEST_STEM = 2;
