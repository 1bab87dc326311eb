import { foldIdentifier } from './fold.ts';
import { surnameReadings } from './surname-part.ts';
import type { Name } from './name.ts';
import { meet, readingsOf } from './reading.ts';

/**
 * Does a login, or the local part of an e-mail address, bear a name: its surname as a word, alone or beside the given name or
 * its initial (i.kovalenko, kovalenkoi, ivan_kovalenko)?
 */
export function namedBy(identifier: string | null, name: Name): boolean {
  const folded = foldIdentifier(identifier);
  if (folded === null || name.understandings.length === 0) return false;
  const words = folded.split(/[^\p{L}]+/u).filter((word) => word.length >= 3);
  if (words.length === 0) return false;
  const spellings = words.flatMap((word) => [word, word.slice(1), word.slice(0, -1), word.slice(0, -2)]);
  const read = spellings.filter((word) => word.length >= 4).flatMap((word) => readingsOf(word));
  return name.understandings.some(({ surname, gender }) => {
    // Arabic surnames are borne with particles written together, and the vowels are anybody's guess.
    if (name.isArabic) return surname.text.length >= 4 && words.some((word) => word.includes(surname.text));
    return meet(read, surnameReadings(surname, gender)) || meet(read, surnameReadings(surname, null));
  });
}
