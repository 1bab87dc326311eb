import type { Mapping, SetMapping } from '../domain/mapping/schema.ts';
import type { Automation } from './automation.ts';
import type { Carrier } from './carry-out.ts';
import type { AppDeps } from './deps.ts';
import { NO_ORDER } from './orders.ts';
import { isRollcallError, RollcallError } from './ports/errors.ts';
import type { Hint, NewHint, WaitingHints } from './ports/hints.ts';
import { resolveHints } from './resolve-hints.ts';

/** Hints that come within this time of the first become one run (design §6). */
export const GATHER_MS = 2000;
/** So many are a flood, as an import causes it: as long as more come, one run for all of them is worth waiting for. */
const FLOOD = 20;
/** No hint waits longer than that for others. */
const LONGEST_FLOOD_MS = 60_000;
/** From so many records on, reading everybody costs less than reading them one by one. */
const EVERYBODY_FROM = 500;
const MOST_AT_ONCE = 5000;

/** The pauses before a row that cannot be read yet is looked for again: about a minute in all. */
const PAUSES_MS = [1000, 2000, 4000, 8000, 16_000, 32_000];
/** The pauses before hints are tried again whose run failed as a whole. */
const PAUSES_AFTER_FAILURE_MS = [30_000, 60_000, 300_000, 900_000, 1_800_000, 3_600_000];

const LEASE = 'hints';
const LEASE_MS = 60_000;

type HintDeps = Pick<AppDeps, 'store' | 'mapping' | 'clock'>;

/** What became of hints at the door. */
export interface Heard {
  readonly kept: number;
  /** Rows that no push depends on: contacts, CRM users, lookup rows. */
  readonly ignored: number;
}

/**
 * Keeps hints for good, so that whoever sent them may forget them.
 *
 * @throws RollcallError `VALIDATION` for an entity that the mapping does not name; nothing is kept then
 */
export async function hear(
  { store, mapping, clock }: HintDeps,
  { metrics }: Automation,
  hints: readonly NewHint[],
): Promise<Heard> {
  const known = namedEntities(mapping);
  const stranger = hints.find(({ entity }) => !known.has(entity));
  if (stranger !== undefined)
    throw new RollcallError('VALIDATION', 'The entity of this hint is not in the mapping.', {
      cure: `Send hints on ${[...followedEntities(mapping)].join(', ')} only.`,
    });
  const followed = followedEntities(mapping);
  const kept = hints.filter(({ entity }) => followed.has(entity));
  const now = clock.now();
  if (kept.length > 0) await store.hints.add(kept, { now, due: now + GATHER_MS });
  const ignored = hints.length - kept.length;
  metrics.count('hints', 'kept', kept.length);
  metrics.count('hints', 'ignored', ignored);
  return { kept: kept.length, ignored };
}

/** Entities whose rows make a push: the telephony record and its licence and role rows. */
export function followedEntities({ record, licences, roles }: Mapping): ReadonlySet<string> {
  return new Set([record.entity, ...sets(licences, roles).map(({ detail }) => detail.entity)]);
}

function namedEntities(mapping: Mapping): ReadonlySet<string> {
  const { record, contact, crmUser, licences, roles } = mapping;
  const lookups = sets(licences, roles).map(({ lookup }) => lookup.entity);
  const named = [record.directory, record.status].flatMap((one) => one?.entity ?? []);
  return new Set([...followedEntities(mapping), contact.entity, crmUser.entity, ...lookups, ...named]);
}

function sets(...given: readonly (SetMapping | undefined)[]): SetMapping[] {
  return given.flatMap((set) => set ?? []);
}

/** Makes pushes of hints, one step at a time; of all processes that take steps, one is at it. */
export interface HintWorker {
  step(signal: AbortSignal): Promise<void>;
  /** Lets another process take steps at once; without it, that waits until this one is believed dead. */
  end(): Promise<void>;
}

