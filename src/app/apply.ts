import type { Operation } from '../domain/planning/plan.ts';
import type { AppDeps } from './deps.ts';
import { readRowsOf, sameCells } from './read-back.ts';
import type { CellValue, CrmRow, CrmWrite, CrmWriteOutcome } from './ports/crm.ts';
import type { SettledOperation, StoredOperation } from './ports/store.ts';

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
  /** Operations that will not come to be. */
  readonly failed: Set<string>;
  /** Errors that the CRM answered, by operation, for writes that were not done. */
  readonly errors: Map<string, string[]>;
  readonly keep: (outcomes: readonly SettledOperation[]) => Promise<void>;
}

/**
 * Brings operations to their end: settles by reading those that were sent before, sends the others in requests of many,
 * and keeps each outcome before the next request (design §5, Apply). Safe to be called again after any crash.
 *
 * @param operations in plan order; parents stand before their children
 * @param failedBefore operations that will not come to be, from elsewhere in the plan
 * @returns the outcomes, kept already
 * @throws RollcallError when the CRM cannot be written to at all; nothing is lost, call again later
 */
export async function applyOperations(
  deps: AppDeps,
  runId: string,
  operations: readonly StoredOperation[],
  failedBefore: ReadonlySet<string>,
  keep: (outcomes: readonly SettledOperation[]) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const failed = new Set(failedBefore);
  const stamp = new Date(deps.clock.now()).toISOString();
  const byId = new Map(operations.map(({ operation }) => [operation.id, operation]));
  const keepAndTell = async (outcomes: readonly SettledOperation[]): Promise<void> => {
    await keep(outcomes);
    for (const { operationId, state, code } of outcomes)
      if (state === 'failed') tellFailure(deps, runId, byId.get(operationId), code);
  };
  const applying: Applying = { deps, runId, signal, stamp, failed, errors: new Map(), keep: keepAndTell };
  let open = operations.filter(({ state }) => state === 'planned' || state === 'intended');
  for (const { operation, state } of operations)
    if (state === 'failed' || state === 'stale' || state === 'skipped') failed.add(operation.id);

  let doubtful = open.filter(({ state }) => state === 'intended').map(({ operation }) => operation);
  for (let round = 0; open.length > 0; round += 1) {
    if (round > SETTLING_ROUNDS) {
      const sentence = 'It could not be brought to a known end';
      await keepAndTell(
        open.map(({ operation: { id } }) => {
          const said = applying.errors.get(id)?.at(-1);
          return outcome(id, 'failed', 'UNKNOWN_OUTCOME', said ? `${sentence}: ${said}` : `${sentence}.`);
        }),
      );
      return;
    }
    const settled = new Map<string, SettledOperation>();
    if (doubtful.length > 0) {
      for (const result of await settleByReading(applying, doubtful)) settled.set(result.operationId, result);
      await keepAll(applying, settled);
      open = open.filter(({ operation }) => !settled.has(operation.id));
    }
    doubtful = [];
    for (let start = 0; start < open.length; start += deps.crm.capabilities.batchSize) {
      const batch = open
        .slice(start, start + deps.crm.capabilities.batchSize)
        .map(({ operation }) => operation);
      doubtful.push(...(await sendBatch(applying, batch)));
    }
    const again = new Set(doubtful.map(({ id }) => id));
    open = open.filter(({ operation }) => again.has(operation.id));
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

/** Sends one request; answers the operations whose outcome is not known. */
async function sendBatch(applying: Applying, batch: readonly Operation[]): Promise<Operation[]> {
  const { deps, runId, failed, keep } = applying;
  const sendable: Operation[] = [];
  const hopeless = new Set(failed);
  const skipped: SettledOperation[] = [];
  for (const operation of batch) {
    const parent = operation.dependsOn.find((id) => hopeless.has(id));
    if (parent === undefined) sendable.push(operation);
    else {
      hopeless.add(operation.id);
      skipped.push(
        outcome(operation.id, 'skipped', 'DEPENDENCY', `It depends on ${parent}, which was not done.`),
      );
    }
  }
  if (skipped.length > 0) await keep(skipped);
  for (const { operationId } of skipped) failed.add(operationId);
  if (sendable.length === 0) return [];

  deps.onMoment?.('intending');
  await deps.store.runs.markIntended(
    runId,
    sendable.map(({ id }) => id),
  );
  deps.onMoment?.('intended');
  const answers = await write(applying, sendable);
  deps.onMoment?.('answered');

  const byRef = new Map(answers.map((answer) => [answer.ref, answer]));
  const settled = new Map<string, SettledOperation>();
  const unknown: Operation[] = [];
  for (const operation of sendable) {
    const answer = byRef.get(operation.id);
    if (answer?.state === 'unknown' && answer.answered === true)
      applying.errors.set(operation.id, [...(applying.errors.get(operation.id) ?? []), answer.message]);
    // A row without its parent is refused, which says nothing as long as it is not known what became of the parent.
    const waits = unknown.some(({ id }) => operation.dependsOn.includes(id));
    if (answer === undefined || answer.state === 'unknown' || answer.state === 'exists')
      unknown.push(operation);
    else if (waits && answer.state === 'refused' && answer.code === 'DEPENDENCY') unknown.push(operation);
    else settled.set(operation.id, judge(operation, answer, failed));
    const known = settled.get(operation.id);
    if (known !== undefined && known.state !== 'confirmed') failed.add(operation.id);
  }
  await keepAll(applying, settled);
  deps.onMoment?.('confirmed');
  return unknown;
}

async function write(
  { deps, stamp, signal }: Applying,
  operations: readonly Operation[],
): Promise<readonly CrmWriteOutcome[]> {
  const writes: CrmWrite[] = operations.map((operation) => ({
    ref: operation.id,
    kind: operation.kind,
    entity: operation.target.entity,
    id: operation.target.id,
    values: stamped(deps, stamp, operation),
  }));
  return deps.crm.write(writes, signal);
}

function judge(
  operation: Operation,
  answer: Exclude<CrmWriteOutcome, { state: 'unknown' | 'exists' }>,
  failed: ReadonlySet<string>,
): SettledOperation {
  switch (answer.state) {
    case 'done':
      return { ...outcome(operation.id, 'confirmed', null, null), image: answer.row };
    case 'absent':
      return operation.kind === 'delete'
        ? outcome(operation.id, 'confirmed', null, null)
        : outcome(operation.id, 'stale', 'NOT_FOUND', 'The row is not in the CRM any more.');
    case 'refused':
      return answer.code === 'DEPENDENCY' && operation.dependsOn.some((id) => failed.has(id))
        ? outcome(operation.id, 'skipped', 'DEPENDENCY', 'What it depends on was not done.')
        : outcome(operation.id, 'failed', answer.code, answer.message);
  }
}

/**
 * Finds out by reading what became of operations that were sent. An operation that was carried out is confirmed, one
 * that was not stays open unless the CRM keeps answering it with an error, one whose row holds something else by now is
 * stale.
 */
async function settleByReading(
  { deps, errors, signal }: Applying,
  operations: readonly Operation[],
): Promise<SettledOperation[]> {
  const rows = await readRowsOf(deps, operations, signal);
  const settled: SettledOperation[] = [];
  for (const operation of operations) {
    const row = rows.get(operation.target.id);
    const found = stateOf(operation, row, deps.mapping.record.directoryUserId);
    const said = errors.get(operation.id) ?? [];
    if (found !== null) settled.push({ ...found, image: row ?? null });
    else if (said.length >= ERRORS_OF_A_REFUSAL)
      settled.push(outcome(operation.id, 'failed', 'VALIDATION', said.at(-1) ?? null));
  }
  return settled;
}

function stateOf(operation: Operation, row: CrmRow | undefined, userColumn: string): SettledOperation | null {
  if (operation.kind === 'delete')
    return row === undefined ? outcome(operation.id, 'confirmed', null, null) : null;
  if (row === undefined)
    return operation.kind === 'create'
      ? null
      : outcome(operation.id, 'stale', 'NOT_FOUND', 'The row is not in the CRM any more.');
  if (sameCells(operation.after, row)) return outcome(operation.id, 'confirmed', null, null);
  if (operation.kind === 'create')
    // Other columns may have been changed by the CRM itself (names, numbers); the natural key tells whose the row is.
    return sameCells(naturalKey(operation, userColumn), row)
      ? outcome(operation.id, 'confirmed', null, null)
      : outcome(
          operation.id,
          'failed',
          'CONFLICT',
          'A row with this id exists and belongs to something else.',
        );
  if (sameCells(operation.before ?? {}, row)) return null;
  return outcome(operation.id, 'stale', 'CONFLICT', 'Somebody else has changed the row.');
}

/** The columns by which a created row is known as ours; contacts and lookup rows have none beside their id. */
function naturalKey(operation: Operation, userColumn: string): Record<string, CellValue> {
  if (operation.entity === 'recordLicence' || operation.entity === 'recordRole') return operation.after;
  const user = operation.after[userColumn];
  return operation.entity === 'telephonyRecord' && user !== undefined ? { [userColumn]: user } : {};
}

/** Status columns are written only together with another change (design §5, Apply). */
function stamped(deps: AppDeps, stamp: string, operation: Operation): Readonly<Record<string, CellValue>> {
  const changedOn = deps.mapping.record.status?.changedOn;
  if (operation.entity !== 'telephonyRecord' || operation.kind === 'delete' || changedOn === undefined)
    return operation.after;
  return { ...operation.after, [changedOn]: stamp };
}

async function keepAll(
  { failed, keep }: Applying,
  settled: ReadonlyMap<string, SettledOperation>,
): Promise<void> {
  if (settled.size === 0) return;
  for (const { operationId, state } of settled.values()) if (state !== 'confirmed') failed.add(operationId);
  await keep([...settled.values()]);
}

function outcome(
  operationId: string,
  state: SettledOperation['state'],
  code: string | null,
  message: string | null,
): SettledOperation {
  return { operationId, state, code, message, image: null };
}
