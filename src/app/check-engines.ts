import { failure, ok } from './findings.ts';
import { isRollcallError } from './ports/errors.ts';
import type { Finding } from './rollcall.ts';

/** One of the engines that the product rests on. */
export interface EngineProbe {
  readonly code: 'store.engine' | 'queue.engine';
  /** What is said when it opens. */
  readonly opened: string;
  open(): Promise<void>;
}

/** Opens one engine; what it answers when it cannot be used is a finding like any other. */
export async function checkEngine({ code, opened, open }: EngineProbe): Promise<Finding> {
  try {
    await open();
    return ok(code, opened);
  } catch (error) {
    // Somebody at work is no fault: what can be tried without the store is tried.
    if (isRollcallError(error, 'BUSY')) return { ...failure(code, error), severity: 'warning' };
    return failure(code, error);
  }
}
