import { foldArabic, soundOf, type Sound } from './arabic.ts';
import { akanye, level, markOf, type Mark } from './belarusian.ts';
import { isLabel, isTitle } from './clean.ts';
import { scriptOf, type Script } from './fold.ts';
import {
  arabicGivenName,
  arabicGivenNameBySound,
  givenNameOf,
  type Gender,
  type GivenNameEntry,
} from './given-names.ts';
import type { NameToken, Role } from './parse.ts';
import { givenPartOf, middlePartOf, type GivenPart, type MiddlePart, type SurnamePart } from './parts.ts';
import { patronymicOf, surnameOfFather, type Patronymic } from './patronymics.ts';
import { hashOf } from './hash.ts';
import { isOrdinary } from './particles.ts';
import { handOf, readingsOf, readingsOfInitial } from './reading.ts';
import { skeletonsOf } from './skeleton.ts';
import { SurnameKeys } from './surname-keys.ts';
import { isSlavicSurname, masculine } from './surnames.ts';
import type { Hand } from './tables/readings.ts';
import { kindOf } from './word-kind.ts';

/**
 * One word of a name with all that can be told of it by itself. A word is met again and again in a batch: what costs
 * something is found out once, when it is asked for.
 */
export class Word {
  /** Folded, as it stands in the name. */
  readonly written: string;
  /** The same without dots. */
  readonly text: string;
  readonly script: Script;
  readonly isInitial: boolean;
  readonly #readAs: Hand;
  #readings: readonly string[] | undefined;
  #given: GivenNameEntry | null | undefined;
  #patronymic: Patronymic | null | undefined;
  #sound: Sound | null | undefined;
  #levelled: readonly string[] | undefined;
  #skeletons: readonly string[] | undefined;
  #ofWoman: readonly string[] | undefined;
  #akanye: readonly string[] | undefined;
  #father: Patronymic | null | undefined;
  #asSurname: SurnamePart | undefined;
  #asGiven: GivenPart | undefined;
  #asMiddle: MiddlePart | undefined;
  #asPatronymic: MiddlePart | undefined;
  #keys: SurnameKeys | undefined;
  #soundKey: number | undefined;
  #isOrdinary: boolean | undefined;
  #isSlavicSurname: boolean | undefined;
  #origin: Origin | null | undefined;
  #mark: Mark | undefined;
  #ownHand: Hand | undefined;
  #tokens: Partial<Record<Role, NameToken>> | undefined;
  #kind: number | undefined;
  #inHands: Partial<Record<Hand, Word>> | undefined;

  constructor(written: string, hand: Hand) {
    const script = scriptOf(written);
    const text = written.includes('.') ? written.replaceAll('.', '') : written;
    this.written = written;
    this.#readAs = hand;
    this.text = script === 'arabic' ? foldArabic(text) : text;
    this.script = script;
    this.isInitial =
      script !== 'arabic' &&
      script !== 'other' &&
      (Array.from(text).length === 1 || (written.endsWith('.') && written.length <= 3));
  }

