import { afterLosses, parentsOf } from '../domain/planning/losses.ts';
import type { Operation } from '../domain/planning/plan.ts';
import { lookForLogins, writeCrmUsers } from './crm-user-writes.ts';
import type { AppDeps } from './deps.ts';
import { isOfDirectory, writeDirectoryUsers } from './directory-writes.ts';
import { createLicenceSerials, type LicenceSerials } from './licence-serials.ts';
import { RollcallError } from './ports/errors.ts';
import type { CellValue, CrmRow, CrmWrite, CrmWriteOutcome } from './ports/crm.ts';
import type { SettledOperation, StoredOperation } from './ports/runs.ts';
import { judgeAnswer, judgeRow, keysOf, outcome, type NaturalKeys } from './settle.ts';
import { readSent } from './still-open.ts';
import { SINGLE_CALL_STAGE, slicesOf, stagesOf, turnsOf } from './turns.ts';

/** How often a write whose outcome is not known is looked up and, if it was not done, sent again. */
const SETTLING_ROUNDS = 4;

/** An error that the CRM does not explain may pass; so many of them, and the row never there, are a refusal. */
const ERRORS_OF_A_REFUSAL = 2;

/** What one call works with and learns. */
interface Applying {
  readonly deps: AppDeps;
  readonly runId: string;
  readonly signal: AbortSignal | undefined;
  /** The change stamp, the same each time a write is sent. */
  readonly stamp: string;
  readonly keys: NaturalKeys;
  /** Operations that will not come to be, with the code of each. */
  readonly lost: Map<string, string>;
  /** Operations that were sent and whose outcome is not known yet. */
  readonly doubtful: Map<string, Operation>;
  /** Operations that are sent once it is known what became of those that they rest on. */
  readonly waiting: Set<string>;
  /** Rows that operations of directory users left, for those that take values from them. */
  readonly images: Map<string, CrmRow>;
  readonly serials: LicenceSerials;
  /** Errors that the CRM answered, by operation, for writes that were not done. */
  readonly errors: Map<string, string[]>;
  /** Why CRM users cannot be made any more in this run: the right to do so is missing. */
  noRight: string | null;
  readonly keep: (outcomes: readonly SettledOperation[]) => Promise<void>;
}

/**
 * Brings operations to their end: settles by reading those that were sent before, sends the others, and keeps each
 * outcome before the next request (design §5, Apply). Safe to be called again after any crash.
 *
 * @param operations in plan order; parents stand before their children
 * @param lostBefore operations that will not come to be, from elsewhere in the plan
 * @param keep keeps outcomes, before the next request is sent
 * @throws RollcallError when the CRM cannot be written to at all; nothing is lost, call again later
 */
export async function applyOperations(
  deps: AppDeps,
  runId: string,
  operations: readonly StoredOperation[],
  lostBefore: ReadonlySet<string>,
  keep: (outcomes: readonly SettledOperation[]) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const byId = new Map(operations.map(({ operation }) => [operation.id, operation]));
  const keepAndTell = async (outcomes: readonly SettledOperation[]): Promise<void> => {
    await keep(outcomes);
    for (const { operationId, state, code } of outcomes)
      if (state === 'failed') tellFailure(deps, runId, byId.get(operationId), code);
  };
  const applying: Applying = {
    deps,
    runId,
    signal,
    stamp: new Date(deps.clock.now()).toISOString(),
    keys: keysOf(deps.mapping),
    lost: new Map([...lostBefore].map((id) => [id, 'DEPENDENCY'])),
    doubtful: new Map(),
    waiting: new Set(),
    images: new Map(operations.flatMap(({ operation, image }) => (image ? [[operation.id, image]] : []))),
    serials: createLicenceSerials(deps, signal),
    errors: new Map(),
    noRight: null,
    keep: keepAndTell,
  };
  const { lost, doubtful } = applying;
  for (const { operation, state, code } of operations)
    if (state === 'intended') doubtful.set(operation.id, operation);
    else if (state !== 'planned' && state !== 'confirmed') lost.set(operation.id, code ?? 'DEPENDENCY');
  let open = operations
    .filter(({ state }) => state === 'planned' || state === 'intended')
    .map(({ operation }) => operation);

  for (let round = 0; open.length > 0; round += 1) {
    if (round > SETTLING_ROUNDS) {
      await keepAll(
        applying,
        open.map((operation) => givenUp(applying, operation)),
      );
      return;
    }
    open = await keepSettled(applying, open, await settleByReading(applying));
    doubtful.clear();
    if (round === 0)
      open = await keepSettled(applying, open, await lookForLogins(deps, open, applying.keys, signal));
    open = await sendAll(applying, open);
  }
}

