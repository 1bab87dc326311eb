import type { RunOrder, Trigger } from '../domain/run.ts';
import type { StartableKind } from './automation.ts';
import type { Carrier } from './carry-out.ts';
import type { AppDeps } from './deps.ts';
import { isRollcallError, RollcallError } from './ports/errors.ts';

/** A row of the CRM's request entity that asks for a run. */
export interface AskingRow {
  readonly id: string;
  /** The contact who hears of the end. */
  readonly requestedBy: string | null;
}

/** A wish for a run that is not followed. */
export interface Wish {
  readonly kind: StartableKind;
  readonly trigger: Trigger;
  readonly order: RunOrder;
  readonly request?: AskingRow | null;
}

/** The run that does what was wished for. */
export interface Triggered {
  readonly runId: string;
  /** It was under way before, whatever it does: one run at a time works on a CRM (design §5). */
  readonly alreadyRunning: boolean;
}

/** How often a run that was in the way may turn out to have ended. */
const TRIES = 3;

/**
 * Starts a run, or answers the one that is under way. The same row of the CRM asks for one run, however often it asks.
 *
 * @throws RollcallError `VALIDATION` for a row where the mapping has no place for it
 */
export async function triggerRun(
  deps: Pick<AppDeps, 'store' | 'mapping' | 'clock'>,
  carrier: Pick<Carrier, 'submit'>,
  { request = null, ...wish }: Wish,
): Promise<Triggered> {
  const { requests } = deps.store;
  if (request === null) return submitOrJoin(carrier, wish);
  if (deps.mapping.requests === undefined)
    throw new RollcallError('VALIDATION', 'The mapping does not say what a request row is.', {
      cure: 'Add a section "requests" to the mapping, or leave requestId out.',
    });
  const known = await requests.get(request.id);
  if (known !== null) return { runId: known.runId, alreadyRunning: true };
  const triggered = await submitOrJoin(carrier, wish);
  await requests.save({ ...request, runId: triggered.runId }, deps.clock.now());
  return triggered;
}

async function submitOrJoin(carrier: Pick<Carrier, 'submit'>, wish: Wish): Promise<Triggered> {
  for (let tries = 1; ; tries += 1) {
    try {
      return { runId: (await carrier.submit(wish)).id, alreadyRunning: false };
    } catch (error) {
      if (!isRollcallError(error, 'BUSY')) throw error;
      const { runId } = error.details;
      if (typeof runId === 'string') return { runId, alreadyRunning: true };
      if (tries === TRIES) throw error;
    }
  }
}
