import { foldIdentifier } from '../names/fold.ts';
import type { DirectoryUser } from '../person.ts';
import { agreementInWords } from './agreement.ts';
import { onlyCrmUserOf, type Batch } from './batch.ts';
import type { Claims } from './claims.ts';
import { describeContact, type AddEvidence } from './describe.ts';
import { say } from './explain.ts';
import { compareUserWith, type Hit } from './findings.ts';
import type { SentenceName } from './sentences.ts';
import type { Standing } from './standing.ts';
import type { Candidate, Evidence } from './types.ts';

/** More candidates than this help nobody to decide. */
const MOST_CANDIDATES = 10;

/** The evidence of a decisive match: one line for each rule that found it. */
export function evidenceOfHits(user: DirectoryUser, hits: readonly Hit[], batch: Batch): Evidence[] {
  return hits.flatMap((hit): Evidence[] => {
    const { rule, field, target } = hit;
    const base = { rule, field, verdict: 'for', weight: 'decisive' } as const;
    if (rule === 'login')
      return [
        {
          ...base,
          directoryValue: user.login,
          crmValue: batch.crmUserById.get(target.crmUserId ?? '')?.login ?? null,
          text: say('loginAlone'),
        },
      ];
    if (rule === 'email')
      return [{ ...base, directoryValue: user.email, crmValue: user.email, text: say('emailAlone') }];
    return rule === 'number' ? evidenceOfNumber(user, hit, batch) : [evidenceOfName(user, hit, batch)];
  });
}

function evidenceOfName(user: DirectoryUser, { field, target }: Hit, batch: Batch): Evidence {
  const contact = batch.contactById.get(target.contactId ?? '');
  const agreement = contact === undefined ? null : compareUserWith(user, contact, batch).agreement;
  const how =
    contact === undefined || agreement === null
      ? say('nameEqual')
      : agreementInWords(agreement, batch.names.nameOfUser(user), batch.names.nameOfContact(contact));
  return {
    rule: 'name',
    field,
    directoryValue: field === 'login' ? user.login : user.displayName,
    crmValue: contact?.name ?? null,
    verdict: 'for',
    weight: 'decisive',
    text: `${how} ${say('nameAlone')}`,
  };
}

function evidenceOfNumber(user: DirectoryUser, { target }: Hit, batch: Batch): Evidence[] {
  const contact = batch.contactById.get(target.contactId ?? '');
  const shared = contact === undefined ? null : batch.numbers.sharedBy(user, contact);
  if (contact === undefined || shared === null) return [];
  return [
    {
      rule: 'number',
      field: shared.kind,
      directoryValue: shared.directoryValue,
      crmValue: shared.crmValue,
      verdict: 'for',
      weight: 'decisive',
      text: `${say(shared.kind === 'extension' ? 'extensionSame' : 'phoneSame')} ${say('numberAlone')}`,
    },
    {
      rule: 'weak-name',
      field: 'name',
      directoryValue: user.displayName,
      crmValue: contact.name,
      verdict: 'for',
      weight: 'supporting',
      text: say('nameConsonants'),
    },
  ];
}

/** The evidence of what links, records and verdicts settled. */
export function evidenceOfStanding(user: DirectoryUser, standing: Standing): Evidence[] {
  const line = (
    rule: Evidence['rule'],
    field: string,
    crmValue: string | null,
    name: SentenceName,
  ): Evidence[] => [
    {
      rule,
      field,
      directoryValue: field === 'login' ? user.login : user.id,
      crmValue,
      verdict: 'for',
      weight: 'decisive',
      text: say(name),
    },
  ];
  if (standing.kind === 'linked') return line('link', 'id', standing.link.recordId, 'linkStands');
  if (standing.kind === 'torn') return [];
  switch (standing.rule) {
    case 'record-id':
      return line('record-id', 'id', standing.record?.directoryUserId ?? null, 'recordBearsId');
    case 'record-adopted':
      return line('record-adopted', 'login', user.login, 'recordBearsLogin');
    case 'record-successor':
      return line('record-successor', 'login', user.login, 'recordOfGone');
    case 'verdict':
      return line('verdict', 'id', standing.target.contactId, 'verdictSame');
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
  const add: AddEvidence = (points, line) => {
    score += points;
    evidence.push(line);
  };
  const login = foldIdentifier(user.login);
  const crmLogin = batch.crmUsersByContact
    .get(contactId)
    .find((crmUser) => login !== null && foldIdentifier(crmUser.login) === login)?.login;
  const line = { verdict: 'for', weight: 'decisive' } as const;
  if (crmLogin !== undefined)
    add(0.35, {
      ...line,
      rule: 'login',
      field: 'login',
      directoryValue: user.login,
      crmValue: crmLogin,
      text: say('loginSame'),
    });
  if (contact !== undefined) describeContact(user, contact, batch, add);
  const held = claims.holderOf(contactId);
  if (held !== null && held.user.id !== user.id) {
    const who = `${held.user.displayName} (${held.user.login})`;
    add(-0.3, {
      ...line,
      verdict: 'against',
      rule: 'uniqueness',
      field: 'contact',
      directoryValue: user.id,
      crmValue: held.user.id,
      text: say(held.rule === 'link' ? 'linkedElsewhere' : 'belongsTo', { who }),
    });
  }
  const [record, another] = batch.looseByContact.get(contactId);
  return {
    contactId,
    contactName: contact?.name ?? '',
    crmUserId: onlyCrmUserOf(batch, contactId),
    recordId: another === undefined ? (record?.id ?? null) : null,
    evidence,
    score: Math.round(Math.max(0, Math.min(1, score)) * 1000) / 1000,
  };
}
