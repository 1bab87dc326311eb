import type { CellValue, CrmRow } from '../../app/ports/crm.ts';
import type { DirectoryUser } from '../person.ts';
import type { Operation } from './plan.ts';
import { setCell } from './push/cells.ts';
import { arrangeTakeovers, asideOf } from './push/takeovers.ts';
import type { DoneOperation } from './undo.ts';

/** A step aside and the change that it was for count as one: back from what the user has now to what they had at first. */
export function withoutSteps(done: readonly DoneOperation[]): DoneOperation[] {
  const ids = new Set(done.map(({ operation }) => operation.id));
  const steps = new Map(done.map(({ operation }) => [operation.id, operation]));
  return done.flatMap((one) => {
    const { operation } = one;
    if (isStepOf(operation.id, ids)) return [];
    const step = steps.get(asideOf(operation.id));
    if (step === undefined) return [one];
    return [{ ...one, operation: { ...operation, before: { ...operation.before, ...step.before } } }];
  });
}

/** The step belongs to a change that was done, too; one that was left half-way is taken back by itself. */
function isStepOf(id: string, ids: ReadonlySet<string>): boolean {
  return [...ids].some((other) => asideOf(other) === id);
}

type Refuse = (operation: Operation, code: string, message: string) => void;

/** Puts changes of directory users into an order in which each is possible: what passed on comes back in turn. */
export function inTurnBack(
  operations: readonly Operation[],
  rows: ReadonlyMap<string, CrmRow>,
  refuse: Refuse,
): Operation[] {
  const isChange = ({ entity, kind }: Operation): boolean => entity === 'directoryUser' && kind === 'update';
  const users = [...rows].flatMap(([id, row]) => (row['login'] === undefined ? [] : [userOf(id, row)]));
  const changes = withSeatsBack(arrangeTakeovers(operations.filter(isChange), users, refuse));
  return [...operations.filter((operation) => !isChange(operation)), ...changes];
}

/** Who gets a licence back waits for one who gives it back, since its seat may be the last. */
function withSeatsBack(operations: readonly Operation[]): Operation[] {
  const licences = ({ after }: Operation, isHeld: boolean): string[] =>
    Object.entries(after).flatMap(([name, value]) => {
      const cell = setCell(name);
      return cell?.set === 'licence' && value === isHeld ? [cell.key] : [];
    });
  const freed = new Map<string, string[]>();
  const givers: Operation[] = [];
  const rest: Operation[] = [];
  for (const operation of operations) {
    // Whoever only gives waits for nobody, so that nothing can wait for itself.
    const isGiver = licences(operation, true).length === 0 && operation.dependsOn.length === 0;
    (isGiver ? givers : rest).push(operation);
    if (isGiver)
      for (const product of licences(operation, false))
        freed.set(product, [...(freed.get(product) ?? []), operation.id]);
  }
  const waiting = rest.map((operation) => {
    const parents = licences(operation, true).flatMap((product) => freed.get(product)?.shift() ?? []);
    return parents.length === 0
      ? operation
      : { ...operation, dependsOn: [...operation.dependsOn, ...parents] };
  });
  return [...givers, ...waiting];
}

function userOf(id: string, row: CrmRow): DirectoryUser {
  const text = (name: string): string | null => textOrNull(row[name]);
  return {
    id: text('Id') ?? id,
    login: text('login') ?? '',
    displayName: text('displayName') ?? '',
    email: text('email'),
    chatName: text('chatName'),
    extension: text('extension'),
    defaultDevice: null,
    licences: [],
    roles: [],
    deleted: false,
  };
}

function textOrNull(value: CellValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
