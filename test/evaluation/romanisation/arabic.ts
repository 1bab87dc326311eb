import type { Random } from '../random.ts';
import { capitalised } from './romanise.ts';

/** Buckwalter's letters in Arabic; the vowels are not written. */
const LETTERS: Readonly<Record<string, string>> = {
  "'": 'ء',
  '|': 'آ',
  '>': 'أ',
  '&': 'ؤ',
  '<': 'إ',
  '}': 'ئ',
  A: 'ا',
  b: 'ب',
  p: 'ة',
  t: 'ت',
  v: 'ث',
  j: 'ج',
  H: 'ح',
  x: 'خ',
  d: 'د',
  '*': 'ذ',
  r: 'ر',
  z: 'ز',
  s: 'س',
  $: 'ش',
  S: 'ص',
  D: 'ض',
  T: 'ط',
  Z: 'ظ',
  E: 'ع',
  g: 'غ',
  f: 'ف',
  q: 'ق',
  k: 'ك',
  l: 'ل',
  m: 'م',
  n: 'ن',
  h: 'ه',
  w: 'و',
  Y: 'ى',
  y: 'ي',
  a: '',
  u: '',
  i: '',
  '~': '',
  F: '',
  N: '',
  K: '',
};

const MARKS: Readonly<Record<string, string>> = { a: 'َ', u: 'ُ', i: 'ِ', '~': 'ّ' };

/** How a writer of Arabic spells: with or without hamza, ta marbuta, the dots of a final ya, joined or not, with vowels. */
export interface ArabicHand {
  readonly hamza: boolean;
  readonly marbuta: boolean;
  readonly maqsura: boolean;
  readonly joined: boolean;
  readonly vowels: boolean;
  readonly stretched: boolean;
}

export function arabicHand(random: Random): ArabicHand {
  return {
    hamza: random.chance(0.75),
    marbuta: random.chance(0.9),
    maqsura: random.chance(0.92),
    joined: random.chance(0.5),
    vowels: random.chance(0.01),
    stretched: random.chance(0.005),
  };
}

export function inArabicLetters(name: string, hand: ArabicHand): string {
  const text = name
    .replace('+', '')
    .replaceAll('_', hand.joined ? '' : ' ')
    .split(' ')
    .map((word) => {
      let letters = '';
      for (const sign of word) letters += (hand.vowels ? MARKS[sign] : undefined) ?? LETTERS[sign] ?? sign;
      if (!hand.hamza) letters = letters.replaceAll(/[أإآ]/gu, 'ا');
      if (!hand.marbuta) letters = letters.replace(/ة$/u, 'ه');
      if (!hand.maqsura) letters = letters.replace(/ى$/u, 'ي');
      return hand.stretched && letters.length > 3 ? `${letters.slice(0, 2)}ـ${letters.slice(2)}` : letters;
    });
  return text.join(' ');
}

/** How somebody writes Arabic in Latin letters: one choice for each question, kept through the whole name. */
export interface LatinHand {
  readonly consonants: Readonly<Record<string, string>>;
  readonly vowels: Readonly<Record<string, string>>;
  readonly article: string;
  readonly assimilates: boolean;
  readonly doubles: boolean;
  readonly finalH: boolean;
  readonly servant: readonly [before: string, between: string];
}

export function latinHand(random: Random): LatinHand {
  const french = random.chance(0.2);
  const egyptian = !french && random.chance(0.15);
  const consonants: Record<string, string> = {
    v: 'th',
    H: 'h',
    x: 'kh',
    '*': 'dh',
    $: french ? 'ch' : 'sh',
    S: 's',
    D: 'd',
    T: 't',
    Z: random.pick(['z', 'dh']),
    E: '',
    g: 'gh',
    q: random.pick(['q', 'q', 'k']),
    j: french ? 'dj' : egyptian ? 'g' : 'j',
    w: french ? 'ou' : 'w',
    "'": '',
    '>': '',
    '<': '',
    '&': '',
    '}': '',
    '|': 'a',
    Y: '',
    p: '',
    y: 'y',
  };
  const vowels: Record<string, string> = {
    a: random.chance(0.12) ? 'e' : 'a',
    u: french ? 'ou' : random.pick(['u', 'o']),
    i: random.pick(['i', 'i', 'e']),
    A: random.chance(0.15) ? 'aa' : 'a',
    uw: french ? 'ou' : random.pick(['u', 'oo', 'ou']),
    iy: random.pick(['i', 'i', 'ee']),
    ay: random.pick(['ay', 'ai', 'ei']),
    aw: random.pick(['aw', 'au', 'ou']),
    'iy~': random.pick(['i', 'i', 'y']),
  };
  return {
    consonants,
    vowels,
    article: random.pick(['Al-', 'Al-', 'al-', 'Al ', 'El-', 'El ', 'Al', 'El']),
    assimilates: random.chance(0.08),
    doubles: random.chance(0.6),
    finalH: random.chance(0.3),
    servant: random.pick([
      ['Abdul', ' '],
      ['Abdul', ''],
      ['Abdel', ' '],
      ['Abd', ' al-'],
      ['Abdel', ''],
      ['Abdul', '-'],
    ]),
  };
}

export function inLatinLetters(name: string, hand: LatinHand): string {
  return name
    .split(' ')
    .map((word) => {
      if (word === '>abuw') return 'Abu';
      if (word === 'bin') return 'Bin';
      if (word.startsWith('Al+'))
        return articleOf(word.slice(3), hand) + capitalised(letterByLetter(word.slice(3), hand));
      if (word === 'Eabd_All~ah')
        return hand.servant[1] === ' al-' ? 'Abd Allah' : hand.finalH ? 'Abdullah' : 'Abdallah';
      if (word.startsWith('Eabd_Al')) {
        const rest = capitalised(letterByLetter(word.slice(7), hand));
        return hand.servant[0] + hand.servant[1] + (hand.servant[1] === '' ? rest.toLowerCase() : rest);
      }
      return capitalised(letterByLetter(word, hand));
    })
    .join(' ');
}

function articleOf(word: string, { article, assimilates }: LatinHand): string {
  const sun = /^(?:[tdrzsnl]|\$|S)/u.exec(word)?.[0];
  if (!assimilates || sun === undefined) return article;
  const sound = sun === '$' ? 'sh' : sun.toLowerCase();
  return `${article.charAt(0)}${sound}-`;
}

function letterByLetter(word: string, { consonants, vowels, doubles, finalH }: LatinHand): string {
  let latin = '';
  for (let at = 0; at < word.length;) {
    const long = ['iy~', 'uw', 'iy', 'ay', 'aw'].find(
      (sound) => word.startsWith(sound, at) && isLong(word, at, sound),
    );
    if (long !== undefined) {
      latin += vowels[long] ?? long;
      at += long.length;
      continue;
    }
    const sign = word.charAt(at);
    if (sign === '~') {
      const last = /(?:th|kh|sh|dh|gh|ch|dj|ou)$/u.test(latin) ? '' : latin.slice(-1);
      if (doubles && !/[aeiou]/u.test(last)) latin += last;
    } else latin += vowels[sign] ?? consonants[sign] ?? sign;
    at += 1;
  }
  if (finalH && word.endsWith('p')) latin += 'h';
  return latin;
}

/** Before a vowel, w and y are consonants. */
function isLong(word: string, at: number, sound: string): boolean {
  return !/^[auiA~]/u.test(word.slice(at + sound.length)) || sound === 'iy~';
}
