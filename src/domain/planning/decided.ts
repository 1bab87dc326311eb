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
  /** Did we make this contact for the user, before or after a person rejected another that we had made? */
  isOwnContact(userId: string, contactId: string): boolean;
  /** The record as far as it may be believed: a contact that a person ruled out or took back counts as none. */
  believed(record: TelephonyRecord): TelephonyRecord;
}

interface Decided {
  same: string | null;
  create: boolean;
  readonly rejected: Set<string>;
}

export function decisionsOf(
  input: Pick<PlanInput, 'verdicts' | 'reopened' | 'links' | 'mapping' | 'rowId'> & {
    readonly crm: Pick<PlanInput['crm'], 'crmUsers' | 'records'>;
  },
): Decisions {
  const decided = decidedByUser(input.verdicts);
  const nothing: Decided = { same: null, create: false, rejected: new Set() };
  const of = (userId: string): Decided => decided.get(userId) ?? nothing;
  /** The ids of the contacts that we may have made for the user; the last one is that which nobody rejected. */
  const ownContactIds = (userId: string): string[] => {
    const { entity } = input.mapping.contact;
    const { rejected } = of(userId);
    const ids = [input.rowId(userId, entity, FIRST)];
    while (rejected.has(ids.at(-1) ?? '')) ids.push(input.rowId(userId, entity, String(ids.length + 1)));
    return ids;
  };
  const ownContactId = (userId: string): string => ownContactIds(userId).at(-1) ?? '';
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
    verdicts: [...input.verdicts, ...takenBack(input, ownContactId)],
    ownContactId,
    isOwnContact: (userId, contactId) => ownContactIds(userId).includes(contactId),
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
 * A contact that we made must not decide a case by bearing the user's name or login, once a verdict about the user was
 * revoked; unless a later verdict has linked the user to it.
 */
function takenBack(
  { reopened, links }: Pick<PlanInput, 'reopened' | 'links'>,
  ownContactId: (userId: string) => string,
): Verdict[] {
  if (reopened.size === 0) return [];
  const linked = new Map(links.map(({ directoryUserId, contactId }) => [directoryUserId, contactId]));
  return [...reopened.keys()].flatMap((userId) => {
    const contactId = ownContactId(userId);
    if (linked.get(userId) === contactId) return [];
    const id = `reopened:${userId}`;
    return [
      {
        id,
        directory: '',
        directoryUserId: userId,
        kind: 'different' as const,
        contactId,
        rejected: [],
      },
    ];
  });
}
