/** One line of a list, as `rollcall match` takes it. */
export interface Entry {
  readonly id: string;
  readonly name: string;
  readonly login?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly extension?: string;
}

export const LANGUAGES = ['uk', 'ru', 'be', 'bg', 'en', 'ar'] as const;
/** The language of a person, and the one that a spelling is written in. */
export type Language = (typeof LANGUAGES)[number];

export type Script = 'Cyrillic' | 'Latin' | 'Arabic';
export type Gender = 'male' | 'female';

/** A given name as one language has it, and what its bearers are called by friends. */
export interface GivenForm {
  readonly official: string;
  readonly diminutives: readonly string[];
  /** Patronymics of the children of a man of this name; none where the language has none. */
  readonly patronymic?: Readonly<Record<Gender, string>>;
}

/** One given name with its forms in all languages that its bearers are written in. */
export interface GivenName {
  readonly key: string;
  readonly gender: Gender;
  readonly forms: Readonly<Partial<Record<Language, GivenForm>>>;
}

/** One surname with its forms for both genders in all languages that its bearers are written in. */
export interface Surname {
  readonly key: string;
  readonly forms: Readonly<Partial<Record<Language, Readonly<Record<Gender, string>>>>>;
}

/** Who somebody is. */
export interface Person {
  readonly number: number;
  readonly language: Language;
  readonly gender: Gender;
  readonly given: GivenName;
  /** The father's given name: patronymic, or second name of Bulgarians and Arabs. For the English a middle name. */
  readonly second: GivenName;
  readonly surname: Surname;
  /** Second half of a double surname. */
  readonly secondSurname: Surname | null;
  /** Relatives in the population have the same number. */
  readonly family: number | null;
}

/** What can happen to a name between the passport and the list. */
export const CORRUPTIONS = [
  'token order',
  'second name dropped',
  'second name initial',
  'given name initial',
  'foreign form of the given name',
  'English form of the given name',
  'diminutive',
  'informal romanisation',
  'older romanisation',
  'diacritics',
  'diacritics lost',
  'keyboard layout',
  'look-alike letters',
  'apostrophe',
  'double surname shortened',
  'double surname without hyphen',
  'masculine surname of a woman',
  'noise',
  'invisible characters',
  'letter case',
  'typo',
] as const;
export type Corruption = (typeof CORRUPTIONS)[number];

/** How one side came to write a name. */
export interface Spelling {
  readonly name: string;
  readonly language: Language;
  readonly script: Script;
  /** The system of romanisation, or `none`. */
  readonly system: string;
  readonly given: string;
  readonly second: string | null;
  readonly surname: string;
  readonly corruptions: readonly Corruption[];
}

export const EVIDENCE = ['none', 'e-mail', 'login', 'extension or phone'] as const;
/** What, beside the name, both entries of a person have in common. */
export type SharedEvidence = (typeof EVIDENCE)[number];

/** One person on one side. */
export interface Appearance {
  readonly person: Person;
  readonly entry: Entry;
  readonly spelling: Spelling;
}

/** Two lists, and who is who. */
export interface Population {
  readonly seed: number;
  readonly left: readonly Appearance[];
  readonly right: readonly Appearance[];
  /** Id of a left entry → the person's entry on the right, or null where there is none. */
  readonly truth: ReadonlyMap<string, string | null>;
  readonly evidence: ReadonlyMap<string, SharedEvidence>;
  /** Id of a left entry → how many other people, on either side, have the same given name and surname. */
  readonly namesakes: ReadonlyMap<string, number>;
}
