import type { Random } from '../random.ts';
import { arabicHand, inArabicLetters, inLatinLetters, latinHand } from '../romanisation/arabic.ts';
import { isCyrillicLanguage, romanise, SYSTEMS } from '../romanisation/romanise.ts';
import type { Person, Script, Spelling } from '../types.ts';

/** Given name and surname as a document has them: own language, the current system of romanisation, nothing left out. */
export function formalSpelling(person: Person, random: Random): Spelling {
  const { language, gender } = person;
  const given = person.given.forms[language]?.official ?? '';
  const surname = (person.surname.forms[language] ?? Object.values(person.surname.forms)[0])?.[gender] ?? '';
  const isLatin = language === 'en' || random.chance(0.5);
  const script: Script = isLatin ? 'Latin' : language === 'ar' ? 'Arabic' : 'Cyrillic';
  const [system] = isCyrillicLanguage(language) ? SYSTEMS[language] : [];
  const [pen, hand] = [arabicHand(random), latinHand(random)];
  const write = (name: string): string => {
    if (language === 'ar') return isLatin ? inLatinLetters(name, hand) : inArabicLetters(name, pen);
    return isLatin && system !== undefined ? romanise(name, system) : name;
  };
  const parts = { given: write(given), second: null, surname: write(surname) };
  const name = random.chance(0.5) ? `${parts.surname} ${parts.given}` : `${parts.given} ${parts.surname}`;
  return { name, language, script, system: system?.name ?? 'none', ...parts, corruptions: [] };
}
