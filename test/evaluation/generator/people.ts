import { createZipf, type Random } from '../random.ts';
import type { Gender, GivenName, Language, Person, Surname } from '../types.ts';
import { GIVEN_NAMES } from './given-names.ts';
import { SURNAMES } from './surnames.ts';

/** How many of a hundred people are of each language. */
const SHARES: Readonly<Record<Language, number>> = { uk: 36, ru: 14, be: 10, bg: 10, en: 12, ar: 18 };

const FAMILY_SHARE = 0.03;
/** Beside the namesakes that chance brings: people of the same name whom somebody has met in earnest. */
const NAMESAKE_SHARE = 0.004;
const DOUBLE_SURNAMES: Readonly<Record<Gender, number>> = { female: 0.03, male: 0.004 };

type Traits = Omit<Person, 'number' | 'family'>;

const drawGiven = byLanguage((language) => ({
  male: createZipf(GIVEN_NAMES[language].male, 4, 0.9),
  female: createZipf(GIVEN_NAMES[language].female, 4, 0.9),
}));
const drawSurname = byLanguage((language) => createZipf(SURNAMES[language], 40, 0.9));

/** People with families and namesakes among them, in no order. */
export function createPeople(count: number, random: Random): Person[] {
  const people: Person[] = [];
  const add = (traits: Traits, family: number | null): void => {
    people.push({ ...traits, number: people.length, family });
  };
  let families = 0;
  while (people.length < count) {
    const one = stranger(random.weighted(SHARES), random);
    const model = people[people.length - 1];
    if (random.chance(FAMILY_SHARE)) {
      families += 1;
      for (const member of familyOf(one, random)) add(member, families);
    } else if (model !== undefined && random.chance(NAMESAKE_SHARE))
      add(
        { ...model, second: random.chance(0.4) ? model.second : one.second, ...sameLanguage(model, one) },
        null,
      );
    else add(one, null);
  }
  return random.shuffled(people.slice(0, count)).map((person, number) => ({ ...person, number }));
}

/** A father's name of another language does not fit. */
function sameLanguage(model: Person, one: Traits): Partial<Traits> {
  return model.language === one.language ? {} : { second: model.second };
}

function stranger(language: Language, random: Random): Traits {
  const gender: Gender = random.chance(0.5) ? 'male' : 'female';
  const surname = surnameOf(language, random);
  const isDouble = language !== 'en' && language !== 'ar' && random.chance(DOUBLE_SURNAMES[gender]);
  const other = isDouble ? surnameOf(language, random) : null;
  return {
    language,
    gender,
    given: drawGiven[language][gender](random),
    second: drawGiven[language][language === 'en' ? gender : 'male'](random),
    surname,
    secondSurname: other?.key === surname.key ? null : other,
  };
}

/** One Ukrainian in eight, and one Russian in twelve, has a surname of the other language. */
function surnameOf(language: Language, random: Random): Surname {
  if (language === 'uk' && random.chance(0.12)) return drawSurname.ru(random);
  if (language === 'ru' && random.chance(0.08)) return drawSurname.uk(random);
  return drawSurname[language](random);
}

function familyOf(one: Traits, random: Random): Traits[] {
  const relative = (gender: Gender, second?: GivenName): Traits => {
    const other = stranger(one.language, random);
    return {
      ...other,
      gender,
      given: drawGiven[one.language][gender](random),
      second:
        second ??
        (one.language === 'en' && gender !== other.gender ? drawGiven.en[gender](random) : other.second),
      surname: one.surname,
      secondSurname: null,
    };
  };
  const single = { ...one, secondSurname: null };
  const father: Traits = single.gender === 'male' ? single : relative('male');
  const ofFather = one.language === 'en' ? undefined : father.given;
  switch (random.weighted({ spouses: 3, siblings: 4, generations: 3, house: 1 })) {
    case 'spouses':
      return [single, relative(single.gender === 'male' ? 'female' : 'male')];
    case 'siblings':
      return [
        single,
        relative(random.chance(0.5) ? 'male' : 'female', one.language === 'en' ? undefined : single.second),
      ];
    case 'generations': {
      const child = relative(random.chance(0.7) ? 'male' : 'female', ofFather);
      // A son is often named after his father: the same name but for the patronymic.
      return [
        father,
        child.gender === 'male' && random.chance(0.12) ? { ...child, given: father.given } : child,
      ];
    }
    case 'house':
      return [father, relative('female'), relative('male', ofFather), relative('female', ofFather)];
  }
}

function byLanguage<T>(make: (language: Language) => T): Readonly<Record<Language, T>> {
  return { uk: make('uk'), ru: make('ru'), be: make('be'), bg: make('bg'), en: make('en'), ar: make('ar') };
}
