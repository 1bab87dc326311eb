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

const SHORTEST_ARABIC_WITH_SLIP = 4;

const BORDER = hashOf('border');
const SKELETON = hashOf('skeleton');
const SLIP = hashOf('slip');
const SOUND = hashOf('sound');

/** The halves of keys that a surname gives, as numbers; what a given name adds makes them whole (lookup.ts). */
export class SurnameKeys {
  readonly #surname: SurnamePart;
  #full: readonly number[] | undefined;
  #fullOfMan: readonly number[] | undefined;
  #fullOfWoman: readonly number[] | undefined;
  #border: readonly number[] | undefined;
  #borderOfWoman: readonly number[] | undefined;
  #skeletons: readonly number[] | undefined;
  #slipped: readonly string[] | undefined;
  #arabic: readonly number[] | undefined;
  #latinArabic: readonly number[] | undefined;
  #sounds: readonly number[] | undefined;

  constructor(surname: SurnamePart) {
    this.#surname = surname;
  }

  /** Readings, in the form that men bear. */
  full(gender: Gender | null): readonly number[] {
    if (gender === 'male') return (this.#fullOfMan ??= this.#readingsOf(gender));
    if (gender === 'female') return (this.#fullOfWoman ??= this.#readingsOf(gender));
    return (this.#full ??= this.#readingsOf(gender));
  }

  /** Of an Arabic name: what its spellings in one script have in common. */
  fullArabic(script: Script, gender: Gender | null): readonly number[] {
    if (script === 'arabic') return (this.#arabic ??= hashesOf(arabicSurnameKeys(this.#surname)));
    if (script === 'latin') return (this.#latinArabic ??= hashesOf(latinArabicSurnameKeys(this.#surname)));
    return this.full(gender);
  }

  /** Where Belarusian spellings meet others. */
  border(gender: Gender | null): readonly number[] {
    if (gender === 'female')
      return (this.#borderOfWoman ??= hashesOf(akanyeOf(this.#surname, gender), BORDER));
    return (this.#border ??= hashesOf(akanyeOf(this.#surname, null), BORDER));
  }

  get skeletons(): readonly number[] {
    // A woman's surname may end in a vowel where the other spelling has none.
    return (this.#skeletons ??= skeletonsOfSurname(this.#surname).map((skeleton) =>
      hashOf(/[аи]$/u.test(skeleton) ? skeleton.slice(0, -1) : skeleton, SKELETON),
    ));
  }

  /** The spellings in which a slip shows. */
  get slipped(): readonly string[] {
    return (this.#slipped ??= slippedSpellings(this.#surname));
  }

  /** Its sound as an Arabic surname; an article that is written together with it may not be there in the other script. */
  get sounds(): readonly number[] {
    return (this.#sounds ??= soundsOf(classesOf(this.#surname)));
  }

  #readingsOf(gender: Gender | null): readonly number[] {
    return hashesOf(openReadings(this.#surname, gender));
  }
}

/** A spelling by which a slip is found: with all its letters, or without the one at a place; −1 leaves none out. */
export function slipKey(spelling: string, left: number): number {
  return hashWithout(spelling, left, SLIP);
}

function hashesOf(texts: readonly string[], seed?: number): readonly number[] {
  return texts.map((text) => hashOf(text, seed));
}

function soundsOf(classes: string): readonly number[] {
  if (classes === '') return [];
  const whole = hashOf(classes, SOUND);
  return classes.length > 2 && classes.startsWith('l') ? [whole, hashOf(classes.slice(1), SOUND)] : [whole];
}

function slippedSpellings(surname: SurnamePart): readonly string[] {
  const { text, words } = surname;
  const isArabic = words[0]?.script === 'arabic';
  const spellings = isArabic ? [text] : slippedReadings(surname).slice(0, MOST_SLIPPED);
  // Where one letter is read as two, a slip shows as it is written.
  if (!isArabic && /[юя]/u.test(text)) spellings.push(text);
  const shortest = isArabic ? SHORTEST_ARABIC_WITH_SLIP : SHORTEST_WITH_SLIP - 1;
  return spellings.filter(({ length }) => length >= shortest);
}
