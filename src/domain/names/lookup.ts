import { hashOf, mix } from './hash.ts';
import type { Name, Understanding } from './name.ts';
import { slipKey, SurnameKeys } from './surname-keys.ts';

/**
 * The keys of a name as numbers: those of `keysOf`, and those by which a Belarusian spelling meets another one. For the
 * many names of a batch, where the texts of the keys would cost more than the names.
 */
export function eachKey(name: Name, emit: (hash: number) => void): void {
  if (name.words === 0) return;
  if (name.understandings.length === 0) {
    if (name.words > 1) emit(hashOf(name.text.split(' ').toSorted().join(' ')));
    return;
  }
  for (const understanding of name.understandings) {
    const { given, gender } = understanding;
    if (given.isInitial) continue;
    const keys = keysOfSurname(understanding);
    for (const half of name.isArabic ? keys.fullArabic(name.script, gender) : keys.full(gender))
      for (const key of given.keys) emit(mix(half, key));
    if (name.isSlavic && given.official.length > 0)
      for (const half of keys.border(gender)) for (const key of given.keys) emit(mix(half, key));
  }
}

function keysOfSurname({ surname }: Understanding): SurnameKeys {
  const [only] = surname.words;
  if (surname.words.length === 1 && only !== undefined) return only.surnameKeys;
  return new SurnameKeys(surname);
}

/**
 * Keys by which names meet that may be one person's: initials, diminutives, consonants, one slip in the surname. Those of a
 * name that lies in the buckets, and those of one that is looked up there, are not the same: two given names that the
 * tables know meet by what they are and not by their first letter.
 */
export function eachLooseKey(name: Name, side: 'stored' | 'sought', emit: (hash: number) => void): void {
  if (name.isLabel || name.words === 1) {
    emit(hashOf(name.text, WHOLE));
    return;
  }
  if (name.understandings.length === 0) {
    if (name.words > 1) for (const word of name.text.split(' ')) emit(hashOf(word, WHOLE));
    return;
  }
  for (const understanding of name.understandings) {
    const { given } = understanding;
    const keys = keysOfSurname(understanding);
    if (name.mayBeArabic) for (const half of keys.sounds) emit(mix(half, given.word.soundKey));
    const isKnown = !given.isInitial && given.knownKeys.length > 0;
    for (const half of keys.skeletons) {
      if (isKnown) for (const key of given.knownKeys) emit(mix(half, key));
      for (const letter of given.initials) {
        const first = letter.charCodeAt(0);
        // Known names are found by the others under their letter, and find only the others there.
        if (side === 'stored') emit(mix(half, isKnown ? first : first + UNKNOWN));
        else {
          emit(mix(half, first + UNKNOWN));
          if (!isKnown) emit(mix(half, first));
        }
      }
    }
    if (given.isInitial) continue;
    // Of an unknown given name one reading is enough.
    const known = given.official.length > 0 ? given.keys.length : 1;
    for (const spelling of keys.slipped)
      for (let left = -1; left < spelling.length; left += 1) {
        const half = slipKey(spelling, left);
        for (let place = 0; place < known; place += 1) emit(mix(half, given.keys[place] ?? 0));
      }
  }
}

const UNKNOWN = 0x10000;
const WHOLE = hashOf('whole');
