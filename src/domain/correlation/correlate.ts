import { foldIdentifier } from '../names/fold.ts';
import type { DirectoryUser, TelephonyRecord } from '../person.ts';
import { createBatch, type Batch } from './batch.ts';
import { createClaims, type Claim, type Claims } from './claims.ts';
import { evidenceOfHits, evidenceOfStanding, rankCandidates } from './evidence.ts';
import { compareUserWith, findingOf, namesakesOf, type Finding, type Hit } from './findings.ts';
import { createStrictRule } from './seed-strict.ts';
import { standingOf, type Standing } from './standing.ts';
import type { Correlation, CorrelationInput, RuleName } from './types.ts';

/** What is known of one user before the claims of all are weighed against each other. */
interface Opinion {
  readonly user: DirectoryUser;
  readonly standing: Standing;
  readonly finding: Finding;
  readonly claim: Claim | null;
}

/**
 * Finds out which contact and CRM user each directory user is (design §5, Correlate): one correlation per user, in the
 * order of `input.users`. What is decided does not depend on that order. Pure; the work grows with the number of people,
 * not with the number of pairs.
 */
export function correlate(input: CorrelationInput): readonly Correlation[] {
  const batch = createBatch(input);
  const isStrict = input.policy.preset === 'seed-strict';
  const find = isStrict ? createStrictRule(batch) : (user: DirectoryUser): Finding => findingOf(user, batch);
  const opinions = input.users.map((user) => opinionOf(user, batch, find));
  const claims = createClaims(opinions.flatMap(({ claim }) => claim ?? []));
  const weak = isStrict
    ? new Map<string, never>()
    : batch.names.weakHits(
        opinions.filter(isUnresolved).map(({ user }) => user),
        (contact) => claims.holderOf(contact.id) === null,
      );
  const adoptions = adoptRecords(opinions, claims, batch);
  return opinions.map((opinion) => {
    const weakIds = (weak.get(opinion.user.id) ?? []).map(({ id }) => id);
    if (!isStrict && isUnresolved(opinion)) weakIds.push(...sharedMailbox(opinion.user, batch));
    return outcome(opinion, {
      batch,
      claims,
      weakIds,
      adoption: adoptions.get(opinion.user.id) ?? NO_ADOPTION,
    });
  });
}

function opinionOf(user: DirectoryUser, batch: Batch, find: (user: DirectoryUser) => Finding): Opinion {
  const standing = standingOf(user, batch);
  const nothing: Finding = { kind: 'nothing' };
  const claimed = (rule: RuleName, target: Claim['target']): Claim => ({ userId: user.id, rule, target });
  if (standing.kind === 'linked')
    return { user, standing, finding: nothing, claim: claimed('link', standing.link) };
  if (standing.kind === 'settled')
    return { user, standing, finding: nothing, claim: claimed(standing.rule, standing.target) };
  if (standing.kind === 'torn' || batch.decidedFor(user).create)
    return { user, standing, finding: nothing, claim: null };
  const finding = find(user);
  const [strongest] = finding.kind === 'decisive' ? finding.hits : [];
  const claim =
    finding.kind === 'decisive' && strongest !== undefined ? claimed(strongest.rule, finding.target) : null;
  return { user, standing, finding, claim };
}

/** Users whom only weaker name evidence can still help, or for whom it may complete the list of candidates. */
function isUnresolved({ standing, finding, claim }: Opinion): boolean {
  return standing.kind === 'open' && claim === null && finding.kind !== 'decisive';
}

interface Adoption {
  readonly record: TelephonyRecord | null;
  /** Several records could be the user's. */
  readonly isTorn: boolean;
}

const NO_ADOPTION: Adoption = { record: null, isTorn: false };

