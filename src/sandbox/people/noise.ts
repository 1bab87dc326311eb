import type { Random } from '../kit/random.ts';

const LOOKALIKES: Readonly<Record<string, string>> = {
  а: 'a',
  е: 'e',
  о: 'o',
  р: 'p',
  с: 'c',
  х: 'x',
  і: 'i',
  А: 'A',
  В: 'B',
  Е: 'E',
  І: 'I',
  К: 'K',
  М: 'M',
  О: 'O',
  Р: 'P',
  С: 'C',
  Т: 'T',
};

/** Writes an apostrophe as this keyboard has it. */
export function withApostrophe(text: string, random: Random): string {
  return text.includes("'") ? text.replaceAll("'", random.pick(["'", '’', 'ʼ', '`'])) : text;
}

/** What careless typing does to a name and every reader overlooks. */
export function withHarmlessNoise(text: string, random: Random): string {
  const roll = random.next();
  if (roll < 0.012) return withLookalike(text, random);
  if (roll < 0.026) return text.replace(' ', '  ');
  if (roll < 0.034) return `${text} `;
  if (roll < 0.042) return text.toUpperCase();
  return text;
}

function withLookalike(text: string, random: Random): string {
  const places = Array.from(text).flatMap((letter, at) => (LOOKALIKES[letter] === undefined ? [] : [at]));
  if (places.length === 0) return text;
  const at = random.pick(places);
  return text.slice(0, at) + (LOOKALIKES[text.charAt(at)] ?? '') + text.slice(at + 1);
}

/**
 * Mistypes one letter inside a word: swapped with the next, left out or another vowel or consonant. The ending of a long
 * word stays: it tells the gender.
 */
export function withTypo(word: string, random: Random): string {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const at = random.int(1, Math.max(1, word.length - 5));
    const letter = word.charAt(at);
    const next = word.charAt(at + 1);
    const kind = random.int(0, 2);
    let typo = word;
    if (kind === 0) typo = word.slice(0, at) + next + letter + word.slice(at + 2);
    if (kind === 1 && word.length > 5) typo = word.slice(0, at) + word.slice(at + 1);
    if (kind === 2) typo = word.slice(0, at) + (OTHER_LETTERS[letter] ?? letter) + word.slice(at + 1);
    if (typo !== word && !HARD_TO_SPOT.test(letter + next) && doubles(typo) <= doubles(word)) return typo;
  }
  return word.slice(0, 1) + word.slice(2);
}

function doubles(word: string): number {
  return word.match(/(.)\1/gu)?.length ?? 0;
}

/** Letters that become several in Latin spelling: one slip in them is more than one there. */
const HARD_TO_SPOT = /[яюєїщшчжхцьйёэъы'’]/u;

const OTHER_LETTERS: Readonly<Record<string, string>> = {
  а: 'о',
  о: 'а',
  е: 'а',
  у: 'ю',
  к: 'р',
  р: 'т',
  т: 'п',
  н: 'м',
  м: 'н',
  в: 'б',
  л: 'д',
  a: 'e',
  e: 'o',
  o: 'u',
  i: 'u',
  r: 't',
  n: 'm',
  l: 'k',
  s: 'd',
};
