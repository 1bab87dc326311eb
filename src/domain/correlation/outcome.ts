import { foldIdentifier } from '../names/fold.ts';
import type { DirectoryUser } from '../person.ts';
import type { Adoption } from './adoption.ts';
import type { Batch } from './batch.ts';
import type { Claim, Claims } from './claims.ts';
import type { Opinion } from './correlate.ts';
import { evidenceOfHits, evidenceOfStanding, rankCandidates } from './evidence.ts';
import { say } from './explain.ts';
import { compareUserWith, namesakesOf, type Hit } from './findings.ts';
import { inWords } from './in-words.ts';
import type { Candidate, Correlation, Evidence, RuleName, Situation } from './types.ts';

/** What all opinions together say about one of them. */
export interface Weighing {
  readonly batch: Batch;
  readonly claims: Claims;
  readonly isStrict: boolean;
}

/** The outcome of one user's opinion among those of all. */
export function outcomeOf(opinion: Opinion, adoption: Adoption, weighing: Weighing): Correlation {
  const { user, standing, claim } = opinion;
  const { batch, claims } = weighing;
  if (standing.kind === 'linked') {
    const { recordId, contactId, crmUserId } = standing.link;
    return settled(
      user,
      'linked',
      'link',
      { contactRule: 'link', recordId, contactId, crmUserId },
      {
        evidence: () => evidenceOfStanding(user, standing),
        reason: () => say('linkStands'),
      },
    );
  }
  if (standing.kind === 'torn')
    return disputed(opinion, weighing, standing.reason, () => [
      ...standing.records.flatMap(({ contactId }) => contactId ?? []),
      ...likelyContacts(opinion, batch),
    ]);
  if (claim === null) return unclaimed(opinion, weighing);
  const [rival] = claims.rivalsOf(claim);
  if (rival !== undefined) return contested(opinion, weighing, claim, rival);
  if (adoption.isTorn)
    return disputed(opinion, weighing, say('recordsTorn'), () => [claim.target.contactId ?? '']);
  return matched(opinion, adoption, claim, batch);
}

function matched(opinion: Opinion, adoption: Adoption, claim: Claim, batch: Batch): Correlation {
  const { user, standing } = opinion;
  const own = standing.kind === 'settled' || standing.kind === 'open' ? standing : null;
  const record = own?.record ?? adoption.record;
  return settled(
    user,
    'matched',
    adoption.record === null ? (own?.rule ?? claim.rule) : 'record-adopted',
    {
      contactRule: claim.target.contactId === null ? null : claim.rule,
      recordId: record?.id ?? null,
      contactId: claim.target.contactId,
      crmUserId: record?.crmUserId ?? claim.target.crmUserId,
    },
    new WordsOfMatch(opinion, adoption.record !== null, batch),
  );
}

function unclaimed(opinion: Opinion, weighing: Weighing): Correlation {
  const { user, standing, finding, hits } = opinion;
  const { batch, claims, isStrict } = weighing;
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
      { evidence: () => evidenceOfStanding(user, standing), reason: () => reason },
    );
  const { create, rejected } = batch.decidedFor(user);
  if (create) return nobody(say('verdictCreate'));

  const free = (): string[] =>
    [...hits.map(({ contact }) => contact.id), ...(isStrict ? [] : sharedMailbox(user, batch))].filter(
      (id) => !rejected.has(id) && !claims.isTaken(id, user.id),
    );
  if (finding.kind === 'doubtful')
    return disputed(opinion, weighing, finding.reason, () => [...finding.contactIds, ...free()]);
  const ids = free();
  if (ids.length > 0) return disputed(opinion, weighing, say('weakOnly'), () => ids);
  return nobody(rejected.size > 0 ? say('allRejected') : say('nothingMet'));
}

/** Another user has as good a claim on the contact, or a better one. */
function contested(opinion: Opinion, weighing: Weighing, claim: Claim, rival: Claim): Correlation {
  const { user } = opinion;
  const { batch, claims } = weighing;
  const who = `${rival.user.displayName} (${rival.user.login})`;
  const { contactId } = claim.target;
  const isHeld = contactId !== null && claims.isTaken(contactId, user.id);
  const reason = isHeld
    ? say('contactHeld', { rule: claim.rule, who, other: rival.rule })
    : say('contactContested', { who, other: rival.rule });
  return disputed(opinion, weighing, reason, () => [contactId ?? '', ...likelyContacts(opinion, batch)]);
}