export function createHintWorker(
  deps: AppDeps,
  carrier: Pick<Carrier, 'submit'>,
  { metrics }: Automation,
): HintWorker {
  const { clock, logger } = deps;
  const { hints, leases, runs } = deps.store;
  // Whoever had a store that is ours before us is gone, even if it was killed; what it held is ours, too.
  const owner = deps.storeIsOurs ? 'the only process' : deps.identity.newId();
  /** When this process first saw the flood that lasts; `null` while there is none. */
  let floodSince: number | null = null;

  /** Are there many, and do more keep coming? */
  function isPouring({ count, newest }: WaitingHints): boolean {
    const now = clock.now();
    const isFlood = count >= FLOOD && count < MOST_AT_ONCE && newest !== null && newest > now - GATHER_MS;
    floodSince = isFlood ? (floodSince ?? now) : null;
    return floodSince !== null && now - floodSince < LONGEST_FLOOD_MS;
  }

  /** What was given to a run that has ended is done, or waits again. */
  async function settleGiven(runIds: readonly string[]): Promise<void> {
    for (const runId of runIds) {
      const run = await runs.get(runId);
      if (run !== null && run.phase !== 'done' && run.phase !== 'planned') continue;
      if (run !== null && run.status !== 'failed' && run.status !== 'stopped') {
        await hints.forget(runId);
        continue;
      }
      const lost = await hints.takeBack(runId, {
        now: clock.now(),
        pausesMs: PAUSES_AFTER_FAILURE_MS,
        // A run that was stopped, as by one that waits for a person, has not failed because of them.
        goOn: run?.status === 'stopped',
      });
      if (lost === 0) continue;
      metrics.count('hints', 'dropped', lost);
      logger.warn('Hints were dropped: every run that was given them failed.', { runId, hints: lost });
    }
  }

  async function push(waiting: readonly Hint[], records: ReadonlySet<string> | null): Promise<boolean> {
    try {
      const run = await carrier.submit({
        kind: 'push',
        trigger: waiting.some(({ source }) => source === 'webhook') ? 'webhook' : 'poll',
        order: {
          ...NO_ORDER,
          records: records === null || records.size >= EVERYBODY_FROM ? null : [...records],
        },
      });
      // If this is the end of the process, the hints are given to another run: harmless, it finds nothing to do.
      await hints.give(waiting, run.id);
      logger.info('Hints became a run.', { runId: run.id, hints: waiting.length });
      metrics.count('hints', 'pushed', waiting.length);
      return true;
    } catch (error) {
      // They wait until the run that came first has ended.
      if (isRollcallError(error, 'BUSY')) return false;
      throw error;
    }
  }

  async function putOff(unread: readonly Hint[]): Promise<void> {
    const now = clock.now();
    const lost = unread.filter(({ attempts }) => attempts >= PAUSES_MS.length);
    await hints.postpone(
      unread.flatMap((hint) => {
        const pause = PAUSES_MS[hint.attempts];
        return pause === undefined ? [] : [{ ...hint, notBefore: now + pause }];
      }),
    );
    for (const { entity, rowId } of lost)
      logger.warn('A hint was dropped: the CRM does not show its row.', { entity, rowId });
    if (lost.length > 0) metrics.count('hints', 'dropped', lost.length);
    await hints.remove(lost);
  }

  return {
    async step(signal) {
      const given = await hints.givenTo();
      const { isDue } = await hints.waiting(clock.now());
      if ((given.length === 0 && !isDue) || !(await leases.acquire(LEASE, owner, LEASE_MS))) return;
      await settleGiven(given);
      if ((await runs.underWay()) !== null) return;
      // Looked at again: what a run was given may wait once more.
      const waiting = await hints.waiting(clock.now());
      if (!waiting.isDue || isPouring(waiting)) return;
      const taken = await hints.take(clock.now(), MOST_AT_ONCE);
      const { records, resolved, unread, gone } = await resolveHints(deps, taken, EVERYBODY_FROM, signal);
      if (resolved.length > 0 && !(await push(resolved, records))) return;
      await putOff(unread);
      await hints.remove(gone);
    },
    end: () => leases.release(LEASE, owner),
  };
}
