import { z } from 'zod';
import { type ErrorCode, isRollcallError } from '../app/ports/errors.ts';

/** Every error of the interface looks like this. */
export const ShownError = z.strictObject({
  code: z.string().describe('What went wrong, for machines'),
  message: z.string().describe('What went wrong, in words'),
  cure: z.string().nullable().describe('What can be done about it'),
});
export type ShownError = z.infer<typeof ShownError>;

/** An answer that is an error of whoever asked. */
export class Refusal extends Error {
  readonly status: number;
  readonly shown: ShownError;

  constructor(status: number, code: string, message: string, cure: string | null) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.shown = { code, message, cure };
  }
}

/** The errors of a door that is not ours say nothing of whoever asks here. */
const STATUS_OF: Readonly<Record<ErrorCode, number>> = {
  AUTHENTICATION: 502,
  FORBIDDEN: 502,
  NOT_FOUND: 404,
  CONFLICT: 409,
  VALIDATION: 400,
  QUOTA: 502,
  RATE_LIMITED: 503,
  UNAVAILABLE: 503,
  UNKNOWN_OUTCOME: 502,
  CONTRACT: 500,
  CONFIGURATION: 500,
  USAGE: 400,
  BUSY: 409,
};

/** What the HTTP library says of a request that never came to a route. */
const Broken = z.object({ code: z.string(), statusCode: z.number().min(400).max(499) });

/** How an error is answered; `null` for one that should not happen. */
export function answerOf(error: unknown): { readonly status: number; readonly shown: ShownError } | null {
  if (error instanceof Refusal) return { status: error.status, shown: error.shown };
  if (isRollcallError(error)) {
    const { code, message, cure } = error;
    return { status: STATUS_OF[code], shown: { code, message, cure: cure ?? null } };
  }
  const broken = Broken.safeParse(error);
  if (!broken.success) return null;
  const { statusCode: status } = broken.data;
  const [message, cure] = BROKEN[status] ?? ['The request cannot be understood.', 'See /openapi.json.'];
  return { status, shown: { code: 'VALIDATION', message, cure } };
}

// The library's own sentences may quote what was sent.
const BROKEN: Readonly<Record<number, readonly [string, string]>> = {
  400: ['The body is not JSON.', 'Send a JSON document, see /openapi.json.'],
  413: ['The body is too large.', 'Send at most 64 KB, and at most 100 hints at a time.'],
  415: ['The body is of a type that is not understood.', 'Send JSON with Content-Type: application/json.'],
};

export const UNEXPECTED: ShownError = {
  code: 'UNEXPECTED',
  message: 'Something went wrong that should not.',
  cure: 'The log of the service says more.',
};
