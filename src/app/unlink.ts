import type { Link, Verdict } from '../domain/person.ts';
import type { AppDeps } from './deps.ts';
import { personOf } from './holds.ts';
import { RollcallError } from './ports/errors.ts';
import { rememberReopened } from './reopened.ts';

/**
 * Takes a directory user and the contact it is bound to apart: a "not the same" verdict, and the link is forgotten.
 * The CRM's rows are left as they are.
 */
export async function unlinkPerson(
  deps: AppDeps,
  person: string,
): Promise<{ directoryUserId: string; contactId: string | null }> {
  const { links, cases } = deps.store;
  const directory = deps.mapping.directory;
  const wanted = person.toLowerCase();
  const all = await links.all(directory);
  const link =
    all.find(({ directoryUserId }) => directoryUserId === person) ??
    all.find(({ login, status }) => status === 'active' && login.toLowerCase() === wanted);
  if (link === undefined)
    throw new RollcallError('NOT_FOUND', `Nobody with the directory user id or login ${person} is linked.`, {
      cure: 'Give the id or the login as the directory has it.',
      quoted: [person],
    });
  if (link.contactId === null)
    throw new RollcallError(
      'CONFLICT',
      `${person} is linked to a telephony record without a contact; there is nothing to take apart.`,
      { quoted: [person] },
    );
  await cases.addVerdict(
    {
      id: deps.identity.newId(),
      directory,
      directoryUserId: link.directoryUserId,
      kind: 'different',
      contactId: link.contactId,
      rejected: [],
    },
    new Date(deps.clock.now()).toISOString(),
  );
  await links.remove(directory, [link.directoryUserId]);
  return { directoryUserId: link.directoryUserId, contactId: link.contactId };
}

/**
 * Takes back what `unlinkPerson` did last for a person. A link that a run has made since, because of it, is forgotten, and
 * the next run judges the person anew without believing the contact that the telephony record bears by then. The CRM's rows
 * are left as they are.
 *
 * @returns the contact that the person may be again, and the one they were linked to since, if it is forgotten
 */
export async function takeUnlinkBack(
  deps: AppDeps,
  person: string,
): Promise<{ directoryUserId: string; contactId: string; forgotten: string | null }> {
  const { links, cases } = deps.store;
  const { directory } = deps.mapping;
  const { directoryUserId } = await personOf(deps, person);
  const revoked = await cases.lastUnlinking(directory, directoryUserId);
  if (revoked === null || revoked.contactId === null)
    throw new RollcallError(
      'NOT_FOUND',
      `${person} was not taken apart from a contact by \`rollcall unlink\`.`,
      {
        cure: 'A decision about a case is taken back with `rollcall cases revoke`.',
        quoted: [person],
      },
    );
  const link = (await links.all(directory)).find((one) => one.directoryUserId === directoryUserId);
  const verdicts = await cases.verdicts(directory);
  const forgotten = link === undefined || isDecided(link, verdicts) ? null : link.contactId;
  if (forgotten !== null) {
    // In this order, so that a crash in between leaves something that can be taken back again.
    await rememberReopened(deps, directoryUserId, forgotten);
    await links.remove(directory, [directoryUserId]);
  }
  await cases.revokeVerdict(revoked.id, new Date(deps.clock.now()).toISOString());
  return { directoryUserId, contactId: revoked.contactId, forgotten };
}

/** Did a person decide that this link is right? */
function isDecided({ directoryUserId, contactId }: Link, verdicts: readonly Verdict[]): boolean {
  return verdicts.some(
    (verdict) =>
      verdict.directoryUserId === directoryUserId &&
      (verdict.kind === 'create' || (verdict.kind === 'same' && verdict.contactId === contactId)),
  );
}
