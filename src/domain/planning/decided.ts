import type { TelephonyRecord, Verdict } from '../person.ts';
import type { PlanInput } from './input.ts';

/** The first id for the contact of a user; later ones are needed where a person rejected the contact made before. */
const FIRST = '';

/** What people decided, as planning needs it: it outranks what a telephony record bears (design §5, rule 4). */
export interface Decisions {
  /** The verdicts that stand, and those that follow from revoked ones. */
  readonly verdicts: readonly Verdict[];
  /** The id of the contact that we would create for the user, or have created. */
  ownContactId(userId: string): string;
  /** The record as far as it may be believed: a contact that a person ruled out or took back counts as none. */
  believed(record: TelephonyRecord): TelephonyRecord;
}

interface Decided {
  same: string | null;
  create: boolean;
  readonly rejected: Set<string>;
}

export function decisionsOf(
  input: Pick<PlanInput, 'verdicts' | 'reopened' | 'mapping' | 'rowId'> & {
    readonly crm: Pick<PlanInput['crm'], 'crmUsers' | 'records'>;
  },
): Decisions {
  const decided = decidedByUser(input.verdicts);
  const nothing: Decided = { same: null, create: false, rejected: new Set() };
  const of = (userId: string): Decided => decided.get(userId) ?? nothing;
  const ownContactId = (userId: string): string => {
    const { entity } = input.mapping.contact;
    const { rejected } = of(userId);
    let id = input.rowId(userId, entity, FIRST);
    for (let next = 2; rejected.has(id); next += 1) id = input.rowId(userId, entity, String(next));
    return id;
  };
  const contactOfUser = new Map(input.crm.crmUsers.map(({ id, contactId }) => [id, contactId]));
  const recordsOf = new Map<string, number>();
  for (const { directoryUserId } of input.crm.records)
    if (directoryUserId !== null) recordsOf.set(directoryUserId, (recordsOf.get(directoryUserId) ?? 0) + 1);

  const isRuledOut = (userId: string, contactId: string): boolean => {
    const { same, create, rejected } = of(userId);
    if (rejected.has(contactId) || input.reopened.get(userId) === contactId) return true;
    // Of several records that bear the id, the verdict tells which is meant; none of them is to be changed for it.
    if (same !== null && recordsOf.get(userId) === 1) return contactId !== same;
    return create && contactId !== ownContactId(userId);
  };

  return {
    verdicts: [...input.verdicts, ...takenBack(input.reopened, ownContactId)],
    ownContactId,
    believed: (record) => {
      const userId = record.directoryUserId;
      const byCrmUser = contactOfUser.get(record.crmUserId ?? '') ?? null;
      const contactId = record.contactId ?? byCrmUser;
      if (userId === null || contactId === null || !isRuledOut(userId, contactId)) return record;
      return { ...record, contactId: null, crmUserId: byCrmUser === contactId ? null : record.crmUserId };
    },
  };
}

function decidedByUser(verdicts: readonly Verdict[]): Map<string, Decided> {
  const all = new Map<string, Decided>();
  for (const { directoryUserId, kind, contactId, rejected } of verdicts) {
    const decided = all.get(directoryUserId) ?? { same: null, create: false, rejected: new Set<string>() };
    all.set(directoryUserId, decided);
    if (kind === 'same') decided.same = contactId;
    else if (kind === 'create') decided.create = true;
    else for (const id of contactId === null ? rejected : [contactId]) decided.rejected.add(id);
  }
  return all;
}

/**
 * A contact that was made on the strength of a verdict, which was revoked since, must not decide the case by bearing
 * the user's name.
 */
function takenBack(
  reopened: ReadonlyMap<string, string>,
  ownContactId: (userId: string) => string,
): Verdict[] {
  return [...reopened].flatMap(([userId, contactId]) =>
    contactId === ownContactId(userId)
      ? [
          {
            id: `reopened:${userId}`,
            directory: '',
            directoryUserId: userId,
            kind: 'different' as const,
            contactId,
            rejected: [],
          },
        ]
      : [],
  );
}
