import type { Script } from './fold.ts';
import type { Gender } from './given-names.ts';
import { hashOf, hashWithout } from './hash.ts';
import type { SurnamePart } from './parts.ts';
import {
  akanyeOf,
  arabicSurnameKeys,
  classesOf,
  latinArabicSurnameKeys,
  openReadings,
  skeletonsOfSurname,
  slippedReadings,
} from './surname-part.ts';
import { SHORTEST_WITH_SLIP } from './surname-agreement.ts';

/** More readings of one surname than this are not followed to slips. */
const MOST_SLIPPED = 2;

const BORDER = hashOf('border');
const SKELETON = hashOf('skeleton');
const SLIP = hashOf('slip');
const SOUND = hashOf('sound');

/** The halves of keys that a surname gives, as numbers; what a given name adds makes them whole (lookup.ts). */
export class SurnameKeys {
  readonly #surname: SurnamePart;
  readonly #gender: Gender | null;
  /** The same surname whoever bears it, for the keys that do not depend on the gender. */
  readonly #anybodys: SurnameKeys | null;
  #full: readonly number[] | undefined;
  #border: readonly number[] | undefined;
  #skeletons: readonly number[] | undefined;
  #slips: readonly number[] | undefined;
  #arabic: readonly number[] | undefined;
  #latinArabic: readonly number[] | undefined;
  #sounds: readonly number[] | undefined;

  constructor(surname: SurnamePart, gender: Gender | null, anybodys: SurnameKeys | null = null) {
    this.#surname = surname;
    this.#gender = gender;
    this.#anybodys = anybodys;
  }

  /** Readings, in the form that men bear. */
  get full(): readonly number[] {
    this.#full ??= openReadings(this.#surname, this.#gender).map((reading) => hashOf(reading));
    return this.#full;
  }

  /** Of an Arabic name: what its spellings in one script have in common. */
  fullArabic(script: Script): readonly number[] {
    if (script === 'arabic') {
      this.#arabic ??= arabicSurnameKeys(this.#surname).map((key) => hashOf(key));
      return this.#arabic;
    }
    if (script !== 'latin') return this.full;
    if (this.#anybodys !== null) return this.#anybodys.fullArabic(script);
    this.#latinArabic ??= latinArabicSurnameKeys(this.#surname).map((key) => hashOf(key));
    return this.#latinArabic;
  }

  /** Where Belarusian spellings meet others. */
  get border(): readonly number[] {
    this.#border ??= akanyeOf(this.#surname, this.#gender).map((one) => hashOf(one, BORDER));
    return this.#border;
  }

  get skeletons(): readonly number[] {
    if (this.#anybodys !== null) return this.#anybodys.skeletons;
    // A woman's surname may end in a vowel where the other spelling has none.
    this.#skeletons ??= skeletonsOfSurname(this.#surname).map((skeleton) =>
      hashOf(/[аи]$/u.test(skeleton) ? skeleton.slice(0, -1) : skeleton, SKELETON),
    );
    return this.#skeletons;
  }

  /** The readings, and what is left of each when one letter is left out. */
  get slips(): readonly number[] {
    if (this.#anybodys !== null) return this.#anybodys.slips;
    this.#slips ??= slipsOf(this.#surname);
    return this.#slips;
  }

  /** Its sound as an Arabic surname; an article that is written together with it may not be there in the other script. */
  get sounds(): readonly number[] {
    if (this.#anybodys !== null) return this.#anybodys.sounds;
    this.#sounds ??= soundsOf(classesOf(this.#surname));
    return this.#sounds;
  }
}

function soundsOf(classes: string): readonly number[] {
  if (classes === '') return [];
  const whole = hashOf(classes, SOUND);
  return classes.length > 2 && classes.startsWith('l') ? [whole, hashOf(classes.slice(1), SOUND)] : [whole];
}

function slipsOf(surname: SurnamePart): readonly number[] {
  const { text, words } = surname;
  const isArabic = words[0]?.script === 'arabic';
  const spellings = isArabic ? [text] : slippedReadings(surname).slice(0, MOST_SLIPPED);
  // Where one letter is read as two, a slip shows as it is written.
  if (!isArabic && /[юя]/u.test(text)) spellings.push(text);
  const hashes: number[] = [];
  for (const spelling of spellings)
    if (spelling.length >= (isArabic ? 4 : SHORTEST_WITH_SLIP - 1))
      for (let left = -1; left < spelling.length; left += 1) {
        const hash = hashWithout(spelling, left, SLIP);
        if (!hashes.includes(hash)) hashes.push(hash);
      }
  return hashes;
}
