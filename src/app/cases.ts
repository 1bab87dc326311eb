import type { Link, Verdict } from '../domain/person.ts';
import type { AppDeps } from './deps.ts';
import { RollcallError } from './ports/errors.ts';
import type { CaseRecord } from './ports/cases.ts';
import { rememberReopened } from './reopened.ts';
import type { Decision } from './rollcall.ts';

/** Keeps a person's decision; it takes effect in the next run and stands until revoked. */
export async function decideCase(deps: AppDeps, id: string, decision: Decision): Promise<CaseRecord> {
  const open = await caseOf(deps, id);
  if (open.status !== 'open')
    throw new RollcallError('CONFLICT', `Case ${id} is ${open.status} already.`, {
      cure: `\`rollcall cases revoke ${id}\` opens it again.`,
    });
  if (decision.kind === 'purge') return purgeHolder(deps, open);
  if (open.kind !== 'match')
    throw new RollcallError(
      'VALIDATION',
      `Case ${id} is not about whose contact somebody is: ${open.reason}`,
      {
        cure:
          open.kind === 'login-held'
            ? `Remove the deleted user for good with \`rollcall cases decide ${id} --purge\`, or give the record another login in the CRM.`
            : 'Change the value on one of the two sides; the next sync closes the case.',
      },
    );
  const verdict: Verdict = {
    id: deps.identity.newId(),
    directory: open.directory,
    directoryUserId: open.directoryUserId,
    ...verdictOf(open, decision),
  };
  const now = new Date(deps.clock.now()).toISOString();
  await deps.store.cases.decide(id, verdict, now);
  return caseOf(deps, id);
}

/**
 * Removes a soft-deleted user for good, so that the login is free: whoever asks for it has seen the case. Nobody else can be
 * hit, since the user must be in the recycle view and have this very login.
 */
async function purgeHolder(deps: AppDeps, open: CaseRecord): Promise<CaseRecord> {
  const { writer } = deps.directory;
  if (open.kind !== 'login-held' || writer === null)
    throw new RollcallError('VALIDATION', `Case ${open.id} is not about the login of a deleted user.`, {
      cure: `\`rollcall cases show ${open.id}\` says how it is decided.`,
    });
  for (const { user } of await writer.findByLogin(open.login))
    if (user.deleted) await writer.remove(user.id, { permanent: true });
  await deps.store.cases.close(open.id, new Date(deps.clock.now()).toISOString());
  return caseOf(deps, open.id);
}

/**
 * Takes a verdict back with what came of it: a link that was made on the strength of it is forgotten, and the next run
 * judges the person anew without believing the contact that the telephony record bears by then. The CRM's rows are left
 * as they are.
 */
export async function revokeCase(deps: AppDeps, id: string): Promise<CaseRecord> {
  const decided = await caseOf(deps, id);
  if (decided.status !== 'decided')
    throw new RollcallError('CONFLICT', `Case ${id} is ${decided.status}; there is no verdict to revoke.`, {
      cure: '`rollcall cases` shows which cases are decided.',
    });
  const link = await linkOfVerdict(deps, decided);
  if (link !== null) {
    // In this order, so that a crash in between leaves a verdict that can be revoked again.
    if (link.contactId !== null) await rememberReopened(deps, link.directoryUserId, link.contactId);
    await deps.store.links.remove(link.directory, [link.directoryUserId]);
  }
  await deps.store.cases.revoke(id, new Date(deps.clock.now()).toISOString());
  return caseOf(deps, id);
}

function verdictOf(
  open: CaseRecord,
  decision: Exclude<Decision, { kind: 'purge' }>,
): Pick<Verdict, 'kind' | 'contactId' | 'rejected'> {
  const known = open.candidates.map((candidate) => candidate.contactId);
  if (decision.kind === 'create') return { kind: 'create', contactId: null, rejected: [] };
  if (decision.kind === 'different' && decision.contactId === null)
    return { kind: 'different', contactId: null, rejected: known };
  const contactId = decision.contactId?.toLowerCase() ?? '';
  if (!known.includes(contactId))
    throw new RollcallError('VALIDATION', `${contactId} is not among the candidates of case ${open.id}.`, {
      cure:
        known.length === 0
          ? 'The case has no candidates: use --create.'
          : `Candidates are: ${known.join(', ')}.`,
    });
  return { kind: decision.kind, contactId, rejected: [] };
}

/** The link that rests on the verdict of a case, and on no other verdict. */
async function linkOfVerdict(deps: AppDeps, decided: CaseRecord): Promise<Link | null> {
  const { links, cases } = deps.store;
  const link = (await links.all(decided.directory)).find(
    ({ directoryUserId, status }) => directoryUserId === decided.directoryUserId && status === 'active',
  );
  if (link === undefined) return null;
  const own = new Set(decided.verdictIds);
  const verdicts = (await cases.verdicts(decided.directory)).filter(
    ({ directoryUserId }) => directoryUserId === decided.directoryUserId,
  );
  const says = ({ kind, contactId }: Verdict): boolean =>
    kind === 'create' || (kind === 'same' && contactId === link.contactId);
  if (verdicts.some((verdict) => !own.has(verdict.id) && says(verdict))) return null;
  // An administrator who gave the record another contact by hand meanwhile has said more than the verdict.
  return verdicts.some((verdict) => own.has(verdict.id) && (verdict.kind === 'different' || says(verdict)))
    ? link
    : null;
}

async function caseOf(deps: AppDeps, id: string): Promise<CaseRecord> {
  const known = await deps.store.cases.get(id);
  if (known === null)
    throw new RollcallError('NOT_FOUND', `There is no case ${id}.`, { cure: '`rollcall cases` lists them.' });
  return known;
}
