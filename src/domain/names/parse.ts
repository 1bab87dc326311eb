import { fold, PLAIN, scriptOf, type Script } from './fold.ts';
import { foldArabic } from './arabic.ts';
import { givenNameOf, type GivenNameEntry } from './given-names.ts';
import { patronymicOf, type Patronymic } from './patronymics.ts';
import { readingsOf, readingsOfInitial } from './reading.ts';
import {
  ARABIC_PREFIXES,
  ARTICLES,
  EXTENSION_WORDS,
  KINSHIP,
  TITLES,
  WESTERN_PARTICLES,
} from './tables/words.ts';

export type Role = 'surname' | 'given' | 'patronymic' | 'initial' | 'particle' | 'unknown';

/** One word of a name. `unknown` is kept where the text does not say which of two words is the surname. */
export interface NameToken {
  /** Folded; particles that belong to the word are part of it. */
  readonly text: string;
  readonly role: Role;
  readonly script: Script;
  /** Phonetic readings (tables/readings.ts). */
  readonly readings: readonly string[];
  readonly given: GivenNameEntry | null;
  readonly patronymic: Patronymic | null;
}

export interface ParsedName {
  /** The whole name, folded, without titles, brackets and extensions. */
  readonly text: string;
  readonly script: Script;
  readonly tokens: readonly NameToken[];
}

/** More words than this are no name of a person. */
const MOST_TOKENS = 8;

/**
 * Splits a name into words with roles. Titles, bracketed departments and extensions are dropped. A patronymic is told by
 * its ending and its place, a given name by the table; where several words could be the surname, all of them keep the
 * role `unknown`. Never throws; an empty name has no tokens. `read` may remember words that it has read before.
 */
export function parseName(text: string, read: (word: string) => NameToken = readWord): ParsedName {
  const words = wordsOf(fold(text));
  const tokens = withRoles(words.slice(0, MOST_TOKENS).map((word) => read(word)));
  const whole = words.join(' ');
  return { text: whole, script: scriptOf(whole), tokens };
}

/** One word by itself: whether it is an initial, and what it may be beside that. */
export function readWord(text: string): NameToken {
  const script = scriptOf(text);
  const isInitial =
    Array.from(text.replaceAll('.', '')).length === 1 || (text.endsWith('.') && text.length <= 3);
  const readings = isInitial ? readingsOfInitial(text) : readingsOf(text);
  return {
    text: text.replaceAll('.', ''),
    role: isInitial && script !== 'arabic' && script !== 'other' ? 'initial' : 'unknown',
    script,
    readings,
    given: isInitial ? null : givenNameOf(readings, text),
    patronymic: isInitial ? null : patronymicOf(readings),
  };
}

function withRoles(tokens: NameToken[]): NameToken[] {
  const roles = tokens.map((token) => token.role);
  const words = tokens.flatMap((token, index) => (token.role === 'unknown' ? [index] : []));
  // Only beside two other words is a patronymic one: Іван Петрович may bear the surname Петрович.
  if (words.length >= 3) {
    const place = patronymicPlace(tokens, words);
    if (place !== null) roles[place] = 'patronymic';
  }
  const rest = words.filter((index) => roles[index] === 'unknown');
  const given = rest.filter((index) => tokens[index]?.given !== null);
  const [onlyGiven] = given;
  const surnames = rest.filter((index) => !given.includes(index));
  if (roles.includes('patronymic')) nameBesidePatronymic(tokens, roles, rest);
  else if (given.length === 1 && onlyGiven !== undefined && surnames.length >= 1) {
    roles[onlyGiven] = 'given';
    for (const index of surnames) roles[index] = 'surname';
  } else if (rest.length === 1 && roles.includes('initial') && rest[0] !== undefined)
    roles[rest[0]] = 'surname';
  else if (given.length >= 2 && surnames.length === 1 && surnames[0] !== undefined) {
    // John Michael Smith: the middle name stands like a patronymic.
    for (const index of given) roles[index] = 'given';
    roles[surnames[0]] = 'surname';
  }
  return tokens.map((token, index) => {
    const role = roles[index] ?? token.role;
    return role === token.role ? token : { ...token, role };
  });
}

/** A patronymic follows the given name; of two words that end like one, it is the one that does. */
function patronymicPlace(tokens: readonly NameToken[], words: readonly number[]): number | null {
  const places = words.slice(1).filter((index) => tokens[index]?.patronymic !== null);
  const afterGiven = places.find((index) => tokens[index - 1]?.given !== null && isGiven(tokens, index - 1));
  if (afterGiven !== undefined) return afterGiven;
  return places.length === 1 ? (places[0] ?? null) : (places.at(-1) ?? null);
}

function isGiven(tokens: readonly NameToken[], index: number): boolean {
  const token = tokens[index];
  return token?.given !== null && token?.patronymic === null;
}

