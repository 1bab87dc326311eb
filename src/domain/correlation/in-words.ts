import type { Correlation } from './types.ts';

/** The same with everything put into words, so that it keeps nothing of what it was found in. */
export function inWords(found: Correlation): Correlation {
  const { userId, situation, rule, contactRule, recordId, contactId, crmUserId } = found;
  const { evidence, candidates, reason } = found;
  return {
    userId,
    situation,
    rule,
    contactRule,
    recordId,
    contactId,
    crmUserId,
    evidence,
    candidates,
    reason,
  };
}
