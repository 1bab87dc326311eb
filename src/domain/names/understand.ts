import type { Gender } from './given-names.ts';
import type { Understanding } from './name.ts';
import { isGivenName, type NameToken } from './parse.ts';
import type { GivenPart, MiddlePart, SurnamePart } from './parts.ts';
import { TITLES_OR_SURNAMES } from './tables/words.ts';
import { isMiddleBySpelling } from './word-kind.ts';

/**
 * The ways to understand a name: which words are surname, given name and middle name. Where the words or the tables say
 * it, there is one; else all that are usual, for the other name may say which it is. None for a single word.
 */
export function understand(tokens: readonly NameToken[], isArabic: boolean): readonly Understanding[] {
  const words: NameToken[] = [];
  const initials: NameToken[] = [];
  let patronymic: NameToken | null = null;
  for (const token of tokens) {
    if (token.role === 'initial') initials.push(token);
    else if (token.role === 'patronymic') patronymic = token;
    else words.push(token);
  }
  const [one, two] = words;
  if (one === undefined) return [];
  if (words.length === 1 || two === undefined) {
    const [given, middle = null] = initials;
    return given === undefined ? [] : [pair([one], given, middle)];
  }
  if (patronymic !== null) {
    const given = words.find((token) => token.role === 'given');
    const surname = words.filter((token) => token !== given);
    return given === undefined || surname.length === 0 ? [] : [pair(surname, given, patronymic)];
  }
  const [initial = null] = initials;
  if (words.length === 2) return ofTwo(one, two, initial, isArabic);
  return ofMany(words, isArabic);
}

function ofTwo(
  one: NameToken,
  two: NameToken,
  middle: NameToken | null,
  isArabic: boolean,
): readonly Understanding[] {
  const [first, second] = [isGivenName(one), isGivenName(two)];
  // Fathers and families bear men's names: of Maha Kamal the woman's name is the given one.
  const woman = isArabic && first && second ? womansName(one, two) : null;
  if (woman !== null) return [pair([woman === one ? two : one], woman, middle)];
  if (first && !second) return [pair([two], one, middle)];
  if (second && !first) return [pair([one], two, middle)];
  if (one.particles !== '' && two.particles === '') return [pair([one], two, middle)];
  if (two.particles !== '' && one.particles === '') return [pair([two], one, middle)];
  // Arabic names have the given name first by far the most often, so the order says something.
  return [pair([two], one, middle), pair([one], two, middle, isArabic && first && second)];
}

function womansName(one: NameToken, two: NameToken): NameToken | null {
  const known = ({ word }: NameToken): Gender | null =>
    word.origin === 'arabic' ? word.asGiven.gender : null;
  const [first, second] =
    one.word.script === 'arabic'
      ? [one.word.asGiven.gender, two.word.asGiven.gender]
      : [known(one), known(two)];
  if (first === 'female' && second === 'male') return one;
  return first === 'male' && second === 'female' ? two : null;
}

/**
 * Given name, middle name, surname (English, Bulgarian, Arabic), or the surname first; and where the tables know no second
 * name among the words, a double surname without a dash.
 */
function ofMany(words: readonly NameToken[], isArabic: boolean): readonly Understanding[] {
  const [first, second, third, ...more] = words;
  const last = words.at(-1);
  if (first === undefined || second === undefined || third === undefined || last === undefined) return [];
  const givenFirst = (): Understanding => pair([last], first, second);
  const surnameFirst = (isTurned = false): Understanding => pair([first], second, third, isTurned);
  if (isArabic && last.particles !== '' && first.particles === '') return [givenFirst()];
  if (isArabic && first.particles !== '' && !isTitleOrSurname(first)) return [surnameFirst()];
  if (isTitleOrSurname(first))
    return [
      ...understand(words.slice(1), isArabic),
      pair([first], second, last.particles === '' ? third : null),
    ];

  const woman = isArabic ? womansName(first, second) : null;
  if (woman !== null) return [woman === first ? givenFirst() : surnameFirst()];
  const all: Understanding[] = [];
  const [isFirst, isSecond, isLast] = [isGivenName(first), isGivenName(second), isGivenName(last)];
  const isNone = !words.some(isGivenName);
  if ((isFirst || isNone) && mayBeMiddle(second, isArabic)) all.push(givenFirst());
  const isTurned = isSecond && (!isFirst || isGivenName(third) || isBulgarianFather(third));
  if ((isTurned || isNone) && mayBeMiddle(third, isArabic))
    all.push(surnameFirst(isArabic && isFirst && isSecond));
  // The tables may not know the first of three: Niamh Jennifer Davis, Xyz John Thomas.
  if (!isFirst && isSecond && more.length === 0) all.push(givenFirst());
  if (!isArabic && more.length === 0) {
    if (isFirst && !isSecond && !isLast && !isBulgarianFather(second))
      all.push(pair([second, third], first, null));
    if (isLast && !isFirst && !isSecond) all.push(pair([first, second], last, null));
  }
  return all.length > 0 ? all : [givenFirst()];
}

/** Sayyid and Sheikh before a name that is complete without them are a title, or a surname that comes first. */
function isTitleOrSurname({ text, particles }: NameToken): boolean {
  return particles === 'al' && TITLES_OR_SURNAMES.has(`ال${text}`);
}

/** May a word stand between given name and surname? Kovalenko in "Olena Kovalenko Petrenko" may not. */
function mayBeMiddle(token: NameToken, isArabic: boolean): boolean {
  if (isArabic || isGivenName(token) || isBulgarianFather(token)) return true;
  return isMiddleBySpelling(token.word);
}

function isBulgarianFather({ word }: NameToken): boolean {
  return word.father !== null;
}

function pair(
  surname: readonly NameToken[],
  { word }: NameToken,
  second: NameToken | null,
  isTurned = false,
): Understanding {
  const middle =
    second === null ? null : second.role === 'patronymic' ? second.word.asPatronymic : second.word.asMiddle;
  return understandingOf(surnameOf(surname), word.asGiven, middle, isTurned);
}

export function understandingOf(
  surname: SurnamePart,
  given: GivenPart,
  middle: MiddlePart | null,
  isTurned: boolean,
): Understanding {
  return {
    surname,
    given,
    middle,
    gender: given.gender ?? middle?.gender ?? null,
    isGenderSure: given.official.length > 0 || middle?.kind === 'patronymic',
    isTurned,
  };
}

function surnameOf(tokens: readonly NameToken[]): SurnamePart {
  const [only] = tokens;
  if (tokens.length === 1 && only !== undefined)
    return only.particles === ''
      ? only.word.asSurname
      : { text: only.text, particles: only.particles, words: [only.word] };
  return {
    text: tokens.map((token) => token.text).join(''),
    particles: only?.particles ?? '',
    words: tokens.map((token) => token.word),
  };
}