/** Rule 3, second half: records without an id whose contact or CRM user rules 4 to 7 found. */
function adoptRecords(opinions: readonly Opinion[], claims: Claims, batch: Batch): Map<string, Adoption> {
  const used = new Set(
    opinions.flatMap(({ standing }) =>
      standing.kind === 'settled' || standing.kind === 'open' ? (standing.record?.id ?? []) : [],
    ),
  );
  const found = new Map<string, TelephonyRecord[]>();
  const takers = new Map<string, number>();
  for (const { user, standing, claim } of opinions) {
    if (claim === null || standing.kind === 'linked' || claims.rivalsOf(claim).length > 0) continue;
    if (standing.kind !== 'torn' && standing.record !== null) continue;
    const { contactId, crmUserId } = claim.target;
    const records = new Set([
      ...(contactId === null ? [] : (batch.looseByContact.get(contactId) ?? [])),
      ...(crmUserId === null ? [] : (batch.looseByCrmUser.get(crmUserId) ?? [])),
    ]);
    const free = [...records].filter(
      (record) => !used.has(record.id) && !isSomebodyElses(record, contactId, crmUserId),
    );
    if (free.length === 0) continue;
    found.set(user.id, free);
    for (const record of free) takers.set(record.id, (takers.get(record.id) ?? 0) + 1);
  }
  return new Map(
    [...found].map(([userId, records]): [string, Adoption] => {
      const [record = null] = records;
      const isTorn = records.length > 1 || records.some(({ id }) => (takers.get(id) ?? 0) > 1);
      return [userId, { record: isTorn ? null : record, isTorn }];
    }),
  );
}

/** A record that shares the CRM user but names another contact, or the other way round, is not this person's. */
function isSomebodyElses(
  record: TelephonyRecord,
  contactId: string | null,
  crmUserId: string | null,
): boolean {
  const otherContact = record.contactId !== null && contactId !== null && record.contactId !== contactId;
  const otherUser = record.crmUserId !== null && crmUserId !== null && record.crmUserId !== crmUserId;
  return otherContact || otherUser;
}

interface Weighing {
  readonly batch: Batch;
  readonly claims: Claims;
  /** Contacts that weaker evidence, a name or a shared mailbox, suggests. */
  readonly weakIds: readonly string[];
  readonly adoption: Adoption;
}

function outcome(opinion: Opinion, weighing: Weighing): Correlation {
  const { user, standing, finding, claim } = opinion;
  const { batch, claims, adoption } = weighing;
  if (standing.kind === 'linked') {
    const { recordId, contactId, crmUserId } = standing.link;
    return settled(
      user,
      'linked',
      'link',
      { contactRule: 'link', recordId, contactId, crmUserId },
      evidenceOfStanding(user, standing),
      ['The link stands.'],
    );
  }
  if (standing.kind === 'torn')
    return disputed(opinion, weighing, `${capital(standing.reason)}.`, [
      ...standing.records.flatMap(({ contactId }) => contactId ?? []),
      ...likelyContacts(user, batch),
    ]);

  const evidence = evidenceOfStanding(user, standing);
  if (claim !== null) {
    const [rival] = claims.rivalsOf(claim);
    if (rival !== undefined) return contested(opinion, weighing, claim, rival);
    if (adoption.isTorn)
      return disputed(opinion, weighing, 'Several telephony records of this contact could be the user’s.', [
        claim.target.contactId ?? '',
      ]);
    const record = standing.record ?? adoption.record;
    const hits = finding.kind === 'decisive' ? finding.hits : [];
    const rule = adoption.record === null ? (standing.rule ?? claim.rule) : 'record-adopted';
    return settled(
      user,
      'matched',
      rule,
      {
        contactRule: claim.target.contactId === null ? null : claim.rule,
        recordId: record?.id ?? null,
        contactId: claim.target.contactId,
        crmUserId: record?.crmUserId ?? claim.target.crmUserId,
      },
      [...evidence, ...evidenceOfHits(user, hits, batch)],
      [...evidence.map(({ text }) => text), ...reasonsOf(hits, adoption.record !== null)],
    );
  }
  return unclaimed(opinion, weighing);
}

