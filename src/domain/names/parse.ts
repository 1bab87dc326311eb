import { isLabel, wordsOf } from './clean.ts';
import { fold, scriptOf, type Script } from './fold.ts';
import { otherLayouts } from './layout.ts';
import { joinParticles } from './particles.ts';
import { handOf } from './reading.ts';
import type { Hand } from './tables/readings.ts';
import type { Word } from './word.ts';
import { FORGETFUL, MOST_WORDS, type WordReader } from './word-reader.ts';

export type Role = 'surname' | 'given' | 'patronymic' | 'initial' | 'unknown';

/** One word of a name. `unknown` is kept where the text does not say which of two words is the surname. */
export interface NameToken {
  /** Folded; Western particles that belong to the word are part of it. */
  readonly text: string;
  readonly role: Role;
  /** Arabic particles before the word: `al`, `bin`, `abu`, in this order. */
  readonly particles: string;
  readonly word: Word;
}

export interface ParsedName {
  /** The whole name, folded, without titles, brackets and extensions. */
  readonly text: string;
  readonly script: Script;
  /** Empty for an empty name and for a label. */
  readonly tokens: readonly NameToken[];
  /** The text names a queue, a department or a shared telephone, and no person. */
  readonly isLabel: boolean;
}

/**
 * Splits a name into words with roles. Titles, bracketed departments and extensions are dropped. A patronymic is told by
 * its ending and its place, a given name by the tables; where several words could be the surname, all of them keep the
 * role `unknown`. What was typed with the wrong keyboard layout on is read as it was meant. Never throws; an empty name has
 * no tokens. `reader` may remember words that it has read before.
 */
export function parseName(text: string, reader: WordReader = FORGETFUL): ParsedName {
  return parseRead(text, readFolded(text, reader), reader);
}

/** A name as it is read before its words have roles. */
export type FoldedName =
  /** Words of one script without particles, in the hand in which the name is written; small letters of it are the text. */
  | { readonly kind: 'plain'; readonly written: string; readonly words: readonly Word[] }
  | { readonly kind: 'odd'; readonly parsed: ParsedName };

/** Folds a name and reads its words. Most names are nothing but words, and for them there is a short way. */
export function readFolded(text: string, reader: WordReader): FoldedName {
  const words = reader.plain(text);
  if (words !== null) return inOneHand(text, words, reader);
  const folded = fold(text);
  const repaired = reader.plain(folded);
  return repaired === null ? clean(folded, reader) : inOneHand(folded, repaired, reader);
}

function inOneHand(written: string, words: readonly Word[], reader: WordReader): FoldedName {
  let hand: Hand = 'usual';
  for (const word of words) {
    if (!word.isOrdinary) return clean(written.toLowerCase(), reader);
    if (word.hand !== 'usual' && hand !== 'french') hand = word.hand;
  }
  if (looksArabic(words) || mayBeArabicBySound(words)) {
    if (words.length === MOST_WORDS) return clean(written.toLowerCase(), reader);
    hand = handOfArabic(written.toLowerCase(), words);
  }
  return { kind: 'plain', written, words: hand === 'usual' ? words : words.map((word) => word.inHand(hand)) };
}

/** Of words that look Arabic when they are read in the usual hand; another hand may read other names into them. */
function handOfArabic(folded: string, words: readonly Word[]): Hand {
  if (words[0]?.script !== 'latin') return 'usual';
  const hand = handOf(folded);
  const read = words.map((word) => word.inHand(hand));
  return looksArabic(read) || mayBeArabicBySound(read) ? 'arabic' : hand;
}

/** Gives the words of a read name their roles. `text` is the name as it was typed. */
export function parseRead(text: string, read: FoldedName, reader: WordReader): ParsedName {
  const parsed = withRolesOf(read);
  if (hasGivenName(parsed) || parsed.isLabel || !/\S{2}\s+\S{2}/u.test(text)) return parsed;
  for (const typed of otherLayouts(text)) {
    const meant = withRolesOf(clean(fold(typed), reader));
    // By the spelling: nearly any letters sound like some Arabic name.
    if (meant.tokens.length >= 2 && meant.tokens.some(({ word }) => word.isSpelledGivenName)) return meant;
  }
  return parsed;
}

function withRolesOf(read: FoldedName): ParsedName {
  return read.kind === 'odd' ? read.parsed : parseWords(read.written, read.words);
}

/** The words of a name in one script. */
export function parseWords(written: string, words: readonly Word[]): ParsedName {
  return {
    text: written.toLowerCase(),
    script: words[0]?.script ?? 'other',
    tokens: withRoles(words.map(tokenOf)),
    isLabel: false,
  };
}

