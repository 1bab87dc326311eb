import type { DirectoryUser } from '../person.ts';
import { allAtOnce, mapInSteps, type Steps } from '../steps.ts';
import { adoptRecords, NO_ADOPTION } from './adoption.ts';
import { createBatch, type Batch } from './batch.ts';
import { createClaims, type Claim } from './claims.ts';
import { findingOf, type Finding } from './findings.ts';
import type { LooseHit, LooseHits } from './loose-join.ts';
import { outcomeOf, type Weighing } from './outcome.ts';
import { lookAgain, type Known } from './second-look.ts';
import { createStrictRule } from './seed-strict.ts';
import { standingOf, type Standing } from './standing.ts';
import type { Correlation, CorrelationInput, RuleName } from './types.ts';

/** What is known of one user before the claims of all are weighed against each other. */
export interface Opinion {
  readonly user: DirectoryUser;
  readonly standing: Standing;
  readonly finding: Finding;
  readonly claim: Claim | null;
  /** Staff contacts whose name may be the user's; filled by the second look. */
  readonly hits: readonly LooseHit[];
}

const NO_HITS: readonly LooseHit[] = [];
const NOTHING: Finding = { kind: 'nothing' };

/**
 * Finds out which contact and CRM user each directory user is (design §5, Correlate): one correlation per user, in the
 * order of `input.users`. What is decided does not depend on that order. Evidence, candidates and reasons are put into
 * words when somebody reads them. Pure; the work grows with the number of people, not with the number of pairs.
 */
export function correlate(input: CorrelationInput): readonly Correlation[] {
  return allAtOnce(correlateInSteps(input));
}

/** `correlate` in steps. */
export function* correlateInSteps(input: CorrelationInput): Steps<readonly Correlation[]> {
  const batch = yield* createBatch(input);
  const isStrict = input.policy.preset === 'seed-strict';
  const find = isStrict ? createStrictRule(batch) : (user: DirectoryUser): Finding => findingOf(user, batch);
  const first = yield* mapInSteps(input.users, (user) => opinionOf(user, batch, find));
  const opinions = isStrict ? first : yield* secondLook(first, batch);
  const claims = createClaims(opinions);
  const adoptions = adoptRecords(opinions, claims, batch);
  const weighing: Weighing = { batch, claims, isStrict };
  return yield* mapInSteps(opinions, (opinion) =>
    outcomeOf(opinion, adoptions.get(opinion.user.id) ?? NO_ADOPTION, weighing),
  );
}

function opinionOf(user: DirectoryUser, batch: Batch, find: (user: DirectoryUser) => Finding): Opinion {
  const standing = standingOf(user, batch);
  const claimed = (rule: RuleName, target: Claim['target']): Claim => ({ user, rule, target });
  if (standing.kind === 'linked')
    return { user, standing, finding: NOTHING, claim: claimed('link', standing.link), hits: NO_HITS };
  if (standing.kind === 'settled')
    return {
      user,
      standing,
      finding: NOTHING,
      claim: claimed(standing.rule, standing.target),
      hits: NO_HITS,
    };
  if (standing.kind === 'torn' || batch.decidedFor(user).create)
    return { user, standing, finding: NOTHING, claim: null, hits: NO_HITS };
  const finding = find(user);
  return { user, standing, finding, claim: claimOf(user, finding), hits: NO_HITS };
}

function claimOf(user: DirectoryUser, finding: Finding): Claim | null {
  const [strongest] = finding.kind === 'decisive' ? finding.hits : [];
  return finding.kind === 'decisive' && strongest !== undefined
    ? { user, rule: strongest.rule, target: finding.target }
    : null;
}

/** Names that are only alike count once it is known who is left over: see `lookAgain`. */
function* secondLook(opinions: readonly Opinion[], batch: Batch): Steps<readonly Opinion[]> {
  const claims = createClaims(opinions);
  const open = new Set<string>();
  const byName = new Set<string>();
  for (const opinion of opinions) {
    if (isUnresolved(opinion, batch)) open.add(opinion.user.id);
    else if (opinion.claim?.rule === 'name') byName.add(opinion.user.id);
  }
  const loose = yield* batch.names.looseHits({
    isUnresolved: (user) => open.has(user.id),
    isByNameOnly: (user) => byName.has(user.id),
    isSettled: (contact) => claims.isSettled(contact.id),
    isFree: (contact) => claims.holderOf(contact.id) === null,
    isByName: (contact) => claims.holderOf(contact.id)?.rule === 'name',
  });
  const disputed = new Set<string>();
  for (const { finding } of opinions)
    if (finding.kind === 'doubtful') for (const id of finding.contactIds) disputed.add(id);
  return yield* mapInSteps(opinions, (opinion) => again(opinion, loose, { batch, claims, disputed }));
}

function again(opinion: Opinion, loose: LooseHits, known: Known): Opinion {
  const { user, standing } = opinion;
  if (standing.kind !== 'open' || known.batch.decidedFor(user).create) return opinion;
  const { finding, hits } = lookAgain(user, opinion.finding, loose, known);
  return finding === opinion.finding && hits.length === 0
    ? opinion
    : { ...opinion, finding, hits, claim: claimOf(user, finding) };
}

/** Users whom no strong rule tied to anybody: they may still be somebody of a similar name. */
function isUnresolved({ user, standing, claim }: Opinion, batch: Batch): boolean {
  return standing.kind === 'open' && claim === null && !batch.decidedFor(user).create;
}
