import type { Agreement } from '../names/compare.ts';
import { foldIdentifier } from '../names/fold.ts';
import { namedBy } from '../names/identifier.ts';
import type { Contact, DirectoryUser } from '../person.ts';
import { agreementInWords, differenceInWords } from './agreement.ts';
import type { Batch } from './batch.ts';
import { say } from './explain.ts';
import { compareUserWith, emailsOf } from './findings.ts';
import { areNumberedApart, mailboxesDiffer } from './mailboxes.ts';
import type { Evidence } from './types.ts';

/** Takes one reason for or against a candidate, and what it adds to the score. */
export type AddEvidence = (points: number, line: Evidence) => void;

const SCORES: Readonly<Record<Agreement, number>> = {
  equal: 0.4,
  romanised: 0.38,
  equivalent: 0.38,
  spelling: 0.25,
  diminutive: 0.25,
  initial: 0.2,
  particle: 0.2,
  order: 0.2,
  typo: 0.2,
  part: 0.15,
  consonants: 0.15,
  akanye: 0.2,
  alike: 0.1,
};

/** Everything that the two projections say for and against being one person, the name first. */
export function describeContact(user: DirectoryUser, contact: Contact, batch: Batch, add: AddEvidence): void {
  describeName(user, contact, batch, add);
  describeEmail(user, contact, batch, add);
  const shared = batch.numbers.sharedBy(user, contact);
  if (shared !== null)
    add(shared.isAlone ? 0.2 : 0.1, {
      rule: shared.kind,
      field: shared.kind,
      directoryValue: shared.directoryValue,
      crmValue: shared.crmValue,
      verdict: 'for',
      weight: 'supporting',
      text: say(shared.kind === 'extension' ? 'extensionSame' : 'phoneSame'),
    });
  if (namedBy(user.login, batch.names.nameOfContact(contact)))
    add(0.03, {
      rule: 'login',
      field: 'login',
      directoryValue: user.login,
      crmValue: contact.name,
      verdict: 'for',
      weight: 'supporting',
      text: say('loginBearsName'),
    });
  const numbered = batch.crmUsersByContact
    .get(contact.id)
    .find(({ login }) => areNumberedApart(user.login, login));
  if (numbered !== undefined)
    add(-0.1, {
      rule: 'login',
      field: 'login',
      directoryValue: user.login,
      crmValue: numbered.login,
      verdict: 'against',
      weight: 'supporting',
      text: say('loginsNumbered'),
    });
  describeDepartment(user, contact, add);
  if (!contact.staff)
    add(-0.1, {
      rule: 'uniqueness',
      field: 'contact',
      directoryValue: null,
      crmValue: contact.name,
      verdict: 'against',
      weight: 'weak',
      text: say('notStaff'),
    });
}

function describeName(user: DirectoryUser, contact: Contact, batch: Batch, add: AddEvidence): void {
  const { agreement, strength, conflict, isMiddleSame, different } = compareUserWith(user, contact, batch);
  const [mine, theirs] = [batch.names.nameOfUser(user), batch.names.nameOfContact(contact)];
  const line = (verdict: Evidence['verdict'], weight: Evidence['weight'], text: string): Evidence => ({
    rule: strength === 'full' ? 'name' : 'weak-name',
    field: 'name',
    directoryValue: user.displayName,
    crmValue: contact.name,
    verdict,
    weight,
    text,
  });
  if (agreement !== null)
    add(
      SCORES[agreement],
      line('for', strength === 'full' ? 'decisive' : 'weak', agreementInWords(agreement, mine, theirs)),
    );
  else if (different) add(-0.2, line('against', 'decisive', differenceInWords(mine, theirs)));
  else add(0, line('neutral', 'weak', say('namesUnknown')));
  if (isMiddleSame) add(0.08, { ...line('for', 'supporting', say('middleSame')), field: 'patronymic' });
  if (conflict !== null)
    add(-0.3, {
      ...line('against', 'decisive', say(conflict === 'gender' ? 'genders' : 'patronymics')),
      field: conflict,
    });
}

function describeEmail(user: DirectoryUser, contact: Contact, batch: Batch, add: AddEvidence): void {
  const emails = emailsOf(contact, batch);
  const mine = foldIdentifier(user.email);
  const [first] = emails;
  const line = (
    verdict: Evidence['verdict'],
    weight: Evidence['weight'],
    theirs: string,
    text: string,
  ): Evidence => ({
    rule: 'email',
    field: 'email',
    directoryValue: user.email,
    crmValue: theirs,
    verdict,
    weight,
    text,
  });
  const same = emails.find((email) => mine !== null && foldIdentifier(email) === mine);
  if (same !== undefined) return add(0.3, line('for', 'decisive', same, say('emailSame')));
  if (first !== undefined && mine !== null) {
    if (mailboxesDiffer(user.email, emails))
      add(-0.1, line('against', 'supporting', first, say('emailsOfOneDomain')));
    else add(-0.02, line('against', 'weak', first, say('emailDiffers')));
  }
  const bearing = emails.find((email) => namedBy(localPartOf(email), batch.names.nameOfUser(user)));
  if (bearing !== undefined) add(0.03, line('for', 'supporting', bearing, say('emailBearsName')));
}

function localPartOf(email: string): string {
  return email.slice(0, Math.max(0, email.lastIndexOf('@')));
}

function describeDepartment(user: DirectoryUser, contact: Contact, add: AddEvidence): void {
  const mine = foldIdentifier(user.department ?? null);
  const theirs = foldIdentifier(contact.department ?? null);
  if (mine === null || theirs === null) return;
  const isSame = mine === theirs;
  add(isSame ? 0.05 : -0.02, {
    rule: 'department',
    field: 'department',
    directoryValue: user.department ?? null,
    crmValue: contact.department ?? null,
    verdict: isSame ? 'for' : 'against',
    weight: isSame ? 'supporting' : 'weak',
    text: say(isSame ? 'departmentSame' : 'departmentDiffers'),
  });
}
