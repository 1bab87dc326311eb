import type { TelephonyRecord } from '../person.ts';
import type { Batch } from './batch.ts';
import type { Claims } from './claims.ts';
import type { Opinion } from './correlate.ts';

export interface Adoption {
  readonly record: TelephonyRecord | null;
  /** Several records could be the user's. */
  readonly isTorn: boolean;
}

export const NO_ADOPTION: Adoption = { record: null, isTorn: false };

const NO_ADOPTIONS: ReadonlyMap<string, Adoption> = new Map();

/** Rule 3, second half: records without an id whose contact or CRM user rules 4 to 7 found. */
export function adoptRecords(
  opinions: readonly Opinion[],
  claims: Claims,
  batch: Batch,
): ReadonlyMap<string, Adoption> {
  if (!batch.hasLooseRecords) return NO_ADOPTIONS;
  const used = new Set<string>();
  for (const { standing } of opinions)
    if ((standing.kind === 'settled' || standing.kind === 'open') && standing.record !== null)
      used.add(standing.record.id);
  const found = new Map<string, TelephonyRecord[]>();
  const takers = new Map<string, number>();
  for (const { user, standing, claim } of opinions) {
    if (claim === null || standing.kind === 'linked') continue;
    if (standing.kind !== 'torn' && standing.record !== null) continue;
    const { contactId, crmUserId } = claim.target;
    const [ofContact, ofCrmUser] = [batch.looseByContact.get(contactId), batch.looseByCrmUser.get(crmUserId)];
    if (ofContact.length + ofCrmUser.length === 0 || claims.rivalsOf(claim).length > 0) continue;
    const free = [...new Set([...ofContact, ...ofCrmUser])].filter(
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
