import type { Agreement, NameComparison } from '../names/compare.ts';
import { foldIdentifier } from '../names/fold.ts';
import type { Name } from '../names/name.ts';
import { standardOf } from '../names/romanise.ts';
import type { Contact, DirectoryUser } from '../person.ts';
import { onlyCrmUserOf, type Batch } from './batch.ts';
import type { Claims } from './claims.ts';
import { compareUserWith, emailsOf, type Hit } from './findings.ts';
import type { Standing } from './standing.ts';
import type { Candidate, Evidence } from './types.ts';

/** More candidates than this help nobody to decide. */
const MOST_CANDIDATES = 10;

const AGREEMENTS: Readonly<Record<Agreement, string>> = {
  equal: 'The names are the same.',
  romanised: 'The names are spellings of one name in different scripts or standards.',
  equivalent: 'The given names are forms of one name, and the surnames agree.',
  spelling: 'The surnames read alike but are spelled in different ways.',
  initial: 'The surnames agree, and the initial fits the given name.',
  diminutive: 'The surnames agree, and one given name is a diminutive of the other.',
  typo: 'The names differ by one slip of the keyboard.',
  order: 'The names consist of the same words in another order.',
  consonants: 'The Latin and the Arabic spelling have the same consonants.',
  part: 'One name is a part of the other.',
};

const SCORES: Readonly<Record<Agreement, number>> = {
  equal: 0.4,
  romanised: 0.38,
  equivalent: 0.38,
  spelling: 0.25,
  diminutive: 0.25,
  initial: 0.2,
  order: 0.2,
  typo: 0.2,
  part: 0.15,
  consonants: 0.15,
};

/** How the names agree; across scripts with the standard of romanisation, where it is one. */
function inWords(agreement: Agreement, user: Name, contact: Name): string {
  if (agreement !== 'romanised' && agreement !== 'equivalent') return AGREEMENTS[agreement];
  if (user.script === contact.script) return AGREEMENTS[agreement];
  const [cyrillic, latin] = user.script === 'cyrillic' ? [user, contact] : [contact, user];
  const standard = cyrillic.script === 'cyrillic' ? standardOf(cyrillic.text, latin.text) : null;
  return standard === null
    ? AGREEMENTS[agreement]
    : `The Latin name is the Cyrillic one as ${standard.name} writes it.`;
}

/** The evidence of a decisive match: one line for each rule that found it. */
export function evidenceOfHits(user: DirectoryUser, hits: readonly Hit[], batch: Batch): Evidence[] {
  return hits.map(({ rule, field, target }): Evidence => {
    const contact = batch.contactById.get(target.contactId ?? '');
    const base = { rule, field, verdict: 'for', weight: 'decisive' } as const;
    if (rule === 'login')
      return {
        ...base,
        directoryValue: user.login,
        crmValue: batch.crmUserById.get(target.crmUserId ?? '')?.login ?? null,
        text: 'The directory login is the login of this CRM user and of no other.',
      };
    if (rule === 'email')
      return {
        ...base,
        directoryValue: user.email,
        crmValue: user.email,
        text: 'The e-mail address is the same, and nobody else has it on either side.',
      };
    const names = contact === undefined ? null : compareUserWith(user, contact, batch);
    const how =
      contact === undefined || names === null || names.agreement === null
        ? 'The name is the same.'
        : inWords(names.agreement, batch.names.nameOfUser(user), batch.names.nameOfContact(contact));
    return {
      ...base,
      directoryValue: field === 'login' ? user.login : user.displayName,
      crmValue: contact?.name ?? null,
      text: `${how} No other directory user and no other staff contact has it.`,
    };
  });
}

/** The evidence of what links, records and verdicts settled. */
export function evidenceOfStanding(user: DirectoryUser, standing: Standing): Evidence[] {
  const line = (rule: Evidence['rule'], field: string, crmValue: string | null, text: string): Evidence[] => [
    {
      rule,
      field,
      directoryValue: field === 'login' ? user.login : user.id,
      crmValue,
      verdict: 'for',
      weight: 'decisive',
      text,
    },
  ];
  if (standing.kind === 'linked') return line('link', 'id', standing.link.recordId, 'The link stands.');
  if (standing.kind === 'torn') return [];
  switch (standing.rule) {
    case 'record-id':
      return line(
        'record-id',
        'id',
        standing.record?.directoryUserId ?? null,
        'A telephony record bears the id.',
      );
    case 'record-adopted':
      return line('record-adopted', 'login', user.login, 'A telephony record without an id bears the login.');
    case 'record-successor':
      return line(
        'record-successor',
        'login',
        user.login,
        'The telephony record of a directory user who is gone bears the login.',
      );
    case 'verdict':
      return line('verdict', 'id', standing.target.contactId, 'A person decided that this is the contact.');
    default:
      return [];
  }
}

