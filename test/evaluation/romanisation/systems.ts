/** A system of romanisation: what each letter becomes, and where it becomes something else. */
export interface System {
  readonly name: string;
  readonly letters: ReadonlyMap<string, string>;
  /** At the beginning of a word. */
  readonly initial: ReadonlyMap<string, string>;
  /** After a vowel, ь, ъ or an apostrophe. */
  readonly afterVowel: ReadonlyMap<string, string>;
  /** Endings that are written in a way of their own: [ending in Cyrillic, in Latin]. */
  readonly endings: readonly (readonly [string, string])[];
}

interface Description {
  readonly letters: string;
  readonly initial?: string;
  readonly afterVowel?: string;
  readonly endings?: string;
}

/** `а a ж zh ь -`: letter, what it becomes; `-` is nothing. */
function pairs(text: string | undefined): Map<string, string> {
  const tokens = text === undefined ? [] : text.trim().split(/\s+/u);
  const map = new Map<string, string>();
  for (let index = 0; index + 1 < tokens.length; index += 2) {
    const [letter = '', latin = ''] = tokens.slice(index, index + 2);
    map.set(letter, latin === '-' ? '' : latin);
  }
  return map;
}

export function system(name: string, { letters, initial, afterVowel, endings }: Description): System {
  return {
    name,
    letters: pairs(letters),
    initial: pairs(initial),
    afterVowel: pairs(afterVowel),
    endings: [...pairs(endings)],
  };
}

const PLAIN = 'а a б b в v д d е e з z к k л l м m н n о o п p р r с s т t у u ф f';

/** Ukrainian. The official one since 2010 is also BGN/PCGN 2019 and ICAO 9303 for Ukraine. */
export const UKRAINIAN: readonly System[] = [
  system('KMU 55 (2010), BGN/PCGN 2019', {
    letters: `${PLAIN} г h ґ g є ie ж zh и y і i ї i й i х kh ц ts ч ch ш sh щ shch ь - ' - ю iu я ia зг zgh`,
    initial: 'є ye ї yi й y ю yu я ya',
  }),
  system('passport 2007', {
    letters: `${PLAIN} г g ґ g є ie ж zh и y і i ї i й i х kh ц ts ч ch ш sh щ shch ь - ' - ю iu я ia`,
  }),
  system('Legal Commission 1996', {
    letters: `${PLAIN} г h ґ g є ie ж zh и y і i ї i й i х kh ц ts ч ch ш sh щ sch ь - ' - ю iu я ia зг zgh`,
    initial: 'є ye ї yi й y ю yu я ya',
  }),
  system('BGN/PCGN 1965', {
    letters: `${PLAIN} г h ґ g є ye ж zh и y і i ї yi й y х kh ц ts ч ch ш sh щ shch ь - ' - ю yu я ya`,
  }),
  system('ISO/R 9 (1968)', {
    letters: `${PLAIN} г h ґ g є je ж ž и y і i ї ï й j х ch ц c ч č ш š щ šč ь ' ' - ю ju я ja`,
  }),
  system('Soviet passport (French)', {
    letters: `${PLAIN} г g ґ g є ie ж j и y і i ї i й i у ou х kh ц ts ч tch ш ch щ chtch ь - ' - ю iou я ia`,
  }),
];