/** By ids alone: what the CRM said of it stands in the report. */
function tellFailure(
  { logger }: AppDeps,
  runId: string,
  operation: Operation | undefined,
  code: string | null,
): void {
  if (operation === undefined) return;
  const { person, entity, kind, target } = operation;
  logger.warn('An operation failed.', { runId, personId: person, entity, kind, rowId: target.id, code });
}

/** Sends what can be sent; answers, in their order, the operations that have no outcome yet. */
async function sendAll(applying: Applying, operations: readonly Operation[]): Promise<Operation[]> {
  const { deps, doubtful, waiting } = applying;
  const { batchSize } = deps.crm.capabilities;
  waiting.clear();
  for (const [stage, own] of stagesOf(operations).entries()) {
    for (const some of stage === SINGLE_CALL_STAGE ? turnsOf(own) : slicesOf(own, batchSize))
      await sendSome(applying, some, stage);
  }
  return operations.filter(({ id }) => doubtful.has(id) || waiting.has(id));
}

/** Sends a few operations, those aside that have to wait until it is known what became of another. */
async function sendSome(applying: Applying, some: readonly Operation[], stage: number): Promise<void> {
  const { deps, runId, lost, doubtful, waiting } = applying;
  const sendable: Operation[] = [];
  const hopeless: SettledOperation[] = [];
  const losses = new Map(lost);
  for (const planned of some) {
    const left = afterLosses(planned, losses);
    if ('blockedBy' in left) {
      const message = `It depends on ${left.blockedBy}, which was not done.`;
      losses.set(planned.id, 'DEPENDENCY');
      hopeless.push(outcome(planned.id, 'skipped', 'DEPENDENCY', message));
    } else if (planned.entity === 'crmUser' && applying.noRight !== null)
      hopeless.push(outcome(planned.id, 'skipped', 'FORBIDDEN', applying.noRight));
    else if (parentsOf(planned).some((id) => doubtful.has(id) || waiting.has(id))) waiting.add(planned.id);
    else sendable.push(withTaken(applying, left.operation));
  }
  await keepAll(applying, hopeless);
  if (sendable.length === 0) return;

  deps.onMoment?.('intending');
  const open = await deps.store.runs.markIntended(
    runId,
    sendable.map(({ id }) => id),
  );
  await noteSettled(
    applying,
    sendable.filter(({ id }) => !open.has(id)),
  );
  const sent = sendable.filter(({ id }) => open.has(id));
  if (sent.length === 0) return;
  deps.onMoment?.('intended');
  const answers = await write(applying, sent, stage);
  deps.onMoment?.('answered');
  await keepAnswers(applying, sent, answers);
  deps.onMoment?.('confirmed');
}

/**
 * Somebody else has settled these meanwhile: a worker who was taken for dead, or a check that found them out of date. What
 * was confirmed is no loss to those that rest on it.
 *
 * @throws RollcallError `UNAVAILABLE` when others take values from a directory user whom another worker made
 */
async function noteSettled({ deps, runId, lost }: Applying, elsewhere: readonly Operation[]): Promise<void> {
  const known = await deps.store.runs.operationsById(
    runId,
    elsewhere.map(({ id }) => id),
  );
  for (const { operation, state, code } of known) {
    if (state !== 'confirmed') lost.set(operation.id, code ?? 'STALE');
    else if (isOfDirectory(operation))
      throw new RollcallError('UNAVAILABLE', 'Another worker is at the same part of the run.', {
        cure: 'It is tried again by itself, from what the other has kept.',
      });
  }
}

/** Keeps what is known by now, and remembers as doubtful what is not. */
async function keepAnswers(
  applying: Applying,
  sent: readonly Operation[],
  answers: readonly CrmWriteOutcome[],
): Promise<void> {
  const { lost, doubtful, errors } = applying;
  const byRef = new Map(answers.map((answer) => [answer.ref, answer]));
  const settled: SettledOperation[] = [];
  for (const operation of sent) {
    const answer = byRef.get(operation.id);
    if (answer?.state === 'unknown' && answer.answered === true)
      errors.set(operation.id, [...(errors.get(operation.id) ?? []), answer.message]);
    // A row without its parent is refused, which says nothing as long as it is not known what became of the parent.
    const waits = parentsOf(operation).some((id) => doubtful.has(id));
    const isOpen =
      answer === undefined ||
      answer.state === 'unknown' ||
      answer.state === 'exists' ||
      (waits && answer.state === 'refused' && answer.code === 'DEPENDENCY');
    if (isOpen) {
      doubtful.set(operation.id, operation);
      continue;
    }
    const known = judgeAnswer(operation, answer, (id) => lost.has(id));
    settled.push(known);
    if (known.state !== 'confirmed') lost.set(operation.id, known.code ?? 'DEPENDENCY');
    if (operation.entity === 'crmUser' && known.code === 'FORBIDDEN') applying.noRight = known.message;
  }
  await keepAll(applying, settled);
}

