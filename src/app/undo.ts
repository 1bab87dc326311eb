import { canonicalJson } from '../domain/planning/canonical.ts';
import type { Operation, Plan } from '../domain/planning/plan.ts';
import { linksAfterUndo } from '../domain/planning/undo-links.ts';
import { buildUndoPlan, userIdOf, type DoneOperation } from '../domain/planning/undo.ts';
import type { AppDeps } from './deps.ts';
import { isOfDirectory, readDirectoryRows } from './directory-writes.ts';
import { inTurns } from './in-turns.ts';
import { signInSteps } from './plan-run.ts';
import type { CrmRow } from './ports/crm.ts';
import { RollcallError } from './ports/errors.ts';
import type { RunReading, RunRecord } from './ports/runs.ts';
import type { Hold } from './ports/store.ts';
import { byEntity, readRowsOf, sameCells } from './read-back.ts';
import { signIn } from './read-directory.ts';
import { lastSize, linkedDomain, rememberSize } from './remembered.ts';

/**
 * Can this run be undone (again)?
 *
 * @throws RollcallError `CONFLICT` with what to do instead
 */
export async function checkUndoable(deps: AppDeps, run: RunRecord): Promise<void> {
  const conflict = (message: string, cure: string): RollcallError =>
    new RollcallError('CONFLICT', message, { cure, details: { runId: run.id } });
  if (run.kind === 'undo')
    throw conflict(
      `Run ${run.id} is an undo itself, which cannot be undone.`,
      '`rollcall release --run ID` takes its people off hold; the next import takes them in again.',
    );
  if (run.finishedAt === null)
    throw conflict(
      `Run ${run.id} has not ended.`,
      run.phase === 'planned'
        ? 'It has written nothing yet; a plan that is not approved does nothing.'
        : 'Wait until it has ended, or continue it with `rollcall import`.',
    );
  const earlier = (await deps.store.runs.undoing(run.id)).find(
    ({ status }) => status === 'succeeded' || status === 'nothing-to-do',
  );
  if (earlier !== undefined)
    throw conflict(
      `Run ${run.id} was undone by run ${earlier.id}.`,
      'There is nothing left to undo; `rollcall runs` shows other runs.',
    );
  if ((await deps.store.runs.planHead(run.id)) === null)
    throw conflict(
      `Run ${run.id} kept nothing that could be undone.`,
      'Details of runs are kept for as long as `retention` says.',
    );
}

/** Reads what the run wrote as it stands now, and plans the inverse; nothing is changed. */
export async function planUndo(
  deps: AppDeps,
  undoes: string,
  signal?: AbortSignal,
): Promise<{ plan: Plan; reading: RunReading }> {
  const { mapping, policy, identity, clock, store } = deps;
  const [confirmed, failed] = await Promise.all([
    store.runs.operations(undoes, { states: ['confirmed'] }),
    store.runs.operations(undoes, { states: ['failed'] }),
  ]);
  const doubtful = failed.filter(({ code }) => code === 'UNKNOWN_OUTCOME' || code === 'CONTRACT');
  const kept = new Set(deps.crm.capabilities.ownColumns);
  const images = new Map(
    [...(await store.runs.images(undoes))].map(([id, image]) => [
      id,
      Object.fromEntries(Object.entries(image).filter(([column]) => !kept.has(column))),
    ]),
  );
  const done = [...confirmed, ...doubtful]
    .toSorted((a, b) => a.position - b.position)
    .map(({ operation, state }) => ({
      operation,
      image: images.get(operation.id) ?? null,
      isDoubtful: state !== 'confirmed',
    }));
  await deps.crm.whoAmI(signal);
  const ofDirectory = done.filter(({ operation }) => isOfDirectory(operation));
  const rows = new Map([
    ...(await readWritten(
      deps,
      done.flatMap(({ operation }) => (isOfDirectory(operation) ? [] : [operation])),
      ({ id, after }) => Object.keys({ ...images.get(id), ...after }),
      signal,
    )),
    ...(ofDirectory.length === 0 ? [] : await readUsersOf(deps, ofDirectory, signal)),
  ]);
  const touched = [...new Set(done.flatMap(({ operation }) => operation.person ?? []))];
  const [people, gone] = await Promise.all([store.runs.people(undoes, touched), store.runs.gone(undoes)]);
  const leavers = gone.filter(({ userId }) => touched.includes(userId));
  const domainId = (await linkedDomain(deps)) ?? '';
  const unsigned = buildUndoPlan({
    runId: undoes,
    mapping: {
      directory: mapping.directory,
      digest: identity.digest(canonicalJson({ mapping, policy })),
    },
    directory: { product: deps.directory.product, domainId },
    crmProduct: deps.crm.product,
    done,
    rows,
    people: [
      ...people.map(({ userId, login, displayName, contactName }) => ({
        userId,
        login,
        displayName,
        contactName,
      })),
      ...leavers.map(({ userId, login }) => ({ userId, login, displayName: login, contactName: null })),
    ],
    guards: policy.guards,
    sameCells,
  });
  return {
    plan: await inTurns(signInSteps(unsigned, identity.digest), signal),
    reading: {
      readAt: new Date(clock.now()).toISOString(),
      domainId,
      sizes: [],
      showsOwnRows: false,
      isPartial: false,
      strangers: null,
      crmUserRight: null,
    },
  };
}

