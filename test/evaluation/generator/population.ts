import { createRandom } from '../random.ts';
import type { Appearance, Person, Population, SharedEvidence } from '../types.ts';
import { createDetails, type Details, type PersonDetails } from './evidence.ts';
import { createPeople } from './people.ts';
import { spell, type Side } from './spelling.ts';

export interface PopulationOptions {
  readonly seed: number;
  /** Entries on each side. */
  readonly size: number;
  /** Share of users without a contact, and of contacts without a user. */
  readonly missing?: number;
}

/** Two lists of the same people, most of them on both sides, with the truth. */
export function createPopulation({ seed, size, missing = 0.02 }: PopulationOptions): Population {
  const alone = Math.round(size * missing);
  const people = createPeople(size + alone, createRandom(seed, 'people'));
  const details = createDetails(people, createRandom(seed, 'details'));
  // People come in no order: the first have no contact, the last no user.
  const left = side('left', people.slice(0, size), details, 'u', seed);
  const right = side('right', people.slice(alone), details, 'c', seed);

  const rightIds = new Map(right.map(({ person, entry }) => [person.number, entry.id]));
  const namesakes = countNamesakes(people);
  const truth = new Map<string, string | null>();
  const evidence = new Map<string, SharedEvidence>();
  const others = new Map<string, number>();
  for (const { person, entry } of left) {
    const contact = rightIds.get(person.number) ?? null;
    truth.set(entry.id, contact);
    evidence.set(entry.id, sharedBy(details[person.number], contact !== null));
    others.set(entry.id, namesakes[person.number] ?? 0);
  }
  return { seed, left, right, truth, evidence, namesakes: others };
}

function side(
  name: Side,
  people: readonly Person[],
  details: readonly PersonDetails[],
  prefix: string,
  seed: number,
): Appearance[] {
  const random = createRandom(seed, name);
  const order = random.shuffled(people.map((_, index) => index));
  const appearances = people.map((person, index): Appearance => {
    const own: Details = details[person.number]?.[name] ?? {};
    const spelling = spell(person, name, own.extension, random);
    return {
      person,
      spelling,
      entry: {
        id: `${prefix}${String(order[index] ?? index).padStart(6, '0')}`,
        name: spelling.name,
        ...own,
      },
    };
  });
  return random.shuffled(appearances);
}

/** What both sides have in common in the end, for the traps may have taken it away. */
function sharedBy(details: PersonDetails | undefined, hasContact: boolean): SharedEvidence {
  if (details === undefined || !hasContact) return 'none';
  const { left, right, shared } = details;
  const isShared = {
    none: true,
    'e-mail': left.email !== undefined && left.email === right.email,
    login: left.login?.toLowerCase() === right.login?.toLowerCase(),
    'extension or phone':
      areSameNumber(left.extension, right.extension) || areSameNumber(left.phone, right.phone),
  };
  return isShared[shared] ? shared : 'none';
}

/** The last nine digits say it, in any notation. */
function areSameNumber(one: string | undefined, other: string | undefined): boolean {
  const digits = one?.replaceAll(/\D/gu, '').slice(-9);
  return digits !== undefined && digits === other?.replaceAll(/\D/gu, '').slice(-9);
}

/**
 * How many others have the same given name and surname, in any of the languages in which the person is written: Ганна and
 * Анна Лисенко are both Анна Лысенко in Russian.
 */
function countNamesakes(people: readonly Person[]): number[] {
  const bearers = new Map<string, number[]>();
  for (const person of people)
    for (const name of namesOf(person)) {
      const known = bearers.get(name);
      if (known === undefined) bearers.set(name, [person.number]);
      else known.push(person.number);
    }
  return people.map((person) => {
    const others = new Set(namesOf(person).flatMap((name) => bearers.get(name) ?? []));
    return others.size - 1;
  });
}

/** Surname and given name in each language, as one text. */
export function namesOf({ language, given, surname, secondSurname, gender }: Person): string[] {
  const names = new Set<string>();
  for (const form of ['uk', 'ru', 'be', 'bg', 'en', 'ar'] as const) {
    const name = given.forms[form]?.official;
    const family = surname.forms[form]?.[gender];
    // English forms of Slavic names are not names of their own here.
    if (name === undefined || family === undefined || (form === 'en' && language !== 'en')) continue;
    for (const one of [family, secondSurname?.forms[form]?.[gender]])
      if (one !== undefined) names.add(`${one} ${name}`.toLowerCase().replaceAll('ё', 'е'));
  }
  return [...names];
}
