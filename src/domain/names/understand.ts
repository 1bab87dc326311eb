import type { Gender } from './given-names.ts';
import type { GivenPart, MiddlePart, SurnamePart, Understanding } from './name.ts';
import { isGivenName, type NameToken } from './parse.ts';

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
  if (first && !second) return [pair([two], one, middle)];
  if (second && !first) return [pair([one], two, middle)];
  if (one.particles !== '' && two.particles === '') return [pair([one], two, middle)];
  if (two.particles !== '' && one.particles === '') return [pair([two], one, middle)];
  // Arabic names have the given name first by far the most often, so the order says something.
  return [pair([two], one, middle), pair([one], two, middle, isArabic && first && second)];
}

/**
 * Given name, middle name, surname (English, Bulgarian, Arabic), or the surname first; and where the tables know no second
 * name among the words, a double surname without a dash.
 */
function ofMany(words: readonly NameToken[], isArabic: boolean): readonly Understanding[] {
  const [first, second, third, ...more] = words;
  const last = words.at(-1);
  if (first === undefined || second === undefined || third === undefined || last === undefined) return [];
  const all: Understanding[] = [];
  const [isFirst, isSecond, isLast] = [isGivenName(first), isGivenName(second), isGivenName(last)];
  const isNone = !words.some(isGivenName);
  if ((isFirst || (isNone && first.particles === '')) && mayBeMiddle(second, isArabic))
    all.push(pair([last], first, second));
  // Surname, given name, second name; a word with an article cannot be the second name.
  const isTurned = isSecond && (!isFirst || isGivenName(third) || isBulgarianFather(third));
  if (
    (isTurned || (isNone && second.particles === '')) &&
    third.particles !== 'al' &&
    mayBeMiddle(third, isArabic)
  )
    all.push(pair([first], second, third, isArabic && isFirst && isSecond));
  // The tables may not know the given name of John Xyz Thomas, where Thomas is the surname.
  if (!isFirst && isLast && more.length === 0 && mayBeMiddle(second, isArabic) && isSecond)
    all.push(pair([third], first, second));
  if (!isArabic && more.length === 0) {
    if (isFirst && !isSecond && !isLast) all.push(pair([second, third], first, null));
    if (isLast && !isFirst && !isSecond) all.push(pair([first, second], last, null));
  }
  return all.length > 0 ? all : [pair([last], first, second)];
}

/** May a word stand between given name and surname? Kovalenko in "Olena Kovalenko Petrenko" may not. */
function mayBeMiddle(token: NameToken, isArabic: boolean): boolean {
  if (isArabic || isGivenName(token) || isBulgarianFather(token)) return true;
  return token.word.script === 'latin' && !/(?:nko|chuk|skyi|skiy|ska|uk|vych|vich|ets)$/u.test(token.text);
}

function isBulgarianFather({ word }: NameToken): boolean {
  return word.father !== null;
}

function pair(
  surname: readonly NameToken[],
  given: NameToken,
  second: NameToken | null,
  isTurned = false,
): Understanding {
  const middle = second === null ? null : middleOf(second);
  return {
    surname: surnameOf(surname),
    given: givenOf(given),
    middle,
    gender: genderOf(given) ?? (middle?.kind === 'patronymic' ? genderOfFather(second) : null),
    isTurned,
  };
}

function surnameOf(tokens: readonly NameToken[]): SurnamePart {
  const [only] = tokens;
  if (tokens.length === 1 && only !== undefined)
    return { text: only.text, particles: only.particles, words: [only.word] };
  return {
    text: tokens.map((token) => token.text).join(''),
    particles: only?.particles ?? '',
    words: tokens.map((token) => token.word),
  };
}

function givenOf({ text, word, role }: NameToken): GivenPart {
  return {
    text,
    word,
    readings: word.readings,
    official: word.given?.official ?? [],
    short: word.given?.short ?? [],
    isInitial: role === 'initial',
  };
}

/** Of all the names that it may be; a diminutive tells the gender only if men or women alone bear it. */
function genderOf({ word }: NameToken): Gender | null {
  if (word.given === null) return null;
  const names = word.given.official.length > 0 ? word.given.official : word.given.short;
  const [first] = names;
  return first !== undefined && names.every((name) => name.gender === first.gender) ? first.gender : null;
}

function genderOfFather(token: NameToken | null): Gender | null {
  return token?.word.patronymic?.gender ?? token?.word.father?.gender ?? null;
}

function middleOf({ role, text, word }: NameToken): MiddlePart {
  const { readings, given } = word;
  if (role === 'initial') return { kind: 'initial', keys: [], initials: firstLetters(readings), text, word };
  const patronymic = role === 'patronymic' ? word.patronymic : given === null ? word.father : null;
  if (patronymic !== null)
    return {
      kind: 'patronymic',
      keys: patronymic.fathers,
      initials: firstLetters([...patronymic.fathers, ...readings]),
      text,
      word,
    };
  return {
    kind: 'middle',
    keys: [
      ...(given?.official ?? []).map((name) => name.id),
      ...(given?.short ?? []).map((name) => name.id),
      ...readings,
    ],
    initials: firstLetters([...readings, ...(given?.official ?? []).flatMap((name) => name.initials)]),
    text,
    word,
  };
}

/** First letters of a name under each spelling; an initial И may stand for Іванович, Йосипович or Ільїч alike. */
function firstLetters(spellings: readonly string[]): readonly string[] {
  return [...new Set(spellings.map((spelling) => spelling.charAt(0)))];
}
