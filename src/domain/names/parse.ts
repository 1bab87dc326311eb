import { isLabel, wordsOf } from './clean.ts';
import { fold, scriptOf, type Script } from './fold.ts';
import { otherLayouts } from './layout.ts';
import { joinParticles } from './particles.ts';
import { handOf } from './reading.ts';
import { Word, type WordReader } from './word.ts';

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

/** More words than this are no name of a person. */
const MOST_TOKENS = 8;

/**
 * Splits a name into words with roles. Titles, bracketed departments and extensions are dropped. A patronymic is told by
 * its ending and its place, a given name by the tables; where several words could be the surname, all of them keep the
 * role `unknown`. What was typed with the wrong keyboard layout on is read as it was meant. Never throws; an empty name has
 * no tokens. `read` may remember words that it has read before.
 */
export function parseName(text: string, read: WordReader = (word, hand) => new Word(word, hand)): ParsedName {
  const parsed = parseFolded(fold(text), read);
  if (parsed.isLabel || hasGivenName(parsed) || !/\S{2}\s+\S{2}/u.test(text)) return parsed;
  for (const typed of otherLayouts(text)) {
    const meant = parseFolded(fold(typed), read);
    if (meant.tokens.length >= 2 && hasGivenName(meant)) return meant;
  }
  return parsed;
}

function parseFolded(folded: string, read: WordReader): ParsedName {
  const words = wordsOf(folded);
  const others = words.filter((word) => !isLabel(word.replaceAll('.', '')));
  const labels = words.length - others.length;
  // Kenny Branch is no branch: of two words one of which is a given name, the other is the surname.
  const kept = labels === 1 && others.length === 1 ? words : others;
  const particled = joinParticles(kept.slice(0, MOST_TOKENS));
  const whole = particled.map(spell).join(' ');
  const script = scriptOf(whole);
  const hand = script === 'latin' ? handOf(whole) : 'usual';
  let tokens = particled.map(({ word, particles }) => tokenOf(read(word, hand), particles));
  if (script === 'latin' && looksArabic(tokens))
    tokens = particled.map(({ word, particles }) => tokenOf(read(word, 'arabic'), particles));
  if (
    labels > 0 &&
    (tokens.length < 2 || !tokens.some(({ word }) => word.given !== null || word.patronymic !== null))
  )
    return { text: folded, script: scriptOf(folded), tokens: [], isLabel: true };
  return { text: whole, script, tokens: withRoles(tokens), isLabel: false };
}

function spell({ word, particles }: { word: string; particles: string }): string {
  if (particles === '') return word;
  const isArabic = /[\u0600-\u06ff]/u.test(word);
  const bin = particles.includes('bin') ? (isArabic ? 'بن ' : 'bin ') : '';
  const abu = particles.includes('abu') ? (isArabic ? 'ابو ' : 'abu ') : '';
  const al = particles.startsWith('al') ? (isArabic ? 'ال' : 'al-') : '';
  return `${bin}${abu}${al}${word}`;
}

function tokenOf(word: Word, particles: string): NameToken {
  const role = word.isInitial ? 'initial' : 'unknown';
  return particles === '' ? word.token(role) : { text: word.text, role, particles, word };
}

const SLAVIC_ENDING = /(?:енко|чук|ски|цки|ска|цка|скаиа|ова|ева|ович|евич)$/u;

/** Is a name in Latin or Cyrillic letters an Arabic one? Nadia and Sara are at home everywhere: they show nothing. */
export function looksArabic(tokens: readonly NameToken[]): boolean {
  let isArabic = false;
  for (const { word, particles } of tokens) {
    const { patronymic, given, text } = word;
    if (patronymic !== null || SLAVIC_ENDING.test(word.readings[0] ?? '')) return false;
    if (given !== null && given.slavic && !given.tongues.has('arabic')) return false;
    isArabic ||= particles !== '' || /^abd[uea]l./u.test(text);
    isArabic ||= given?.tongues.size === 1 && given.tongues.has('arabic');
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
  const roles = tokens.map((token) => token.role);
  const words = tokens.flatMap((token, index) => (token.role === 'unknown' ? [index] : []));
  // Only beside two other words is a patronymic one: Іван Петрович may bear the surname Петрович.
  const place = words.length >= 3 ? patronymicPlace(tokens, words) : null;
  if (place !== null) roles[place] = 'patronymic';
  const rest = words.filter((index) => roles[index] === 'unknown');
  const given = rest.filter((index) => isGiven(tokens, index));
  const surnames = rest.filter((index) => !given.includes(index));
  const [onlyGiven] = given;
  const [onlySurname] = surnames;
  if (place !== null) nameBesidePatronymic(roles, rest, place);
  else if (given.length === 1 && onlyGiven !== undefined && surnames.length >= 1) {
    roles[onlyGiven] = 'given';
    for (const index of surnames) roles[index] = 'surname';
  } else if (rest.length === 1 && roles.includes('initial') && rest[0] !== undefined)
    roles[rest[0]] = 'surname';
  else if (given.length >= 2 && surnames.length === 1 && onlySurname !== undefined) {
    // John Michael Smith: the middle name stands like a patronymic.
    for (const index of given) roles[index] = 'given';
    roles[onlySurname] = 'surname';
  }
  return tokens.map((token, index) => {
    const role = roles[index] ?? token.role;
    if (role === token.role) return token;
    return token.particles === '' ? token.word.token(role) : { ...token, role };
  });
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

/** The word before a patronymic is the given name, whatever the table says; the others are the surname. */
function nameBesidePatronymic(roles: Role[], rest: readonly number[], place: number): void {
  const before = rest.filter((index) => index < place);
  const nearest = before.at(-1);
  if (nearest === undefined) return;
  roles[nearest] = 'given';
  for (const index of rest) if (index !== nearest) roles[index] = 'surname';
}
