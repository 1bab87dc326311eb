import { afterLosses } from '../domain/planning/losses.ts';
import type { Operation } from '../domain/planning/plan.ts';
import { keepAll, withTaken, type Applying } from './applying.ts';
import { lookForLogins } from './crm-user-writes.ts';
import type { AppDeps } from './deps.ts';
import { createLicenceSerials } from './licence-serials.ts';
import type { SettledOperation, StoredOperation } from './ports/runs.ts';
import { sendAll } from './send.ts';
import { judgeRow, keysOf, outcome } from './settle.ts';
import { readSent } from './still-open.ts';

/** How often a write whose outcome is not known is looked up and, if it was not done, sent again. */
const SETTLING_ROUNDS = 4;

/** An error that the CRM does not explain may pass; so many of them, and the row never there, are a refusal. */
const ERRORS_OF_A_REFUSAL = 2;

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

function givenUp({ doubtful, errors }: Applying, { id }: Operation): SettledOperation {
  if (!doubtful.has(id))
    return outcome(id, 'skipped', 'DEPENDENCY', 'What it depends on could not be brought to a known end.');
  const sentence = 'It could not be brought to a known end';
  const said = errors.get(id)?.at(-1);
  return outcome(id, 'failed', 'UNKNOWN_OUTCOME', said ? `${sentence}: ${said}` : `${sentence}.`);
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