function unclaimed(opinion: Opinion, weighing: Weighing): Correlation {
  const { user, standing, finding } = opinion;
  const { batch, claims, weakIds } = weighing;
  const record = standing.kind === 'open' ? standing.record : null;
  const rule = standing.kind === 'open' ? standing.rule : null;
  const nobody = (reason: string): Correlation =>
    settled(
      user,
      'unmatched',
      rule,
      {
        recordId: record?.id ?? null,
        contactRule: null,
        contactId: null,
        crmUserId: record?.crmUserId ?? null,
      },
      evidenceOfStanding(user, standing),
      [reason],
    );
  if (batch.decidedFor(user).create)
    return nobody('A person decided that the user is nobody in the CRM yet.');

  const { rejected } = batch.decidedFor(user);
  const free = weakIds.filter((id) => !rejected.has(id) && !claims.isTaken(id, user.id));
  if (finding.kind === 'doubtful')
    return disputed(opinion, weighing, `${capital(finding.reason)}.`, [...finding.contactIds, ...free]);
  if (free.length > 0)
    return disputed(opinion, weighing, 'Only weak evidence ties the user to a contact.', free);
  return nobody(
    rejected.size > 0
      ? 'The contacts that the user might have been were rejected.'
      : 'Neither login, e-mail nor name is met in the CRM.',
  );
}

/** Another user has as good a claim on the contact, or a better one. */
function contested(opinion: Opinion, weighing: Weighing, claim: Claim, rival: Claim): Correlation {
  const { user } = opinion;
  const { batch, claims } = weighing;
  const other = batch.userById.get(rival.userId);
  const who = other === undefined ? rival.userId : `${other.displayName} (${other.login})`;
  const { contactId } = claim.target;
  const isHeld = contactId !== null && claims.isTaken(contactId, user.id);
  const reason = isHeld
    ? `The contact that the ${claim.rule} names belongs to ${who}, by ${rival.rule}.`
    : `${who} has an equal claim on the same contact, by ${rival.rule}.`;
  return disputed(opinion, weighing, reason, [contactId ?? '', ...likelyContacts(user, batch)]);
}

function disputed(
  opinion: Opinion,
  { batch, claims }: Weighing,
  reason: string,
  contactIds: readonly string[],
): Correlation {
  const { user, standing } = opinion;
  const record = standing.kind === 'open' || standing.kind === 'settled' ? standing.record : null;
  const candidates = rankCandidates(
    user,
    contactIds.filter((id) => id !== ''),
    batch,
    claims,
  );
  return {
    userId: user.id,
    situation: 'disputed',
    rule: null,
    contactRule: null,
    recordId: record?.id ?? null,
    contactId: null,
    crmUserId: null,
    evidence: evidenceOfStanding(user, standing),
    candidates,
    reason: `${reason} A person has to decide.`,
  };
}

function settled(
  user: DirectoryUser,
  situation: 'linked' | 'matched' | 'unmatched',
  rule: RuleName | null,
  ids: Pick<Correlation, 'contactRule' | 'recordId' | 'contactId' | 'crmUserId'>,
  evidence: Correlation['evidence'],
  reasons: readonly string[],
): Correlation {
  return { userId: user.id, situation, rule, ...ids, evidence, candidates: [], reason: reasons.join(' ') };
}

/** Contacts that the name or the mail address suggest, for a case whose cause lies elsewhere. */
function likelyContacts(user: DirectoryUser, batch: Batch): string[] {
  const login = foldIdentifier(user.login);
  const byLogin = login === null ? [] : (batch.crmUsersByLogin.get(login) ?? []);
  return [
    ...byLogin.flatMap(({ contactId }) => contactId ?? []),
    ...namesakesOf(user, 'staff', batch),
    ...sharedMailbox(user, batch),
  ];
}

/** Contacts that share an e-mail address with the user, though not alone, and whose name does not speak against it. */
function sharedMailbox(user: DirectoryUser, batch: Batch): string[] {
  const email = foldIdentifier(user.email);
  if (email === null) return [];
  return (batch.targetsByEmail.get(email) ?? []).flatMap(({ contactId }) => {
    const contact = batch.contactById.get(contactId ?? '');
    if (contact === undefined) return [];
    const { strength, conflict } = compareUserWith(user, contact, batch);
    return strength !== 'none' && conflict === null ? [contact.id] : [];
  });
}

function reasonsOf(hits: readonly Hit[], isAdopted: boolean): string[] {
  const fields = hits.map(({ field }) => field);
  const [first] = fields;
  if (first === undefined) return [];
  const what =
    fields.length === 1
      ? `The ${first} is the same`
      : `The ${fields.slice(0, -1).join(', the ')} and the ${fields.at(-1) ?? first} are the same`;
  const tail = isAdopted ? '; a telephony record of this contact, without an id, is taken over' : '';
  return [`${what}, on both sides only once${tail}.`];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
