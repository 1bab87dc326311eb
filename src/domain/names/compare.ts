import { soundAlike } from './arabic.ts';
import { differByOneSlip } from './distance.ts';
import type { Name, Understanding } from './name.ts';
import type { GivenPart, MiddlePart } from './parts.ts';
import { meet, withoutMarks } from './reading.ts';
import { surnamesAgree, type SurnameAgreement } from './surname-agreement.ts';

/** How two names agree, the strongest first. The first three are the same full name; the others may be one person's. */
export const AGREEMENTS = [
  'equal',
  'romanised',
  'equivalent',
  'spelling',
  'diminutive',
  'initial',
  'particle',
  'order',
  'akanye',
  'consonants',
  'typo',
  'part',
  'alike',
] as const;

export type Agreement = (typeof AGREEMENTS)[number];

export interface NameComparison {
  /** `full`: surname and given name are the same; `weak`: they may be; `none`: nothing says so. */
  readonly strength: 'full' | 'weak' | 'none';
  readonly agreement: Agreement | null;
  /** What speaks against one person behind both names. A conflict rules the match out, however strong. */
  readonly conflict: 'patronymic' | 'gender' | null;
  /** Both have a second name, and it is the same. */
  readonly isMiddleSame: boolean;
  /** Both are full names in scripts that can be compared, and nothing brings them together: see `differenceOf`. */
  readonly different: boolean;
}

const NOTHING: NameComparison = {
  strength: 'none',
  agreement: null,
  conflict: null,
  isMiddleSame: false,
  different: false,
};

const DIFFERENT: NameComparison = { ...NOTHING, different: true };

const RANKS: ReadonlyMap<Agreement, number> = new Map(AGREEMENTS.map((agreement, rank) => [agreement, rank]));

function rankOf(agreement: Agreement): number {
  return RANKS.get(agreement) ?? AGREEMENTS.length;
}

/** Up to this rank two names are the same full name. */
const FULL = rankOf('equivalent');

/** Compares two names; symmetric. */
export function compareNames(left: Name, right: Name): NameComparison {
  if (left.isLabel || right.isLabel)
    return left.isLabel && right.isLabel && left.text === right.text
      ? { ...NOTHING, strength: 'weak', agreement: 'equal' }
      : NOTHING;
  if (left.words === 0 || right.words === 0) return NOTHING;
  if (left.understandings.length === 0 || right.understandings.length === 0) return compareWhole(left, right);
  let best: NameComparison | null = null;
  for (const one of left.understandings)
    for (const other of right.understandings) {
      const found = compareUnderstandings(one, other, left, right);
      if (found !== null && (best === null || isBetter(found, best))) best = found;
    }
  return best ?? (left.isFull && right.isFull && areComparable(left, right) ? DIFFERENT : NOTHING);
}

/** What nothing speaks against is better, however weak: the other way to understand the name may be wrong. */
function isBetter(found: NameComparison, best: NameComparison): boolean {
  const [mine, theirs] = [found.conflict === null, best.conflict === null];
  if (mine !== theirs) return mine;
  return rankOf(found.agreement ?? 'alike') < rankOf(best.agreement ?? 'alike');
}

function compareUnderstandings(
  one: Understanding,
  other: Understanding,
  left: Name,
  right: Name,
): NameComparison | null {
  const agreement = agreementOf(one, other, left, right);
  if (agreement === null) return null;
  const isOtherGender =
    one.gender !== null &&
    other.gender !== null &&
    one.gender !== other.gender &&
    one.isGenderSure &&
    other.isGenderSure;
  const middles = middlesAgree(one.middle, other.middle, left, right);
  return {
    strength: rankOf(agreement) <= FULL ? 'full' : 'weak',
    agreement,
    conflict: isOtherGender ? 'gender' : middles === false ? 'patronymic' : null,
    isMiddleSame: middles === true,
    different: false,
  };
}

function agreementOf(one: Understanding, other: Understanding, left: Name, right: Name): Agreement | null {
  const given = givenAgreement(one, other, left, right);
  if (given === null) return null;
  const surname = surnamesAgree(one, other, left, right);
  if (surname === null) return null;
  if (surname !== 'equal' && surname !== 'romanised') return ofWeakSurname(surname, given);
  if (one.isTurned !== other.isTurned && rankOf(given) <= FULL) return 'order';
  if (surname === 'equal') return given;
  // Meyer and Meier read alike, but they are two names; Lysenko and Lisenko are one under two standards, and Lindström and
  // Lindstrom one of which some system has lost the mark.
  const isOneScript =
    left.script === 'latin' && right.script === 'latin' && !(left.isArabic && right.isArabic);
  if (
    rankOf(given) <= FULL &&
    isOneScript &&
    !(left.isSlavic && right.isSlavic) &&
    withoutMarks(one.surname.text) !== withoutMarks(other.surname.text)
  )
    return 'spelling';
  return given === 'equal' ? 'romanised' : given;
}

/** A surname that is only alike, with a given name that is only alike, says little. */
function ofWeakSurname(surname: SurnameAgreement, given: Agreement): Agreement | null {
  if (rankOf(given) <= FULL) return surname;
  if (given === 'consonants') return surname === 'alike' ? 'alike' : 'consonants';
  return given === 'typo' || surname === 'typo' ? null : 'alike';
}

