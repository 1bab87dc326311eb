import type { Gender } from './given-names.ts';
import { hashOf, hashWithout } from './hash.ts';
import type { SurnamePart } from './parts.ts';
import { akanyeOf, openReadings, skeletonsOfSurname, slippedReadings } from './surname-part.ts';
import { SHORTEST_WITH_SLIP } from './surname-agreement.ts';

/** More readings of one surname than this are not followed to slips. */
const MOST_SLIPPED = 2;

const BORDER = hashOf('border');
const SKELETON = hashOf('skeleton');
const SLIP = hashOf('slip');

/** The halves of keys that a surname gives, as numbers; what a given name adds makes them whole (lookup.ts). */
export class SurnameKeys {
  readonly #surname: SurnamePart;
  readonly #gender: Gender | null;
  #full: readonly number[] | undefined;
  #border: readonly number[] | undefined;
  #skeletons: readonly number[] | undefined;
  #slips: readonly number[] | undefined;

  constructor(surname: SurnamePart, gender: Gender | null) {
    this.#surname = surname;
    this.#gender = gender;
  }

  /** Readings, in the form that men bear. */
  get full(): readonly number[] {
    this.#full ??= openReadings(this.#surname, this.#gender).map((reading) => hashOf(reading));
    return this.#full;
  }

  /** Where Belarusian spellings meet others. */
  get border(): readonly number[] {
    this.#border ??= akanyeOf(this.#surname, this.#gender).map((one) => hashOf(one, BORDER));
    return this.#border;
  }

  get skeletons(): readonly number[] {
    // A woman's surname may end in a vowel where the other spelling has none.
    this.#skeletons ??= skeletonsOfSurname(this.#surname).map((skeleton) =>
      hashOf(/[аи]$/u.test(skeleton) ? skeleton.slice(0, -1) : skeleton, SKELETON),
    );
    return this.#skeletons;
  }

  /** The readings, and what is left of each when one letter is left out. */
  get slips(): readonly number[] {
    this.#slips ??= slipsOf(this.#surname);
    return this.#slips;
  }
}

function slipsOf(surname: SurnamePart): readonly number[] {
  const { text, words } = surname;
  const isArabic = words[0]?.script === 'arabic';
  const spellings = isArabic ? [text] : slippedReadings(surname).slice(0, MOST_SLIPPED);
  // Where one letter is read as two, a slip shows as it is written.
  if (!isArabic && /[юя]/u.test(text)) spellings.push(text);
  const hashes = new Set<number>();
  for (const spelling of spellings)
    if (spelling.length >= (isArabic ? 4 : SHORTEST_WITH_SLIP - 1))
      for (let left = -1; left < spelling.length; left += 1) hashes.add(hashWithout(spelling, left, SLIP));
  return [...hashes];
}
