import type { RequestMapping } from '../domain/mapping/schema.ts';
import type { Report } from '../domain/run.ts';
import type { AppDeps } from './deps.ts';
import type { CellValue, CrmWriteOutcome } from './ports/crm.ts';
import { RollcallError } from './ports/errors.ts';
import type { RunRequestRow, ToldState } from './ports/run-requests.ts';
import type { RunRecord } from './ports/runs.ts';

/** The name of the job that tells a request row; `jobs/tell-request.ts` defines it. */
export const TELL_REQUEST_JOB = 'tell-request';

const MOST_AT_ONCE = 100;
const LONGEST_TEXT = 500;
const LONGEST_TITLE = 250;

/** Adds a job for every request row that does not show how its run stands. The store says which, not the queue. */
export async function tellRequests({ store, queue }: Pick<AppDeps, 'store' | 'queue'>): Promise<void> {
  for (const request of await store.requests.open(MOST_AT_ONCE)) {
    const state = stateOf(await store.runs.get(request.runId));
    if (state === request.telling) continue;
    await queue.add({
      name: TELL_REQUEST_JOB,
      id: `request:${request.id}:${request.runId}:${state}`,
      payload: { requestId: request.id },
    });
    await store.requests.setTelling(request.id, request.runId, state);
  }
}

function stateOf(run: RunRecord | null): ToldState {
  if (run === null || run.phase === 'done') return 'done';
  return run.phase === 'planned' ? 'waiting' : 'running';
}

/**
 * Writes into a request row how its run stands, and at the end notifies whoever asked. May be done again: the row is
 * written anew, the notification has an id of its own.
 *
 * @throws RollcallError `UNAVAILABLE` when it is not known whether it was written, `VALIDATION` when the CRM refused it
 */
export async function tellRequest(deps: AppDeps, requestId: string, signal?: AbortSignal): Promise<void> {
  const { store, mapping, logger } = deps;
  const request = await store.requests.get(requestId);
  if (request === null || mapping.requests === undefined) return;
  const run = await store.runs.get(request.runId);
  const state = stateOf(run);
  const outcome = await writeOne(deps, {
    ref: 'request',
    kind: 'update',
    entity: mapping.requests.entity,
    id: request.id,
    values: await cellsOf(deps, mapping.requests, request, run, signal),
  });
  if (outcome.state === 'absent')
    logger.warn('A request row is not in the CRM any more; nobody was told.', { runId: request.runId });
  else if (state === 'done') await notify(deps, mapping.requests, request, run, signal);
  await store.requests.setTold(request.id, request.runId, state);
}

async function cellsOf(
  deps: AppDeps,
  { status, runId, message, startedOn, finishedOn, counters }: RequestMapping,
  request: RunRequestRow,
  run: RunRecord | null,
  signal: AbortSignal | undefined,
): Promise<Record<string, CellValue>> {
  const isOver = stateOf(run) === 'done';
  const name = !isOver ? status.processing : hasFailed(run) ? status.failed : status.done;
  const cells: Record<string, CellValue> = {
    [status.column]: await statusId(deps, status.entity, name, signal),
  };
  const put = (column: string | undefined, value: CellValue): void => {
    if (column !== undefined) cells[column] = value;
  };
  put(runId, request.runId);
  put(message, sentenceOf(run).slice(0, LONGEST_TEXT));
  if (run !== null) put(startedOn, run.startedAt);
  if (isOver) put(finishedOn, run?.finishedAt ?? new Date(deps.clock.now()).toISOString());
  const report = run?.report ?? null;
  if (report !== null) {
    put(counters.created, operationsOf(report, 'create'));
    put(counters.changed, operationsOf(report, 'update'));
    put(counters.removed, operationsOf(report, 'delete'));
    put(counters.failed, report.outcomes.failed);
    put(counters.cases, report.cases);
  }
  return cells;
}

