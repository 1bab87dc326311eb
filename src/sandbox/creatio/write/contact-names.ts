import type { Value } from '../values.ts';

type Changes = ReadonlyMap<string, Value>;
type Parts = Record<'GivenName' | 'MiddleName' | 'Surname', string>;

const PARTS = ['GivenName', 'MiddleName', 'Surname'] as const;

/**
 * What saving a contact derives from the names that were sent: a name alone is split, parts alone
 * are composed, both together are left as they are.
 *
 * @param changes the columns that were sent, by code.
 * @param read the column's value as it will be after the save.
 */
export function deriveContactNames(
  changes: Changes,
  read: (code: string) => string,
  rule: 'gms' | 'sgm' | 'off',
): Map<string, Value> {
  const hasParts = PARTS.some((part) => changes.has(part));
  if (rule === 'off' || hasParts === changes.has('Name')) return new Map();
  if (!hasParts) return new Map(Object.entries(split(read('Name'), rule)));
  const inOrder = rule === 'gms' ? PARTS : (['Surname', 'GivenName', 'MiddleName'] as const);
  const name = inOrder
    .map(read)
    .filter((part) => part !== '')
    .join(' ');
  return new Map([['Name', name]]);
}

function split(name: string, rule: 'gms' | 'sgm'): Parts {
  const [first = '', ...rest] = name.split(/\s+/).filter((word) => word !== '');
  if (rule === 'sgm') {
    const [second = '', ...others] = rest;
    return { Surname: first, GivenName: second, MiddleName: others.join(' ') };
  }
  const last = rest.pop() ?? '';
  return { GivenName: first, MiddleName: rest.join(' '), Surname: last };
}
