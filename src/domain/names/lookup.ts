import { hashOf, hashWithout } from './hash.ts';
import {
  akanyeOf,
  classesOf,
  initialsOf,
  mayBeArabic,
  skeletonsOfSurname,
  surnameKeysOf,
  surnameReadings,
} from './keys.ts';
import type { Name } from './name.ts';
import { SHORTEST_WITH_SLIP } from './surname-agreement.ts';

/** More readings of one surname than this are not followed to slips. */
const MOST_SLIPPED = 3;

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
  for (const { given, surname, gender } of name.understandings) {
    if (given.isInitial) continue;
    for (const one of surnameKeysOf(surname, gender, name)) {
      const seed = hashOf(one);
      if (given.official.length > 0) for (const { id } of given.official) emit(hashOf(id, seed));
      else for (const reading of given.readings) emit(hashOf(reading, seed));
    }
    if (!name.isSlavic) continue;
    for (const one of akanyeOf(surname, gender)) {
      const seed = hashOf(one, BORDER);
      for (const { id } of given.official) emit(hashOf(id, seed));
    }
  }
}

/** Keys by which names meet that may be one person's: initials, diminutives, consonants, one slip in the surname. */
export function eachLooseKey(name: Name, emit: (hash: number) => void): void {
  if (name.isLabel || name.words === 1) {
    emit(hashOf(name.text, WHOLE));
    return;
  }
  if (name.understandings.length === 0 && name.words > 1) {
    for (const word of name.text.split(' ')) emit(hashOf(word, WHOLE));
    return;
  }
  for (const understanding of name.understandings) {
    const { surname, given, gender } = understanding;
    if (mayBeArabic(name)) {
      const classes = classesOf(surname);
      const ofGiven = given.word.sound?.classes ?? '';
      if (classes !== '') emit(hashOf(ofGiven, hashOf(classes, SOUND)));
      // An article that is written together with the word may not be there in the other script.
      if (classes.length > 2 && classes.startsWith('l'))
        emit(hashOf(ofGiven, hashOf(classes.slice(1), SOUND)));
    }
    const initials = initialsOf(understanding);
    for (const skeleton of skeletonsOfSurname(surname)) {
      // A woman's surname may end in a vowel where the other spelling has none.
      const seed = hashOf(/[аи]$/u.test(skeleton) ? skeleton.slice(0, -1) : skeleton, SKELETON);
      for (const letter of initials) emit(hashOf(letter, seed));
    }
    if (!given.isInitial)
      eachSlip(name, surnameReadings(surname, gender), surname.text, understanding.given, emit);
  }
}

function eachSlip(
  { isArabic }: Name,
  readings: readonly string[],
  text: string,
  { official, readings: ofGiven }: Name['understandings'][number]['given'],
  emit: (hash: number) => void,
): void {
  const spellings = isArabic ? [text] : readings.slice(0, MOST_SLIPPED);
  // Where one letter is read as two, a slip shows as it is written.
  if (!isArabic && /[юя]/u.test(text)) spellings.push(text);
  for (const spelling of spellings) {
    if (spelling.length < (isArabic ? 4 : SHORTEST_WITH_SLIP - 1)) continue;
    for (let left = -1; left < spelling.length; left += 1) {
      const seed = hashWithout(spelling, left, SLIP);
      if (official.length > 0) for (const { id } of official) emit(hashOf(id, seed));
      else emit(hashOf(ofGiven[0] ?? '', seed));
    }
  }
}

const BORDER = hashOf('border');
const WHOLE = hashOf('whole');
const SOUND = hashOf('sound');
const SKELETON = hashOf('skeleton');
const SLIP = hashOf('slip');
