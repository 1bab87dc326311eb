import { consonantsOf } from './arabic.ts';
import type { Script } from './fold.ts';
import type { Gender, GivenName } from './given-names.ts';
import { parseName, readWord, type NameToken, type ParsedName } from './parse.ts';
import { isSlavicSurname } from './surnames.ts';

/** A given name as it is compared: a word of the name, or an initial. */
export interface GivenPart {
  readonly text: string;
  readonly readings: readonly string[];
  readonly official: readonly GivenName[];
  readonly short: readonly GivenName[];
  readonly isInitial: boolean;
}

/** One way to understand a name: which words are the surname, and which is the given name. */
export interface Understanding {
  /** Folded. */
  readonly surname: string;
  readonly readings: readonly string[];
  readonly given: GivenPart;
  readonly gender: Gender | null;
}

/** The patronymic, or a middle name or initial in its place. */
export interface MiddlePart {
  readonly kind: 'patronymic' | 'middle' | 'initial';
  /** What is compared: fathers' names, names, or first letters. */
  readonly keys: readonly string[];
  readonly initials: readonly string[];
  readonly text: string;
}

/** A name made ready for comparison. */
export interface Name {
  readonly text: string;
  readonly script: Script;
  /** How many words, initials included. */
  readonly words: number;
  /** Empty for names of one word, in Arabic or other scripts, and where no two words stand out. */
  readonly understandings: readonly Understanding[];
  readonly middle: MiddlePart | null;
  /** Of the given name where all understandings agree, else of the patronymic. */
  readonly gender: Gender | null;
  /** Surname and given name are both there, and neither is a mere initial. */
  readonly isFull: boolean;
  /** The spelling may follow any standard of romanisation. */
  readonly isSlavic: boolean;
}

/** Reads a name; see `parseName` for what is dropped. */
export function readName(text: string): Name {
  return nameOf(parseName(text));
}

/** Reads many names; words that come again are read once. For one batch: what it remembers goes with it. */
export function createNameReader(): (text: string) => Name {
  const words = new Map<string, NameToken>();
  const read = (word: string): NameToken => {
    let token = words.get(word);
    if (token === undefined) {
      token = readWord(word);
      words.set(word, token);
    }
    return token;
  };
  return (text) => nameOf(parseName(text, read));
}

export function nameOf(parsed: ParsedName): Name {
  const { tokens, script } = parsed;
  const patronymic = tokens.find((token) => token.role === 'patronymic') ?? null;
  const understandings = script === 'arabic' || script === 'other' ? [] : understand(tokens, patronymic);
  const genders = new Set(understandings.map((understanding) => understanding.gender));
  const [only = null] = genders;
  const gender = genders.size === 1 ? only : (patronymic?.patronymic?.gender ?? null);
  const isSlavic = understandings.some(
    ({ given, readings }) =>
      isSlavicSurname(readings) ||
      (tokens.find((token) => token.text === given.text)?.given?.slavic ?? false),
  );
  return {
    text: parsed.text,
    script,
    words: tokens.length,
    understandings,
    middle: middleOf(tokens, patronymic, understandings),
    gender,
    isFull:
      understandings.length > 0
        ? understandings.some((understanding) => !understanding.given.isInitial)
        : tokens.length >= 2,
    isSlavic,
  };
}

function understand(tokens: readonly NameToken[], patronymic: NameToken | null): Understanding[] {
  const words = tokens.filter((token) => token.role !== 'initial' && token.role !== 'patronymic');
  const initials = tokens.filter((token) => token.role === 'initial');
  const given = words.filter((token) => token.role === 'given');
  const surnames = words.filter((token) => token.role === 'surname');
  const gender = patronymic?.patronymic?.gender ?? null;
  const [firstGiven] = given;
  if (firstGiven !== undefined && surnames.length > 0) return [pair(surnames, firstGiven, gender)];
  if (words.length === 1 && initials.length > 0) return initialsBeside(words, initials);
  const [one, two] = words;
  if (words.length === 2 && one !== undefined && two !== undefined)
    return [pair([one], two, gender), pair([two], one, gender)];
  return [];
}

/** Of "І. П. Коваленко" and "Коваленко І. П." the first initial is the given name's. */
function initialsBeside(words: readonly NameToken[], initials: readonly NameToken[]): Understanding[] {
  const [first] = initials;
  return first === undefined ? [] : [pair(words, first, null)];
}

function pair(surname: readonly NameToken[], given: NameToken, byPatronymic: Gender | null): Understanding {
  const official = given.given?.official ?? [];
  const genders = new Set(official.map((name) => name.gender));
  const [gender = null] = genders;
  return {
    surname: surname.map((token) => token.text).join(''),
    readings: joinReadings(surname),
    given: {
      text: given.text,
      readings: given.readings,
      official,
      short: given.given?.short ?? [],
      isInitial: given.role === 'initial',
    },
    gender: genders.size === 1 ? gender : (byPatronymic ?? shortGender(given)),
  };
}

/** A diminutive tells the gender only if men or women alone bear it. */
function shortGender(given: NameToken): Gender | null {
  const names = [...(given.given?.official ?? []), ...(given.given?.short ?? [])];
  const [gender = null, other] = new Set(names.map((name) => name.gender));
  return other === undefined ? gender : null;
}

function joinReadings(tokens: readonly NameToken[]): readonly string[] {
  const [only] = tokens;
  if (tokens.length === 1 && only !== undefined) return only.readings;
  return tokens
    .reduce<string[]>(
      (joined, token) => joined.flatMap((left) => token.readings.map((right) => left + right)),
      [''],
    )
    .slice(0, 16);
}

function middleOf(
  tokens: readonly NameToken[],
  patronymic: NameToken | null,
  understandings: readonly Understanding[],
): MiddlePart | null {
  if (patronymic?.patronymic)
    return {
      kind: 'patronymic',
      keys: patronymic.patronymic.fathers,
      initials: firstLetters(patronymic.patronymic.fathers, patronymic.readings),
      text: patronymic.text,
    };
  const given = tokens.filter((token) => token.role === 'given');
  const [, second] = given;
  if (second !== undefined)
    return {
      kind: 'middle',
      keys: [...(second.given?.official ?? []).map((name) => name.id), ...second.readings],
      initials: firstLetters([], second.readings),
      text: second.text,
    };
  const [understanding] = understandings;
  const initials = tokens.filter((token) => token.role === 'initial');
  const spare = understanding?.given.isInitial === true ? initials[1] : initials[0];
  return spare === undefined
    ? null
    : { kind: 'initial', keys: [], initials: firstLetters([], spare.readings), text: spare.text };
}

/** First letters of a name under each spelling; an initial И may stand for Іванович, Йосипович or Ільїч alike. */
function firstLetters(fathers: readonly string[], readings: readonly string[]): readonly string[] {
  return [...new Set([...fathers, ...readings].map((reading) => reading.charAt(0)))];
}

/** Consonants of the words, sorted, for Arabic names and those Latin ones that may be Arabic. */
export function consonantKeyOf({ script, text, isSlavic }: Name): string | null {
  if (isSlavic || (script !== 'arabic' && script !== 'latin')) return null;
  const words = text
    .split(' ')
    .map(consonantsOf)
    .filter((word) => word !== '');
  return words.length < 2 ? null : words.toSorted().join(' ');
}
