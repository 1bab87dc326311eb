import { foldIdentifier } from '../names/fold.ts';
import type { DirectoryUser, Link, TelephonyRecord } from '../person.ts';
import { onlyCrmUserOf, type Batch, type Target } from './batch.ts';
import { describeRecords, nearest } from './doubled-records.ts';
import { say } from './explain.ts';

/** The rules by which a record is a user's, whatever the names say. */
export type RecordRule = 'record-id' | 'record-adopted' | 'record-successor';

/** What links, records and verdicts (rules 1 to 4) say of a user. */
export type Standing =
  | { readonly kind: 'linked'; readonly link: Link }
  /** Several records could be the user's, or one that may still be somebody else's. */
  | { readonly kind: 'torn'; readonly records: readonly TelephonyRecord[]; readonly reason: string }
  | {
      readonly kind: 'settled';
      readonly rule: RecordRule | 'verdict';
      readonly record: TelephonyRecord | null;
      readonly target: Target;
    }
  /** The contact is still open; the record, if there is one, is not. */
  | { readonly kind: 'open'; readonly rule: RecordRule | null; readonly record: TelephonyRecord | null };

/** Rules 1 to 4 of the ladder (design §5, Correlate). A rejected contact counts as none. */
export function standingOf(user: DirectoryUser, batch: Batch): Standing {
  const decided = batch.decidedFor(user);
  const link = batch.linkByUser.get(user.id);
  if (link !== undefined && (link.contactId === null || !decided.rejected.has(link.contactId)))
    return { kind: 'linked', link };

  const found = recordOf(user, batch);
  if ('reason' in found) return { kind: 'torn', records: found.records, reason: found.reason };
  const { record, rule } = found;
  if (record !== null && rule !== null) {
    const contactId = record.contactId ?? batch.crmUserById.get(record.crmUserId ?? '')?.contactId ?? null;
    if (contactId !== null && !decided.rejected.has(contactId))
      return {
        kind: 'settled',
        rule,
        record,
        target: { contactId, crmUserId: record.crmUserId ?? onlyCrmUserOf(batch, contactId) },
      };
  }
  if (decided.same !== null && !decided.rejected.has(decided.same))
    return {
      kind: 'settled',
      rule: rule ?? 'verdict',
      record,
      target: { contactId: decided.same, crmUserId: record?.crmUserId ?? onlyCrmUserOf(batch, decided.same) },
    };
  return record === null && rule === null ? OPEN : { kind: 'open', rule, record };
}

type Found =
  | { readonly record: TelephonyRecord | null; readonly rule: RecordRule | null }
  | { readonly records: readonly TelephonyRecord[]; readonly reason: string };

/** What is true of most users on the first import. */
const OPEN: Standing = { kind: 'open', rule: null, record: null };
const NONE: Found = { record: null, rule: null };

function recordOf(user: DirectoryUser, batch: Batch): Found {
  const own = batch.recordsByUser.get(user.id);
  const [first] = own;
  if (first !== undefined)
    return pick(user, own, 'record-id', batch, () =>
      say('manyRecordsOfId', { count: own.length, id: user.id }),
    );

  const login = foldIdentifier(user.login);
  if (login === null) return NONE;
  const loose = batch.looseByLogin.get(login);
  const orphans = batch.orphansByLogin.get(login);
  if (loose.length + orphans.length === 0) return NONE;
  if (batch.usersByLogin.get(login).length > 1)
    return {
      records: [...loose, ...orphans],
      reason: say('manyUsersOfLogin', { login: user.login }),
    };
  const gone = orphans.filter((record) => batch.goneUserIds.has(record.directoryUserId ?? ''));
  const adoptable = [...loose, ...gone];
  if (adoptable.length > 0)
    return pick(user, adoptable, loose.length > 0 ? 'record-adopted' : 'record-successor', batch, () =>
      say('manyRecordsOfLogin', { count: adoptable.length, login: user.login }),
    );
  return {
    records: orphans,
    reason: say('absenceUnproved', { login: user.login }),
  };
}

/** One record is the user's; of several, a person's verdict about the contact says which may be meant. */
function pick(
  user: DirectoryUser,
  records: readonly TelephonyRecord[],
  rule: RecordRule,
  batch: Batch,
  why: () => string,
): Found {
  const [only] = records;
  if (only !== undefined && records.length === 1) return { record: only, rule };
  const { same } = batch.decidedFor(user);
  const record = same === null ? null : nearest(user, records, same, batch);
  return record === null ? { records, reason: describeRecords(records, batch, why()) } : { record, rule };
}
