import { createRandom } from '../random.ts';
import { arabicHand, inArabicLetters, inLatinLetters, latinHand } from '../romanisation/arabic.ts';
import {
  byEar,
  isCyrillicLanguage,
  romanise,
  SYSTEMS,
  type CyrillicLanguage,
} from '../romanisation/romanise.ts';
import type { System } from '../romanisation/systems.ts';
import { LANGUAGES, type Language, type Person, type Spelling, type Surname } from '../types.ts';

/** Spellings by ear are too many to list; so many hands are tried. */
const HANDS = 60;

const random = createRandom(1, 'spellings by ear');
const hands = <T>(make: () => T): readonly T[] => Array.from({ length: HANDS }, make);
const EARS: Readonly<Record<CyrillicLanguage, readonly System[]>> = {
  uk: [...SYSTEMS.uk, ...hands(() => byEar('uk', random))],
  ru: [...SYSTEMS.ru, ...hands(() => byEar('ru', random))],
  be: [...SYSTEMS.be, ...hands(() => byEar('be', random))],
  bg: [...SYSTEMS.bg, ...hands(() => byEar('bg', random))],
};
const ARABIC_HANDS = hands(() => arabicHand(random));
/** Latin letters leave more to choose: for each vowel, for half of the consonants, for the article. */
const LATIN_HANDS = Array.from({ length: 50 * HANDS }, () => latinHand(random));

/** Could the person be meant by what is written, by any of the ways in which the generator writes names? */
export function couldMean(person: Person, { given, second, surname }: Spelling): boolean {
  return (
    spellingsOfSurname(person).has(plain(surname)) &&
    (isInitial(given) || spellingsOfGiven(person).has(plain(given))) &&
    (second === null || isInitial(second) || spellingsOfSecond(person).has(plain(second)))
  );
}

/** Have both spellings of one person a surname in common, or has each one half of a double surname? */
export function shareSurname(
  { surname, secondSurname, gender }: Person,
  one: Spelling,
  other: Spelling,
): boolean {
  if (secondSurname === null) return true;
  return [surname, secondSurname].some((half) => {
    const all = spellings(formsOf(half, gender));
    return [one, other].every((spelling) =>
      plain(spelling.surname)
        .split('-')
        .some((part) => all.has(part)),
    );
  });
}

function isInitial(text: string): boolean {
  return /^.\.$/u.test(text);
}

function spellingsOfSurname({ surname, secondSurname, gender }: Person): Set<string> {
  const all = spellings(formsOf(surname, gender));
  if (secondSurname === null) return all;
  const others = spellings(formsOf(secondSurname, gender));
  const both = [...all].flatMap((one) => [...others].map((other) => `${one}-${other}`));
  return new Set([...all, ...others, ...both]);
}

function formsOf(surname: Surname, gender: Person['gender']): [Language, string][] {
  return entries(surname.forms).flatMap(([language, forms]): [Language, string][] => [
    [language, forms[gender]],
    [language, forms.male],
  ]);
}

function spellingsOfGiven({ given }: Person): Set<string> {
  return spellings(
    entries(given.forms).flatMap(([language, { official, diminutives }]) =>
      [official, ...diminutives].map((name): [Language, string] => [language, name]),
    ),
  );
}

function spellingsOfSecond({ second, gender, language }: Person): Set<string> {
  return spellings(
    entries(second.forms).flatMap(([form, { official, patronymic }]): [Language, string][] =>
      language === 'en' ? [[form, official]] : patronymic === undefined ? [] : [[form, patronymic[gender]]],
    ),
  );
}

function spellings(forms: readonly (readonly [Language, string])[]): Set<string> {
  const all = new Set<string>();
  for (const [language, form] of forms)
    if (language === 'ar') {
      for (const hand of ARABIC_HANDS) all.add(inArabicLetters(form, hand));
      for (const hand of LATIN_HANDS) all.add(inLatinLetters(form, hand));
    } else {
      all.add(form);
      if (!isCyrillicLanguage(language)) continue;
      for (const system of EARS[language]) all.add(romanise(form, system));
    }
  return new Set(Array.from(all, plain));
}

/** Without case, marks and apostrophes. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('й', '\u0001')
    .replaceAll('ї', '\u0002')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('\u0001', 'й')
    .replaceAll('\u0002', 'ї')
    .replaceAll(/['’ʼ`‘′]/gu, '');
}

function entries<T>(forms: Readonly<Partial<Record<Language, T>>>): [Language, T][] {
  return LANGUAGES.flatMap((language): [Language, T][] => {
    const form = forms[language];
    return form === undefined ? [] : [[language, form]];
  });
}
