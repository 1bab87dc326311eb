import type { Random } from '../random.ts';
import { inLatinLetters, latinHand } from '../romanisation/arabic.ts';
import { byEar, isCyrillicLanguage, romanise, SYSTEMS } from '../romanisation/romanise.ts';
import type { Person } from '../types.ts';

/** A name in the letters that logins and addresses are made of. */
interface Stem {
  readonly given: string;
  readonly surname: string;
  readonly second: string;
}

/** Hands out logins, addresses and numbers, each once. */
export interface Register {
  login(person: Person): string;
  /** As another system would make it, without regard to the first. */
  otherLogin(person: Person): string;
  email(person: Person): string;
  privateEmail(person: Person): string;
  extension(): string;
  phone(): string;
}

const DOMAINS = ['corp.example', 'corp.example', 'corp.example', 'north.example', 'retail.example'];
const PRIVATE_DOMAINS = ['mail.example', 'post.example', 'inbox.example'];

export function createRegister(random: Random): Register {
  const taken = new Map<string, number>();
  const once = (key: (suffix: string) => string): string => {
    const count = (taken.get(key('')) ?? 0) + 1;
    taken.set(key(''), count);
    if (count === 1) return key('');
    const next = key(String(count));
    return taken.has(next) ? once((suffix) => key(`${count}${suffix}`)) : (taken.set(next, 1), next);
  };
  let extensions = 100;
  let phones = 0;
  return {
    login: (person) => {
      if (random.chance(0.08)) return once((suffix) => `u${10_000 + random.below(90_000)}${suffix}`);
      const stem = stemOf(person, random);
      const { given, surname } = stem;
      const initial = given.charAt(0);
      const base = random.pick([
        `${initial}.${surname}`,
        `${initial}.${surname}`,
        `${initial}${surname}`,
        `${surname}.${initial}`,
        `${given}.${surname}`,
        `${surname}_${given}`,
        `${surname}${initial}${stem.second.charAt(0)}`,
      ]);
      return once((suffix) => base + suffix);
    },
    otherLogin: (person) => {
      const { given, surname } = stemOf(person, random);
      return once((suffix) => `crm-${surname}-${given}${suffix}`);
    },
    email: (person) => {
      const { given, surname, second } = stemOf(person, random);
      const initial = given.charAt(0);
      const local = random.pick([
        `${given}.${surname}`,
        `${initial}.${surname}`,
        `${surname}.${given}`,
        `${surname}.${initial}${second.charAt(0)}`,
        `${initial}${surname}`,
      ]);
      const domain = random.pick(DOMAINS);
      return once((suffix) => `${local}${suffix}@${domain}`);
    },
    privateEmail: (person) => {
      const { given, surname } = stemOf(person, random);
      const domain = random.pick(PRIVATE_DOMAINS);
      const year = 60 + random.below(45);
      const local = random.pick([
        `${given}${surname}`,
        `${surname}${year}`,
        `${given}_${year}`,
        `kitty${year}`,
      ]);
      return once((suffix) => `${local}${suffix}@${domain}`);
    },
    extension: () => String((extensions += 1 + random.below(2))),
    phone: () => {
      phones += 1 + random.below(9);
      return `+380${random.pick(['50', '63', '67', '93', '97'])}${String(1_000_000 + phones * 7).slice(-7)}`;
    },
  };
}

function stemOf({ language, given, second, surname, gender }: Person, random: Random): Stem {
  const plain = (text: string): string =>
    text
      .normalize('NFD')
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]/gu, '');
  if (language === 'ar') {
    const hand = latinHand(random);
    const write = (name: string): string => plain(inLatinLetters(name, hand).replaceAll(' ', ''));
    return {
      given: write(given.forms.ar?.official ?? ''),
      surname: write(surname.forms.ar?.[gender] ?? ''),
      second: write(second.forms.ar?.official ?? ''),
    };
  }
  if (!isCyrillicLanguage(language))
    return {
      given: plain(given.forms.en?.official ?? ''),
      surname: plain(surname.forms.en?.[gender] ?? ''),
      second: plain(second.forms.en?.official ?? ''),
    };
  const [official] = SYSTEMS[language];
  const system = official !== undefined && random.chance(0.6) ? official : byEar(language, random);
  const write = (text: string | undefined): string => plain(romanise(text ?? '', system));
  return {
    given: write(given.forms[language]?.official),
    surname: write((surname.forms[language] ?? Object.values(surname.forms)[0])?.[gender]),
    second: write(second.forms[language]?.patronymic?.[gender]),
  };
}

/** The same number as another hand writes it. */
export function otherNotation(phone: string, random: Random): string {
  const [, code = '', rest = ''] = /^\+380(\d\d)(\d{7})$/.exec(phone) ?? [];
  const [one, two, three] = [rest.slice(0, 3), rest.slice(3, 5), rest.slice(5)];
  return random.pick([
    phone,
    `+380 ${code} ${one} ${two} ${three}`,
    `0${code}${rest}`,
    `380${code}${rest}`,
    `(0${code}) ${one}-${two}-${three}`,
    `8-0${code}-${one}-${two}${three}`,
  ]);
}
