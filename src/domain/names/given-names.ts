import { fold } from './fold.ts';
import { readingsOf } from './reading.ts';
import { GIVEN_NAME_LINES } from './tables/given-names.ts';

export type Gender = 'male' | 'female';

/** A given name of the table: one person's name in all its official forms. */
export interface GivenName {
  /** The first official form, folded; stable within one version of the table only. */
  readonly id: string;
  readonly gender: Gender;
  /** First letters (as readings) of the official forms: what an initial may be. */
  readonly initials: readonly string[];
}

/** What the table knows of one spelling. */
export interface GivenNameEntry {
  /** Names of which the spelling is an official form. */
  readonly official: readonly GivenName[];
  /** Names of which it is a diminutive. */
  readonly short: readonly GivenName[];
  /** The spelling is a Ukrainian or Russian form, and no English one. */
  readonly slavic: boolean;
}

interface Entry {
  readonly official: GivenName[];
  readonly short: GivenName[];
  slavic: boolean;
  foreign: boolean;
}

const table = buildTable();

/** What the table knows of a token with these readings; `null` when it is no given name of the table. */
export function givenNameOf(readings: readonly string[], folded: string): GivenNameEntry | null {
  const official: GivenName[] = [];
  const short: GivenName[] = [];
  let slavic = false;
  for (const reading of readings) {
    const entry = table.byReading.get(reading);
    if (entry === undefined) continue;
    for (const name of entry.official) if (!official.includes(name)) official.push(name);
    for (const name of entry.short) if (!short.includes(name)) short.push(name);
    slavic ||= entry.slavic;
  }
  if (official.length === 0 && short.length === 0) return null;
  return { official, short, slavic: slavic && !table.foreignSpellings.has(folded) };
}

/** The name of a father by the stem of a patronymic (its reading before the ending, last vowels off). */
export function fatherOf(stem: string): GivenName | null {
  return table.fathers.get(stem) ?? null;
}

/** A name or a stem without its last vowels: Сергій, Сергей and the stem of Сергійович come to one. */
export function withoutLastVowels(reading: string): string {
  return reading.replace(/[аеиоу]+$/u, '');
}

function buildTable(): {
  byReading: Map<string, Entry>;
  fathers: Map<string, GivenName>;
  foreignSpellings: Set<string>;
} {
  const byReading = new Map<string, Entry>();
  const fathers = new Map<string, GivenName>();
  const foreignSpellings = new Set<string>();
  const entryOf = (reading: string): Entry => {
    const known = byReading.get(reading);
    if (known !== undefined) return known;
    const entry: Entry = { official: [], short: [], slavic: false, foreign: false };
    byReading.set(reading, entry);
    return entry;
  };
  for (const { gender, line } of GIVEN_NAME_LINES) {
    const [uk = '', ru = '', other = '', short = ''] = line
      .split('|')
      .map(wordsOf)
      .map((words) => words.join(' '));
    const native = wordsOf(`${uk} ${ru}`);
    const foreign = wordsOf(other);
    const [first = ''] = [...native, ...foreign];
    const forms = [...native, ...foreign].flatMap((form) => readingsOf(form));
    const initials = [...new Set(forms.map((form) => form.charAt(0)))];
    const name: GivenName = { id: `${first}:${gender}`, gender, initials };
    for (const form of native) {
      for (const reading of readingsOf(form)) {
        const entry = entryOf(reading);
        if (!entry.official.includes(name)) entry.official.push(name);
        entry.slavic = true;
        const stem = withoutLastVowels(reading);
        if (gender === 'male' && !fathers.has(stem)) fathers.set(stem, name);
      }
    }
    for (const form of foreign) {
      foreignSpellings.add(form);
      for (const reading of readingsOf(form)) {
        const entry = entryOf(reading);
        if (!entry.official.includes(name)) entry.official.push(name);
      }
    }
    for (const form of wordsOf(short)) {
      for (const reading of readingsOf(form)) {
        const entry = entryOf(reading);
        if (!entry.short.includes(name)) entry.short.push(name);
      }
    }
  }
  return { byReading, fathers, foreignSpellings };
}

function wordsOf(cell: string): string[] {
  return fold(cell)
    .split(' ')
    .filter((word) => word !== '');
}