  /** The same word in another hand. */
  inHand(hand: Hand): Word {
    if (hand === this.#readAs) return this;
    this.#inHands ??= {};
    this.#inHands[hand] ??= new Word(this.written, hand);
    return this.#inHands[hand];
  }

  /** Phonetic readings (tables/readings.ts). */
  get readings(): readonly string[] {
    this.#readings ??= this.isInitial ? readingsOfInitial(this.text) : readingsOf(this.text, this.#readAs);
    return this.#readings;
  }

  get given(): GivenNameEntry | null {
    if (this.#given === undefined) this.#given = this.isInitial ? null : this.#findGiven();
    return this.#given;
  }

  get patronymic(): Patronymic | null {
    if (this.#patronymic === undefined)
      this.#patronymic = this.isInitial || this.script === 'arabic' ? null : patronymicOf(this.readings);
    return this.#patronymic;
  }

  /** How it sounds as an Arabic word; null in scripts that are not compared by sound. */
  get sound(): Sound | null {
    if (this.#sound === undefined)
      this.#sound =
        this.script === 'latin' || this.script === 'cyrillic' || this.script === 'arabic'
          ? soundOf(this.text, this.script)
          : null;
    return this.#sound;
  }

  /** The half of a key that it gives as an Arabic given name. */
  get soundKey(): number {
    this.#soundKey ??= hashOf(this.sound?.classes ?? '');
    return this.#soundKey;
  }

  /** The readings without what Belarusian spelling changes. */
  get levelled(): readonly string[] {
    this.#levelled ??= this.readings.map(level);
    return this.#levelled;
  }

  /** The consonants that every spelling keeps, in classes. */
  get skeletons(): readonly string[] {
    this.#skeletons ??= skeletonsOf(this.levelled);
    return this.#skeletons;
  }

  /** What Belarusian spelling and any other have in common. */
  get akanye(): readonly string[] {
    this.#akanye ??= akanye(this.text, this.levelled, this.#readAs);
    return this.#akanye;
  }

  /** Does the spelling show that it is Belarusian, or that it is not? */
  get mark(): Mark {
    if (this.#mark === undefined) this.#mark = markOf(this.text, this.given?.tongues ?? null);
    return this.#mark;
  }

  /** No title, label or particle, and nothing that one could be joined to. */
  get isOrdinary(): boolean {
    this.#isOrdinary ??= isOrdinary(this.text) && !isTitle(this.text) && !isLabel(this.text);
    return this.#isOrdinary;
  }

  /** The hand that the word itself shows. */
  get hand(): Hand {
    this.#ownHand ??= this.script === 'latin' ? handOf(this.text) : 'usual';
    return this.#ownHand;
  }

  /** The tables know the spelling as a given name; an Arabic one may also be known by its sound. */
  get isSpelledGivenName(): boolean {
    return this.given !== null && (this.script !== 'latin' || givenNameOf(this.readings, this.text) !== null);
  }

  get isSlavicSurname(): boolean {
    this.#isSlavicSurname ??= isSlavicSurname(this.readings);
    return this.#isSlavicSurname;
  }

  /** Where the name must be from, whatever its other words are; Nadia and Sara are at home everywhere. */
  get origin(): Origin | null {
    if (this.#origin === undefined) this.#origin = originOf(this);
    return this.#origin;
  }

  /** The father's name where this may be the second name of a Bulgarian: Иванов in «Петър Иванов Стоянов». */
  get father(): Patronymic | null {
    if (this.#father === undefined) this.#father = surnameOfFather(this.readings);
    return this.#father;
  }

  /** What decides how a name with this word is understood. */
  get kind(): number {
    this.#kind ??= kindOf(this);
    return this.#kind;
  }

  /** The readings of the surname as a man bears it, if this is a woman's. */
  readingsFor(gender: Gender | null): readonly string[] {
    if (gender !== 'female') return this.readings;
    this.#ofWoman ??= masculine(this.readings, gender);
    return this.#ofWoman;
  }

  get asSurname(): SurnamePart {
    this.#asSurname ??= { text: this.text, particles: '', words: [this] };
    return this.#asSurname;
  }

  get asGiven(): GivenPart {
    this.#asGiven ??= givenPartOf(this);
    return this.#asGiven;
  }

  /** As a second name, or an initial in its place. */
  get asMiddle(): MiddlePart {
    this.#asMiddle ??= middlePartOf(this, false);
    return this.#asMiddle;
  }

  get asPatronymic(): MiddlePart {
    this.#asPatronymic ??= middlePartOf(this, true);
    return this.#asPatronymic;
  }

  /** The halves of keys that names with this surname have. */
  get surnameKeys(): SurnameKeys {
    this.#keys ??= new SurnameKeys(this.asSurname);
    return this.#keys;
  }

  /** The word in its role; names share it. */
  token(role: Role): NameToken {
    this.#tokens ??= {};
    this.#tokens[role] ??= { text: this.text, role, particles: '', word: this };
    return this.#tokens[role];
  }

  #findGiven(): GivenNameEntry | null {
    if (this.script === 'arabic') return arabicGivenName(this.text);
    const known = givenNameOf(this.readings, this.text);
    return known ?? (this.#readAs === 'arabic' ? arabicGivenNameBySound(this.text) : null);
  }
}

const SLAVIC_ENDING = /(?:енко|чук|ски|цки|ска|цка|скаиа|ова|ева|ович|евич)$/u;

export type Origin = 'slavic' | 'arabic' | 'western';

function originOf({ patronymic, readings, given, text }: Word): Origin | null {
  if (patronymic !== null || SLAVIC_ENDING.test(readings[0] ?? '')) return 'slavic';
  const isArabic = given?.tongues.has('arabic') === true;
  if (given !== null && given.official.length > 0 && !isArabic) return given.slavic ? 'slavic' : 'western';
  return (isArabic && given.tongues.size === 1) || /^abd[uea]l./u.test(text) ? 'arabic' : null;
}
