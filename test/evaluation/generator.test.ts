import { describe, expect, test } from '@jest/globals';
import { createPopulation } from './generator/population.ts';
import { CORRUPTIONS, LANGUAGES, type Appearance, type Person, type Population } from './types.ts';

const SIZE = 2000;
const population = createPopulation({ seed: 1, size: SIZE });
const sides = { left: population.left, right: population.right };
const both = [...population.left, ...population.right];

const lists = ({ left, right }: Population) => [left, right].map((side) => side.map(({ entry }) => entry));
const share = (count: number): number => count / SIZE;

describe('a generated population', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(lists(createPopulation({ seed: 1, size: SIZE }))).toEqual(lists(population));
    expect(lists(createPopulation({ seed: 2, size: SIZE }))).not.toEqual(lists(population));
  });

  test.each(['left', 'right'] as const)(
    'has as many entries on the %s as asked for, each with an id and a name',
    (side) => {
      const entries = sides[side].map(({ entry }) => entry);
      expect(entries).toHaveLength(SIZE);
      expect(new Set(entries.map(({ id }) => id)).size).toBe(SIZE);
      expect(entries.filter(({ name }) => !/\p{L}{2}/u.test(name))).toEqual([]);
    },
  );

  test('tells for each user which contact is the same person', () => {
    const rights = new Map(population.right.map((appearance) => [appearance.entry.id, appearance]));
    for (const { entry, person } of population.left) {
      const own = population.truth.get(entry.id);
      expect(own).toBeDefined();
      if (own !== null && own !== undefined) expect(rights.get(own)?.person).toBe(person);
      else expect(population.right.some((other) => other.person === person)).toBe(false);
    }
    expect(population.truth.size).toBe(SIZE);
  });

  test('leaves two in a hundred users without a contact, and as many contacts without a user', () => {
    const contacts = [...population.truth.values()].filter((contact) => contact !== null);
    expect(contacts).toHaveLength(SIZE - 40);
    expect(new Set(contacts).size).toBe(SIZE - 40);
  });

  test('does not betray who is who by ids or by the order', () => {
    const left = population.left.map(({ person }) => person.number);
    const right = population.right.map(({ person }) => person.number);
    const samePlace = left.filter((number, place) => right[place] === number);
    const sameId = population.left.filter(
      ({ entry }) => population.truth.get(entry.id)?.slice(1) === entry.id.slice(1),
    );
    expect(share(samePlace.length)).toBeLessThan(0.01);
    expect(share(sameId.length)).toBeLessThan(0.01);
  });

  test('has people of every language, in every script they are written in', () => {
    const seen = new Set(both.map(({ person, spelling }) => `${person.language} ${spelling.script}`));
    for (const language of LANGUAGES) expect(seen).toContain(`${language} Latin`);
    for (const language of ['uk', 'ru', 'be', 'bg']) expect(seen).toContain(`${language} Cyrillic`);
    expect(seen).toContain('ar Arabic');
  });

  test.each(CORRUPTIONS)('shows people with: %s', (corruption) => {
    expect(both.some(({ spelling }) => spelling.corruptions.includes(corruption))).toBe(true);
  });

  test('spells every system of romanisation', () => {
    const large = createPopulation({ seed: 3, size: 6000 });
    const systems = new Set(
      [...large.left, ...large.right].map(({ spelling }) => `${spelling.language} ${spelling.system}`),
    );
    const cyrillic = [...systems].filter((name) => !name.endsWith(' none'));
    expect(cyrillic.toSorted()).toEqual([
      'ar by ear',
      'be BGN/PCGN 1979',
      'be ICAO 9303 (passport)',
      'be by ear',
      'be national 2007',
      'bg BGN/PCGN 1952',
      'bg by ear',
      'bg passport before 1999 (French)',
      'bg streamlined (law of 2009), BGN/PCGN 2013',
      'ru BGN/PCGN 1947',
      'ru GOST R 52535.1 (passport 2010)',
      'ru ICAO 9303 (passport 2014)',
      'ru ISO/R 9 (1968)',
      'ru Soviet passport (French)',
      'ru by ear',
      'ru passport 1997',
      'uk BGN/PCGN 1965',
      'uk ISO/R 9 (1968)',
      'uk KMU 55 (2010), BGN/PCGN 2019',
      'uk Legal Commission 1996',
      'uk Soviet passport (French)',
      'uk by ear',
      'uk passport 2007',
    ]);
  });

  test('has namesakes as often as surnames bring them, some of them with the same patronymic', () => {
    const namesakes = [...population.namesakes.values()].filter((others) => others > 0);
    expect(share(namesakes.length)).toBeGreaterThan(0.01);
    expect(share(namesakes.length)).toBeLessThan(0.15);
    expect(homonyms(population.left)).toBeGreaterThan(0);
  });

  test('counts namesakes across the forms of a name in two languages', () => {
    const people = [...new Set(both.map(({ person }) => person))];
    const russian = new Map<string, Person[]>();
    for (const person of people) {
      const given = person.given.forms.ru?.official;
      const surname = person.surname.forms.ru?.[person.gender];
      if (given === undefined || surname === undefined) continue;
      russian.set(`${surname} ${given}`, [...(russian.get(`${surname} ${given}`) ?? []), person]);
    }
    const byPerson = new Map(
      population.left.map(({ person, entry }) => [person, population.namesakes.get(entry.id)]),
    );
    for (const bearers of russian.values())
      for (const person of bearers)
        expect(byPerson.get(person) ?? bearers.length).toBeGreaterThanOrEqual(bearers.length - 1);
  });

  test('has families: a child with the name of the father for a patronymic, spouses with one surname', () => {
    const families = new Map<number, Person[]>();
    for (const person of new Set(both.map((appearance) => appearance.person)))
      if (person.family !== null)
        families.set(person.family, [...(families.get(person.family) ?? []), person]);
    const members = [...families.values()].filter(({ length }) => length > 1);
    expect(members.length).toBeGreaterThan(10);
    for (const relatives of members) expect(new Set(relatives.map(({ surname }) => surname)).size).toBe(1);
    expect(members.some(([one, other]) => one?.second === other?.given || other?.second === one?.given)).toBe(
      true,
    );
    expect(members.some(([one, other]) => one?.gender !== other?.gender)).toBe(true);
  });

  test('says which evidence both sides share, and has each kind', () => {
    const rights = new Map(population.right.map(({ entry }) => [entry.id, entry]));
    const seen = new Set<string>();
    for (const { entry } of population.left) {
      const evidence = population.evidence.get(entry.id) ?? '';
      const own = rights.get(population.truth.get(entry.id) ?? '');
      seen.add(evidence);
      if (evidence === 'e-mail') expect(own?.email).toBe(entry.email);
      if (evidence === 'login') expect(own?.login?.toLowerCase()).toBe(entry.login?.toLowerCase());
      if (evidence === 'extension or phone') {
        const numbers = [own?.extension, own?.phone].flatMap((number) => digits(number) ?? []);
        const shared = [entry.extension, entry.phone].filter((number) =>
          numbers.includes(digits(number) ?? ''),
        );
        expect(shared).not.toEqual([]);
      }
    }
    expect([...seen].toSorted()).toEqual(['e-mail', 'extension or phone', 'login', 'none']);
  });

  test('lays traps: mailboxes and extensions of several people, a login that is another’s', () => {
    const extensions = population.left.flatMap(({ entry }) => entry.extension ?? []);
    expect(new Set(extensions).size).toBeLessThan(extensions.length);
    const emails = population.right.flatMap(({ entry }) => entry.email ?? []);
    expect(new Set(emails).size).toBeLessThan(emails.length);
    const holders = new Map(population.left.map(({ entry, person }) => [entry.login, person]));
    const reused = population.right.filter(({ entry, person }) => {
      const holder = entry.login === undefined ? undefined : holders.get(entry.login);
      return holder !== undefined && holder !== person;
    });
    expect(reused.length).toBeGreaterThan(0);
  });
});

function homonyms(side: readonly Appearance[]): number {
  const names = side.map(
    ({ person: { surname, given, second } }) => `${surname.key} ${given.key} ${second.key}`,
  );
  return names.length - new Set(names).size;
}

/** The last nine, whatever stands before them. */
function digits(phone: string | undefined): string | undefined {
  return phone?.replaceAll(/\D/gu, '').slice(-9);
}
