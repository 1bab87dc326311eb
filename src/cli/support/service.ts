import { isRollcallError } from '../../app/ports/errors.ts';
import type { Consulted, RunOptions, RunResult } from '../../app/rollcall.ts';
import type { Report } from '../../domain/run.ts';
import type { FoundService, OpenedRollcall } from '../context.ts';
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

/** What a run is asked for there: with a wish, or by its id where it waits for approval. */
interface There {
  readonly yes: boolean;
  start(service: FoundService, following: Parameters<FoundService['run']>[1]): Promise<Report>;
}

/** Starts a run in this process, or in the service that holds the data directory, and follows it. */
export async function runHereOrThere(
  surroundings: Surroundings,
  { yes, wish }: { readonly yes: boolean; readonly wish: ServiceWish },
  here: (opened: OpenedRollcall, run: RunOptions) => Promise<RunResult>,
): Promise<Report> {
  return followHereOrThere(surroundings, here, {
    yes,
    start: (service, following) => service.run({ ...wish }, following),
  });
}

/** Approves a run in this process, or in the service that holds the data directory, and follows it. */
export async function approveHereOrThere(
  surroundings: Surroundings,
  { yes, id }: { readonly yes: boolean; readonly id: string },
): Promise<Report> {
  return followHereOrThere(surroundings, ({ rollcall }, run) => rollcall.approve(id, run), {
    yes,
    start: (service, following) => service.approve(id, following),
  });
}

/** Asks the product, or the service that holds its data directory. */
export async function consult<T>(
  surroundings: Surroundings,
  use: (consulted: Consulted, of: Pick<OpenedRollcall, 'storeIsOurs'>) => Promise<T>,
): Promise<T> {
  try {
    return await withRollcall(surroundings, ({ rollcall, storeIsOurs }) => use(rollcall, { storeIsOurs }));
  } catch (error) {
    const service = await serviceBehind(surroundings, error);
    if (service === null) throw error;
    // Others are at work on what the service holds.
    return use(service.consulted, { storeIsOurs: false });
  }
}

/** The service that kept a command from opening the product, if that is what did. */
async function serviceBehind(surroundings: Surroundings, error: unknown): Promise<FoundService | null> {
  const holder = isRollcallError(error, 'BUSY') ? error.details['pid'] : undefined;
  return typeof holder === 'number'
    ? surroundings.context.findService(openOptions(surroundings), holder)
    : null;
}

async function followHereOrThere(
  surroundings: Surroundings,
  here: (opened: OpenedRollcall, run: RunOptions) => Promise<RunResult>,
  there: There,
): Promise<Report> {
  const { yes } = there;
  try {
    const { report } = await withRollcall(surroundings, (opened) =>
      followRun(surroundings, opened, { yes }, (run) => here(opened, run)),
    );
    return report;
  } catch (error) {
    const service = await serviceBehind(surroundings, error);
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
    return followThere(surroundings, service, there);
  }
}

async function followThere(
  { context, output, signal }: Surroundings,
  service: FoundService,
  { start }: There,
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
    return await start(service, {
      signal,
      onProgress: (event) => listeners.forEach((listener) => listener(event)),
    });
  } finally {
    view.end();
  }
}
