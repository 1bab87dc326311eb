import type { RunKind } from '../domain/run.ts';
import type { AppDeps } from './deps.ts';
import { LOGIN_HELD_BY_DELETED } from './directory-writes.ts';
import type { CaseKind, CaseRecord } from './ports/cases.ts';
import type { RunFigures, RunReading } from './ports/runs.ts';

type Found = Pick<CaseRecord, 'kind' | 'directoryUserId' | 'login' | 'displayName' | 'reason' | 'candidates'>;

/** The kinds of cases that a run of each kind finds out about. */
const KINDS: Readonly<Record<RunKind, readonly CaseKind[]>> = {
  import: ['match'],
  push: ['conflict', 'login-held'],
  sync: ['match', 'conflict', 'login-held'],
  undo: [],
};

/** Opens a case for whatever a person has to decide after this run, and closes those that settled themselves. */
export async function keepCases(
  deps: AppDeps,
  runId: string,
  kind: RunKind,
  figures: RunFigures,
  reading: RunReading | null,
): Promise<void> {
  const { runs, cases } = deps.store;
  const kinds = KINDS[kind];
  const disputed = kinds.includes('match') ? await runs.peopleIn(runId, 'disputed') : [];
  const found: Found[] = [
    ...disputed.map(({ userId, login, displayName, reason, candidates }) => ({
      kind: 'match' as const,
      directoryUserId: userId,
      login,
      displayName,
      reason,
      candidates,
    })),
    ...(kinds.includes('conflict') ? await conflicts(deps, runId, figures) : []),
  ];
  const people = reading?.isPartial === true ? await seen(deps, runId) : null;
  await cases.reconcile(deps.mapping.directory, runId, found, new Date(deps.clock.now()).toISOString(), {
    kinds,
    people,
  });
}

/** What kept a change from being carried over until a person does something about it. */
async function conflicts({ store }: AppDeps, runId: string, figures: RunFigures): Promise<Found[]> {
  const reasons = new Map<string, { kind: CaseKind; reason: string }>();
  const note = (person: string, code: string | null, message: string): void => {
    const kind = kindOf(code);
    if (kind !== null && !reasons.has(person)) reasons.set(person, { kind, reason: message });
  };
  for (const { person, code, message } of figures.issues) note(person, code, message);
  for (const { operation, state, code, message } of figures.failures)
    if (operation.entity === 'directoryUser' && operation.person !== null && state === 'failed')
      note(operation.person, code, message ?? '');
  const people = await store.runs.people(runId, [...reasons.keys()]);
  return people.flatMap(({ userId, login, displayName }) => {
    const known = reasons.get(userId);
    return known === undefined
      ? []
      : [{ ...known, directoryUserId: userId, login, displayName, candidates: [] }];
  });
}

function kindOf(code: string | null): CaseKind | null {
  if (code === LOGIN_HELD_BY_DELETED) return 'login-held';
  return code === 'CONFLICT' || code?.endsWith('.conflict') === true ? 'conflict' : null;
}

/** Everybody whom a reading of a few records was about. */
async function seen({ store }: AppDeps, runId: string): Promise<string[]> {
  const [linked, added] = await Promise.all([
    store.runs.peopleIn(runId, 'linked'),
    store.runs.peopleIn(runId, 'added'),
  ]);
  return [...linked, ...added].map(({ userId }) => userId);
}
