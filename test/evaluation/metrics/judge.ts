import type { Decision } from '../matcher.ts';
import type { Appearance, Corruption, Population, SharedEvidence } from '../types.ts';
import { couldMean, shareSurname } from './spellings.ts';

/** What one decision is worth. */
export interface Judgement {
  readonly left: Appearance;
  /** The person's own entry on the right; null where there is none. */
  readonly own: Appearance | null;
  readonly decision: Decision;
  readonly linked: Appearance | null;
  readonly outcome: 'right' | 'wrong' | 'unavoidable' | 'case' | 'none';
  /** Place of the person's own entry among the candidates, from 1; for `right` it is 1; null where it is not among them. */
  readonly rank: number | null;
  readonly evidence: SharedEvidence;
  readonly namesakes: number;
  /** Written without a mistake on both sides. */
  readonly isClean: boolean;
}

/** What is no mistake: a system, an order, a language, an omission that a careful clerk may choose. */
const CLEAN: ReadonlySet<Corruption> = new Set([
  'token order',
  'second name dropped',
  'second name initial',
  'foreign form of the given name',
  'older romanisation',
  'diacritics',
  'apostrophe',
  'letter case',
]);

export function judge(population: Population, decisions: readonly Decision[]): Judgement[] {
  const lefts = new Map(population.left.map((appearance) => [appearance.entry.id, appearance]));
  const rights = new Map(population.right.map((appearance) => [appearance.entry.id, appearance]));
  if (decisions.length !== lefts.size)
    throw new Error(`${decisions.length} decisions for ${lefts.size} entries.`);
  const ownUsers = new Map([...population.truth].map(([left, right]) => [right, left]));
  /** Nobody in the lists shows that the contact is theirs: its user is missing, or has nothing in common with it. */
  const standsAlone = (right: Appearance): boolean => {
    const user = lefts.get(ownUsers.get(right.entry.id) ?? '');
    if (user === undefined) return true;
    const isBare = (population.evidence.get(user.entry.id) ?? 'none') === 'none';
    return isBare && !shareSurname(right.person, user.spelling, right.spelling);
  };
  return decisions.map((decision) => {
    const left = lefts.get(decision.left);
    if (left === undefined) throw new Error(`A decision for ${decision.left}, which is in no list.`);
    const own = rights.get(population.truth.get(decision.left) ?? '') ?? null;
    const linked = decision.right === null ? null : (rights.get(decision.right) ?? null);
    const place = decision.candidates.findIndex(({ right }) => right === own?.entry.id);
    const outcome = outcomeOf(decision, left, own, linked, standsAlone);
    return {
      left,
      own,
      decision,
      linked,
      outcome,
      rank: own === null ? null : outcome === 'right' ? 1 : place < 0 ? null : place + 1,
      evidence: population.evidence.get(decision.left) ?? 'none',
      namesakes: population.namesakes.get(decision.left) ?? 0,
      isClean: [left, own].every(
        (side) => side === null || side.spelling.corruptions.every((corruption) => CLEAN.has(corruption)),
      ),
    };
  });
}

function outcomeOf(
  { decision }: Decision,
  left: Appearance,
  own: Appearance | null,
  linked: Appearance | null,
  standsAlone: (right: Appearance) => boolean,
): Judgement['outcome'] {
  if (decision === 'review') return 'case';
  if (decision === 'none') return 'none';
  if (linked === null) throw new Error(`${left.entry.id} is linked to an entry that is in no list.`);
  if (linked === own) return 'right';
  return own === null && standsAlone(linked) && noRuleCouldKnow(left, linked) ? 'unavoidable' : 'wrong';
}

/** One person could have written both, and nothing beside the names speaks against it. */
function noRuleCouldKnow(left: Appearance, linked: Appearance): boolean {
  const isOnePerson = [left.person, linked.person].some(
    (person) => couldMean(person, left.spelling) && couldMean(person, linked.spelling),
  );
  return isOnePerson && !differInDomain(left.entry.email, linked.entry.email);
}

/** Two addresses in one domain are two people. */
function differInDomain(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined || one === other) return false;
  return one.split('@')[1] === other.split('@')[1];
}