function givenAgreement(
  left: Understanding,
  right: Understanding,
  leftName: Name,
  rightName: Name,
): Agreement | null {
  const [one, other] = [left.given, right.given];
  if (one.isInitial || other.isInitial) return meet(one.initials, other.initials) ? 'initial' : null;
  if (one.text === other.text) return 'equal';
  if (meet(one.official, other.official)) return 'equivalent';
  const isArabic = leftName.isArabic || rightName.isArabic;
  if (!isArabic && meet(one.readings, other.readings)) return 'romanised';
  const areKnown = one.official.length > 0 && other.official.length > 0;
  // The tables cannot know all spellings of Arabic names: نصر may be written Nasir.
  if (isArabic) {
    const areBoth = one.word.script === 'arabic' && other.word.script === 'arabic';
    return areKnown && areBoth ? null : arabicGivenAgree(one, other, areKnown);
  }
  if (isDiminutive(one, other)) return 'diminutive';
  if (areKnown) return null;
  if (one.readings.some((mine) => other.readings.some((theirs) => isSlip(mine, theirs)))) return 'typo';
  return beginAlike(one, other) ? 'diminutive' : null;
}

function arabicGivenAgree(one: GivenPart, other: GivenPart, areKnown: boolean): Agreement | null {
  const [mine, theirs] = [one.word.sound, other.word.sound];
  if (mine === null || theirs === null) return null;
  if (!areKnown && soundAlike(mine, theirs)) return 'romanised';
  if (!areKnown && mine.tight === theirs.tight && mine.tight !== '') return 'consonants';
  return mine.classes === theirs.classes && mine.classes !== '' ? 'alike' : null;
}

function isDiminutive(one: GivenPart, other: GivenPart): boolean {
  return (
    meet(other.official, one.official) ||
    meet(other.official, one.short) ||
    meet(other.short, one.official) ||
    meet(other.short, one.short)
  );
}

function isSlip(one: string, other: string): boolean {
  return Math.min(one.length, other.length) >= 4 && differByOneSlip(one, other);
}

/** A pet name that the tables do not know has the beginning of the name: Аннуся, Steph. */
function beginAlike(one: GivenPart, other: GivenPart): boolean {
  return one.readings.some((mine) =>
    other.readings.some(
      (theirs) => mine.length >= 3 && theirs.length >= 3 && mine.startsWith(theirs.slice(0, 3)),
    ),
  );
}

/** Are the second names the same? `null` where one side has none, or nothing to compare. */
function middlesAgree(
  one: MiddlePart | null,
  other: MiddlePart | null,
  left: Name,
  right: Name,
): boolean | null {
  if (one === null || other === null) return null;
  if (one.text === other.text) return true;
  if (one.kind === 'initial' || other.kind === 'initial')
    return meet(one.initials, other.initials) ? null : false;
  if (meet(one.keys, other.keys)) return true;
  if (left.isArabic || right.isArabic) {
    const [mine, theirs] = [one.word.sound, other.word.sound];
    // Across the scripts a name is the same only by the table, but it is another only if the consonants say so.
    if (mine !== null && theirs !== null && mine.classes === theirs.classes)
      return left.script === right.script && soundAlike(mine, theirs) ? true : null;
  }
  return false;
}

/** In what two names that are `different` do differ; `either` where it is open which of their words is the surname. */
export type Difference = 'surname' | 'given' | 'either' | 'both';

/** Of names that `compareNames` calls different: which part of them differs. */
export function differenceOf(left: Name, right: Name): Difference {
  let [givenAgree, surnamesDo] = [false, false];
  for (const one of left.understandings)
    for (const other of right.understandings) {
      const given = givenAgreement(one, other, left, right);
      const surname = surnamesAgree(one, other, left, right);
      givenAgree ||= given !== null && rankOf(given) <= rankOf('initial');
      surnamesDo ||= surname !== null && rankOf(surname) <= rankOf('spelling');
    }
  if (givenAgree) return surnamesDo ? 'either' : 'surname';
  return surnamesDo ? 'given' : 'both';
}

/** Names in scripts that are not understood word by word. */
function compareWhole(left: Name, right: Name): NameComparison {
  const isOne = left.words < 2 || right.words < 2;
  if (left.text === right.text) {
    // A single word is no full name: there may be another Олена.
    return { ...NOTHING, strength: isOne ? 'weak' : 'full', agreement: 'equal' };
  }
  if (isOne) return NOTHING;
  const one = left.text.split(' ');
  const other = right.text.split(' ');
  if (one.toSorted().join(' ') === other.toSorted().join(' '))
    return { ...NOTHING, strength: 'weak', agreement: 'order' };
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  if (short.length >= 2 && short.every((word) => long.includes(word)))
    return { ...NOTHING, strength: 'weak', agreement: 'part' };
  return NOTHING;
}

/** Latin and Cyrillic can be read into each other, Arabic is met by its consonants; any other script only with itself. */
function areComparable(left: Name, right: Name): boolean {
  const known = (name: Name): boolean =>
    name.script === 'latin' || name.script === 'cyrillic' || name.script === 'arabic';
  return known(left) && known(right);
}
