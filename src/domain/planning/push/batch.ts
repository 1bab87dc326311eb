import type { TelephonyRecord } from '../../person.ts';
import type { PlanInput } from '../input.ts';
import { licenceKeys, type PersonContext } from '../person-plan.ts';
import type { Operation, PlannedIssue, PlannedPerson } from '../plan.ts';
import { addedPersonId, planAddition, type AdditionPlan } from './additions.ts';
import { arrangeDirectoryChanges } from './arrange.ts';
import { setCell } from './cells.ts';

/** A push is about people who are linked; everybody else is an import's business. */
export function usersOf({ kind, directory, links }: PlanInput): PlanInput['directory']['users'] {
  if (kind !== 'push') return directory.users;
  const linked = new Set(links.map(({ directoryUserId }) => directoryUserId));
  return directory.users.filter(({ id }) => linked.has(id));
}

/** Records that an administrator added and that nobody in the directory turned out to be. */
export function planAdditions(
  input: PlanInput,
  context: PersonContext,
  records: readonly TelephonyRecord[],
  people: readonly PlannedPerson[],
  contactNames: ReadonlyMap<string, string>,
): AdditionPlan[] {
  const { push } = context;
  if (push === null || input.onlyPeople !== null) return [];
  const taken = new Set(
    people.flatMap(({ recordId, candidates }) => [recordId, ...candidates.map((one) => one.recordId)]),
  );
  const crmUserById = new Map(input.crm.crmUsers.map((user) => [user.id, user]));
  return records
    .filter(
      ({ id, directoryUserId }) =>
        directoryUserId === null &&
        input.addable.has(id) &&
        !taken.has(id) &&
        (input.includeHeld || !input.held.has(addedPersonId(id))),
    )
    .map((record) => {
      const crmUser = crmUserById.get(record.crmUserId ?? '') ?? null;
      const contactName = contactNames.get(record.contactId ?? crmUser?.contactId ?? '') ?? null;
      const standing = input.crm.standing.get(record.id) ?? {};
      return planAddition({ record, crmUser, contactName, context, push, standing });
    });
}

/** Puts the changes of directory users last and in turn; what rests on one that cannot be done is left out, too. */
export function arrange(
  { directory, now }: PlanInput,
  operations: readonly Operation[],
): { operations: Operation[]; issues: ReadonlyMap<string, readonly PlannedIssue[]> } {
  const isOfDirectory = ({ entity }: Operation): boolean => entity === 'directoryUser';
  const changes = operations.filter(isOfDirectory);
  if (changes.length === 0) return { operations: [...operations], issues: new Map() };
  const arranged = arrangeDirectoryChanges(changes, directory.users, directory.licences, now);
  const kept = new Set(arranged.operations.map(({ id }) => id));
  const dropped = new Set(changes.flatMap(({ id }) => (kept.has(id) ? [] : [id])));
  const rest = operations.filter(
    (operation) => !isOfDirectory(operation) && !operation.dependsOn.some((id) => dropped.has(id)),
  );
  return { operations: [...arranged.operations, ...rest], issues: arranged.issues };
}

/** What stands in the way in the directory until somebody there makes room: no change of ours shows that it is gone. */
const UNTIL_ROOM: ReadonlySet<string> = new Set(['CONFLICT', 'QUOTA', 'LOGIN_HELD_BY_DELETED']);

/** What stood in the way in the directory (a login of somebody else, no seat) may be gone without any change of ours. */
export function lastingFailuresOf({ lastingFailures }: PlanInput): PlanInput['lastingFailures'] {
  return new Map(
    [...lastingFailures].filter(
      ([id, { code }]) => !id.startsWith('directoryUser.') || !UNTIL_ROOM.has(code),
    ),
  );
}

/**
 * Seats that the plan takes, by product; less than nothing where it frees more than it takes. Whoever is removed for good
 * frees theirs; a soft-deleted user may keep them.
 */
export function seatsTaken(
  { directory, push }: Pick<PlanInput, 'directory' | 'push'>,
  operations: readonly Operation[],
): Map<string, number> {
  const taken = new Map<string, number>();
  const users = new Map(directory.users.map((user) => [user.id, user]));
  for (const { entity, kind, target, after } of operations) {
    if (entity !== 'directoryUser') continue;
    const removed = kind === 'delete' && push?.onDelete === 'permanent' ? users.get(target.id) : undefined;
    if (removed !== undefined)
      for (const product of licenceKeys(removed)) taken.set(product, (taken.get(product) ?? 0) - 1);
    for (const [name, isHeld] of Object.entries(after)) {
      const cell = setCell(name);
      if (cell?.set === 'licence')
        taken.set(cell.key, (taken.get(cell.key) ?? 0) + (isHeld === true ? 1 : -1));
    }
  }
  return taken;
}
