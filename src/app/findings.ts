import { isRollcallError } from './ports/errors.ts';
import type { Finding } from './rollcall.ts';

export function ok(code: string, message: string): Finding {
  return { severity: 'ok', code, message, cure: null };
}

/** What an error means for whoever asked whether things would work. */
export function failure(code: string, error: unknown): Finding {
  return {
    severity: 'error',
    code,
    message: error instanceof Error ? error.message : String(error),
    cure: isRollcallError(error) ? (error.cure ?? null) : null,
  };
}
