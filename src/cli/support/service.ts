import { isRollcallError } from '../../app/ports/errors.ts';
import type { RunOptions, RunResult } from '../../app/rollcall.ts';
import type { Report } from '../../domain/run.ts';
import type { OpenedRollcall } from '../context.ts';
import { openOptions, type Surroundings, withRollcall } from './command.ts';
import { CommandError, EXIT } from './exit.ts';
import { followRun } from './follow.ts';
import { showProgress } from './progress.ts';

/** A run as the service is asked for it: the body of `POST /v1/runs`. */
export interface ServiceWish {
  readonly kind: 'import' | 'push' | 'sync';
  readonly records?: readonly string[] | undefined;
  readonly retryFailed?: boolean | undefined;
  readonly onlyFailedOf?: string | undefined;
  readonly acceptFewer?: boolean | undefined;
  readonly includeHeld?: boolean | undefined;
}

/** Starts a run in this process, or in the service that holds the data directory, and follows it. */
export async function runHereOrThere(
  surroundings: Surroundings,
  { yes, wish }: { readonly yes: boolean; readonly wish: ServiceWish },
  here: (opened: OpenedRollcall, run: RunOptions) => Promise<RunResult>,
): Promise<Report> {
  try {
    const { report } = await withRollcall(surroundings, (opened) =>
      followRun(surroundings, opened, { yes }, (run) => here(opened, run)),
    );
    return report;
  } catch (error) {
    const holder = isRollcallError(error, 'BUSY') ? error.details['pid'] : undefined;
    const service =
      typeof holder === 'number'
        ? await surroundings.context.findService(openOptions(surroundings), holder)
        : null;
    if (service === null) throw error;
    if (!yes)
      throw new CommandError(
        'CONFIRMATION_REQUIRED',
        'The service holds the data directory and asks nobody.',
        {
          cure: 'Add --yes to let the service do it without asking (a guard is never skipped), or stop the service first.',
          exitCode: EXIT.stopped,
        },
      );
    return runThere(surroundings, service, wish);
  }
}

async function runThere(
  { context, output, signal }: Surroundings,
  service: NonNullable<Awaited<ReturnType<Surroundings['context']['findService']>>>,
  wish: ServiceWish,
): Promise<Report> {
  output.remark('The service that holds the data directory does it.');
  const listeners = new Set<Parameters<OpenedRollcall['progress']['subscribe']>[0]>();
  const view = showProgress(
    {
      publish: (event) => listeners.forEach((listener) => listener(event)),
      subscribe: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    context.stderr,
    context.clock,
  );
  try {
    return await service.run(
      { ...wish },
      {
        signal,
        onProgress: (event) => listeners.forEach((listener) => listener(event)),
      },
    );
  } finally {
    view.end();
  }
}
