import { differByOneSlip } from './distance.ts';
import { initialsOf } from './keys.ts';
import { consonantKeyOf, type GivenPart, type MiddlePart, type Name, type Understanding } from './name.ts';
import { meet } from './reading.ts';
import { masculine } from './surnames.ts';

/** How two names agree. `order`, `consonants`, `part`, `initial`, `diminutive`, `typo` and `spelling` are weak. */
export type Agreement =
  | 'equal'
  | 'romanised'
  | 'equivalent'
  | 'spelling'
  | 'initial'
  | 'diminutive'
  | 'typo'
  | 'order'
  | 'consonants'
  | 'part';

export interface NameComparison {
  /** `full`: surname and given name are the same; `weak`: they may be; `none`: nothing says so. */
  readonly strength: 'full' | 'weak' | 'none';
  readonly agreement: Agreement | null;
  /** What speaks against one person behind both names. A conflict rules the match out, however strong. */
  readonly conflict: 'patronymic' | 'gender' | null;
  /** Both are full names in scripts that can be compared, and they have nothing in common. */
  readonly different: boolean;
}

const NOTHING: NameComparison = { strength: 'none', agreement: null, conflict: null, different: false };

/** Below this many letters one slip makes another surname: Бойко and Байко. */
const SHORTEST_WITH_SLIP = 6;

/** Compares two names; symmetric. */
export function compareNames(left: Name, right: Name): NameComparison {
  if (left.words === 0 || right.words === 0) return NOTHING;
  if (left.understandings.length === 0 || right.understandings.length === 0) return compareWhole(left, right);
  let best: Agreement | null = null;
  let gender = false;
  for (const one of left.understandings) {
    for (const other of right.understandings) {
      const agreement = agreementOf(one, other, left, right);
      if (agreement !== null && (best === null || rank(agreement) < rank(best))) best = agreement;
      gender ||=
        agreement !== null && one.gender !== null && other.gender !== null && one.gender !== other.gender;
    }
  }
  if (best === null) return compareConsonants(left, right);
  const isGender = gender || (left.gender !== null && right.gender !== null && left.gender !== right.gender);
  return {
    strength: strengthOf(best),
    agreement: best,
    conflict: isGender ? 'gender' : middlesConflict(left.middle, right.middle) ? 'patronymic' : null,
    different: false,
  };
}

const ORDER: readonly Agreement[] = [
  'equal',
  'romanised',
  'equivalent',
  'spelling',
  'diminutive',
  'initial',
  'order',
  'typo',
  'part',
  'consonants',
];

function rank(agreement: Agreement): number {
  return ORDER.indexOf(agreement);
}

function strengthOf(agreement: Agreement): 'full' | 'weak' {
  return rank(agreement) <= rank('equivalent') ? 'full' : 'weak';
}

function agreementOf(one: Understanding, other: Understanding, left: Name, right: Name): Agreement | null {
  const given = givenAgreement(one.given, other.given, one, other);
  if (given === null) return null;
  const isWoman = one.gender === 'female' || other.gender === 'female' ? 'female' : null;
  const surnames = [masculine(one.readings, isWoman), masculine(other.readings, isWoman)] as const;
  if (!meet(...surnames)) {
    if (given === 'initial' || given === 'diminutive' || given === 'typo') return null;
    if (slips(...surnames) || slips([one.surname], [other.surname])) return 'typo';
    return isPart(one.surname, other.surname) ? 'part' : null;
  }
  const isSameScript = left.script === 'latin' && right.script === 'latin';
  if (given === 'equal') {
    if (one.surname === other.surname) return 'equal';
    // Meyer and Meier read alike, but they are two names; Lysenko and Lisenko are one under two standards.
    return isSameScript && !(left.isSlavic && right.isSlavic) ? 'spelling' : 'romanised';
  }
  if (given === 'romanised' || given === 'equivalent')
    return isSameScript && one.surname !== other.surname && !(left.isSlavic && right.isSlavic)
      ? 'spelling'
      : given;
  return given;
}

function givenAgreement(
  one: GivenPart,
  other: GivenPart,
  left: Understanding,
  right: Understanding,
): Agreement | null {
  if (one.isInitial || other.isInitial) return meet(initialsOf(left), initialsOf(right)) ? 'initial' : null;
  if (one.text === other.text) return 'equal';
  if (one.official.some((name) => other.official.includes(name))) return 'equivalent';
  if (meet(one.readings, other.readings)) return 'romanised';
  const names = [...one.official, ...one.short];
  if (other.official.some((name) => names.includes(name)) || other.short.some((name) => names.includes(name)))
    return 'diminutive';
  const isKnown = one.official.length > 0 && other.official.length > 0;
  return !isKnown && slips(one.readings, other.readings) ? 'typo' : null;
}

function slips(one: readonly string[], other: readonly string[]): boolean {
  return one.some((left) =>
    other.some(
      (right) =>
        Math.min(left.length, right.length) >= SHORTEST_WITH_SLIP &&
        !isNeighbour(left, right) &&
        differByOneSlip(left, right),
    ),
  );
}

/** A man's and a woman's form of a name is no slip, nor is another family's: Коваленко and Коваленков. */
function isNeighbour(left: string, right: string): boolean {
  const [short, long] = left.length < right.length ? [left, right] : [right, left];
  return long === `${short}а` || long === `${short}в`;
}

/** One half of a double surname: Нечуй-Левицький and Левицький. */
function isPart(one: string, other: string): boolean {
  if (!one.includes('-') && !other.includes('-')) return false;
  const left = one.split('-');
  return other.split('-').some((part) => part.length >= 4 && left.includes(part));
}

function middlesConflict(left: MiddlePart | null, right: MiddlePart | null): boolean {
  if (left === null || right === null) return false;
  if (left.text === right.text) return false;
  if (left.kind === 'initial' || right.kind === 'initial') return !meet(left.initials, right.initials);
  return !meet(left.keys, right.keys);
}

function compareWhole(left: Name, right: Name): NameComparison {
  if (left.text === right.text)
    return { strength: 'full', agreement: 'equal', conflict: null, different: false };
  const one = left.text.split(' ');
  const other = right.text.split(' ');
  if (left.words < 2 || right.words < 2) return NOTHING;
  if (one.toSorted().join(' ') === other.toSorted().join(' '))
    return { strength: 'weak', agreement: 'order', conflict: null, different: false };
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  if (short.length >= 2 && short.every((word) => long.includes(word)))
    return { strength: 'weak', agreement: 'part', conflict: null, different: false };
  return compareConsonants(left, right);
}

function compareConsonants(left: Name, right: Name): NameComparison {
  const isPair = left.script !== right.script && (left.script === 'arabic' || right.script === 'arabic');
  const consonants = isPair ? consonantKeyOf(left) : null;
  if (consonants !== null && consonants === consonantKeyOf(right))
    return { strength: 'weak', agreement: 'consonants', conflict: null, different: false };
  return { ...NOTHING, different: left.isFull && right.isFull && areComparable(left, right) };
}

/** Latin and Cyrillic can be read into each other; any other script only compares with itself. */
function areComparable(left: Name, right: Name): boolean {
  const slavic = (name: Name): boolean => name.script === 'latin' || name.script === 'cyrillic';
  return (slavic(left) && slavic(right)) || left.script === right.script;
}
