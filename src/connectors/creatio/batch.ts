import type { CrmRow, CrmWrite, CrmWriteOutcome, RefusalCode } from '../../app/ports/crm.ts';
import { isRollcallError, type RollcallError } from '../../app/ports/errors.ts';
import { causeOf, cureOf, readProductError, type Cause, type ProductError } from './errors.ts';
import { bodyValue, columnOf, isGuid } from './literals.ts';
import type { Metadata } from './metadata.ts';
import { RawRow, type BatchAnswer, type BatchPart } from './schema.ts';

/** One part of a JSON batch. `url` is relative to the OData root. */
export interface BatchRequest {
  readonly id: string;
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

const ACCEPT = { Accept: 'application/json;odata=verbose' } as const;
const PART_HEADERS = { 'Content-Type': 'application/json;odata=verbose', ...ACCEPT } as const;

/**
 * Makes the part for one write, or the refusal of one that Creatio would take amiss in silence: an unknown column is
 * ignored without a word, a time without a zone may become year 1.
 */
export function encodeWrite(write: CrmWrite, id: string, metadata: Metadata): BatchRequest | CrmWriteOutcome {
  const columns = metadata.get(write.entity);
  if (columns === undefined) {
    return refused(write, 'CONTRACT', `The entity "${write.entity}" is not in Creatio's $metadata.`, 'model');
  }
  if (!isGuid(write.id)) return refused(write, 'CONTRACT', `"${write.id}" is not a GUID.`);
  const key = write.id.toLowerCase();
  if (write.kind === 'delete') {
    return { id, method: 'DELETE', url: `${write.entity}(${key})`, headers: ACCEPT };
  }
  const body: Record<string, unknown> = write.kind === 'create' ? { Id: key } : {};
  try {
    for (const [name, value] of Object.entries(write.values)) {
      if (name !== 'Id') body[name] = bodyValue(columnOf(columns, name), value);
    }
  } catch (error) {
    if (isRollcallError(error, 'VALIDATION')) return refused(write, 'VALIDATION', withCure(error));
    if (isRollcallError(error)) return refused(write, 'CONTRACT', withCure(error));
    throw error;
  }
  return write.kind === 'create'
    ? { id, method: 'POST', url: write.entity, headers: PART_HEADERS, body }
    : { id, method: 'PATCH', url: `${write.entity}(${key})`, headers: PART_HEADERS, body };
}

/** What was sent in one batch, in its order. */
export interface SentWrite {
  readonly id: string;
  readonly write: CrmWrite;
}

/**
 * What became of each write. An answer belongs to the write with its id at its position; where the two disagree, and
 * where answers are missing, the outcome is not known.
 */
export function decodeBatch(
  sent: readonly SentWrite[],
  answer: BatchAnswer,
  fold: (entity: string, raw: RawRow) => CrmRow,
): CrmWriteOutcome[] {
  return sent.map(({ id, write }, position) => {
    const part = answer.responses[position];
    if (part === undefined) return unknown(write, 'Creatio did not answer this part of the batch');
    if (part.id !== id) return unknown(write, 'Creatio answered the parts of the batch in another order');
    return outcomeOf(write, part, fold);
  });
}

/** Was none of the parts carried out because the session was dead? */
export function allUnauthorised(answer: BatchAnswer): boolean {
  return answer.responses.length > 0 && answer.responses.every((part) => part.status === 401);
}

/**
 * What a batch that failed as a whole means for its writes; `undefined` if certainly nothing was done and the caller
 * has to hear the error itself.
 */
export function outcomesOfFailure(
  writes: readonly CrmWrite[],
  error: RollcallError,
): CrmWriteOutcome[] | undefined {
  const status = error.details['status'];
  const answered = typeof status === 'number' ? status : 0;
  const lost = (): CrmWriteOutcome[] => writes.map((write) => unknown(write, error.message));
  const declined = (code: RefusalCode): CrmWriteOutcome[] =>
    writes.map((write) => refused(write, code, withCure(error)));
  switch (error.code) {
    case 'UNKNOWN_OUTCOME':
      return lost();
    case 'UNAVAILABLE':
      return answered >= 500 && answered !== 503 ? lost() : undefined;
    case 'VALIDATION':
    case 'CONFLICT':
      return answered >= 500 ? lost() : declined(error.code);
    case 'NOT_FOUND':
      return declined('CONTRACT');
    case 'CONTRACT':
      return answered >= 400 && answered < 500 ? declined('CONTRACT') : lost();
    default:
      return undefined;
  }
}

function outcomeOf(
  write: CrmWrite,
  part: BatchPart,
  fold: (entity: string, raw: RawRow) => CrmRow,
): CrmWriteOutcome {
  const { ref } = write;
  if (part.status >= 200 && part.status < 300) {
    if (write.kind !== 'create') return { ref, state: 'done', row: null };
    const raw = RawRow.safeParse(part.body);
    if (!raw.success) return { ref, state: 'done', row: null };
    const row = fold(write.entity, raw.data);
    const foreign = row['Id'] !== undefined && row['Id'] !== write.id.toLowerCase();
    return foreign
      ? unknown(write, 'Creatio answered with another row than the one sent')
      : { ref, state: 'done', row };
  }
  const error = readProductError(part.body);
  const cause = error === undefined ? 'other' : causeOf(error);
  if (part.status === 404 && write.kind !== 'create' && cause !== 'model') return { ref, state: 'absent' };
  return refusalOf(write, part.status, cause, error);
}

function refusalOf(
  write: CrmWrite,
  status: number,
  cause: Cause,
  error: ProductError | undefined,
): CrmWriteOutcome {
  const said = error?.message ?? `Creatio answered ${status}`;
  switch (cause) {
    case 'id-taken':
      return write.kind === 'create'
        ? { ref: write.ref, state: 'exists' }
        : refused(write, 'CONFLICT', said, cause);
    case 'not-unique':
    case 'referenced':
      return refused(write, 'CONFLICT', said, cause);
    case 'reference-missing':
      return refused(write, 'DEPENDENCY', said, cause);
    case 'value':
      return refused(write, 'VALIDATION', said, cause);
    case 'right':
    case 'odata-right':
      return refused(write, 'FORBIDDEN', said, cause);
    case 'model':
      return refused(write, 'CONTRACT', said, cause);
    default:
      return refusalOfStatus(write, status, said);
  }
}

function refusalOfStatus(write: CrmWrite, status: number, said: string): CrmWriteOutcome {
  switch (status) {
    case 400:
    case 413:
    case 422:
      return refused(write, 'VALIDATION', said);
    // With a live session Creatio says 401 where an entity is not published, too.
    case 401:
    case 403:
      return refused(write, 'FORBIDDEN', said, 'right');
    case 409:
      return refused(write, 'CONFLICT', said);
    case 424:
      return refused(write, 'DEPENDENCY', said);
    case 429:
    case 503:
      return refused(write, 'UNAVAILABLE', said);
    default:
      // An unexplained 500 may come from a handler that ran after the row was written.
      return status >= 400 && status < 500
        ? refused(write, 'CONTRACT', said)
        : { ref: write.ref, state: 'unknown', message: said, answered: true };
  }
}

/** A refusal in one sentence, with the cure where one is known. */
export function refused(write: CrmWrite, code: RefusalCode, message: string, cause?: Cause): CrmWriteOutcome {
  const cure = cause === undefined ? undefined : cureOf(cause);
  const sentence = message.endsWith('.') || message.endsWith('…') ? message : `${message}.`;
  return {
    ref: write.ref,
    state: 'refused',
    code,
    message: cure === undefined ? sentence : `${sentence} ${cure}`,
  };
}

function unknown(write: CrmWrite, message: string): CrmWriteOutcome {
  return { ref: write.ref, state: 'unknown', message };
}

/** An error as the message of a refusal. */
export function withCure(error: RollcallError): string {
  return error.cure === undefined ? error.message : `${error.message} ${error.cure}`;
}
