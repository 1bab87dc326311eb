import type { CellValue, CrmRow, CrmWriteOutcome, RefusalCode } from './ports/crm.ts';
import type { DirectoryUserChange, DirectoryWriter } from './ports/directory.ts';
import type { DirectoryUser } from '../domain/person.ts';
import type { Operation } from '../domain/planning/plan.ts';
import { cellsOfUser, SCALAR_CELLS, setCell, SIGNED_OUT } from '../domain/planning/push/cells.ts';
import type { AppDeps } from './deps.ts';
import { isRollcallError } from './ports/errors.ts';
import { sameCells } from './read-back.ts';
import type { LicenceSerials } from './licence-serials.ts';

/** So many directory users are read in one request before they are written, one by one. */
export const DIRECTORY_USERS_AT_A_TIME = 25;

/** So many calls are under way at once. */
const SIDE_BY_SIDE = 8;

/** A login that a soft-deleted user still holds, so that nobody else can get it. */
export const LOGIN_HELD_BY_DELETED = 'LOGIN_HELD_BY_DELETED';

/** What writing directory users needs. */
export interface DirectoryWriting {
  readonly deps: AppDeps;
  readonly serials: LicenceSerials;
  readonly signal: AbortSignal | undefined;
}

/**
 * Sends changes of directory users. Each user is read right before, so that what others have changed since the plan was
 * made is left alone, and sets are sent with everything in them that nobody manages. Answers one outcome for each
 * operation, in the same order.
 *
 * @throws RollcallError when the directory cannot be written to at all; those sent are found out by reading
 */
export async function writeDirectoryUsers(
  writing: DirectoryWriting,
  operations: readonly Operation[],
): Promise<CrmWriteOutcome[]> {
  const { deps, signal } = writing;
  const { writer } = deps.directory;
  if (writer === null)
    return operations.map(({ id }) =>
      refused(id, 'CONTRACT', `Users of ${deps.directory.product} can only be read.`),
    );
  const standing = operations.filter(({ kind }) => kind !== 'create').map(({ target }) => target.id);
  const users = new Map(
    (standing.length === 0 ? [] : await deps.directory.readUsersById(standing, signal)).map((user) => [
      user.id,
      user,
    ]),
  );
  const outcomes = new Map<string, CrmWriteOutcome>();
  const queue = [...operations];
  const errors: unknown[] = [];
  const work = async (): Promise<void> => {
    for (let operation = queue.shift(); operation !== undefined; operation = queue.shift()) {
      if (errors.length > 0) return;
      try {
        outcomes.set(
          operation.id,
          await writeOne(writing, writer, operation, users.get(operation.target.id)),
        );
      } catch (error) {
        const outcome = outcomeOf(operation, error);
        if (outcome === null) errors.push(error);
        else outcomes.set(operation.id, outcome);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(SIDE_BY_SIDE, operations.length) }, work));
  if (errors.length > 0) throw errors[0];
  return operations.flatMap(({ id }) => outcomes.get(id) ?? []);
}

/**
 * The users that operations are about as they stand now, as rows of cells by the operation's target; soft-deleted ones
 * count as gone. One that is to be made is looked for by login, and known by our reference.
 */
