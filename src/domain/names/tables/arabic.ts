/**
 * Arabic letters that are written one for the other, and the consonants that a Latin spelling keeps. Arabic is written
 * without short vowels, so a Latin spelling can only be met by its consonants, which is a weak meeting at best.
 * Sources: Unicode chapter 9.2 (letter forms, harakat, tatweel); BGN/PCGN 1956 and ALA-LC for the Latin side.
 */
export const SAME_LETTER: ReadonlyMap<string, string> = new Map(
  // alef with hamza or madda, alef maqsura, taa marbuta, hamza on a seat, Persian kaf and yeh
  'أا إا آا ٱا ىي ئي ؤو ةه کك یي ےي ہه'.split(' ').map((pair) => {
    const [from = '', to = ''] = Array.from(pair);
    return [from, to];
  }),
);

/** Arabic letter → the class of its consonant; letters that are missing here leave no trace in a Latin spelling. */
export const CONSONANTS: ReadonlyMap<string, string> = new Map(
  [
    'ب b, پ b, ت t, ث t, ط t, ج j, چ j, خ k, ق k, ك k, گ j, غ j, د d, ذ d, ض d, ر r, ز s, ژ s, س s, ش s, ص s, ظ s',
    'ف f, ڤ f, ل l, م m, ن n',
  ]
    .join(', ')
    .split(', ')
    .map((pair) => {
      const [letter = '', consonant = ''] = pair.split(' ');
      return [letter, consonant];
    }),
);

/** Latin letter → the class of its consonant; vowels, y, w and h leave no trace (kh, gh, sh, th, dh lose their h). */
export const LATIN_CONSONANTS: ReadonlyMap<string, string> = new Map(
  'b b, p b, t t, j j, g j, k k, q k, c k, x k, d d, r r, z s, s s, f f, v f, l l, m m, n n'
    .split(', ')
    .map((pair) => {
      const [letter = '', consonant = ''] = pair.split(' ');
      return [letter, consonant];
    }),
);