/** Russian. */
export const RUSSIAN: readonly System[] = [
  system('ICAO 9303 (passport 2014)', {
    letters: `${PLAIN} г g ё e ж zh и i й i х kh ц ts ч ch ш sh щ shch ъ ie ы y ь - э e ю iu я ia`,
  }),
  system('GOST R 52535.1 (passport 2010)', {
    letters: `${PLAIN} г g ё e ж zh и i й i х kh ц tc ч ch ш sh щ shch ъ - ы y ь - э e ю iu я ia`,
  }),
  system('passport 1997', {
    letters: `${PLAIN} г g ё e ж zh и i й y х kh ц ts ч ch ш sh щ shch ъ - ы y ь - э e ю yu я ya`,
    initial: 'е ye ё ye',
    afterVowel: 'е ye ё ye',
  }),
  system('BGN/PCGN 1947', {
    letters: `${PLAIN} г g ё ë ж zh и i й y х kh ц ts ч ch ш sh щ shch ъ - ы y ь ' э e ю yu я ya`,
    initial: 'е ye ё yë',
    afterVowel: 'е ye ё yë',
  }),
  system('ISO/R 9 (1968)', {
    letters: `${PLAIN} г g ё ë ж ž и i й j х ch ц c ч č ш š щ šč ъ - ы y ь ' э è ю ju я ja`,
  }),
  system('Soviet passport (French)', {
    letters: `${PLAIN} г g ё e ж j и i й i у ou х kh ц ts ч tch ш ch щ chtch ъ - ы y ь - э e ю iou я ia`,
    endings: 'ин ine ий i ый y',
  }),
];

/** Belarusian. */
export const BELARUSIAN: readonly System[] = [
  system('ICAO 9303 (passport)', {
    letters: `${PLAIN} г h ё io ж zh і i й i ў u х kh ц ts ч ch ш sh ы y ь - э e ю iu я ia ' -`,
  }),
  system('BGN/PCGN 1979', {
    letters: `${PLAIN} г h е ye ё yo ж zh і i й y ў w х kh ц ts ч ch ш sh ы y ь - э e ю yu я ya ' -`,
  }),
  system('national 2007', {
    letters: `${PLAIN} г h е ie ё io ж ž і i й j ў ŭ х ch ц c ць ć нь ń зь ź сь ś ль ĺ ч č ш š ы y ь - э e ю iu я ia ' -`,
    initial: 'е je ё jo ю ju я ja',
    afterVowel: 'е je ё jo ю ju я ja',
  }),
];

/** Bulgarian. */
export const BULGARIAN: readonly System[] = [
  system('streamlined (law of 2009), BGN/PCGN 2013', {
    letters: `${PLAIN} г g ж zh и i й y х h ц ts ч ch ш sh щ sht ъ a ь y ю yu я ya`,
    endings: 'ия ia',
  }),
  system('BGN/PCGN 1952', {
    letters: `${PLAIN} г g ж zh и i й y х kh ц ts ч ch ш sh щ sht ъ ŭ ь ' ю yu я ya`,
  }),
  system('passport before 1999 (French)', {
    letters: `${PLAIN} г g ж j и i й i у ou х h ц tz ч tch ш ch щ cht ъ a ь i ю iou я ia`,
  }),
];

/** How people spell by ear: for each letter what they choose from, the likeliest first and oftenest. */
export const INFORMAL = {
  uk: `${PLAIN} г h|g ґ g є ye|ie|e|je ж zh|j и y|i і i ї yi|i|ji й y|i|j х h|kh ц ts|c|tz ч ch ш sh щ shch|sch|sh ь - ' - ю yu|iu|ju я ya|ia|ja кс ks|x ий yi|yy|iy|y|ii ій iy|ii|y|i`,
  ru: `${PLAIN} г g ё yo|e|io ж zh|j и i й y|i|j х h|kh|x ц ts|c|tz ч ch ш sh щ shch|sch|sh ъ - ы y|i ь - э e ю yu|u|ju я ya|ia|ja кс ks|x ий iy|y|ii|i|ij ый y|iy|yi ей ey|ei|ej ье ie|ye|e`,
  be: `${PLAIN} г g|h ё yo|e|io ж zh|j і i й y|i|j ў u|v|w х h|kh ц ts|c|t ч ch ш sh ы y|i ь - э e ю yu|u|ju я ya|ia|ja ' - дз dz|d`,
  bg: `${PLAIN} г g ж zh|j и i й y|i|j х h ц ts|c|tz ч ch ш sh щ sht ъ a|u|y ь y ю yu|iu|u я ya|ia|ja`,
} as const;
