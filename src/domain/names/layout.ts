import { KEYS } from './tables/layouts.ts';

const toUkrainian = pairs(KEYS.latin, KEYS.ukrainian);
const toRussian = pairs(KEYS.latin, KEYS.russian);
const fromUkrainian = pairs(KEYS.ukrainian, KEYS.latin);
const fromRussian = pairs(KEYS.russian, KEYS.latin);

function pairs(from: string, to: string): ReadonlyMap<string, string> {
  const letters = Array.from(to);
  return new Map(Array.from(from).map((key, place) => [key, letters[place] ?? key]));
}

/**
 * What a name would be if it had been typed with the wrong keyboard layout on: "Rjdfktyrj Sdfy" is "Коваленко Іван".
 * Empty for texts of both alphabets or of none.
 */
export function otherLayouts(text: string): readonly string[] {
  const typed = text.normalize('NFKC').toLowerCase();
  const isLatin = /[a-z]/u.test(typed);
  const isCyrillic = /[а-яґєіїё]/u.test(typed);
  if (isLatin === isCyrillic) return [];
  const layouts = isLatin ? [toUkrainian, toRussian] : [fromUkrainian, fromRussian];
  return layouts
    .map((layout) => {
      let retyped = '';
      for (const key of typed) retyped += layout.get(key) ?? key;
      return retyped;
    })
    .filter((retyped) => !(isLatin ? /[a-z]/u : /[а-яґєіїё]/u).test(retyped));
}
