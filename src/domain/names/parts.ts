import type { Gender, GivenName } from './given-names.ts';
import { hashOf } from './hash.ts';
import { initialClass } from './initials.ts';
import type { Word } from './word.ts';

/** The surname as it is compared: one word, or several that belong together. */
export interface SurnamePart {
  /** Folded, without blanks. */
  readonly text: string;
  /** Arabic particles before it: `al`, `bin`, `abu`, in this order. */
  readonly particles: string;
  readonly words: readonly Word[];
}

/** A given name as it is compared: a word of the name, or an initial. */
export interface GivenPart {
  readonly text: string;
  readonly word: Word;
  readonly readings: readonly string[];
  readonly official: readonly GivenName[];
  readonly short: readonly GivenName[];
  readonly isInitial: boolean;
  /** First letters, in classes, that it may have in any of its official forms. */
  readonly initials: readonly string[];
  /** The halves of keys that it gives: for the names that it officially is, or else for its readings. */
  readonly keys: readonly number[];
  /** The same for all names of the tables that it may be, and may be short for. */
  readonly knownKeys: readonly number[];
  /** Of all the names that it may be, and may be short for: Ваня is a woman in Bulgaria, and Іван elsewhere. */
  readonly gender: Gender | null;
}

/** The patronymic, or a middle name or initial in its place. */
export interface MiddlePart {
  readonly kind: 'patronymic' | 'middle' | 'initial';
  /** What is compared: fathers' names, names, or first letters. */
  readonly keys: readonly string[];
  readonly initials: readonly string[];
  readonly text: string;
  readonly word: Word;
  /** A patronymic tells the gender. */
  readonly gender: Gender | null;
}

export function givenPartOf(word: Word): GivenPart {
  const [official, short] = [word.given?.official ?? [], word.given?.short ?? []];
  const names = [...official, ...short];
  const [first] = names;
  return {
    text: word.text,
    word,
    readings: word.readings,
    official,
    short,
    isInitial: word.isInitial,
    initials: firstLetters([...word.readings, ...names.flatMap((name) => name.initials)]),
    keys:
      official.length > 0
        ? official.map(({ hash }) => hash)
        : word.readings.map((reading) => hashOf(reading)),
    knownKeys: names.map(({ hash }) => hash),
    gender: first !== undefined && names.every((name) => name.gender === first.gender) ? first.gender : null,
  };
}

/** `isPatronymic`: its place in the name says that it is one. */
export function middlePartOf(word: Word, isPatronymic: boolean): MiddlePart {
  const { text, readings, given } = word;
  if (word.isInitial)
    return { kind: 'initial', keys: [], initials: firstLetters(readings), text, word, gender: null };
  const patronymic = isPatronymic ? word.patronymic : given === null ? word.father : null;
  if (patronymic !== null)
    return {
      kind: 'patronymic',
      keys: patronymic.fathers,
      initials: firstLetters([...patronymic.initials, ...patronymic.fathers, ...readings]),
      text,
      word,
      gender: patronymic.gender,
    };
  const names = [...(given?.official ?? []), ...(given?.short ?? [])];
  return {
    kind: 'middle',
    keys: [...names.map((name) => name.id), ...readings],
    initials: firstLetters([...readings, ...names.flatMap((name) => name.initials)]),
    text,
    word,
    gender: null,
  };
}

/** First letters of a name under each spelling; an initial И may stand for Іванович, Йосипович or Ільїч alike. */
function firstLetters(spellings: readonly string[]): readonly string[] {
  return [...new Set(spellings.map(initialClass))];
}
