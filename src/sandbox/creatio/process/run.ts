import type { Delivery } from '../../types.ts';
import { PROCESS_STATUSES, REQUEST_STATUSES } from '../catalog/rows.ts';
import { Refusal, serverError } from '../errors.ts';
import type { Model } from '../model.ts';
import type { Entity } from '../schema.ts';
import type { Account } from '../sessions.ts';
import type { Store } from '../store.ts';
import type { Switches } from '../switches.ts';
import { formatInstant, type Value } from '../values.ts';
import type { Writer } from '../write/writer.ts';
import type { Deliveries } from './deliveries.ts';
import { tokenHeader } from './message.ts';

export interface ProcessDeps {
  store: Store;
  writer: Writer;
  model: () => Model;
  switches: () => Switches;
  deliveries: Deliveries;
  /** The server's time in milliseconds since 1970. */
  serverNow: () => number;
}

/** A process that was started. */
export interface ProcessRun {
  /** Its row in SysProcessLog. */
  id: string;
  /** The row of UsrSyncRequest; `null` where it could not be made. */
  requestId: string | null;
  /** Ends with the reason of the failure, or with `null` when all is done. */
  ended: Promise<string | null>;
}

/**
 * Runs what an administrator draws for "get the users of the directory": add a request row, call the connector's web
 * service with its id, and mark the row as failed if nobody took the call. Where the site cannot call out, the row is
 * all. SysProcessLog shows how far it is.
 */
export function startProcess(code: string, account: Account, deps: ProcessDeps): ProcessRun {
  const { writer, deliveries, switches, serverNow } = deps;
  const { contactId } = account;
  const now = (): string => formatInstant(serverNow());
  const change = (entity: Entity, id: string, values: Record<string, Value>): void => {
    // Somebody may have deleted the row meanwhile.
    if (deps.store.get(entity.code, id) !== undefined)
      writer.update(entity, id, new Map(Object.entries(values)), contactId);
  };

  const logs = entityOf('SysProcessLog', deps);
  const log = writer.create(
    logs,
    new Map<string, Value>([
      ['Name', code],
      ['StartDate', now()],
      ['StatusId', PROCESS_STATUSES.running],
      ['OwnerId', contactId],
    ]),
    contactId,
  );
  const id = String(log['Id']);
  const close = (failure: string | null): void =>
    change(logs, id, {
      StatusId: failure === null ? PROCESS_STATUSES.completed : PROCESS_STATUSES.error,
      CompleteDate: now(),
      ErrorDescription: failure ?? '',
    });
  const endAtOnce = (failure: string | null, requestId: string | null): ProcessRun => {
    close(failure);
    return { id, requestId, ended: Promise.resolve(failure) };
  };

  let requests: Entity;
  let requestId: string;
  try {
    requests = entityOf('UsrSyncRequest', deps);
    const request = new Map<string, Value>([
      ['UsrName', code],
      ['UsrCommand', 'import'],
      ['UsrStatusId', REQUEST_STATUSES.new],
      ['UsrRequestedById', contactId],
    ]);
    requestId = String(writer.create(requests, request, contactId)['Id']);
  } catch (error) {
    if (error instanceof Refusal) return endAtOnce(error.message, null);
    throw error;
  }
  const fail = (failure: string): void => {
    // A call without an answer may have arrived: then the row is the connector's.
    const isUntouched = deps.store.get('UsrSyncRequest', requestId)?.['UsrStatusId'] === REQUEST_STATUSES.new;
    if (isUntouched) {
      const values = { UsrStatusId: REQUEST_STATUSES.failed, UsrMessage: failure, UsrFinishedOn: now() };
      change(requests, requestId, values);
    }
  };
  const { processUrl, processToken, processTokenHeader, webhookTimeoutMs, webhookRetries, webhookRetryOn } =
    switches();
  if (processUrl === null) return endAtOnce(null, requestId);
  const ended = new Promise<string | null>((resolve) => {
    deliveries.send({
      entity: requests.name,
      id: requestId,
      event: 'execute',
      retries: webhookRetries,
      retryOn: webhookRetryOn,
      call: () => ({
        url: processUrl,
        headers: tokenHeader(processTokenHeader, processToken),
        body: JSON.stringify({ requestId, requestedBy: contactId }),
        timeoutMs: webhookTimeoutMs,
      }),
      ended: (delivery) => {
        const failure = failureOf(delivery);
        if (failure !== null) fail(failure);
        close(failure);
        resolve(failure);
      },
    });
  });
  return { id, requestId, ended };
}

function failureOf({ outcome, status, error }: Delivery): string | null {
  if (outcome === 'delivered') return null;
  return `The web service failed: ${error ?? `it answered ${status}`}.`;
}

function entityOf(code: string, { model }: ProcessDeps): Entity {
  const entity = model().byCode.get(code);
  if (entity === undefined) throw serverError(`Entity schema ${code} was not found`);
  return entity;
}
