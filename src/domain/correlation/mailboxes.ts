import { foldIdentifier } from '../names/fold.ts';

/**
 * Do the mailboxes speak against two namesakes being one person? They do when both have an address of one domain and the
 * local parts are not the same: a company gives a person one mailbox, and its second Ivan Kovalenko another. Addresses of
 * different domains say nothing (people have a private one), unless both local parts bear names and these differ.
 */
export function mailboxesDiffer(directoryEmail: string | null, crmEmails: readonly string[]): boolean {
  if (directoryEmail === null || crmEmails.length === 0) return false;
  const mine = partsOf(directoryEmail);
  const theirs = crmEmails.map(partsOf).filter((parts) => parts !== null);
  if (mine === null || theirs.length === 0) return false;
  if (theirs.some((parts) => parts.key === mine.key)) return false;
  return theirs.some(
    (parts) => parts.domain === mine.domain || (mine.words >= 2 && parts.words >= 2 && !overlap(mine, parts)),
  );
}

/**
 * Logins that differ by nothing but a number at the end (o.kovalenko, o.kovalenko2): whoever gave out the second one knew of
 * another person with the first.
 */
export function areNumberedApart(directoryLogin: string, crmLogin: string): boolean {
  const [mine, theirs] = [foldIdentifier(directoryLogin), foldIdentifier(crmLogin)];
  if (mine === null || theirs === null || mine === theirs) return false;
  const stem = mine.replace(/\d+$/u, '');
  return /\p{L}{3}/u.test(stem) && stem === theirs.replace(/\d+$/u, '');
}

interface Mailbox {
  readonly domain: string;
  readonly key: string;
  readonly parts: readonly string[];
  /** Words of more than one letter in the local part. */
  readonly words: number;
}

function partsOf(email: string | null): Mailbox | null {
  const folded = foldIdentifier(email);
  const at = folded?.lastIndexOf('@') ?? -1;
  if (folded === null || at <= 0) return null;
  const parts = folded
    .slice(0, at)
    .replace(/\+.*$/u, '')
    .split(/[._-]+/u)
    .filter((part) => part !== '');
  return {
    domain: folded.slice(at + 1),
    key: parts.toSorted().join('.'),
    parts,
    words: parts.filter((part) => /^\p{L}{2,}$/u.test(part)).length,
  };
}

/** Addresses that share a word, or begin alike, may be two spellings of one name. */
function overlap(one: Mailbox, other: Mailbox): boolean {
  return one.parts.some((part) => other.parts.some((word) => word.slice(0, 3) === part.slice(0, 3)));
}