function disputed(
  { user, standing }: Opinion,
  { batch, claims }: Weighing,
  reason: string,
  contactIds: () => readonly string[],
): Correlation {
  const record = standing.kind === 'open' || standing.kind === 'settled' ? standing.record : null;
  const none = { contactRule: null, recordId: record?.id ?? null, contactId: null, crmUserId: null };
  return new Outcome(user.id, 'disputed', null, none, {
    evidence: () => evidenceOfStanding(user, standing),
    reason: () => `${reason} ${say('decide')}`,
    candidates: () =>
      rankCandidates(
        user,
        contactIds().filter((id) => id !== ''),
        batch,
        claims,
      ),
  });
}

function settled(
  user: DirectoryUser,
  situation: 'linked' | 'matched' | 'unmatched',
  rule: RuleName | null,
  ids: Ids,
  words: Words,
): Correlation {
  return new Outcome(user.id, situation, rule, ids, words);
}

type Ids = Pick<Correlation, 'contactRule' | 'recordId' | 'contactId' | 'crmUserId'>;

/** What is put into words when somebody asks. */
interface Words {
  evidence(): readonly Evidence[];
  reason(): string;
  candidates?(): readonly Candidate[];
}

/** Most users are matched: a class costs less for each of them than functions of their own would. */
class WordsOfMatch implements Words {
  readonly #opinion: Opinion;
  readonly #isAdopted: boolean;
  readonly #batch: Batch;

  constructor(opinion: Opinion, isAdopted: boolean, batch: Batch) {
    this.#opinion = opinion;
    this.#isAdopted = isAdopted;
    this.#batch = batch;
  }

  evidence(): readonly Evidence[] {
    const { user, standing } = this.#opinion;
    return [...evidenceOfStanding(user, standing), ...evidenceOfHits(user, this.#hits(), this.#batch)];
  }

  reason(): string {
    const { user, standing } = this.#opinion;
    const ofStanding = evidenceOfStanding(user, standing).map(({ text }) => text);
    return [...ofStanding, ...reasonsOf(this.#hits(), this.#isAdopted)].join(' ');
  }

  #hits(): readonly Hit[] {
    const { finding } = this.#opinion;
    return finding.kind === 'decisive' ? finding.hits : [];
  }
}

const NO_CANDIDATES: readonly Candidate[] = [];

class Outcome implements Correlation {
  readonly userId: string;
  readonly situation: Situation;
  readonly rule: RuleName | null;
  readonly contactRule: RuleName | null;
  readonly recordId: string | null;
  readonly contactId: string | null;
  readonly crmUserId: string | null;
  readonly #words: Words;
  #candidates: readonly Candidate[] | null = null;

  constructor(userId: string, situation: Situation, rule: RuleName | null, ids: Ids, words: Words) {
    this.userId = userId;
    this.situation = situation;
    this.rule = rule;
    this.contactRule = ids.contactRule;
    this.recordId = ids.recordId;
    this.contactId = ids.contactId;
    this.crmUserId = ids.crmUserId;
    this.#words = words;
  }

  get evidence(): readonly Evidence[] {
    return this.#words.evidence();
  }

  get reason(): string {
    return this.#words.reason();
  }

  get candidates(): readonly Candidate[] {
    this.#candidates ??= this.#words.candidates?.() ?? NO_CANDIDATES;
    return this.#candidates;
  }

  /** All of it, in words. */
  toJSON(): Correlation {
    return inWords(this);
  }
}

/** Contacts that the name or the mail address suggest, for a case whose cause lies elsewhere. */
function likelyContacts({ user, hits }: Opinion, batch: Batch): string[] {
  const byLogin = batch.crmUsersByLogin.get(foldIdentifier(user.login));
  return [
    ...byLogin.flatMap(({ contactId }) => contactId ?? []),
    ...namesakesOf(user, 'staff', batch),
    ...sharedMailbox(user, batch),
    ...hits.map(({ contact }) => contact.id),
  ];
}

/** Contacts that share an e-mail address with the user, though not alone, and whose name does not speak against it. */
function sharedMailbox(user: DirectoryUser, batch: Batch): string[] {
  return batch.targetsByEmail.get(foldIdentifier(user.email)).flatMap(({ contactId }) => {
    const contact = batch.contactById.get(contactId ?? '');
    if (contact === undefined) return [];
    const { strength, conflict } = compareUserWith(user, contact, batch);
    return strength !== 'none' && conflict === null ? [contact.id] : [];
  });
}

function reasonsOf(hits: readonly Hit[], isAdopted: boolean): string[] {
  const fields = hits.map(({ field }) => field);
  const [first, ...more] = fields;
  if (first === undefined) return [];
  const reasons =
    first === 'number'
      ? [say('numberAndName')]
      : more.length === 0
        ? [say('sameOnce', { fields: first })]
        : [
            say('sameOncePlural', {
              fields: `${fields.slice(0, -1).join(', the ')} and the ${fields.at(-1) ?? first}`,
            }),
          ];
  return isAdopted ? [...reasons, say('recordTakenOver')] : reasons;
}
