import type { DirectoryUser } from '../person.ts';
import type { Target } from './batch.ts';
import { Index } from './index-by.ts';
import { RULES, type RuleName } from './types.ts';

/** A user's claim on a contact, or on a CRM user without one, by the rule that found it. */
export interface Claim {
  readonly user: DirectoryUser;
  readonly rule: RuleName;
  readonly target: Target;
}

export interface Claims {
  /** Who holds the contact, if it is one user alone. */
  holderOf(contactId: string): Claim | null;
  /** Is there one claim on the contact alone, and by more than the name? */
  isSettled(contactId: string): boolean;
  /** Users with an equal claim, or the one with a stronger claim, on the same contact. */
  rivalsOf(claim: Claim): readonly Claim[];
  /** Is the contact linked or matched to another user? */
  isTaken(contactId: string, userId: string): boolean;
}

/**
 * One contact, one user. Of several users who claim a contact the one with the strictly
 * strongest rule has it; where two are equally strong nobody has. A link that stands is never given up.
 */
export function createClaims(opinions: readonly { readonly claim: Claim | null }[]): Claims {
  const onContact = new Index<Claim>();
  const onCrmUser = new Index<Claim>();
  for (const { claim } of opinions) {
    if (claim === null) continue;
    const { contactId, crmUserId } = claim.target;
    if (contactId !== null) onContact.add(contactId, claim);
    if (crmUserId !== null) onCrmUser.add(crmUserId, claim);
  }
  const holderOf = (contactId: string): Claim | null => {
    const only = onContact.only(contactId);
    if (only !== null) return only;
    const all = onContact.get(contactId);
    if (all.length === 0) return null;
    const best = Math.min(...all.map(strength));
    const strongest = all.filter((claim) => strength(claim) === best);
    return strongest.length === 1 ? (strongest[0] ?? null) : null;
  };
  return {
    holderOf,
    isSettled: (contactId) => {
      const only = onContact.only(contactId);
      return only !== null && strength(only) < BY_NAME;
    },
    rivalsOf: (claim) => {
      const { contactId, crmUserId } = claim.target;
      if (claim.rule === 'link') return NO_RIVALS;
      if (isAlone(onContact, contactId, claim) && isAlone(onCrmUser, crmUserId, claim)) return NO_RIVALS;
      // The CRM user counts by itself: nobody else gets it, whatever contact they bring.
      const [ofContact, ofCrmUser] = [onContact.get(contactId), onCrmUser.get(crmUserId)];
      return [...ofContact, ...ofCrmUser]
        .filter((other) => other.user.id !== claim.user.id && strength(other) <= strength(claim))
        .toSorted((one, other) => strength(one) - strength(other) || (one.user.id < other.user.id ? -1 : 1));
    },
    isTaken: (contactId, userId) => {
      const held = holderOf(contactId);
      return held !== null && held.user.id !== userId;
    },
  };
}

const NO_RIVALS: readonly Claim[] = [];

function isAlone(claims: Index<Claim>, id: string | null, claim: Claim): boolean {
  return id === null || claims.only(id) === claim;
}

function strength(claim: Claim): number {
  return STRENGTH.get(claim.rule) ?? RULES.length;
}

const STRENGTH: ReadonlyMap<RuleName, number> = new Map(RULES.map((rule, index) => [rule, index]));
const BY_NAME = RULES.indexOf('name');
