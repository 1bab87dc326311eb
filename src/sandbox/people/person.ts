import type { Random } from '../kit/random.ts';
import type { Human, HumanSource } from './human.ts';
import type { LoginSource } from './logins.ts';
import { withApostrophe, withHarmlessNoise, withTypo } from './noise.ts';
import { drawPairing, layOut, spell, weighted, type Layout, type NameParts } from './spelling.ts';

/** What the telephony directory says of somebody. */
export interface DirectorySide {
  name: string;
  username: string;
  /** Empty if there is none. */
  email: string;
}

/** What the CRM says of somebody who is staff. */
export interface CrmSide {
  name: string;
  parts: NameParts;
  email: string;
  /** The login of the CRM user; `undefined` if there is none. */
  login: string | undefined;
}

/** Somebody of the staff, on one side or on both. */
export interface Person {
  human: Human;
  directory: DirectorySide | undefined;
  crm: CrmSide | undefined;
  /** The name, or the login or e-mail, tells who it is beyond doubt. */
  isClear: boolean;
}

/** What besides the name ties the two sides together. */
export type Evidence = 'as it comes' | 'some' | 'none';

/** How the directory spoils a name so that it alone proves nothing. */
export type Weakness = 'diminutive' | 'typo' | 'initial';

export interface PersonTools {
  random: Random;
  humans: HumanSource;
  logins: LoginSource;
}

export interface BothSidesWish {
  hasLogin: boolean;
  evidence: Evidence;
  weakness?: Weakness;
  /** A mailbox that several people share. */
  sharedMailbox?: string;
  /** Both sides write the name in the bearer's own writing. */
  isNative?: boolean;
}

/** So many of the most usual given names have a short form that everybody knows. */
const WITH_KNOWN_DIMINUTIVE = 18;
/** A slip in a shorter surname makes another surname. */
const SHORTEST_FOR_TYPO = 8;

/** The e-mail domain of the company whose people are generated. */
export const COMPANY_DOMAIN = 'company.test';

/** Makes somebody whom both sides know. */
export function drawOnBothSides(tools: PersonTools, human: Human, wish: BothSidesWish): Person {
  const { random, logins } = tools;
  const isPlain = wish.isNative === true || wish.weakness !== undefined;
  const pairing = isPlain
    ? ({ crm: 'native', directory: 'native', needsEvidence: false } as const)
    : drawPairing(human, random);
  const isTitled = !isPlain && random.chance(0.008);
  // Nobody could see that a spoilt Arabic name is the same, not even as a suspicion.
  const isLost = wish.weakness !== undefined && human.culture === 'arabic';
  const evidence = pairing.needsEvidence || isTitled || isLost ? 'some' : wish.evidence;

  const username = logins.of(human);
  const emails = drawEmails(tools, username, { ...wish, evidence });
  let login = wish.hasLogin ? drawLogin(tools, human, username, emails.directory, evidence) : undefined;
  if (wish.sharedMailbox === undefined) {
    const isTied = isSame(login, username) || isSame(emails.directory, emails.crm);
    if (evidence === 'some' && !isTied) emails.crm = emails.directory = emails.own;
    if (evidence === 'none' && isSame(emails.directory, emails.crm)) emails.crm = '';
  } else if (evidence === 'some' && login !== undefined) {
    login = username;
  }

  const parts = spell(human, pairing.crm);
  const crmName = withApostrophe(layOut(parts, crmLayout(human, random)), random);
  const weakness = wish.weakness && recognisable(human, parts.surname, wish.weakness, evidence);
  const name = directoryName(tools, human, spell(human, pairing.directory), weakness);
  return {
    human,
    directory: { name: isTitled ? withTitle(name, random) : name, username, email: emails.directory },
    crm: { name: crmName, parts, email: emails.crm, login },
    isClear: wish.weakness === undefined && wish.isNative !== true,
  };
}

/** Makes somebody whom the directory alone knows. */
export function drawInDirectory(tools: PersonTools, human: Human, isTold = false): Person {
  const { random, logins } = tools;
  const username = logins.of(human);
  const writing = isTold ? 'native' : drawPairing(human, random).directory;
  const email = isTold || random.chance(0.7) ? `${username}@${COMPANY_DOMAIN}` : '';
  const name = directoryName(tools, human, spell(human, writing));
  return { human, directory: { name, username, email }, crm: undefined, isClear: true };
}

/** Makes somebody of the staff whom the directory does not know. */
export function drawInCrm(tools: PersonTools, human: Human, hasLogin: boolean, isNative = false): Person {
  const { random, logins } = tools;
  const own = logins.of(human);
  const parts = spell(human, isNative ? 'native' : drawPairing(human, random).crm);
  return {
    human,
    directory: undefined,
    crm: {
      name: withApostrophe(layOut(parts, crmLayout(human, random)), random),
      parts,
      email: random.chance(0.7) ? `${own}@${COMPANY_DOMAIN}` : '',
      login: hasLogin ? own : undefined,
    },
    isClear: false,
  };
}

