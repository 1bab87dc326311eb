import { genderOf, nameOf, ReadName, type Name, type Traits, type Understanding } from './name.ts';
import { parseWords, type ParsedName } from './parse.ts';
import type { SurnamePart } from './parts.ts';
import { understandingOf } from './understand.ts';
import type { Word } from './word.ts';

/** Which words of a name are what: places among its words. */
interface Layout {
  readonly surname: readonly number[];
  readonly given: number;
  readonly middle: number | null;
  readonly isPatronymic: boolean;
  readonly isTurned: boolean;
}

/** How names of some kinds of words are understood. */
interface Plan {
  readonly traits: Traits;
  readonly layouts: readonly Layout[];
  /** Place of the word that is a patronymic by its role. */
  readonly patronymic: number | null;
}

/** Names of more words are rare; and there are far fewer kinds of words than this. */
const MOST_WORDS = 3;
const MOST_KINDS = 1 << 10;

/**
 * Understands plain names by the kinds of their words. The rules (parse.ts, understand.ts) ask of a word whether it is a
 * given name, ends like a patronymic and the like (see `kindOf`), and never who bears it: two names whose words answer
 * alike are understood alike. So the rules are applied to the first name of each combination of kinds, and what they say
 * is kept as a plan for all that follow. For one batch: what it remembers goes with it.
 */
export class PlainNames {
  readonly #kinds = new Map<number, number>();
  readonly #plans = new Map<number, Plan>();

  /** The name of these words, of which one at least is a given name. */
  understand(written: string, words: readonly Word[]): Name {
    const key = this.#keyOf(words);
    const plan = key === null ? undefined : this.#plans.get(key);
    if (plan !== undefined) return follow(plan, written, words);
    const parsed = parseWords(written, words);
    const name = nameOf(parsed);
    if (key !== null) this.#plans.set(key, planOf(name, parsed, words));
    return name;
  }

  /** `null` for names that the rules have to read themselves: of one word, of many, or of the same word twice. */
  #keyOf(words: readonly Word[]): number | null {
    const [one, two, three] = words;
    if (two === undefined || words.length > MOST_WORDS) return null;
    if (one === two || one === three || two === three) return null;
    let key = 1;
    for (const word of words) {
      const kind = this.#numberOf(word.kind);
      if (kind >= MOST_KINDS) return null;
      key = key * MOST_KINDS + kind;
    }
    return key;
  }

  /** Kinds are numbered as they come. */
  #numberOf(kind: number): number {
    let number = this.#kinds.get(kind);
    if (number === undefined) {
      number = this.#kinds.size;
      this.#kinds.set(kind, number);
    }
    return number;
  }
}

function planOf(name: ReadName, { tokens }: ParsedName, words: readonly Word[]): Plan {
  const patronymic = tokens.findIndex(({ role }) => role === 'patronymic');
  return {
    traits: name.traits,
    layouts: name.understandings.map((one) => layoutOf(one, words)),
    patronymic: patronymic < 0 ? null : patronymic,
  };
}

function layoutOf({ surname, given, middle, isTurned }: Understanding, words: readonly Word[]): Layout {
  return {
    surname: surname.words.map((word) => words.indexOf(word)),
    given: words.indexOf(given.word),
    middle: middle === null ? null : words.indexOf(middle.word),
    isPatronymic: middle !== null && middle === middle.word.asPatronymic,
    isTurned,
  };
}

function follow({ traits, layouts, patronymic }: Plan, written: string, words: readonly Word[]): Name {
  const [only] = layouts;
  const understandings =
    only !== undefined && layouts.length === 1
      ? [fill(only, words)]
      : layouts.map((layout) => fill(layout, words));
  const fallback = patronymic === null ? null : (words[patronymic] ?? null);
  return new ReadName(written, traits, understandings, genderOf(understandings, fallback));
}

function fill(
  { surname, given, middle, isPatronymic, isTurned }: Layout,
  words: readonly Word[],
): Understanding {
  const second = middle === null ? undefined : wordAt(words, middle);
  return understandingOf(
    surnameOf(surname, words),
    wordAt(words, given).asGiven,
    second === undefined ? null : isPatronymic ? second.asPatronymic : second.asMiddle,
    isTurned,
  );
}

function surnameOf(places: readonly number[], words: readonly Word[]): SurnamePart {
  const [only] = places;
  if (only !== undefined && places.length === 1) return wordAt(words, only).asSurname;
  const all = places.map((place) => wordAt(words, place));
  return { text: all.map(({ text }) => text).join(''), particles: '', words: all };
}

function wordAt(words: readonly Word[], place: number): Word {
  const word = words[place];
  if (word === undefined) throw new RangeError('A plan names a word that the name does not have.');
  return word;
}
