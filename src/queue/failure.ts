import { types } from 'node:util';
import { z } from 'zod';
import { ERROR_CODES, isRollcallError, quotedIn, RollcallError } from '../app/ports/errors.ts';

/** What the queue keeps of an error: the library has room for one text. Never stacks of other systems or bodies. */
const Kept = z.object({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  cure: z.string().optional(),
  retryable: z.boolean(),
  quoted: z.array(z.string()).optional(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
});

/** The engine of the queue was away for too long. */
export function engineAway(cause: unknown): RollcallError {
  return new RollcallError('UNAVAILABLE', 'What keeps the jobs, Redis or Postgres, cannot be reached.', {
    cure: 'Start it; `rollcall check` says more. The run goes on with the next import.',
    cause,
  });
}

/** Any error as one of the family; what is not of it is a mistake of ours. */
export function toRollcallError(error: unknown): RollcallError {
  if (isRollcallError(error)) return error;
  return new RollcallError('CONTRACT', types.isNativeError(error) ? error.message : String(error), {
    cure: 'This should not happen: look at the log for the place, and report it.',
    // It may be bad luck; the attempts of the job are bounded anyway.
    retryable: true,
    cause: error,
  });
}

const AWAY = /ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|Connection is closed|MaxRetriesPerRequestError/;

/** Has the engine that keeps the jobs gone away? It may come back. */
export function isEngineAway(error: unknown): boolean {
  if (isRollcallError(error)) return error.code === 'UNAVAILABLE';
  if (!types.isNativeError(error)) return false;
  const code: unknown = Reflect.get(error, 'code');
  return AWAY.test(`${error.name} ${error.message} ${typeof code === 'string' ? code : ''}`);
}

export function encodeFailure(error: RollcallError): string {
  const { code, message, cure, retryable, details } = error;
  return JSON.stringify({ code, message, cure, retryable, quoted: quotedIn(error), details });
}

/** The error that was kept; the library's own text where it gave a job up without asking the processor. */
export function decodeFailure(text: string): RollcallError {
  try {
    const { code, message, cure, retryable, quoted, details } = Kept.parse(JSON.parse(text));
    return new RollcallError(code, message, {
      retryable,
      ...(cure === undefined ? {} : { cure }),
      ...(quoted === undefined ? {} : { quoted }),
      ...(details === undefined ? {} : { details }),
    });
  } catch {
    return new RollcallError('UNAVAILABLE', `The job was given up: ${text}.`, {
      cure: 'Its worker ended several times in the middle of it; look at the log, then start the run again.',
      retryable: false,
    });
  }
}

/** Was this text made by `encodeFailure`? */
export function isEncodedFailure(text: string): boolean {
  try {
    return Kept.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}