/** The lookup row of a status. */
export async function statusId(
  { crm }: Pick<AppDeps, 'crm'>,
  entity: string,
  name: string,
  signal?: AbortSignal,
): Promise<string> {
  const rows = await crm.findRows({
    entity,
    columns: ['Name'],
    by: { column: 'Name', values: [name] },
    ...(signal === undefined ? {} : { signal }),
  });
  const [row] = rows.toSorted((a, b) => (String(a['Id']) < String(b['Id']) ? -1 : 1));
  if (row !== undefined) return String(row['Id']);
  throw new RollcallError('CONFIGURATION', `The lookup ${entity} has no row "${name}".`, {
    cure: 'Add it in the CRM, or name another one under requests.status in the mapping.',
  });
}

async function notify(
  deps: AppDeps,
  { notification, entity }: RequestMapping,
  request: RunRequestRow,
  run: RunRecord | null,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (notification === undefined || request.requestedBy === null) return;
  const { contactId } = await deps.crm.whoAmI(signal);
  const values: Record<string, CellValue> = {
    ...notification.values,
    [notification.receiver]: request.requestedBy,
    [notification.text]: sentenceOf(run).slice(0, LONGEST_TEXT),
  };
  if (notification.author !== undefined) values[notification.author] = contactId;
  if (notification.title !== undefined) values[notification.title] = titleOf(run).slice(0, LONGEST_TITLE);
  if (notification.time !== undefined)
    values[notification.time] = run?.finishedAt ?? new Date(deps.clock.now()).toISOString();
  if (notification.subject !== undefined) values[notification.subject] = request.id;
  await writeOne(deps, {
    ref: 'notification',
    kind: 'create',
    entity: notification.entity,
    // The same notification has the same id, so that nobody is told twice.
    id: deps.identity.rowId(entity, request.id, request.runId, notification.entity, 'end'),
    values,
  });
}

/** Sends one write; what is there already counts as done. */
async function writeOne(
  { crm }: Pick<AppDeps, 'crm'>,
  write: Parameters<AppDeps['crm']['write']>[0][number],
): Promise<CrmWriteOutcome> {
  const [outcome] = await crm.write([write]);
  if (outcome === undefined) throw new RollcallError('CONTRACT', 'A write was not answered.');
  if (outcome.state === 'unknown' || (outcome.state === 'refused' && outcome.code === 'UNAVAILABLE'))
    throw new RollcallError('UNAVAILABLE', 'It is not known whether the CRM took what it was told.');
  if (outcome.state !== 'refused') return outcome;
  throw new RollcallError('VALIDATION', `The CRM did not take a row of ${write.entity}: ${outcome.message}`, {
    cure: 'Compare the section "requests" of the mapping with the object in the CRM, and the rights of our account.',
    quoted: [outcome.message],
  });
}

function hasFailed(run: RunRecord | null): boolean {
  return run === null || run.status === 'failed' || run.status === 'stopped';
}

function operationsOf({ operations }: Report, kind: string): number {
  return Object.entries(operations)
    .filter(([name]) => name.endsWith(`.${kind}`))
    .reduce((sum, [, count]) => sum + count, 0);
}

function titleOf(run: RunRecord | null): string {
  if (run === null || hasFailed(run)) return 'Telephony: the run failed';
  return run.status === 'partial' ? 'Telephony: done, but something failed' : 'Telephony: done';
}

/** How a run stands, for whoever asked for it. */
function sentenceOf(run: RunRecord | null): string {
  if (run === null) return 'The run is not known any more.';
  if (run.phase === 'planned') return `Run ${run.id} waits for approval. ${run.problem ?? ''}`.trim();
  if (run.phase !== 'done') return `Run ${run.id} is under way.`;
  if (run.problem !== null) return `Run ${run.id}: ${run.problem}`;
  const { report } = run;
  if (report === null) return `Run ${run.id} ended without a report.`;
  if (report.status === 'nothing-to-do') return `Run ${run.id}: there was nothing to do.`;
  const { outcomes, cases } = report;
  return [
    `Run ${run.id}: ${operationsOf(report, 'create')} created, ${operationsOf(report, 'update')} changed,`,
    `${operationsOf(report, 'delete')} removed; ${outcomes.failed} failed, ${cases} cases are open.`,
  ].join(' ');
}