/** The word before a patronymic is the given name, whatever the table says; the others are the surname. */
function nameBesidePatronymic(tokens: readonly NameToken[], roles: Role[], rest: readonly number[]): void {
  const place = roles.indexOf('patronymic');
  const before = rest.filter((index) => index < place);
  const after = rest.filter((index) => index > place);
  const nearest = before.at(-1);
  if (nearest === undefined) return;
  roles[nearest] = 'given';
  for (const index of [...before.slice(0, -1), ...after])
    if (tokens[index] !== undefined) roles[index] = 'surname';
}

function wordsOf(folded: string): string[] {
  if (PLAIN.test(folded)) return joinParticles(withoutTitles(folded.split(' ')));
  const bare = surnameFirst(withoutTail(withoutBrackets(folded)));
  const words: string[] = [];
  if (/^[\p{L} '-]+$/u.test(bare)) words.push(...bare.split(' ').map(withoutEdges).filter(notEmpty));
  else words.push(...plainWords(bare));
  return joinParticles(withoutTitles(words));
}

function plainWords(bare: string): string[] {
  const words: string[] = [];
  let skipNumber = false;
  for (const raw of bare
    .replace(/[,;:!?*«»“”"]/gu, ' ')
    .replace(/\.(?=[^\s.])/gu, '. ')
    .split(' ')) {
    const word = withoutEdges(raw);
    const plain = word.replaceAll('.', '');
    if (plain === '') continue;
    if (EXTENSION_WORDS.has(plain) || /^[#№]/u.test(raw)) {
      skipNumber = true;
      continue;
    }
    if (/\d/u.test(plain) && (skipNumber || words.length > 0)) continue;
    words.push(word);
  }
  return words;
}

function withoutEdges(word: string): string {
  return word.replace(/^[-'.]+|[-']+$/gu, '');
}

function notEmpty(word: string): boolean {
  return word !== '';
}

function withoutBrackets(text: string): string {
  if (!/[([{<]/u.test(text)) return text;
  const bare = text
    .replace(/\([^()]*\)|\[[^[\]]*\]|\{[^{}]*\}|<[^<>]*>/gu, ' ')
    .replace(/[([{<].*$/u, ' ')
    .replace(/[)\]}>]/gu, ' ')
    .replace(/ +/gu, ' ')
    .trim();
  return bare === ''
    ? text
        .replace(/[()[\]{}<>]/gu, ' ')
        .replace(/ +/gu, ' ')
        .trim()
    : bare;
}

/** Departments and lines behind a bar, a slash or a spaced dash; a dash between two single words joins a surname. */
function withoutTail(text: string): string {
  const [name = '', ...tail] = text.split(/ ?[|/\\] ?/u);
  const kept = tail.length > 0 && name.includes(' ') ? name : text.replace(/[|/\\]/gu, ' ');
  const [first = '', ...others] = kept.split(' - ');
  if (others.length === 0) return kept;
  return first.includes(' ') ? first : kept.replaceAll(' - ', '-');
}

/** "Kovalenko, Ivan" is the surname first; what follows a full name after a comma is a title or a department. */
function surnameFirst(text: string): string {
  const [head = '', ...rest] = text.split(/ ?, ?/u);
  if (rest.length === 0 || head === '') return text;
  const [next = ''] = rest;
  if (!head.includes(' ')) return `${head} ${next}`;
  const words = head.split(' ');
  const hasGiven = words.some((word) => givenNameOf(readingsOf(word), word) !== null);
  return hasGiven ? head : `${head} ${next}`;
}

function withoutTitles(words: readonly string[]): readonly string[] {
  const kept = words.filter((word) => !TITLES.has(word.replaceAll('.', '')));
  if (kept.length === words.length) return words;
  // A title that is all there is may be a surname: Пан Ігор.
  return kept.length >= 2 || (kept.length === 1 && words.length > 2) ? kept : words;
}

function joinParticles(words: readonly string[]): string[] {
  const joined: string[] = [];
  let prefix = '';
  words.forEach((word, index) => {
    const arabic = scriptOf(word) === 'arabic';
    const text = arabic ? foldArabic(word, prefix === '') : withoutArticle(word);
    const isParticle = index < words.length - 1 && (arabic || words.length > 2);
    if (isParticle && index > 0 && KINSHIP.has(text)) return;
    if (isParticle && ARTICLES.has(text)) return;
    if (isParticle && (ARABIC_PREFIXES.has(text) || WESTERN_PARTICLES.has(text))) {
      prefix += text;
      return;
    }
    if (text === '') return;
    joined.push(prefix + text);
    prefix = '';
  });
  return joined;
}

function withoutArticle(word: string): string {
  if (!word.includes('-')) return word;
  const [first = '', ...rest] = word.split('-');
  return rest.length > 0 && ARTICLES.has(first) ? rest.join('-') : word;
}
