import type { Mark } from './belarusian.ts';
import type { Script } from './fold.ts';
import type { Gender } from './given-names.ts';
import { looksArabic, parseName, type NameToken, type ParsedName } from './parse.ts';
import type { GivenPart, MiddlePart, SurnamePart } from './parts.ts';
import { understand } from './understand.ts';
import type { Word } from './word.ts';

/** One way to understand a name: which words are the surname, and which is the given name. */
export interface Understanding {
  readonly surname: SurnamePart;
  readonly given: GivenPart;
  readonly middle: MiddlePart | null;
  readonly gender: Gender | null;
  /** Documents say so: an official given name, or a patronymic. */
  readonly isGenderSure: boolean;
  /** Of an Arabic name in which two given names could stand in either order: the surname is read first. */
  readonly isTurned: boolean;
}

/** What is true of a name whoever bears it. */
export interface Traits {
  readonly script: Script;
  /** How many words, initials included. */
  readonly words: number;
  /** A surname is there, and a given name or its initial. */
  readonly isFull: boolean;
  /** The spelling may follow any standard of romanisation. */
  readonly isSlavic: boolean;
  /** In Arabic letters, or a Latin spelling of an Arabic name. */
  readonly isArabic: boolean;
  /** It is, or it is written in Latin letters and shows no other origin. */
  readonly mayBeArabic: boolean;
  /** The spelling is Belarusian, or shows that it is not. */
  readonly belarusian: Mark;
  readonly isLabel: boolean;
}

/** A name made ready for comparison. */
export interface Name extends Traits {
  readonly text: string;
  /** Empty for names of one word, in other scripts, and where no two words stand out. */
  readonly understandings: readonly Understanding[];
  /** Of the given name where all understandings agree, else of the patronymic. */
  readonly gender: Gender | null;
}

/** Names of a batch are many: those that are alike share their traits. */
export class ReadName implements Name {
  readonly #written: string;
  readonly traits: Traits;
  readonly understandings: readonly Understanding[];
  readonly gender: Gender | null;

  /** `written`: the text, in small letters or not. */
  constructor(
    written: string,
    traits: Traits,
    understandings: readonly Understanding[],
    gender: Gender | null,
  ) {
    this.#written = written;
    this.traits = traits;
    this.understandings = understandings;
    this.gender = gender;
  }

  /** Hardly anybody asks: names are compared by their words. */
  get text(): string {
    return this.#written.toLowerCase();
  }

  get script(): Script {
    return this.traits.script;
  }

  get words(): number {
    return this.traits.words;
  }

  get isFull(): boolean {
    return this.traits.isFull;
  }

  get isSlavic(): boolean {
    return this.traits.isSlavic;
  }

  get isArabic(): boolean {
    return this.traits.isArabic;
  }

  get mayBeArabic(): boolean {
    return this.traits.mayBeArabic;
  }

  get belarusian(): Mark {
    return this.traits.belarusian;
  }

  get isLabel(): boolean {
    return this.traits.isLabel;
  }
}

/** Reads a name; see `parseName` for what is dropped. */
export function readName(text: string): Name {
  return nameOf(parseName(text));
}

export function nameOf(parsed: ParsedName): ReadName {
  const { tokens, script, isLabel } = parsed;
  const isArabic =
    script === 'arabic' || ((script === 'latin' || script === 'cyrillic') && isArabicName(tokens));
  const understandings = script === 'other' ? [] : understand(tokens, isArabic);
  const traits: Traits = {
    script,
    words: tokens.length,
    isFull: understandings.length > 0 || tokens.length >= 2,
    mayBeArabic:
      isArabic ||
      (script === 'latin' && tokens.every(({ word }) => word.origin === null || word.origin === 'arabic')),
    isSlavic: !isArabic && looksSlavic(tokens),
    isArabic,
    belarusian: markOf(parsed),
    isLabel,
  };
  const patronymic = tokens.find((token) => token.role === 'patronymic')?.word ?? null;
  return new ReadName(parsed.text, traits, understandings, genderOf(understandings, patronymic));
}

export function genderOf(understandings: readonly Understanding[], patronymic: Word | null): Gender | null {
  const [first] = understandings;
  return first !== undefined && understandings.every((one) => one.gender === first.gender)
    ? first.gender
    : (patronymic?.patronymic?.gender ?? null);
}

function isArabicName(tokens: readonly NameToken[]): boolean {
  return looksArabic(
    tokens.map(({ word }) => word),
    tokens.some(({ particles }) => particles !== ''),
  );
}

function looksSlavic(tokens: readonly NameToken[]): boolean {
  return tokens.some(
    ({ role, word }) =>
      word.patronymic !== null || (word.given?.slavic ?? false) || (role !== 'given' && word.isSlavicSurname),
  );
}

function markOf({ text, tokens }: ParsedName): Mark {
  // Russian has no і, Ukrainian none of the others.
  if (/і/u.test(text) && /[ёыэў]/u.test(text)) return 'yes';
  let mark: Mark = null;
  for (const { word } of tokens) {
    const one = word.mark;
    if (one === 'yes') return 'yes';
    mark ??= one;
  }
  return mark;
}
