import type { Random } from '../random.ts';

const UKRAINIAN_KEYS = 'йцукенгшщзхїфівапролджєячсмитьбю';
const RUSSIAN_KEYS = 'йцукенгшщзхъфывапролджэячсмитьбю';
const LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.";

/** The same keys with the other layout on. */
export function otherLayout(text: string, layout: 'uk' | 'ru'): string {
  const cyrillic = layout === 'uk' ? UKRAINIAN_KEYS : RUSSIAN_KEYS;
  const map = new Map<string, string>();
  for (const [index, key] of Array.from(LATIN_KEYS).entries()) {
    const letter = cyrillic.charAt(index);
    map.set(letter, key).set(letter.toUpperCase(), key.toUpperCase());
  }
  const back = new Map([...map].map(([letter, key]) => [key, letter]));
  const typed = /\p{Script=Cyrillic}/u.test(text) ? map : back;
  return Array.from(text)
    .map((character) => typed.get(character) ?? character)
    .join('');
}

const LOOK_ALIKES = new Map(
  Array.from('аaеeоoрpсcхxіiуyАAВBЕEКKМMНHОOРPСCТTХXІI').flatMap((letter, index, all) => {
    const other = all[index + 1];
    return index % 2 === 0 && other !== undefined ? [[letter, other] as const, [other, letter] as const] : [];
  }),
);

/** Some letters from the other alphabet that look the same. */
export function withLookAlikes(text: string, random: Random): string {
  const letters = Array.from(text);
  const places = letters.flatMap((letter, index) => (LOOK_ALIKES.has(letter) ? [index] : []));
  for (const place of random.shuffled(places).slice(0, 1 + random.below(3)))
    letters[place] = LOOK_ALIKES.get(letters[place] ?? '') ?? '';
  return letters.join('');
}

const ROWS = ['йцукенгшщзхї', 'фівапролджє', 'ячсмитьбю', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

/** One slip of the finger: two letters swapped, one left out, doubled, or the neighbour's key. */
export function withTypo(word: string, random: Random): string {
  const letters = Array.from(word);
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const at = 1 + random.below(letters.length - 2);
    const letter = letters[at] ?? '';
    const next = letters[at + 1] ?? '';
    let typed = word;
    switch (random.weighted({ swapped: 3, dropped: 3, doubled: 2, neighbour: 3, vowel: 2 })) {
      case 'swapped':
        typed = [...letters.slice(0, at), next, letter, ...letters.slice(at + 2)].join('');
        break;
      case 'dropped':
        typed = [...letters.slice(0, at), ...letters.slice(at + 1)].join('');
        break;
      case 'doubled':
        typed = [...letters.slice(0, at), letter, ...letters.slice(at)].join('');
        break;
      case 'neighbour': {
        const row = ROWS.find((keys) => keys.includes(letter.toLowerCase()));
        const place = row?.indexOf(letter.toLowerCase()) ?? 0;
        const other = row?.[place === 0 ? 1 : place - 1] ?? letter;
        typed = [...letters.slice(0, at), other, ...letters.slice(at + 1)].join('');
        break;
      }
      case 'vowel': {
        const vowels = /[а-яіїєґ]/iu.test(letter) ? Array.from('аоиіеу') : Array.from('aeiou');
        if (vowels.includes(letter))
          typed = [...letters.slice(0, at), random.pick(vowels), ...letters.slice(at + 1)].join('');
        break;
      }
    }
    if (typed !== word) return typed;
  }
  return word;
}

const APOSTROPHES = ["'", '’', 'ʼ', '`', '‘', '′', ''];

/** Any sign that people take for an apostrophe, or none. */
export function otherApostrophe(text: string, random: Random): string {
  return text.replaceAll("'", random.pick(APOSTROPHES));
}

const INVISIBLE = ['\u200B', '\u200E', '\u200F', '\u00AD', '\uFEFF', '\u2060'];

/** What copying from elsewhere brings along: marks that nobody sees, blanks of other kinds, letters in two parts. */
export function withInvisible(text: string, random: Random): string {
  switch (random.weighted({ mark: 3, blank: 3, decomposed: 2 })) {
    case 'mark': {
      const at = random.below(text.length + 1);
      return text.slice(0, at) + random.pick(INVISIBLE) + text.slice(at);
    }
    case 'blank':
      return text.replace(' ', random.pick(['\u00A0', '  ', '\u2009', ' \t']));
    case 'decomposed':
      return text.normalize('NFD');
  }
}