/** Reads a name in which something may have to be dropped, or put to the word after it. */
function clean(folded: string, reader: WordReader): FoldedName {
  const all = wordsOf(folded);
  const others = all.filter((word) => !isLabel(word.includes('.') ? word.replaceAll('.', '') : word));
  const labels = all.length - others.length;
  // Kenny Branch is no branch: of two words one of which is a given name, the other is the surname.
  const kept = labels === 1 && others.length === 1 ? all : others;
  const particled = joinParticles(kept.slice(0, MOST_WORDS));
  const whole = particled.map(spell).join(' ');
  const script = scriptOf(whole);
  const readIn = (hand: Hand): Word[] => particled.map(({ word }) => reader.read(word, hand));
  let words = readIn(script === 'latin' ? handOf(whole) : 'usual');
  const hasParticles = particled.some(({ particles }) => particles !== '');
  if (script === 'latin' && (looksArabic(words, hasParticles) || mayBeArabicBySound(words)))
    words = readIn('arabic');
  if (
    labels > 0 &&
    (words.length < 2 || !words.some(({ given, patronymic }) => given !== null || patronymic !== null))
  )
    return { kind: 'odd', parsed: { text: folded, script: scriptOf(folded), tokens: [], isLabel: true } };
  if (!hasParticles && isKnown(script) && words.every((word) => word.script === script))
    return { kind: 'plain', written: whole, words };
  const tokens = words.map((word, place) => withParticles(tokenOf(word), particled[place]?.particles ?? ''));
  return { kind: 'odd', parsed: { text: whole, script, tokens: withRoles(tokens), isLabel: false } };
}

function isKnown(script: Script): boolean {
  return script === 'latin' || script === 'cyrillic' || script === 'arabic';
}

function spell({ word, particles }: { word: string; particles: string }): string {
  if (particles === '') return word;
  const isArabic = /[\u0600-\u06ff]/u.test(word);
  const bin = particles.includes('bin') ? (isArabic ? 'بن ' : 'bin ') : '';
  const abu = particles.includes('abu') ? (isArabic ? 'ابو ' : 'abu ') : '';
  const al = particles.startsWith('al') ? (isArabic ? 'ال' : 'al-') : '';
  return `${bin}${abu}${al}${word}`;
}

function tokenOf(word: Word): NameToken {
  return word.token(word.isInitial ? 'initial' : 'unknown');
}

function withParticles(token: NameToken, particles: string): NameToken {
  return particles === '' ? token : { ...token, particles };
}

/** No given name is known among these Latin words, and nothing shows where they are from: they may sound like one. */
function mayBeArabicBySound(words: readonly Word[]): boolean {
  return (
    words.length > 1 &&
    words.every(({ script, given, origin }) => script === 'latin' && given === null && origin === null)
  );
}

/** Is a name in Latin or Cyrillic letters an Arabic one? Nadia and Sara are at home everywhere: they show nothing. */
export function looksArabic(words: readonly Word[], hasParticles = false): boolean {
  let isArabic = hasParticles;
  for (const word of words) {
    if (word.origin === 'slavic') return false;
    isArabic ||= word.origin === 'arabic';
  }
  return isArabic;
}

function hasGivenName({ tokens }: ParsedName): boolean {
  return tokens.some(({ word }) => word.given !== null);
}

/** A word that can be a given name: the tables know it, and no article or kunya makes it a surname. */
export function isGivenName({ word, particles }: NameToken): boolean {
  return word.given !== null && particles === '';
}

function withRoles(tokens: readonly NameToken[]): readonly NameToken[] {
  const words: number[] = [];
  let mayHavePatronymic = false;
  let given = 0;
  for (let place = 0; place < tokens.length; place += 1) {
    const token = tokens[place];
    if (token === undefined || token.role === 'initial') continue;
    words.push(place);
    mayHavePatronymic ||= token.word.patronymic !== null;
    if (isGivenName(token)) given += 1;
  }
  // Only beside two other words is a patronymic one: Іван Петрович may bear the surname Петрович.
  const patronymic = mayHavePatronymic && words.length >= 3 ? patronymicPlace(tokens, words) : null;
  const surnames = words.length - given;
  // John Michael Smith: the middle name stands like a patronymic.
  const areTold = (given === 1 && surnames >= 1) || (given >= 2 && surnames === 1);
  if (patronymic === null && !areTold && (words.length !== 1 || tokens.length === 1)) return tokens;
  const nearest = patronymic === null ? null : (words[words.indexOf(patronymic) - 1] ?? null);
  return tokens.map((token, place): NameToken => {
    if (token.role === 'initial') return token;
    if (patronymic === null) return inRole(token, areTold && isGivenName(token) ? 'given' : 'surname');
    // The word before a patronymic is the given name, whatever the tables say; the others are the surname.
    return inRole(token, place === patronymic ? 'patronymic' : place === nearest ? 'given' : 'surname');
  });
}

function inRole(token: NameToken, role: Role): NameToken {
  return token.particles === '' ? token.word.token(role) : { ...token, role };
}

/** A patronymic follows the given name; of two words that end like one, it is the one that does. */
function patronymicPlace(tokens: readonly NameToken[], words: readonly number[]): number | null {
  const places = words.slice(1).filter((index) => tokens[index]?.word.patronymic != null);
  const afterGiven = places.find(
    (index) => isGiven(tokens, index - 1) && tokens[index - 1]?.word.patronymic == null,
  );
  if (afterGiven !== undefined) return afterGiven;
  return places.length === 1 ? (places[0] ?? null) : (places.at(-1) ?? null);
}

function isGiven(tokens: readonly NameToken[], index: number): boolean {
  const token = tokens[index];
  return token !== undefined && isGivenName(token);
}
