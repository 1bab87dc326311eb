/**
 * Arabic letters that are written one for the other, and the sounds that Arabic, Latin and Cyrillic spellings of an Arabic
 * name have in common. Arabic is written without short vowels, so that across the scripts only the consonants can meet,
 * which is a weak meeting at best; two Latin spellings also have vowels to compare. Sources: Unicode chapter 9.2 (letter
 * forms, harakat, tatweel); for the Latin side BGN/PCGN 1956, ALA-LC 2012, UN 2017 and the spellings of French (ch, dj,
 * ou) and Egyptian (g for ج) documents.
 */
export const SAME_LETTER: ReadonlyMap<string, string> = new Map(
  // alef with hamza or madda, alef maqsura, taa marbuta, hamza on a seat, Persian kaf and yeh
  'أا إا آا ٱا ىي ئي ؤو ةه کك یي ےي ہه'.split(' ').map((pair) => {
    const [from = '', to = ''] = Array.from(pair);
    return [from, to];
  }),
);

/**
 * Letter → sound. Emphatic and plain letters are one, as they are in Latin; x is خ, q غ, c ش, o ث, z ذ ظ ز. Letters that
 * are missing here are vowels, or leave no trace.
 */
export const ARABIC_SOUNDS: ReadonlyMap<string, string> = rows(
  'ب b, پ b, ت t, ط t, ث o, ج j, چ j, گ j, ح h, ه h, خ x, د d, ض d, ذ z, ظ z, ز z, ژ z, ر r, س s, ص s, ش c, غ q, ' +
    'ف f, ڤ f, ق k, ك k, ل l, م m, ن n',
);

/** Latin letters, longest first → sound. */
export const LATIN_SOUNDS: readonly (readonly [string, string])[] = [
  ...rows(
    'tch c, sch c, kh x, gh q, sh c, ch c, th o, dh z, dj j, ph f, b b, p b, t t, g j, j j, k k, q k, c k, x k, d d, ' +
      'z z, r r, s s, f f, v f, l l, m m, n n, h h',
  ),
];

/** Cyrillic letters, longest first → sound: Arabic names in Ukrainian or Russian documents. */
export const CYRILLIC_SOUNDS: readonly (readonly [string, string])[] = [
  ...rows(
    'дж j, б b, п b, т t, г j, ґ j, ж j, к k, х h, д d, з z, р r, с s, ш c, ц s, ч c, ф f, л l, м m, н n',
  ),
];

/** Sounds that one spelling or another does not keep apart → their class; h often is not written at all. */
export const CLASSES: ReadonlyMap<string, string> = rows('x k, q g, j g, c s, o t, z d, h -');

/** Latin vowels, longest first → what they may be: a 1, i 2, u 4; e is a or i (8), ou is u or aw (16). */
export const LATIN_VOWELS: readonly (readonly [string, number])[] = [
  ['ee', 2],
  ['oo', 4],
  ['ou', 4 | 16],
  ['a', 1],
  ['e', 8],
  ['i', 2],
  ['y', 2],
  ['o', 4],
  ['u', 4],
  ['w', 4],
];

function rows(table: string): Map<string, string> {
  return new Map(
    table.split(', ').map((row) => {
      const [from = '', to = ''] = row.split(' ');
      return [from, to === '-' ? '' : to];
    }),
  );
}
