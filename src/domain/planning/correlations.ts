import { correlateInSteps } from '../correlation/correlate.ts';
import { inWords } from '../correlation/in-words.ts';
import type { Correlation } from '../correlation/types.ts';
import type { DirectoryUser, TelephonyRecord } from '../person.ts';
import { eachInSteps, type Steps } from '../steps.ts';
import type { Decisions } from './decided.ts';
import type { PlanInput } from './input.ts';

/** By user, and in words: what they were found in takes more memory than the plan, and is let go before there is one. */
export function* correlationsOf(
  { crm, links, goneUserIds, policy }: PlanInput,
  users: readonly DirectoryUser[],
  records: readonly TelephonyRecord[],
  decisions: Decisions,
): Steps<ReadonlyMap<string, Correlation>> {
  const found = yield* correlateInSteps({
    users,
    records: records.map((record) => decisions.believed(record)),
    contacts: crm.contacts,
    crmUsers: crm.crmUsers,
    links,
    goneUserIds,
    verdicts: decisions.verdicts,
    policy: policy.correlation,
  });
  const correlations = new Map<string, Correlation>();
  yield* eachInSteps(found, (correlation) => correlations.set(correlation.userId, inWords(correlation)));
  return correlations;
}
