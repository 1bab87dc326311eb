import { hashOf, mix } from './hash.ts';
import { surnameKeysOf } from './keys.ts';
import type { Name, Understanding } from './name.ts';
import { SurnameKeys } from './surname-keys.ts';
import { classesOf } from './surname-part.ts';

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
    const { given, surname, gender } = understanding;
    if (given.isInitial) continue;
    if (name.isArabic) {
      for (const one of surnameKeysOf(surname, gender, name)) withGiven(understanding, hashOf(one), emit);
      continue;
    }
    const keys = keysOfSurname(understanding);
    for (const one of keys.full) withGiven(understanding, one, emit);
    if (name.isSlavic && given.official.length > 0)
      for (const one of keys.border) withGiven(understanding, one, emit);
  }
}

function keysOfSurname({ surname, gender }: Understanding): SurnameKeys {
  const [only] = surname.words;
  if (surname.words.length === 1 && only !== undefined) return only.keysFor(gender);
  return new SurnameKeys(surname, gender);
}

function withGiven({ given }: Understanding, half: number, emit: (hash: number) => void): void {
  if (given.official.length > 0) for (const { hash } of given.official) emit(mix(half, hash));
  else for (const reading of given.readings) emit(mix(half, hashOf(reading)));
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
    if (name.mayBeArabic) eachSound(understanding, emit);
    const { given } = understanding;
    const keys = keysOfSurname(understanding);
    const isKnown = !given.isInitial && given.official.length + given.short.length > 0;
    for (const half of keys.skeletons) {
      if (isKnown) {
        for (const { hash } of given.official) emit(mix(half, hash));
        for (const { hash } of given.short) emit(mix(half, hash));
      }
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
    for (const half of keys.slips)
      if (given.official.length > 0) for (const { hash } of given.official) emit(mix(half, hash));
      else emit(mix(half, hashOf(given.readings[0] ?? '')));
  }
}

function eachSound({ surname, given }: Understanding, emit: (hash: number) => void): void {
  const classes = classesOf(surname);
  if (classes === '') return;
  const ofGiven = hashOf(given.word.sound?.classes ?? '');
  emit(mix(hashOf(classes, SOUND), ofGiven));
  // An article that is written together with the word may not be there in the other script.
  if (classes.length > 2 && classes.startsWith('l')) emit(mix(hashOf(classes.slice(1), SOUND), ofGiven));
}

const UNKNOWN = 0x10000;
const WHOLE = hashOf('whole');
const SOUND = hashOf('sound');
