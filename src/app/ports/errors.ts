/**
 * The error family of the product (design §8). Every error that reaches a person carries a code, a message that says
 * what happened, and a cure that says what to do about it.
 */

/** The codes of the family. `CONFIGURATION` and `USAGE` belong to the command line (exit code 64). */
export const ERROR_CODES = [
  'AUTHENTICATION',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'VALIDATION',
  'QUOTA',
  'RATE_LIMITED',
  'UNAVAILABLE',
  'UNKNOWN_OUTCOME',
  'CONTRACT',
  'CONFIGURATION',
  'USAGE',
  'BUSY',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export interface RollcallErrorOptions {
  /** What the reader can do about it, one sentence. */
  cure?: string;
  /** May the same call succeed if it is repeated unchanged? */
  retryable?: boolean;
  cause?: unknown;
  /**
   * Parts of the message that a person or another system has written. They may name people: a reader sees them, the log
   * does not.
   */
  quoted?: readonly string[];
  /** Facts for the log and for machines; never secrets, never whole bodies. */
  details?: Readonly<Record<string, string | number | boolean | null>>;
}

/** The one error class: callers branch on `code`, never on `message`. */
export class RollcallError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly cure: string | undefined;
  readonly quoted: readonly string[];
  readonly details: Readonly<Record<string, string | number | boolean | null>>;

  constructor(code: ErrorCode, message: string, options: RollcallErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'RollcallError';
    this.code = code;
    this.retryable = options.retryable ?? (code === 'RATE_LIMITED' || code === 'UNAVAILABLE');
    this.cure = options.cure;
    this.quoted = options.quoted ?? [];
    this.details = options.details ?? {};
  }
}

/** What an error and those behind it quote; a message often repeats that of its cause. */
export function quotedIn(error: unknown): string[] {
  const found: string[] = [];
  let current = error;
  for (let depth = 0; depth < DEEPEST_CAUSE && current instanceof Error; depth += 1) {
    if (current instanceof RollcallError) found.push(...current.quoted);
    current = current.cause;
  }
  return found;
}

const DEEPEST_CAUSE = 8;

/** Is this an error of the family, with one of these codes (any, when none is named)? */
export function isRollcallError(error: unknown, ...codes: ErrorCode[]): error is RollcallError {
  return error instanceof RollcallError && (codes.length === 0 || codes.includes(error.code));
}
