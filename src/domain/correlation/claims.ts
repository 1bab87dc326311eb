import type { Target } from './batch.ts';
import { RULES, type RuleName } from './types.ts';

/** A user's claim on a contact, or on a CRM user without one, by the rule that found it. */
export interface Claim {
  readonly userId: string;
  readonly rule: RuleName;
  readonly target: Target;
}

export interface Claims {
  /** Who holds the contact, if it is one user alone. */
  holderOf(contactId: string): Claim | null;
  /** Users with an equal claim, or the one with a stronger claim, on the same contact. */
  rivalsOf(claim: Claim): readonly Claim[];
  /** Is the contact linked or matched to another user? */
  isTaken(contactId: string, userId: string): boolean;
}

/**
 * One contact, one user (facts/requirements.md A-24). Of several users who claim a contact the one with the strictly
 * strongest rule has it; where two are equally strong nobody has. A link that stands is never given up.
 */
export function createClaims(claims: readonly Claim[]): Claims {
  const byThing = new Map<string, Claim[]>();
  for (const claim of claims) {
    for (const thing of thingsOf(claim.target)) {
      const known = byThing.get(thing);
      if (known === undefined) byThing.set(thing, [claim]);
      else known.push(claim);
    }
  }
  const holder = (thing: string): Claim | null => {
    const all = byThing.get(thing) ?? [];
    const best = Math.min(...all.map(strength));
    const strongest = all.filter((claim) => strength(claim) === best);
    return strongest.length === 1 ? (strongest[0] ?? null) : null;
  };
  return {
    holderOf: (contactId) => holder(`contact ${contactId}`),
    rivalsOf: (claim) => {
      if (claim.rule === 'link') return [];
      const rivals = thingsOf(claim.target).flatMap((thing) =>
        (byThing.get(thing) ?? []).filter(
          (other) => other.userId !== claim.userId && strength(other) <= strength(claim),
        ),
      );
      return rivals.toSorted((one, other) => strength(one) - strength(other) || (one.userId < other.userId ? -1 : 1));
    },
    isTaken: (contactId, userId) => {
      const held = holder(`contact ${contactId}`);
      return held !== null && held.userId !== userId;
    },
  };
}

function strength(claim: Claim): number {
  return RULES.indexOf(claim.rule);
}

/** A contact with its CRM user is one thing; the CRM user counts on its own, so that nobody else gets it. */
function thingsOf(target: Target): string[] {
  const things: string[] = [];
  if (target.contactId !== null) things.push(`contact ${target.contactId}`);
  if (target.crmUserId !== null) things.push(`user ${target.crmUserId}`);
  return things;
}
