/**
 * Letters that look alike in Latin and Cyrillic type, upper and lower case apart (a capital В looks like a Latin B, a
 * small в does not). Source: Unicode Technical Standard 39, confusables.txt, cut down to the letters of Ukrainian,
 * Russian and Belarusian names.
 */
const PAIRS = 'AА BВ CС EЕ HН IІ ÏЇ JЈ KК MМ OО PР SЅ TТ XХ YУ aа cс eе iі ïї jј oо pр sѕ xх yу';

const pairs: readonly (readonly [string, string])[] = PAIRS.split(' ').map((pair) => {
  const [latin = '', cyrillic = ''] = Array.from(pair);
  return [latin, cyrillic];
});

/** Latin letter → the Cyrillic letter that looks the same. */
export const CYRILLIC_OF: ReadonlyMap<string, string> = new Map(pairs);

/** Cyrillic letter → the Latin letter that looks the same. */
export const LATIN_OF: ReadonlyMap<string, string> = new Map(
  pairs.map(([latin, cyrillic]) => [cyrillic, latin]),
);
