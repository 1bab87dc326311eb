import { CommanderError } from 'commander';
import type { CliContext } from './context.ts';
import { createProgram } from './program.ts';
import { type Pending, surround, type Surroundings } from './support/command.ts';
import { describeError, EXIT } from './support/exit.ts';
import { createOutput, styleOf } from './support/output.ts';

/**
 * Runs one command.
 *
 * @param argv the arguments behind the program's name
 * @returns the exit code (design §9); never rejects
 */
export async function runCli(argv: readonly string[], context: CliContext): Promise<number> {
  const pending: Pending = { work: null, command: null };
  const json = argv.includes('--json');
  const usage = createOutput(context, json, (text) => text);
  const program = createProgram(context.version, pending, {
    out: (text) => void context.stdout.write(text),
    err: (text) => {
      if (!json) context.stderr.write(text);
    },
    outColumns: styleOf(context.stdout, context).columns,
    errColumns: styleOf(context.stderr, context).columns,
  });
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    return endOfParsing(error, json, usage.error);
  }
  const { work, command } = pending;
  if (work === null || command === null) return EXIT.usage;

  const stop = new AbortController();
  const forget = context.onInterrupt(() => {
    if (stop.signal.aborted) {
      context.leave(LEFT_AT_ONCE);
      return;
    }
    if (command.name() !== 'sandbox')
      usage.remark('Stopping as soon as it is safe. Press Ctrl-C again to leave at once.');
    stop.abort(new Error('Stopped by Ctrl-C.'));
  });
  let surroundings: Surroundings | null = null;
  try {
    surroundings = surround(context, command, stop.signal);
    return await work(surroundings, command);
  } catch (error) {
    surroundings?.logger.debug('The command failed.', { error });
    const { shown, exitCode } = stop.signal.aborted
      ? { shown: INTERRUPTED, exitCode: EXIT.error }
      : describeError(error);
    (surroundings?.output ?? usage).error(shown);
    return exitCode;
  } finally {
    forget();
  }
}

const LEFT_AT_ONCE = 130;

const INTERRUPTED = {
  code: 'INTERRUPTED',
  message: 'Stopped before the end.',
  cure: 'Start the same command again; an import goes on where it was.',
};

function endOfParsing(error: unknown, json: boolean, show: ReturnType<typeof createOutput>['error']): number {
  if (!(error instanceof CommanderError)) {
    const { shown, exitCode } = describeError(error);
    show(shown);
    return exitCode;
  }
  if (error.exitCode === 0) return EXIT.done;
  // Without --json, commander has written its message already.
  if (json) {
    const message =
      error.code === 'commander.help' ? 'No command was given.' : error.message.replace(/^error: /u, '');
    show({ code: 'USAGE', message, cure: 'Add --help for what is possible.' });
  }
  return EXIT.usage;
}
