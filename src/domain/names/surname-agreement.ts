import { soundAlike, soundOf, withoutJoinedArticle, type Sound } from './arabic.ts';
import { differByOneSlip } from './distance.ts';
import {
  akanyeOf,
  classesOf,
  halvesOf,
  skeletonsOfSurname,
  slippedReadings,
  surnameReadings,
} from './surname-part.ts';
import type { Name, Understanding } from './name.ts';
import type { SurnamePart } from './parts.ts';
import { meet, readingsOf } from './reading.ts';

/** How two surnames agree; the first two are the same surname, the others may be. */
export type SurnameAgreement =
  'equal' | 'romanised' | 'spelling' | 'particle' | 'akanye' | 'typo' | 'part' | 'alike' | 'consonants';

/** Below this many letters one slip makes another surname: Бойко and Байко. */
export const SHORTEST_WITH_SLIP = 6;

/** A skeleton with fewer letters than this says nothing. */
const SHORTEST_SKELETON = 6;

export function surnamesAgree(
  one: Understanding,
  other: Understanding,
  left: Name,
  right: Name,
): SurnameAgreement | null {
  if (left.isArabic || right.isArabic) return arabicAgree(one.surname, other.surname, left, right);
  const isWoman = one.gender === 'female' || other.gender === 'female' ? 'female' : null;
  if (one.surname.text === other.surname.text) return 'equal';
  const [mine, theirs] = [surnameReadings(one.surname, isWoman), surnameReadings(other.surname, isWoman)];
  if (meet(mine, theirs) && !bulgarianDiffer(one.surname, other.surname, left, right)) return 'romanised';
  if (
    (left.belarusian === 'yes') !== (right.belarusian === 'yes') &&
    meet(akanyeOf(one.surname, isWoman), akanyeOf(other.surname, isWoman))
  )
    return 'romanised';
  if (
    left.mayBeArabic &&
    right.mayBeArabic &&
    left.script === right.script &&
    soundsAlike(one.surname, other.surname) !== null
  )
    return 'spelling';
  const mayBeBelarusian = left.belarusian !== 'no' || right.belarusian !== 'no';
  if (mayBeBelarusian && isAkanye(one.surname, other.surname)) return 'akanye';
  if (
    slips(slippedReadings(one.surname), slippedReadings(other.surname)) ||
    slips(mine, theirs) ||
    slips([one.surname.text], [other.surname.text])
  )
    return 'typo';
  if (isPart(one.surname, other.surname)) return 'part';
  return isAlike(one.surname, other.surname, left, right) ? 'alike' : null;
}

/** Among Cyrillic spellings ъ is a letter like any other: Дънков is not Данков, though both may be Dankov. */
function bulgarianDiffer(one: SurnamePart, other: SurnamePart, left: Name, right: Name): boolean {
  if (left.script !== 'cyrillic' || right.script !== 'cyrillic') return false;
  const yers = (text: string): number => text.replace(/ъ(?=[еёюяєї])/gu, '').split('ъ').length;
  return yers(one.text) !== yers(other.text);
}

function arabicAgree(one: SurnamePart, other: SurnamePart, left: Name, right: Name): SurnameAgreement | null {
  const isSame = one.particles === other.particles;
  if (one.text === other.text) return isSame ? 'equal' : 'particle';
  if (left.script !== right.script) return acrossScripts(one, other);
  if (left.script === 'latin') {
    const found = soundsAlike(one, other);
    if (found !== null) return found;
  }
  if (left.script === 'cyrillic' && meet(surnameReadings(one, null), surnameReadings(other, null)))
    return isSame ? 'romanised' : 'particle';
  if (differByOneSlip(one.text, other.text) && Math.min(one.text.length, other.text.length) >= 4)
    return 'typo';
  return classesAgree(one, other) ? 'consonants' : null;
}

/** Two Latin spellings, in which the article may be written together with the word. */
function soundsAlike(one: SurnamePart, other: SurnamePart): SurnameAgreement | null {
  if (one.words.length > 1 || other.words.length > 1) return null;
  let found: SurnameAgreement | null = null;
  for (const mine of spellingsOf(one))
    for (const theirs of spellingsOf(other))
      if (soundAlike(mine.sound, theirs.sound)) {
        if (mine.particles === theirs.particles) return 'romanised';
        found = 'particle';
      }
  return found;
}

function spellingsOf({ text, particles, words }: SurnamePart): { sound: Sound; particles: string }[] {
  const sound = words[0]?.sound ?? null;
  if (sound === null) return [];
  const bare = particles.includes('al') ? null : withoutJoinedArticle(text);
  if (bare === null) return [{ sound, particles }];
  return [
    { sound, particles },
    { sound: soundOf(bare, 'latin'), particles: particles === '' ? 'al' : `al ${particles}` },
  ];
}

/** The same consonants are all that two scripts can have in common; particles, and sounds that some confuse, are less. */
function acrossScripts(one: SurnamePart, other: SurnamePart): SurnameAgreement | null {
  for (const mine of spellingsOf(one))
    for (const theirs of spellingsOf(other))
      if (
        mine.sound.tight === theirs.sound.tight &&
        mine.particles === theirs.particles &&
        mine.sound.tight !== ''
      )
        return 'consonants';
  return classesAgree(one, other) ? 'alike' : null;
}

/** The same consonants; an article that is written together with the word may be there or not. */
function classesAgree(one: SurnamePart, other: SurnamePart): boolean {
  const [mine, theirs] = [classesOf(one), classesOf(other)];
  if (mine === '' || theirs === '') return false;
  return mine === theirs || `l${mine}` === theirs || `l${theirs}` === mine;
}

export function slips(one: readonly string[], other: readonly string[]): boolean {
  return one.some((left) =>
    other.some(
      (right) =>
        Math.max(left.length, right.length) >= SHORTEST_WITH_SLIP &&
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
function isPart(one: SurnamePart, other: SurnamePart): boolean {
  const [mine, theirs] = [partsOf(one), partsOf(other)];
  if (mine.length < 2 && theirs.length < 2) return false;
  return mine.some((half) =>
    theirs.some((part) => half === part || meet(readingsOf(half), readingsOf(part))),
  );
}

function partsOf({ words, text }: SurnamePart): readonly string[] {
  if (words.length > 1) return words.map((word) => word.text);
  const halves = halvesOf(text);
  return halves.length > 1 ? halves : [text];
}

/** Belarusian that does not show, or Russian behind a spelling by ear. Below a certain length it says nothing. */
function isAkanye(one: SurnamePart, other: SurnamePart): boolean {
  if (!haveSkeleton(one, other) || !meet(akanyeOf(one, null), akanyeOf(other, null))) return false;
  const undoubled = (part: SurnamePart): string[] =>
    surnameReadings(part, null).map((reading) => reading.replace(/(.)\1/gu, '$1'));
  // A doubled letter is a slip.
  return !meet(undoubled(one), undoubled(other));
}

/** The same skeleton behind Latin letters whose carons were lost. Who writes sh or ch has lost none. */
function isAlike(one: SurnamePart, other: SurnamePart, left: Name, right: Name): boolean {
  return (mayLackCarons(left) || mayLackCarons(right)) && haveSkeleton(one, other);
}

function haveSkeleton(one: SurnamePart, other: SurnamePart): boolean {
  const mine = skeletonsOfSurname(one).filter((skeleton) => skeleton.length >= SHORTEST_SKELETON);
  return mine.length > 0 && meet(mine, skeletonsOfSurname(other));
}

function mayLackCarons({ script, text }: Name): boolean {
  return script === 'latin' && !/[cszk]h/u.test(text);
}
