import { z } from 'zod';
import type { RequestMapping } from '../domain/mapping/schema.ts';
import { STARTABLE_KINDS, type Automation, type StartableKind } from './automation.ts';
import type { Carrier } from './carry-out.ts';
import type { AppDeps } from './deps.ts';
import { followedEntities, hear } from './hints.ts';
import { NO_ORDER } from './orders.ts';
import { statusId } from './requests.ts';
import { triggerRun } from './trigger.ts';

/** So far back a poll looks behind what it has seen: rows may become visible later than they say they were changed. */
const OVERLAP_MS = 120_000;
/** So far the clocks of the CRM and of this machine may differ when the first poll is made. */
const SKEW_MS = 300_000;

const LEASE = 'poll';
/** The column by which the CRM tells when a row was changed last. */
const CHANGED = 'ModifiedOn';

/** What is remembered of an entity: how far it was looked at, and which rows of the overlap were seen. */
const Seen = z.object({ until: z.number(), rows: z.record(z.string(), z.string()) });
type Seen = z.infer<typeof Seen>;

/** Asks the CRM what has changed, for sites whose CRM cannot call; of all processes that ask, one is at it. */
export interface Poller {
  step(signal: AbortSignal): Promise<void>;
  /** Lets another process ask at once. */
  end(): Promise<void>;
}

export function createPoller(
  deps: AppDeps,
  carrier: Pick<Carrier, 'submit'>,
  automation: Automation,
): Poller {
  const { crm, mapping, clock, logger } = deps;
  const { leases, memory, requests } = deps.store;
  const owner = deps.identity.newId();

  async function pollChanges(entity: string, signal: AbortSignal): Promise<void> {
    const key = `poll:${mapping.directory}:${entity}`;
    const seen = readSeen(await memory.get(key)) ?? { until: clock.now() - SKEW_MS, rows: {} };
    const from = seen.until - OVERLAP_MS;
    const { items } = await crm.readRows({
      entity,
      columns: [CHANGED],
      filter: [{ column: CHANGED, since: new Date(from).toISOString() }],
      signal,
    });
    const changes = items.flatMap((row) => {
      const [rowId, changedOn] = [row['Id'], row[CHANGED]];
      return typeof rowId === 'string' && typeof changedOn === 'string' ? [{ rowId, changedOn }] : [];
    });
    const fresh = changes.filter(({ rowId, changedOn }) => seen.rows[rowId] !== changedOn);
    await hear(
      deps,
      automation,
      fresh.map(({ rowId }) => ({ entity, rowId, event: 'modified', source: 'poll' })),
    );
    const until = Math.max(seen.until, ...changes.map(({ changedOn }) => Date.parse(changedOn)));
    const rows = Object.fromEntries(
      changes
        .filter(({ changedOn }) => Date.parse(changedOn) >= until - OVERLAP_MS)
        .map(({ rowId, changedOn }) => [rowId, changedOn]),
    );
    // The hints are kept: if this is not, they come again, which is harmless.
    await memory.set(key, JSON.stringify({ until, rows } satisfies Seen));
  }

  async function pollRequests(signal: AbortSignal): Promise<void> {
    if (mapping.requests === undefined) return;
    const { entity, command, status, requestedBy } = mapping.requests;
    const { items } = await crm.readRows({
      entity,
      columns: [command, ...(requestedBy === undefined ? [] : [requestedBy])],
      filter: [{ column: status.column, anyOf: [await statusId(deps, status.entity, status.new, signal)] }],
      signal,
    });
    for (const row of items) {
      const [id, wanted] = [String(row['Id']), String(row[command] ?? '')];
      const known = await requests.get(id);
      // Still new although it has its run: it will be told; new again after it was told of the end: a new wish.
      if (known !== null && known.told !== 'done') continue;
      const kind = kindOf(wanted);
      if (kind === null) {
        await refuse(mapping.requests, id, signal);
        continue;
      }
      const asking = requestedBy === undefined ? null : row[requestedBy];
      const { runId } = await triggerRun(deps, carrier, { kind, trigger: 'poll', order: NO_ORDER });
      await requests.save(
        { id, runId, requestedBy: typeof asking === 'string' ? asking : null },
        clock.now(),
      );
    }
  }

  async function refuse(
    { entity, status, message }: RequestMapping,
    id: string,
    signal: AbortSignal,
  ): Promise<void> {
    logger.warn('A request row asks for something that is not known.', { request: id });
    const values = { [status.column]: await statusId(deps, status.entity, status.failed, signal) };
    if (message !== undefined)
      values[message] =
        `Nothing of this name can be run. Known: ${[...STARTABLE_KINDS, ...Object.keys(automation.processes)].join(', ')}.`;
    await crm.write([{ ref: id, kind: 'update', entity, id, values }], signal);
  }

  function kindOf(wanted: string): StartableKind | null {
    const plain = wanted.trim().toLowerCase();
    const kind = STARTABLE_KINDS.find((one) => one === plain);
    if (kind !== undefined) return kind;
    return Object.entries(automation.processes).find(([name]) => name.toLowerCase() === plain)?.[1] ?? null;
  }

  return {
    async step(signal) {
      const { pollMs, metrics } = automation;
      if (pollMs === null || !(await leases.acquire(LEASE, owner, pollMs + 60_000))) return;
      try {
        for (const entity of followedEntities(mapping)) await pollChanges(entity, signal);
        await pollRequests(signal);
        metrics.count('polls', 'done');
      } catch (error) {
        metrics.count('polls', 'failed');
        throw error;
      }
    },
    end: () => leases.release(LEASE, owner),
  };
}

function readSeen(text: string | undefined): Seen | null {
  if (text === undefined) return null;
  const parsed = Seen.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}
