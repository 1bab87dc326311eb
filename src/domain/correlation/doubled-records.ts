import { foldIdentifier } from '../names/fold.ts';
import type { DirectoryUser, FieldValue, TelephonyRecord } from '../person.ts';
import type { Batch } from './batch.ts';
import { say } from './explain.ts';

/** More than these in a case help nobody. */
const MOST_RECORDS = 5;

/**
 * Of several records that could be the user's, the one that is nearest to the user and may be this contact's: what the
 * others lack can be filled in there, and need not be taken from another one, where the CRM would refuse it.
 */
export function nearest(
  user: DirectoryUser,
  records: readonly TelephonyRecord[],
  contactId: string,
  batch: Batch,
): TelephonyRecord | null {
  const nearness = (record: TelephonyRecord): number =>
    (record.crmUserId === null ? 0 : 8) +
    (isSame(record.fields.extension, user.extension) ? 4 : 0) +
    (record.contactId === contactId ? 2 : 0) +
    (isSame(record.fields.login, user.login) ? 1 : 0);
  const [best = null] = records
    .filter((record) => [contactId, null].includes(contactOf(record, batch)))
    .toSorted((one, other) => nearness(other) - nearness(one) || (one.id < other.id ? -1 : 1));
  return best;
}

/** What a case about several records says: each of them, and what to do. */
export function describeRecords(records: readonly TelephonyRecord[], batch: Batch, reason: string): string {
  const shown = records.toSorted((one, other) => (one.id < other.id ? -1 : 1)).slice(0, MOST_RECORDS);
  return [
    reason,
    ...shown.map(({ id, fields, crmUserId }) =>
      say('recordHolds', {
        id,
        name: show(fields.displayName),
        login: show(fields.login),
        extension: show(fields.extension),
        crmUser: crmUserId === null ? show(null) : (batch.crmUserById.get(crmUserId)?.login ?? crmUserId),
      }),
    ),
    say('deleteOthers'),
  ].join(' ');
}

function contactOf({ contactId, crmUserId }: TelephonyRecord, batch: Batch): string | null {
  return contactId ?? batch.crmUserById.get(crmUserId ?? '')?.contactId ?? null;
}

function isSame(mine: FieldValue | undefined, theirs: string | null): boolean {
  return typeof mine === 'string' && theirs !== null && foldIdentifier(mine) === foldIdentifier(theirs);
}

function show(value: FieldValue | undefined): string {
  return typeof value === 'string' && value !== '' ? value : '–';
}
