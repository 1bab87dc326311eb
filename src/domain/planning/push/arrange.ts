import type { DirectoryLicence, DirectoryUser } from '../../person.ts';
import type { Operation, PlannedIssue } from '../plan.ts';
import { displayNameOf } from '../words.ts';
import { setCell } from './cells.ts';
import { createSeats } from './seats.ts';
import { arrangeTakeovers } from './takeovers.ts';

/** Changes of directory users that can be carried out one after the other, and what cannot be done, by person. */
export interface Arranged {
  readonly operations: readonly Operation[];
  readonly issues: ReadonlyMap<string, readonly PlannedIssue[]>;
}

/**
 * Brings the changes of many users into an order in which each is possible: a login or an extension is free before
 * somebody else gets it, also where two people swap theirs, and a licence's seat before it is given away. What stays
 * impossible is left out and said.
 *
 * @param users everybody who was read, changed or not
 */
export function arrangeDirectoryChanges(
  operations: readonly Operation[],
  users: readonly DirectoryUser[],
  licences: readonly DirectoryLicence[],
  now: number,
): Arranged {
  const issues = new Map<string, PlannedIssue[]>();
  const refuse = (operation: Operation, code: string, message: string): void => {
    const person = operation.person ?? '';
    issues.set(person, [...(issues.get(person) ?? []), { severity: 'failure', code, message }]);
  };
  // Those that wait for another change of the same user come after all others, so that many still go side by side.
  const isLater = ({ waitsFor }: Operation): boolean => waitsFor !== undefined;
  const inTwo = [...operations.filter((one) => !isLater(one)), ...operations.filter(isLater)];
  const possible = arrangeTakeovers(inTwo, users, refuse);
  for (const [operation, holder] of sharedEmails(possible, users)) {
    const person = operation.person ?? '';
    const message = `The e-mail ${String(operation.after['email'])} is also that of ${displayNameOf(holder)} in the directory. If it lets nobody share one, the user is made without it, and the next sync says so.`;
    issues.set(person, [
      ...(issues.get(person) ?? []),
      { severity: 'warning', code: 'email.shared', message },
    ]);
  }
  return { operations: withSeats(possible, licences, now, refuse), issues };
}

/** Users to be made with an e-mail that somebody has and keeps; not every directory minds. */
function sharedEmails(
  operations: readonly Operation[],
  users: readonly DirectoryUser[],
): (readonly [Operation, DirectoryUser])[] {
  const keyOf = (value: unknown): string => (typeof value === 'string' ? value.toLowerCase() : '');
  const given = new Set(
    operations.flatMap(({ kind, after, target }) =>
      kind === 'update' && after['email'] !== undefined ? [target.id] : [],
    ),
  );
  const holders = new Map(
    users.flatMap((user) => (user.email === null || given.has(user.id) ? [] : [[keyOf(user.email), user]])),
  );
  return operations.flatMap((operation) => {
    const holder = operation.kind === 'create' ? holders.get(keyOf(operation.after['email'])) : undefined;
    return holder === undefined ? [] : [[operation, holder] as const];
  });
}

type Refuse = (operation: Operation, code: string, message: string) => void;

/** Counts seats before anything is granted; a user who would be made without a licence asked for is not made at all. */
function withSeats(
  operations: readonly Operation[],
  licences: readonly DirectoryLicence[],
  now: number,
  refuse: Refuse,
): Operation[] {
  const seats = createSeats(licences, operations, now);
  const kept: Operation[] = [];
  for (const operation of operations) {
    const wanted = licencesIn(operation, true);
    const lacking: string[] = [];
    const parents: string[] = [];
    for (const product of wanted) {
      const seat = seats.take(product, operation.id);
      if (seat === 'none') lacking.push(product);
      else if (seat !== 'free') parents.push(seat.after);
    }
    if (lacking.length > 0) {
      const names = lacking.join(', ');
      if (operation.kind === 'create') {
        for (const product of wanted) if (!lacking.includes(product)) seats.giveBack(product, operation.id);
        refuse(
          operation,
          'QUOTA',
          `No seat of ${names} is left, so the user is not made; free a seat in the directory, or take the licence from the record.`,
        );
        continue;
      }
      refuse(operation, 'QUOTA', `No seat of ${names} is left; free one in the directory, or buy more.`);
    }
    const left = lacking.length === 0 ? operation : without(operation, lacking);
    if (left === null) continue;
    kept.push(parents.length === 0 ? left : { ...left, dependsOn: [...left.dependsOn, ...parents] });
  }
  return kept;
}

function licencesIn({ after }: Operation, isWanted: boolean): string[] {
  return Object.entries(after).flatMap(([name, value]) => {
    const cell = setCell(name);
    return cell?.set === 'licence' && value === isWanted ? [cell.key] : [];
  });
}

function without(operation: Operation, products: readonly string[]): Operation | null {
  const isLeft = (name: string): boolean => {
    const cell = setCell(name);
    return cell?.set !== 'licence' || !products.includes(cell.key);
  };
  const keep = (cells: Operation['after']): Operation['after'] =>
    Object.fromEntries(Object.entries(cells).filter(([name]) => isLeft(name)));
  const after = keep(operation.after);
  if (Object.keys(after).length === 0) return null;
  return { ...operation, before: operation.before === null ? null : keep(operation.before), after };
}