/** Users that the run wrote, by the id of what it wrote; one that it made is known by the id that the directory gave. */
async function readUsersOf(
  deps: AppDeps,
  done: readonly DoneOperation[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, CrmRow>> {
  await signIn(deps, signal);
  const operations = done.map((one) => ({
    ...one.operation,
    kind: 'update' as const,
    target: { ...one.operation.target, id: userIdOf(one) },
  }));
  const rows = await readDirectoryRows(deps, operations, signal);
  return new Map(
    done.flatMap((one) => {
      const row = rows.get(userIdOf(one));
      return row === undefined ? [] : [[one.operation.target.id, row]];
    }),
  );
}

/** From so many rows on, a collection is read as a whole: pages hold many more rows than a probe names. */
const PROBES_AT_MOST = 8;

async function readWritten(
  deps: AppDeps,
  operations: readonly Operation[],
  columnsOf: (operation: Operation) => readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, CrmRow>> {
  const rows = new Map<string, CrmRow>();
  const few: Operation[] = [];
  for (const [entity, own] of byEntity(operations)) {
    const ids = new Set(own.map(({ target }) => target.id));
    if (ids.size <= PROBES_AT_MOST * deps.crm.capabilities.probeTerms) {
      few.push(...own);
      continue;
    }
    const columns = [...new Set(own.flatMap((operation) => columnsOf(operation)))];
    const { items } = await deps.crm.readRows({
      entity,
      columns,
      ...(signal === undefined ? {} : { signal }),
    });
    for (const row of items) if (ids.has(String(row['Id']))) rows.set(String(row['Id']), row);
    // What a reading of many pages lacks may have been passed over.
    few.push(...own.filter(({ target }) => !rows.has(target.id)));
  }
  for (const [id, row] of await readRowsOf(deps, few, signal, columnsOf)) rows.set(id, row);
  return rows;
}

/**
 * Keeps what an undo leaves behind: the links as they stood before the run, as far as it was taken back, everybody whom
 * it touched on hold, and the sizes of the collections without the rows that are gone.
 */
export async function finishUndo(deps: AppDeps, runId: string, undoes: string): Promise<void> {
  const { runs, holds } = deps.store;
  const directory = deps.mapping.directory;
  await takeLinksBack(deps, runId, undoes);
  const since = new Date(deps.clock.now()).toISOString();
  await holds.add(
    directory,
    (await runs.peopleIn(runId, 'excluded')).map(({ userId, login, displayName }): Hold => ({
      directoryUserId: userId,
      login,
      displayName,
      reason: `run ${undoes} was undone`,
      runId,
      since,
    })),
  );
  const deleted = new Map<string, number>();
  for (const { kind, state, target, count } of (await runs.figures(runId)).operations)
    if (kind === 'delete' && state === 'confirmed') deleted.set(target, (deleted.get(target) ?? 0) + count);
  for (const [entity, count] of deleted) {
    const last = await lastSize(deps, entity);
    if (last !== null) await rememberSize(deps, entity, Math.max(0, last - count));
  }
}

async function takeLinksBack(deps: AppDeps, runId: string, undoes: string): Promise<void> {
  const { runs, links } = deps.store;
  const { mapping } = deps;
  const [former, all, failed] = await Promise.all([
    runs.formerLinks(undoes),
    links.all(mapping.directory),
    runs.failedPeople(runId),
  ]);
  const now = new Map(all.map((link) => [link.directoryUserId, link]));
  const partial = new Set(failed);
  const ofPartial = new Map<string, Operation[]>([...partial].map((person) => [person, []]));
  if (partial.size > 0)
    for (const { operation } of await runs.operations(runId, { states: ['confirmed'] }))
      ofPartial.get(operation.person ?? '')?.push(operation);
  const { removed, saved } = linksAfterUndo(
    former.map(({ directoryUserId, link }) => ({
      directoryUserId,
      former: link,
      current: now.get(directoryUserId) ?? null,
      isPartial: partial.has(directoryUserId),
    })),
    (directoryUserId) => ofPartial.get(directoryUserId) ?? [],
    mapping,
  );
  await links.remove(mapping.directory, removed);
  await links.save(saved);
}
