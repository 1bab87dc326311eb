import type { Random } from '../random.ts';
import type { Language } from '../types.ts';
import { BELARUSIAN, BULGARIAN, INFORMAL, RUSSIAN, system, UKRAINIAN, type System } from './systems.ts';

export type CyrillicLanguage = 'uk' | 'ru' | 'be' | 'bg';

export const SYSTEMS: Readonly<Record<CyrillicLanguage, readonly System[]>> = {
  uk: UKRAINIAN,
  ru: RUSSIAN,
  be: BELARUSIAN,
  bg: BULGARIAN,
};

/** How common each system is, in the order of the tables; the rest spells by ear. */
const SHARES: Readonly<Record<CyrillicLanguage, readonly number[]>> = {
  uk: [0.52, 0.08, 0.04, 0.06, 0.02, 0.02],
  ru: [0.3, 0.14, 0.2, 0.08, 0.02, 0.04],
  be: [0.4, 0.2, 0.1],
  bg: [0.6, 0.06, 0.06],
};

export const BY_EAR = 'by ear';

export function isCyrillicLanguage(language: Language): language is CyrillicLanguage {
  return language === 'uk' || language === 'ru' || language === 'be' || language === 'bg';
}

/** A system that somebody's documents may follow, or one of their own. */
export function chooseSystem(language: CyrillicLanguage, random: Random): System {
  let rest = random.next();
  for (const [index, share] of SHARES[language].entries()) {
    rest -= share;
    const chosen = SYSTEMS[language][index];
    if (rest < 0 && chosen !== undefined) return chosen;
  }
  return byEar(language, random);
}

/** A spelling by ear: one choice for each letter, kept through the whole name. */
export function byEar(language: CyrillicLanguage, random: Random): System {
  const letters = INFORMAL[language].replaceAll(/\S+\|\S+/gu, (choices) => {
    const options = choices.split('|');
    return random.chance(0.6) ? (options[0] ?? '') : random.pick(options);
  });
  return system(BY_EAR, { letters });
}

/** Word by word; each half of a double name begins with a capital. */
export function romanise(text: string, { letters, initial, afterVowel, endings }: System): string {
  return text
    .split(/(?<=[ -])/u)
    .map((word) => {
      const separator = /[ -]$/u.exec(word)?.[0] ?? '';
      let rest = word.slice(0, word.length - separator.length).toLowerCase();
      let ending = '';
      for (const [cyrillic, latin] of endings)
        if (rest.length > cyrillic.length + 1 && rest.endsWith(cyrillic)) {
          ending = latin;
          rest = rest.slice(0, -cyrillic.length);
          break;
        }
      return capitalised(inLatin(rest, letters, initial, afterVowel) + ending) + separator;
    })
    .join('');
}

function inLatin(
  word: string,
  letters: ReadonlyMap<string, string>,
  initial: ReadonlyMap<string, string>,
  afterVowel: ReadonlyMap<string, string>,
): string {
  let latin = '';
  for (let at = 0; at < word.length;) {
    const two = word.slice(at, at + 2);
    const one = word.charAt(at);
    if (two.length === 2 && letters.has(two)) {
      latin += letters.get(two) ?? '';
      at += 2;
      continue;
    }
    const special = at === 0 ? initial : /[аеёиіїоуўыэюяєьъ']/u.test(word.charAt(at - 1)) ? afterVowel : null;
    latin += special?.get(one) ?? letters.get(one) ?? one;
    at += 1;
  }
  return latin;
}

export function capitalised(word: string): string {
  const [first = ''] = word;
  return first.toUpperCase() + word.slice(first.length);
}
