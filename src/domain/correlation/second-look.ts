import type { Contact, DirectoryUser } from '../person.ts';
import { onlyCrmUserOf, type Batch } from './batch.ts';
import type { Claims } from './claims.ts';
import { say } from './explain.ts';
import { compareUserWith, doubtful, emailsOf, type Finding } from './findings.ts';
import { mailboxesDiffer } from './mailboxes.ts';
import type { LooseHit, LooseHits } from './loose-join.ts';

/** What rules 5 to 8 say of a user once it is known whom the strong rules leave over. */
export interface SecondLook {
  readonly finding: Finding;
  /** Staff contacts whose name may be the user's. */
  readonly hits: readonly LooseHit[];
}

/** What is known when a user is looked at again. */
export interface Known {
  readonly batch: Batch;
  readonly claims: Claims;
  /** Contacts that the first look at somebody found and could not decide. */
  readonly disputed: ReadonlySet<string>;
}

const NO_HITS: readonly LooseHit[] = [];

/**
 * Looks again at a user whom the name alone tied to a contact, or nothing did.
 *
 * A full name that is met once on each side is still in doubt as long as somebody who is nobody's yet may bear it too: the
 * contact «Коваленко І.» may be Іван, and the one called Іван his namesake. Only who is left over counts, so that people
 * whose names are merely alike do not stand in each other's way; and a number that both have, and nobody else, settles it.
 *
 * Of an Arabic name the two scripts share the consonants only. With a number that both have, and nobody else, that is
 * enough; without one it makes a case.
 */
export function lookAgain(
  user: DirectoryUser,
  finding: Finding,
  loose: LooseHits,
  { batch, claims, disputed }: Known,
): SecondLook {
  const { rejected } = batch.decidedFor(user);
  const hits = (loose.byUser.get(user.id) ?? NO_HITS).filter(({ contact }) => !rejected.has(contact.id));
  if (finding.kind === 'decisive') {
    if (finding.hits.some(({ rule }) => rule !== 'name')) return { finding, hits: NO_HITS };
    return { finding: doubtOfName(user, finding, hits, loose, batch), hits };
  }
  if (finding.kind === 'nothing')
    return { finding: byNumber(user, hits, { batch, claims, disputed }) ?? finding, hits };
  return { finding, hits };
}

function doubtOfName(
  user: DirectoryUser,
  finding: Finding & { readonly kind: 'decisive' },
  hits: readonly LooseHit[],
  loose: LooseHits,
  batch: Batch,
): Finding {
  const { contactId } = finding.target;
  const contact = batch.contactById.get(contactId ?? '');
  if (contact === undefined) return finding;
  const others = hits.filter(isRival).map((hit) => hit.contact);
  const [rival] = others;
  const ids = [contact.id, ...others.map(({ id }) => id)];
  const [suitor] = (loose.byContact.get(contact.id) ?? []).filter(
    (one) => one.id !== user.id && !batch.decidedFor(one).rejected.has(contact.id),
  );
  if (rival === undefined && suitor === undefined) return doubtOfNumber(user, contact, finding, batch);
  if (batch.numbers.sharedBy(user, contact)?.isAlone === true) return finding;
  if (rival !== undefined) return doubtful(ids, say('mayBeAnother', { who: rival.name }));
  if (suitor === undefined) return finding;
  return doubtful(ids, say('mayBeAnothers', { who: `${suitor.displayName} (${suitor.login})` }));
}

/** A number that only they have may tie the user, or the contact, to somebody else of a similar name. */
function doubtOfNumber(
  user: DirectoryUser,
  contact: Contact,
  finding: Finding & { readonly kind: 'decisive' },
  batch: Batch,
): Finding {
  const other = batch.numbers.contactOf(user);
  if (other !== null && other !== contact && other.staff && mayBe(user, other, batch))
    return doubtful([contact.id, other.id], say('otherNumber', { who: other.name }));
  const owner = batch.numbers.userOf(contact);
  if (owner !== null && owner !== user && mayBe(owner, contact, batch))
    return doubtful([contact.id], say('numberOfAnother', { who: `${owner.displayName} (${owner.login})` }));
  return finding;
}

function mayBe(user: DirectoryUser, contact: Contact, batch: Batch): boolean {
  if (batch.decidedFor(user).rejected.has(contact.id)) return false;
  const { strength, conflict } = compareUserWith(user, contact, batch);
  return strength !== 'none' && conflict === null;
}

/** Could the contact be the user's own as well as the one of the full name? A particle tells families apart. */
function isRival({ agreement, isStray }: LooseHit): boolean {
  return agreement === 'consonants' || (isStray && agreement !== 'particle' && agreement !== 'order');
}

/**
 * The one contact with the same consonants and the same number, both nobody else's, of a name that no other user bears in
 * full, and nobody else in doubt about it.
 */
function byNumber(
  user: DirectoryUser,
  hits: readonly LooseHit[],
  { batch, claims, disputed }: Known,
): Finding | null {
  const [hit, another] = hits.filter(
    ({ contact, agreement, isStray }) =>
      agreement === 'consonants' &&
      isStray &&
      !disputed.has(contact.id) &&
      claims.holderOf(contact.id) === null &&
      batch.numbers.sharedBy(user, contact)?.isAlone === true,
  );
  if (hit === undefined || another !== undefined) return null;
  const { contact } = hit;
  if (mailboxesDiffer(user.email, emailsOf(contact, batch))) return null;
  const target = { contactId: contact.id, crmUserId: onlyCrmUserOf(batch, contact.id) };
  return { kind: 'decisive', hits: [{ rule: 'number', field: 'number', target }], target };
}