async function write(
  { deps, stamp, serials, signal }: Applying,
  operations: readonly Operation[],
  stage: number,
): Promise<readonly CrmWriteOutcome[]> {
  const writes: CrmWrite[] = operations.map((operation) => ({
    ref: operation.id,
    kind: operation.kind,
    entity: operation.target.entity,
    id: operation.target.id,
    values: stamped(deps, stamp, operation),
  }));
  if (operations.some(isOfDirectory)) return writeDirectoryUsers({ deps, serials, signal }, operations);
  return stage === SINGLE_CALL_STAGE ? writeCrmUsers(deps, writes, signal) : deps.crm.write(writes, signal);
}

/**
 * Finds out by reading what became of operations that were sent. An operation that was carried out is confirmed, one
 * that was not stays open unless the CRM keeps answering it with an error, one whose row holds something else by now is
 * stale.
 */
async function settleByReading(applying: Applying): Promise<SettledOperation[]> {
  const { deps, doubtful, lost, errors, keys, signal } = applying;
  if (doubtful.size === 0) return [];
  const sent = [...doubtful.values()].map((operation) => {
    const left = afterLosses(operation, lost);
    return withTaken(applying, 'operation' in left ? left.operation : operation);
  });
  const rows = await readSent(deps, sent, signal);
  return sent.flatMap((operation) => {
    const found = judgeRow(operation, rows.get(operation.target.id), keys);
    if (found !== null) return found;
    const said = errors.get(operation.id) ?? [];
    return said.length >= ERRORS_OF_A_REFUSAL
      ? outcome(operation.id, 'failed', 'VALIDATION', said.at(-1) ?? null)
      : [];
  });
}

/** With the values that other operations have brought to light. */
function withTaken({ images }: Applying, operation: Operation): Operation {
  const { takes } = operation;
  if (takes === undefined) return operation;
  const taken = takes.flatMap(({ operation: id, cell, column }) => {
    const image = images.get(id);
    return image === undefined ? [] : [[column, image[cell] ?? null] as const];
  });
  return { ...operation, after: { ...operation.after, ...Object.fromEntries(taken) } };
}

function givenUp({ doubtful, errors }: Applying, { id }: Operation): SettledOperation {
  if (!doubtful.has(id))
    return outcome(id, 'skipped', 'DEPENDENCY', 'What it depends on could not be brought to a known end.');
  const sentence = 'It could not be brought to a known end';
  const said = errors.get(id)?.at(-1);
  return outcome(id, 'failed', 'UNKNOWN_OUTCOME', said ? `${sentence}: ${said}` : `${sentence}.`);
}

/** Status columns are written only together with another change (design §5, Apply). */
function stamped(deps: AppDeps, stamp: string, operation: Operation): Readonly<Record<string, CellValue>> {
  const changedOn = deps.mapping.record.status?.changedOn;
  if (operation.entity !== 'telephonyRecord' || operation.kind === 'delete' || changedOn === undefined)
    return operation.after;
  return { ...operation.after, [changedOn]: stamp };
}

/** Keeps outcomes; answers the operations that have none yet. */
async function keepSettled(
  applying: Applying,
  open: readonly Operation[],
  settled: readonly SettledOperation[],
): Promise<Operation[]> {
  await keepAll(applying, settled);
  const done = new Set(settled.map(({ operationId }) => operationId));
  return open.filter(({ id }) => !done.has(id));
}

async function keepAll(
  { lost, images, keep }: Applying,
  settled: readonly SettledOperation[],
): Promise<void> {
  if (settled.length === 0) return;
  for (const { operationId, state, code, image } of settled) {
    if (state !== 'confirmed') lost.set(operationId, code ?? 'DEPENDENCY');
    else if (image !== null) images.set(operationId, image);
  }
  await keep(settled);
}