/** The contacts that the user may be, explained and ranked; the order does not depend on that of the batch. */
export function rankCandidates(
  user: DirectoryUser,
  contactIds: Iterable<string>,
  batch: Batch,
  claims: Claims,
): Candidate[] {
  const { rejected } = batch.decidedFor(user);
  return [...new Set(contactIds)]
    .filter((contactId) => !rejected.has(contactId))
    .map((contactId) => candidateOf(user, contactId, batch, claims))
    .toSorted((one, other) => other.score - one.score || (one.contactId < other.contactId ? -1 : 1))
    .slice(0, MOST_CANDIDATES);
}

function candidateOf(user: DirectoryUser, contactId: string, batch: Batch, claims: Claims): Candidate {
  const contact = batch.contactById.get(contactId);
  const evidence: Evidence[] = [];
  let score = 0;
  const add = (points: number, line: Evidence): void => {
    score += points;
    evidence.push(line);
  };
  const crmUsers = batch.crmUsersByContact.get(contactId) ?? [];
  const login = foldIdentifier(user.login);
  const crmLogin = crmUsers.find(
    (crmUser) => login !== null && foldIdentifier(crmUser.login) === login,
  )?.login;
  if (crmLogin !== undefined)
    add(0.35, say('login', 'login', user.login, crmLogin, 'for', 'decisive', 'The logins are the same.'));
  if (contact !== undefined) describeContact(user, contact, batch, add);
  if (claims.isTaken(contactId, user.id)) {
    const holder = batch.userById.get(claims.holderOf(contactId)?.userId ?? '');
    const who = holder === undefined ? 'another user' : `${holder.displayName} (${holder.login})`;
    add(
      -0.3,
      say(
        'uniqueness',
        'contact',
        user.id,
        holder?.id ?? null,
        'against',
        'decisive',
        `The contact belongs to ${who}.`,
      ),
    );
  }
  const records = batch.looseByContact.get(contactId) ?? [];
  return {
    contactId,
    contactName: contact?.name ?? '',
    crmUserId: onlyCrmUserOf(batch, contactId),
    recordId: records.length === 1 ? (records[0]?.id ?? null) : null,
    evidence,
    score: Math.round(Math.max(0, Math.min(1, score)) * 100) / 100,
  };
}

function describeContact(
  user: DirectoryUser,
  contact: Contact,
  batch: Batch,
  add: (points: number, line: Evidence) => void,
): void {
  const names = compareUserWith(user, contact, batch);
  const pair = [batch.names.nameOfUser(user), batch.names.nameOfContact(contact)] as const;
  describeName(user, contact, names, pair, add);
  const emails = emailsOf(contact, batch);
  const mine = foldIdentifier(user.email);
  const same = emails.find((email) => mine !== null && foldIdentifier(email) === mine);
  if (same !== undefined)
    add(
      0.3,
      say('email', 'email', user.email, same, 'for', 'decisive', 'The e-mail addresses are the same.'),
    );
  else if (mine !== null && emails[0] !== undefined)
    add(
      -0.05,
      say('email', 'email', user.email, emails[0], 'against', 'weak', 'The e-mail addresses differ.'),
    );
  const extension = user.extension?.trim() ?? '';
  const phone = contact.phones.find((number) => extension !== '' && number.trim() === extension);
  if (phone !== undefined)
    add(
      0.15,
      say('extension', 'extension', extension, phone, 'for', 'supporting', 'The inner phone is the same.'),
    );
  if (!contact.staff)
    add(
      -0.1,
      say('uniqueness', 'contact', null, contact.name, 'against', 'weak', 'The contact is not staff.'),
    );
}

function describeName(
  user: DirectoryUser,
  contact: Contact,
  names: NameComparison,
  pair: readonly [Name, Name],
  add: (points: number, line: Evidence) => void,
): void {
  const { agreement, strength, conflict } = names;
  const line = (verdict: Evidence['verdict'], weight: Evidence['weight'], text: string): Evidence =>
    say(
      strength === 'full' ? 'name' : 'weak-name',
      'name',
      user.displayName,
      contact.name,
      verdict,
      weight,
      text,
    );
  if (agreement !== null)
    add(
      SCORES[agreement],
      line('for', strength === 'full' ? 'decisive' : 'weak', inWords(agreement, ...pair)),
    );
  else if (names.different) add(-0.2, line('against', 'decisive', 'The names have nothing in common.'));
  else add(0, line('neutral', 'weak', 'The names cannot be compared.'));
  if (conflict !== null)
    add(-0.3, {
      ...line(
        'against',
        'decisive',
        conflict === 'gender' ? 'One is a man, the other a woman.' : 'The patronymics differ.',
      ),
      field: conflict,
    });
}

function say(
  rule: Evidence['rule'],
  field: string,
  directoryValue: string | null,
  crmValue: string | null,
  verdict: Evidence['verdict'],
  weight: Evidence['weight'],
  text: string,
): Evidence {
  return { rule, field, directoryValue, crmValue, verdict, weight, text };
}
