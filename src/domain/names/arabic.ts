import { CONSONANTS, LATIN_CONSONANTS, SAME_LETTER } from './tables/arabic.ts';

/**
 * One spelling of an Arabic word: letters that are written one for the other are one, a lone hamza is gone, and so is
 * the article if `dropArticle` says so (inside عبدالرحمن it belongs to the name).
 */
export function foldArabic(word: string, dropArticle: boolean): string {
  let folded = '';
  for (const letter of word) folded += letter === 'ء' ? '' : (SAME_LETTER.get(letter) ?? letter);
  return dropArticle && folded.startsWith('ال') && folded.length >= 5 && folded !== 'الله'
    ? folded.slice(2)
    : folded;
}

/** The consonants that Arabic and Latin spellings of one word have in common; empty when there are none. */
export function consonantsOf(word: string): string {
  let consonants = '';
  for (const letter of word) {
    const consonant = CONSONANTS.get(letter) ?? LATIN_CONSONANTS.get(letter) ?? '';
    if (!consonants.endsWith(consonant) || consonant === '') consonants += consonant;
  }
  return consonants;
}
