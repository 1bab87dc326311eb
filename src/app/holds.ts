import type { AppDeps } from './deps.ts';
import { RollcallError } from './ports/errors.ts';
import type { Hold } from './ports/store.ts';

/** Puts a person on hold: runs leave them alone until they are released. */
export async function holdPerson(deps: AppDeps, person: string, reason: string): Promise<Hold> {
  const { holds } = deps.store;
  const directory = deps.mapping.directory;
  const known = (await holds.all(directory)).find((hold) => isMeant(hold, person));
  if (known !== undefined)
    throw new RollcallError('CONFLICT', `${person} is on hold already: ${known.reason}.`, {
      cure: `\`rollcall release ${person}\` ends it.`,
    });
  const hold: Hold = {
    ...(await personOf(deps, person)),
    reason,
    runId: null,
    since: new Date(deps.clock.now()).toISOString(),
  };
  await holds.add(directory, [hold]);
  return hold;
}

/** Whom to release: one person, everybody whom the undo of a run put on hold, or everybody. */
export type Released = { readonly person: string } | { readonly run: string } | { readonly everybody: true };

/** Takes people off hold; the next run takes them in again. Answers who they are. */
export async function releasePeople(deps: AppDeps, which: Released): Promise<readonly Hold[]> {
  const { holds, runs } = deps.store;
  const directory = deps.mapping.directory;
  const all = await holds.all(directory);
  let meant: readonly Hold[];
  if ('person' in which) meant = all.filter((hold) => isMeant(hold, which.person));
  else if ('run' in which) {
    // The undo's own id, or that of the run that it took back.
    const ids = new Set([which.run, ...(await runs.undoing(which.run)).map(({ id }) => id)]);
    meant = all.filter(({ runId }) => runId !== null && ids.has(runId));
  } else meant = all;
  if (meant.length === 0 && !('everybody' in which))
    throw new RollcallError(
      'NOT_FOUND',
      'person' in which
        ? `${which.person} is not on hold.`
        : `Nobody is on hold because of run ${which.run}.`,
      { cure: '`rollcall holds` lists everybody who is.' },
    );
  await holds.remove(
    directory,
    meant.map(({ directoryUserId }) => directoryUserId),
  );
  return meant;
}

function isMeant({ directoryUserId, login }: Hold, person: string): boolean {
  return directoryUserId === person || login.toLowerCase() === person.toLowerCase();
}

/** A person by directory user id or login, as the links or the newest plan have them. */
export async function personOf(
  { store, mapping }: AppDeps,
  person: string,
): Promise<Pick<Hold, 'directoryUserId' | 'login' | 'displayName'>> {
  const planned = await store.runs.findPerson(person);
  if (planned !== null)
    return { directoryUserId: planned.userId, login: planned.login, displayName: planned.displayName };
  const link = (await store.links.all(mapping.directory)).find(
    ({ directoryUserId, login }) =>
      directoryUserId === person || login.toLowerCase() === person.toLowerCase(),
  );
  if (link !== undefined)
    return { directoryUserId: link.directoryUserId, login: link.login, displayName: link.login };
  throw new RollcallError(
    'NOT_FOUND',
    `No run has met anybody with the directory user id or login ${person}.`,
    {
      cure: 'Give the id or the login as the directory has it; `rollcall plan` shows both sides as they are now.',
    },
  );
}
