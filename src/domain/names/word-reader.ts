import { fold, LONGEST, PLAIN } from './fold.ts';
import { hashOf } from './hash.ts';
import type { Hand } from './tables/readings.ts';
import { Word } from './word.ts';

/** Reads the words of names. */
export interface WordReader {
  /** A folded word. */
  read(text: string, hand: Hand): Word;
  /**
   * The words, in the usual hand, of a name in the letters of one script with nothing to repair or to drop: by far the most.
   * Of very many words the first ones. `null` where the name is none of these.
   */
  plain(name: string): readonly Word[] | null;
}

/** More words than this are no name of a person. */
export const MOST_WORDS = 8;

/** For one name, or a few. */
export const FORGETFUL: WordReader = {
  read: (text, hand) => new Word(text, hand),
  plain: (name) => {
    const folded = name.length <= LONGEST && PLAIN.test(name) ? fold(name) : null;
    return folded?.split(' ', MOST_WORDS).map((text) => new Word(text, 'usual')) ?? null;
  },
};

/**
 * For the many names of a batch: words that come again are read once. What it remembers goes with it.
 *
 * A plain name is folded, split and looked up in one go over its letters, and no text is made of them; a table of its own
 * makes that possible, for a `Map` would need the text.
 */
export class WordTable implements WordReader {
  readonly #words: Word[] = [];
  /** By the hash of the word: its hash, and its place among the words; −1 is an empty slot. */
  #hashes = new Int32Array(1 << 10);
  #places = new Int32Array(1 << 10).fill(-1);

  read(text: string, hand: Hand): Word {
    const hash = hashOf(text);
    const mask = this.#places.length - 1;
    for (let slot = startOf(hash) & mask; ; slot = (slot + 1) & mask) {
      const place = this.#places[slot] ?? -1;
      if (place < 0) return this.#add(text, hash).inHand(hand);
      const word = this.#hashes[slot] === hash ? this.#words[place] : undefined;
      if (word?.written === text) return word.inHand(hand);
    }
  }

  plain(name: string): readonly Word[] | null {
    if (name.length > LONGEST) return null;
    const words: Word[] = [];
    let isLatin: boolean | null = null;
    let isAfterSign = true;
    let start = 0;
    let hash = hashOf('');
    for (let place = 0; place <= name.length; place += 1) {
      const code = place < name.length ? name.charCodeAt(place) : BLANK;
      if (code === BLANK || code === DASH || code === APOSTROPHE) {
        if (isAfterSign) return null;
        isAfterSign = true;
        if (code === BLANK) {
          if (words.length < MOST_WORDS) words.push(this.#find(name, start, place, hash));
          start = place + 1;
          hash = hashOf('');
          continue;
        }
      } else {
        isLatin ??= code < LATIN_END;
        if (small(code) === 0 || code < LATIN_END !== isLatin) return null;
        isAfterSign = false;
      }
      hash = Math.imul(hash ^ small(code), 0x01000193);
    }
    return words;
  }

  /** The word in a part of a plain name. */
  #find(name: string, start: number, end: number, hash: number): Word {
    const mask = this.#places.length - 1;
    for (let slot = startOf(hash) & mask; ; slot = (slot + 1) & mask) {
      const place = this.#places[slot] ?? -1;
      if (place < 0) return this.#add(name.slice(start, end).toLowerCase(), hash);
      const word = this.#hashes[slot] === hash ? this.#words[place] : undefined;
      if (word !== undefined && isSpelled(word.written, name, start, end)) return word;
    }
  }

  #add(text: string, hash: number): Word {
    if (this.#words.length * 2 >= this.#places.length) this.#grow();
    const word = new Word(text, 'usual');
    this.#put(hash, this.#words.length);
    this.#words.push(word);
    return word;
  }

  #put(hash: number, word: number): void {
    const mask = this.#places.length - 1;
    let slot = startOf(hash) & mask;
    while ((this.#places[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
    this.#hashes[slot] = hash;
    this.#places[slot] = word;
  }

  #grow(): void {
    const [hashes, places] = [this.#hashes, this.#places];
    this.#hashes = new Int32Array(hashes.length * 2);
    this.#places = new Int32Array(places.length * 2).fill(-1);
    places.forEach((place, slot) => {
      if (place >= 0) this.#put(hashes[slot] ?? 0, place);
    });
  }
}

function startOf(hash: number): number {
  return hash ^ (hash >>> 16);
}

function isSpelled(word: string, name: string, start: number, end: number): boolean {
  if (word.length !== end - start) return false;
  for (let place = 0; place < word.length; place += 1)
    if (word.charCodeAt(place) !== small(name.charCodeAt(start + place))) return false;
  return true;
}

const BLANK = 0x20;
const APOSTROPHE = 0x27;
const DASH = 0x2d;
const LATIN_END = 0x80;

/** Of the letters and signs that plain names consist of, the small ones by their codes; 0 for all others. */
const SMALL = smallLetters();

function small(code: number): number {
  return SMALL[code] ?? 0;
}

function smallLetters(): Uint16Array {
  const all = new Uint16Array(0x500);
  for (let code = BLANK; code < all.length; code += 1) {
    const letter = String.fromCharCode(code);
    if (PLAIN.test(letter)) all[code] = letter.toLowerCase().charCodeAt(0);
  }
  all[APOSTROPHE] = APOSTROPHE;
  all[DASH] = DASH;
  return all;
}