export async function readDirectoryRows(
  { directory }: AppDeps,
  operations: readonly Operation[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, CrmRow>> {
  const rows = new Map<string, CrmRow>();
  const standing = operations.filter(({ kind }) => kind !== 'create');
  const users = new Map(
    (standing.length === 0
      ? []
      : await directory.readUsersById(
          standing.map(({ target }) => target.id),
          signal,
        )
    )
      .filter(({ deleted }) => !deleted)
      .map((user) => [user.id, user]),
  );
  for (const operation of operations) {
    const user =
      operation.kind === 'create'
        ? await ownUser(directory.writer, operation, signal)
        : users.get(operation.target.id);
    if (user !== undefined) rows.set(operation.target.id, rowFor(operation, user));
  }
  return rows;
}

async function writeOne(
  { deps, serials, signal }: DirectoryWriting,
  writer: DirectoryWriter,
  operation: Operation,
  now: DirectoryUser | undefined,
): Promise<CrmWriteOutcome> {
  const { id, kind, after, before } = operation;
  if (kind === 'create') return createUser(deps, writer, serials, operation, signal);
  if (now === undefined || now.deleted) return { ref: id, state: 'absent' };
  if (kind === 'delete') {
    await writer.remove(now.id, { permanent: deps.policy.push.onDelete === 'permanent' }, signal);
    return { ref: id, state: 'done', row: null };
  }
  const { [SIGNED_OUT]: signOut, ...cells } = after;
  const row = rowFor(operation, now);
  let changed = now;
  if (!sameCells(cells, row)) {
    if (!sameCells(before ?? {}, row))
      return refused(id, 'STALE', 'Somebody else has changed the user since the plan was made.');
    changed = await writer.change(now.id, await changeOf(cells, now, serials), signal);
    // An answer may hold less than the user does.
    if (!sameCells(cells, rowFor(operation, changed))) {
      const [again] = await deps.directory.readUsersById([now.id], signal);
      if (again === undefined || !holds(cells, rowFor(operation, again)))
        return refused(
          id,
          'CONTRACT',
          `The directory accepted the change of ${Object.keys(cells).join(', ')} but does not show it; check the account's permissions.`,
        );
      changed = again;
    }
  }
  if (signOut === true) await writer.endSessions(now.id, signal);
  return { ref: id, state: 'done', row: rowFor(operation, changed) };
}

async function createUser(
  { directory }: AppDeps,
  writer: DirectoryWriter,
  serials: LicenceSerials,
  operation: Operation,
  signal: AbortSignal | undefined,
): Promise<CrmWriteOutcome> {
  const { id, target, after } = operation;
  const login = textOf(after['login']);
  const holders = await writer.findByLogin(login, signal);
  const own = holders.find(({ reference, user }) => reference === target.id && !user.deleted);
  if (own !== undefined) return { ref: id, state: 'done', row: rowFor(operation, own.user) };
  const [holder] = holders.toSorted((a, b) => Number(a.user.deleted) - Number(b.user.deleted));
  if (holder !== undefined)
    return holder.user.deleted
      ? refused(
          id,
          LOGIN_HELD_BY_DELETED,
          `The login ${login} is held by the deleted user ${holder.user.displayName} (${holder.user.id}); remove them for good in the directory's recycle view, or choose another login.`,
        )
      : refused(
          id,
          'CONFLICT',
          `The login ${login} is that of ${holder.user.displayName} (${holder.user.id}) in the directory; a sync ties the record to them if they are the same person, otherwise choose another login.`,
        );
  const change = await changeOf(after, null, serials);
  let made = await writer.create(
    { ...change, login, displayName: textOf(after['displayName']), reference: target.id },
    signal,
  );
  if (made.defaultDevice === null) {
    const [again] = await directory.readUsersById([made.id], signal);
    made = again ?? made;
  }
  return { ref: id, state: 'done', row: rowFor(operation, made) };
}

/** The user that an earlier try of this very create has made. */
async function ownUser(
  writer: DirectoryWriter | null,
  { target, after }: Operation,
  signal: AbortSignal | undefined,
): Promise<DirectoryUser | undefined> {
  if (writer === null) return undefined;
  const holders = await writer.findByLogin(textOf(after['login']), signal);
  return holders.find(({ reference, user }) => reference === target.id && !user.deleted)?.user;
}

/** The change in the directory's own terms: sets complete, with what nobody manages left in. */
async function changeOf(
  cells: Operation['after'],
  now: DirectoryUser | null,
  serials: LicenceSerials,
): Promise<DirectoryUserChange> {
  const change: Record<string, string | null> = {};
  for (const field of SCALAR_CELLS) if (cells[field] !== undefined) change[field] = orNull(cells[field]);
  const licences = new Map((now?.licences ?? []).map(({ serial, product }) => [serial, product]));
  const roles = new Set((now?.roles ?? []).map(({ id }) => id));
  const touched = new Set<'licence' | 'role'>();
  for (const [name, value] of Object.entries(cells)) {
    const cell = setCell(name);
    if (cell === null) continue;
    touched.add(cell.set);
    if (cell.set === 'role') {
      if (value === true) roles.add(cell.key);
      else roles.delete(cell.key);
      continue;
    }
    const held = [...licences].filter(([, product]) => product === cell.key);
    if (value !== true) for (const [serial] of held) licences.delete(serial);
    else if (held.length === 0) licences.set(await serials.take(cell.key), cell.key);
  }
  return {
    ...change,
    ...(touched.has('licence') ? { licences: [...licences.keys()] } : {}),
    ...(touched.has('role') ? { roles: [...roles] } : {}),
  };
}

/** A user as a row in which every set cell of the operation has a value. */
function rowFor({ after, before }: Operation, user: DirectoryUser): CrmRow {
  const cells: Record<string, CellValue> = {};
  for (const name of Object.keys({ ...before, ...after })) if (setCell(name) !== null) cells[name] = false;
  return { ...cells, ...cellsOfUser(user) };
}

/** Does the row hold these values, if in a form of the directory's own? */
function holds(cells: Operation['after'], row: CrmRow): boolean {
  return Object.entries(cells).every(([name, value]) => {
    const shown = row[name] ?? null;
    if (typeof value !== 'string' || typeof shown !== 'string') return sameCells({ [name]: value }, row);
    return value.trim().toLowerCase() === shown.trim().toLowerCase();
  });
}

/** What an error means for one operation; `null` when it means something for all. */
function outcomeOf({ id, kind, after }: Operation, error: unknown): CrmWriteOutcome | null {
  if (!isRollcallError(error)) throw error;
  if (error.code === 'CONFLICT' && kind === 'update' && Object.keys(after).join() === 'email')
    return refused(
      id,
      'CONFLICT',
      `The directory refuses the e-mail ${textOf(after['email'])}, since somebody else has it there; give one of the two another one. Nothing else of theirs is held up by it. The directory says: ${error.message}`,
    );
  switch (error.code) {
    case 'CONFLICT':
    case 'VALIDATION':
    case 'FORBIDDEN':
    case 'QUOTA':
    case 'CONTRACT':
      return refused(
        id,
        error.code,
        error.cure === undefined ? error.message : `${error.message} ${error.cure}`,
      );
    case 'NOT_FOUND':
      return { ref: id, state: 'absent' };
    case 'UNKNOWN_OUTCOME':
      return { ref: id, state: 'unknown', message: error.message };
    default:
      return null;
  }
}

function refused(ref: string, code: RefusalCode, message: string): CrmWriteOutcome {
  return { ref, state: 'refused', code, message };
}

function orNull(value: CellValue | undefined): string | null {
  return value === null || value === undefined || value === '' ? null : String(value);
}

function textOf(value: CellValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Is this what the directory, not the CRM, is written with? */
export function isOfDirectory({ entity }: Pick<Operation, 'entity'>): boolean {
  return entity === 'directoryUser';
}

/** What a user that was read says about a change that may have been sent. */
export function isCarriedOut(operation: Operation, row: CrmRow): boolean {
  const { [SIGNED_OUT]: signOut, ...cells } = operation.after;
  // Whether the sessions were ended cannot be read: it is done once more.
  return signOut !== true && sameCells(cells, row);
}

/** Nothing of the change is there yet, or only what ending the sessions comes after. */
export function isOpenStill(operation: Operation, row: CrmRow): boolean {
  const { [SIGNED_OUT]: _, ...cells } = operation.after;
  return sameCells(operation.before ?? {}, row) || sameCells(cells, row);
}
