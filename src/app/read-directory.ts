import { directoryProblems, pageProblems, seatProblems } from '../domain/planning/completeness.ts';
import type { PlanInput } from '../domain/planning/input.ts';
import type { DirectoryLicence, DirectoryUser, Link, Ref } from '../domain/person.ts';
import type { AppDeps } from './deps.ts';
import type { CollectionRead, DirectoryAccount, DirectoryConnector } from './ports/directory.ts';
import { isRollcallError, RollcallError } from './ports/errors.ts';
import type { CollectionSize, ReadOptions } from './reading.ts';
import { lastSize, linkedDomain } from './remembered.ts';

/**
 * Reads the directory's lists; a reading that is not complete is repeated once, and what is wrong with the second is in
 * `problems`.
 *
 * @throws RollcallError CONFLICT when the domain is not the one that people were linked in, and whatever the connector
 *   throws when the account is refused
 */
export async function readDirectory(
  deps: AppDeps,
  options: ReadOptions,
): Promise<{ read: PlanInput['directory']; sizes: CollectionSize[] }> {
  const { directory } = deps;
  const account = await signIn(deps, options.signal);
  const last = options.acceptFewer === true ? null : await lastSize(deps, 'users');
  let lists = await readLists(deps, options, account.userId, last);
  if (lists.problems.length > 0) {
    deps.logger.warn('The reading of the directory is not complete and is repeated.', {
      problems: lists.problems,
    });
    lists = await readLists(deps, options, account.userId, last);
  }
  const { licences, roles, users, problems } = lists;
  const { pageSize } = directory.capabilities;
  return {
    read: {
      product: directory.product,
      domainId: account.domainId,
      ownUserId: account.userId,
      users: uniqueById(users.items),
      licences: licences.items,
      roles: roles.items,
      problems,
    },
    sizes: [
      { entity: 'users', rows: users.items.length, pageSize },
      { entity: 'licences', rows: licences.rows ?? licences.items.length, pageSize },
      { entity: 'roles', rows: roles.rows ?? roles.items.length, pageSize },
    ],
  };
}

/**
 * Says who we are in the directory.
 *
 * @throws RollcallError CONFLICT when the domain is not the one that people were linked in
 */
export async function signIn(deps: AppDeps, signal: AbortSignal | undefined): Promise<DirectoryAccount> {
  const account = await deps.directory.whoAmI(signal);
  const known = await linkedDomain(deps);
  if (known !== undefined && known !== account.domainId)
    throw new RollcallError(
      'CONFLICT',
      `The directory's domain is now ${account.domainId}; people were linked in domain ${known}.`,
      {
        cure: 'Point the connection back at the old domain, or give the new one a mapping with another `directory` name and a data directory of its own.',
        details: { stopped: true, domain: account.domainId, linkedDomain: known },
      },
    );
  return account;
}

interface DirectoryLists {
  readonly licences: CollectionRead<DirectoryLicence>;
  readonly roles: CollectionRead<Ref>;
  readonly users: CollectionRead<DirectoryUser>;
  readonly problems: readonly string[];
}

const NOTHING: CollectionRead<never> = { items: [], lastPageShort: false, duplicates: [], pages: 0 };

/** Reference data first, then the users; a page that fails for good makes the reading incomplete, like a lost one. */
async function readLists(
  { directory }: AppDeps,
  options: ReadOptions,
  ownUserId: string,
  last: number | null,
): Promise<DirectoryLists> {
  try {
    const [licences, roles] = await Promise.all([
      directory.readLicences(options.signal),
      directory.readRoles(options.signal),
    ]);
    const users = await directory.readUsers({
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      onPage: (count) => options.onProgress(count, last),
    });
    const problems = [
      ...pageProblems(licences, 'licences'),
      ...pageProblems(roles, 'roles'),
      ...directoryProblems(users, ownUserId, last),
      ...(await hiddenHolders(directory, licences.items, users.items, options.signal)),
    ];
    return { licences, roles, users, problems };
  } catch (error) {
    if (!cutsShort(error, options.signal)) throw error;
    const problems = [`the directory could not be read to its end: ${withoutStop(error.message)}`];
    return { licences: NOTHING, roles: NOTHING, users: NOTHING, problems };
  }
}

/** Seats that nobody shown holds; soft-deleted users may still hold theirs, so they are asked for before it counts. */
async function hiddenHolders(
  directory: DirectoryConnector,
  licences: readonly DirectoryLicence[],
  users: readonly DirectoryUser[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const granted = new Map(
    licences
      .filter((licence) => !licence.competitive)
      .map((licence) => [licence.serial, licence.limit - licence.remain]),
  );
  const problems = seatProblems(users, granted);
  if (problems.length === 0 || !directory.capabilities.softDelete) return problems;
  const deleted = await directory.readDeletedUsers(signal);
  return seatProblems([...users, ...deleted.items], granted);
}

/** Did the product stop to answer, or answer nonsense? A refusal of the account, or our own end, is something else. */
function cutsShort(error: unknown, signal: AbortSignal | undefined): error is RollcallError {
  return signal?.aborted !== true && isRollcallError(error, 'UNAVAILABLE', 'RATE_LIMITED', 'CONTRACT');
}

/**
 * Absence of a user is believed only after a direct read of that id, soft-deleted users included. After an incomplete
 * reading nobody is looked up, since nothing is planned; users who cannot be looked up are one more problem.
 */
export async function confirmGone(
  deps: AppDeps,
  links: readonly Link[],
  problems: string[],
  signal: AbortSignal | undefined,
): Promise<{ gone: Set<string>; hidden: string[] }> {
  const gone = new Set(links.filter((link) => link.status === 'gone').map((link) => link.directoryUserId));
  const doubtful = links.filter((link) => link.status === 'active').map((link) => link.directoryUserId);
  if (doubtful.length === 0 || problems.length > 0) return { gone, hidden: [] };
  try {
    const found = await deps.directory.readUsersById(doubtful, signal);
    const alive = new Set(found.filter((user) => !user.deleted).map((user) => user.id));
    for (const id of doubtful) if (!alive.has(id)) gone.add(id);
    return { gone, hidden: [...alive] };
  } catch (error) {
    if (!cutsShort(error, signal)) throw error;
    problems.push(
      `users: ${doubtful.length} linked users are not listed and could not be looked up: ${withoutStop(error.message)}`,
    );
    return { gone, hidden: [] };
  }
}

function uniqueById<T extends { readonly id: string }>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [item.id, item])).values()];
}

/** The report's notes end such sentences themselves. */
function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
