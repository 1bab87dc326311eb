import type { Random } from '../kit/random.ts';
import type { Human } from './human.ts';
import { spell } from './spelling.ts';

/** Hands out logins; none is given twice, upper and lower case being the same. */
export interface LoginSource {
  /** A login made of somebody's name, of `[a-z0-9._-]` only. */
  of(human: Human): string;
  /** This login, with a number if it is taken. */
  fixed(login: string): string;
}

export function createLoginSource(random: Random): LoginSource {
  const taken = new Set<string>();
  const lastNumber = new Map<string, number>();

  const fixed = (login: string): string => {
    let free = login;
    while (taken.has(free)) {
      const number = (lastNumber.get(login) ?? 1) + 1;
      lastNumber.set(login, number);
      free = `${login}${number}`;
    }
    taken.add(free);
    return free;
  };

  return {
    fixed,
    of: (human) => {
      const parts = spell(human, latinWritingOf(human));
      const given = plain(parts.given) || 'user';
      const surname = plain(parts.surname) || 'user';
      const initial = given.charAt(0);
      const style = random.pick([
        'i.surname',
        'i.surname',
        'given.surname',
        'surname.i',
        'surname_given',
        'isurname',
        'surname',
      ]);
      switch (style) {
        case 'i.surname':
          return fixed(`${initial}.${surname}`);
        case 'given.surname':
          return fixed(`${given}.${surname}`);
        case 'surname.i':
          return fixed(`${surname}.${initial}`);
        case 'surname_given':
          return fixed(`${surname}_${given}`);
        case 'isurname':
          return fixed(`${initial}${surname}`);
        default:
          return fixed(surname);
      }
    },
  };
}

function latinWritingOf(human: Human): 'native' | 'latin' | 'kmu' | 'passport' {
  switch (human.culture) {
    case 'english':
      return 'native';
    case 'arabic':
      return 'latin';
    case 'russian':
      return 'passport';
    default:
      return 'kmu';
  }
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z]/g, '');
}
