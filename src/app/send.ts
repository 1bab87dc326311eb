import { afterLosses, parentsOf } from '../domain/planning/losses.ts';
import type { Operation } from '../domain/planning/plan.ts';
import { keepAll, withTaken, type Applying } from './applying.ts';
import { writeCrmUsers } from './crm-user-writes.ts';
import type { AppDeps } from './deps.ts';
import { isOfDirectory, writeDirectoryUsers } from './directory-writes.ts';
import type { CellValue, CrmWrite, CrmWriteOutcome } from './ports/crm.ts';
import { RollcallError } from './ports/errors.ts';
import type { SettledOperation } from './ports/runs.ts';
import { judgeAnswer, outcome } from './settle.ts';
import { SINGLE_CALL_STAGE, slicesOf, stagesOf, turnsOf } from './turns.ts';

/** Sends what can be sent; answers, in their order, the operations that have no outcome yet. */
export async function sendAll(applying: Applying, operations: readonly Operation[]): Promise<Operation[]> {
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

/** Status columns are written only together with another change (design §5, Apply). */
function stamped(deps: AppDeps, stamp: string, operation: Operation): Readonly<Record<string, CellValue>> {
  const changedOn = deps.mapping.record.status?.changedOn;
  if (operation.entity !== 'telephonyRecord' || operation.kind === 'delete' || changedOn === undefined)
    return operation.after;
  return { ...operation.after, [changedOn]: stamp };
}
