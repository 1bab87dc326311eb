/**
 * How a name is written in Latin letters.
 *
 * - `kmu`: Ukrainian by the Cabinet's decision 55 of 2010 (positional, зг → zgh).
 * - `icao`: Ukrainian letters by the tables of ICAO document 9303 for travel papers.
 * - `passport`: Russian letters by the same document, as Russian passports have it.
 */
export type LatinStyle = 'kmu' | 'icao' | 'passport';

type Letters = Readonly<Record<string, string>>;

const SHARED: Letters = letters(
  'а a б b в v д d е e ж zh з z к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh щ shch',
);
const KMU: Letters = {
  ...SHARED,
  ...letters('г h ґ g и y і i є ie ї i й i ю iu я ia'),
};
const KMU_INITIAL: Letters = letters('є ye ї yi й y ю yu я ya');
const ICAO: Letters = { ...SHARED, ...letters('г h ґ g и y і i є ie ї i й i ю iu я ia') };
const PASSPORT: Letters = { ...SHARED, ...letters('г g ё e и i й i ъ ie ы y э e ю iu я ia') };

/** Writes Cyrillic words in Latin letters; what is no letter of the table stays, soft signs and apostrophes go. */
export function transliterate(text: string, style: LatinStyle): string {
  const table = { kmu: KMU, icao: ICAO, passport: PASSPORT }[style];
  const lower = text.toLowerCase();
  let latin = '';
  for (let at = 0; at < text.length; at += 1) {
    const letter = lower.charAt(at);
    const before = lower.charAt(at - 1);
    if (/[ь'’ʼ`]/u.test(letter)) continue;
    const isInitial = at === 0 || /[\s-]/u.test(before);
    let written = table[letter] ?? letter;
    if (style === 'kmu' && isInitial) written = KMU_INITIAL[letter] ?? written;
    if (style === 'kmu' && letter === 'г' && before === 'з') written = 'gh';
    latin += letter === text.charAt(at) ? written : capital(written);
  }
  return latin;
}

/** Writes a Ukrainian surname as Russian papers do; the given name has a form of its own. */
export function russify(surname: string): string {
  return surname
    .replace(/['’]є/gu, 'ье')
    .replace(/(с|ц)ький$/u, '$1кий')
    .replace(/(с|ц)ька$/u, '$1кая')
    .replace(/[іїІЇ]/gu, (letter) => (/[ІЇ]/u.test(letter) ? 'И' : 'и'))
    .replace(/[єЄ]/gu, (letter) => (letter === 'Є' ? 'Е' : 'е'))
    .replace(/ьо/gu, 'е')
    .replace(/йо/gu, 'ье');
}

function letters(list: string): Letters {
  const parts = list.split(' ');
  const table: Record<string, string> = {};
  for (let at = 0; at < parts.length; at += 2) table[parts[at] ?? ''] = parts[at + 1] ?? '';
  return table;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
