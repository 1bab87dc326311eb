import { createRandom } from '../random.ts';
import { arabicHand, inArabicLetters, inLatinLetters, latinHand } from '../romanisation/arabic.ts';
import { byEar, isCyrillicLanguage, romanise, SYSTEMS } from '../romanisation/romanise.ts';
import { LANGUAGES, type Language, type Person, type Spelling, type Surname } from '../types.ts';

/** Spellings by ear are too many to list; so many are tried. */
const TRIES_BY_EAR = 60;

/** Could the person be meant by what is written, by any of the ways in which the generator writes names? */
export function couldMean(person: Person, { given, second, surname }: Spelling): boolean {
  return (
    spellingsOfSurname(person).has(plain(surname)) &&
    (isInitial(given) || spellingsOfGiven(person).has(plain(given))) &&
    (second === null || isInitial(second) || spellingsOfSecond(person).has(plain(second)))
  );
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
  const random = createRandom(1, 'spellings by ear');
  const all = new Set<string>();
  for (const [language, form] of forms)
    if (language === 'ar')
      for (let index = 0; index < TRIES_BY_EAR; index += 1)
        all
          .add(plain(inArabicLetters(form, arabicHand(random))))
          .add(plain(inLatinLetters(form, latinHand(random))));
    else {
      all.add(plain(form));
      if (!isCyrillicLanguage(language)) continue;
      for (const system of SYSTEMS[language]) all.add(plain(romanise(form, system)));
      for (let index = 0; index < TRIES_BY_EAR; index += 1)
        all.add(plain(romanise(form, byEar(language, random))));
    }
  return all;
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