function drawEmails(
  { random }: PersonTools,
  username: string,
  wish: BothSidesWish,
): { own: string; directory: string; crm: string } {
  const own = `${username}@${COMPANY_DOMAIN}`;
  if (wish.sharedMailbox !== undefined)
    return { own, directory: wish.sharedMailbox, crm: wish.sharedMailbox };
  const spread = weighted(random, [
    ['both', wish.evidence === 'none' ? 0 : 60],
    ['directory', 14],
    ['crm', 9],
    ['different', wish.evidence === 'none' ? 0 : 3],
    ['neither', 14],
  ] as const);
  switch (spread) {
    case 'both':
      return { own, directory: own, crm: random.chance(0.1) ? capitalised(own) : own };
    case 'directory':
      return { own, directory: own, crm: '' };
    case 'crm':
      return { own, directory: '', crm: own };
    case 'different':
      return { own, directory: own, crm: `${username}.home@mailbox.test` };
    default:
      return { own, directory: '', crm: '' };
  }
}

function drawLogin(
  { random, logins }: PersonTools,
  human: Human,
  username: string,
  email: string,
  evidence: Evidence,
): string {
  const spread = weighted(random, [
    ['same', evidence === 'none' ? 0 : 55],
    ['case', evidence === 'none' ? 0 : 6],
    ['email', evidence === 'none' || email === '' ? 0 : 12],
    ['other', 27],
  ] as const);
  if (spread === 'same') return username;
  if (spread === 'case') return capitalised(username);
  return spread === 'email' ? email : logins.of(human);
}

/** Where nothing but the name tells who it is, it is spoilt so that a reader still suspects it. */
function recognisable(human: Human, surname: string, weakness: Weakness, evidence: Evidence): Weakness {
  if (evidence !== 'none') return weakness;
  if (weakness === 'diminutive' && 'rank' in human && human.rank < WITH_KNOWN_DIMINUTIVE) return weakness;
  return weakness === 'typo' && surname.length >= SHORTEST_FOR_TYPO ? weakness : 'initial';
}

function directoryName(tools: PersonTools, human: Human, parts: NameParts, weakness?: Weakness): string {
  const { random } = tools;
  const layout = weighted<Layout>(random, [
    ['given surname', 55],
    ['surname given', human.culture === 'arabic' ? 0 : 28],
    ['surname given patronymic', human.culture === 'arabic' ? 0 : 14],
    ['given patronymic surname', 3],
  ]);
  switch (weakness) {
    case 'initial':
      return `${parts.surname} ${parts.given.charAt(0)}.`;
    case 'diminutive':
      return layOut(
        { ...parts, given: diminutiveOf(human, random) ?? `${parts.given.charAt(0)}.`, patronymic: '' },
        layout,
      );
    case 'typo':
      return layOut({ ...parts, surname: typoOf(tools, human, parts.surname), patronymic: '' }, layout);
    default: {
      // A Latin spelling with a patronymic is met in travel papers only.
      const isLatin = /^[\p{Script=Latin}\P{L}]*$/u.test(parts.surname);
      const name = layOut(isLatin ? { ...parts, patronymic: '' } : parts, layout);
      return withHarmlessNoise(withApostrophe(name, random), random);
    }
  }
}

/** A mistyped surname that is nobody else's. */
function typoOf({ random, humans }: PersonTools, human: Human, surname: string): string {
  for (let attempt = 0; attempt < 30; attempt += 1) {
    const typo = withTypo(surname, random);
    if (humans.claim(human, typo)) return typo;
  }
  return surname.slice(0, 1) + surname.slice(2);
}

/** The best known short form; of a rare name any. */
function diminutiveOf(human: Human, random: Random): string | undefined {
  if (human.culture === 'arabic' || human.given.diminutives.length === 0) return undefined;
  const isKnown = 'rank' in human && human.rank < WITH_KNOWN_DIMINUTIVE;
  return isKnown ? human.given.diminutives[0] : random.pick(human.given.diminutives);
}

function crmLayout(human: Human, random: Random): Layout {
  if (human.culture === 'arabic') return 'given surname';
  return weighted<Layout>(random, [
    ['surname given patronymic', 40],
    ['given surname', 28],
    ['surname given', 18],
    ['given patronymic surname', 14],
  ]);
}

function withTitle(name: string, random: Random): string {
  return random.pick([`Dr. ${name}`, `д-р ${name}`, `${name} (Sales)`]);
}

function capitalised(text: string): string {
  return text.replace(/(?:^|(?<=^[^@]*[._]))[a-z]/g, (letter) => letter.toUpperCase());
}

function isSame(one: string | undefined, other: string): boolean {
  return one !== undefined && other !== '' && one.toLowerCase() === other.toLowerCase();
}
