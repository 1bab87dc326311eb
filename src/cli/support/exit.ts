import { isRollcallError } from '../../app/ports/errors.ts';
import type { RunStatus } from '../../domain/run.ts';

/** Exit codes (design §9). */
export const EXIT = {
  /** Done, or nothing to do. */
  done: 0,
  error: 1,
  /** Done, but some records failed. */
  partial: 2,
  /** Stopped by a guard, or nobody could be asked. */
  stopped: 3,
  /** Bad usage or configuration. */
  usage: 64,
} as const;

/** Ends a command with an exit code of its own choosing. */
export class CommandError extends Error {
  readonly code: string;
  readonly exitCode: number;
  readonly cure: string;

  constructor(code: string, message: string, options: { cure: string; exitCode: number }) {
    super(message);
    this.name = 'CommandError';
    this.code = code;
    this.exitCode = options.exitCode;
    this.cure = options.cure;
  }
}

/** The exit code that tells how a run ended. */
export function exitCodeOfRun(status: RunStatus): number {
  return RUN_EXIT[status];
}

const RUN_EXIT: Readonly<Record<RunStatus, number>> = {
  succeeded: EXIT.done,
  'nothing-to-do': EXIT.done,
  partial: EXIT.partial,
  stopped: EXIT.stopped,
  'awaiting-approval': EXIT.stopped,
  failed: EXIT.error,
  running: EXIT.error,
};

/** What is shown of an error. */
export interface ShownError {
  readonly code: string;
  readonly message: string;
  readonly cure: string | null;
}

/** What a command says about an error, and the exit code that goes with it. */
export function describeError(error: unknown): { shown: ShownError; exitCode: number } {
  if (error instanceof CommandError) {
    const { code, message, cure, exitCode } = error;
    return { shown: { code, message, cure }, exitCode };
  }
  if (isRollcallError(error)) {
    const { code, message, cure, details } = error;
    const shown = { code, message, cure: cure ?? null };
    if (code === 'CONFIGURATION' || code === 'USAGE') return { shown, exitCode: EXIT.usage };
    if (details['stopped'] === true) return { shown, exitCode: EXIT.stopped };
    if (code === 'BUSY')
      return { shown: { ...shown, message: withHolder(message, details) }, exitCode: EXIT.error };
    return { shown, exitCode: EXIT.error };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    shown: {
      code: 'UNEXPECTED',
      message: `Something went wrong that should not: ${message}`,
      cure: 'Run the command again with --log-level debug and report what it prints.',
    },
    exitCode: EXIT.error,
  };
}

function withHolder(message: string, details: Readonly<Record<string, unknown>>): string {
  const named = ['runId', 'holder', 'pid'].flatMap((key) => {
    const value = details[key];
    return (typeof value === 'string' || typeof value === 'number') && !message.includes(String(value))
      ? [`${HOLDER_WORDS[key] ?? key} ${value}`]
      : [];
  });
  return named.length === 0 ? message : `${message} (${named.join(', ')})`;
}

const HOLDER_WORDS: Readonly<Record<string, string>> = { runId: 'run', holder: 'held by', pid: 'process' };
