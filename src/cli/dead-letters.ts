import type { Command } from 'commander';
import { z } from 'zod';
import type { RetriedJob } from '../app/dead-letters.ts';
import { isRollcallError, RollcallError } from '../app/ports/errors.ts';
import type { DeadLetter } from '../app/ports/jobs.ts';
import { renderTable } from './render/table.ts';
import { count, moment, outside, type TextStyle } from './render/text.ts';
import { type Pending, perform, wholeNumber, withRollcall } from './support/command.ts';
import { EXIT } from './support/exit.ts';

const ListOptions = z.object({ limit: z.number() });
const RetryOptions = z.object({ all: z.boolean().default(false) });

/** As many as the queue keeps. */
const ALL = 1000;

export function deadLettersCommand(program: Command, pending: Pending): void {
  const list = program
    .command('dead-letters')
    .description('Lists jobs that failed for good, newest first')
    .option('-n, --limit <number>', 'how many', wholeNumber(1), 20)
    .addHelpText('after', '\nExample:\n  rollcall dead-letters\n  rollcall dead-letters retry --all');
  perform(list, pending, async (surroundings) => {
    const { limit } = ListOptions.parse(list.opts());
    const letters = await withRollcall(surroundings, ({ rollcall }) => rollcall.deadLetters(limit));
    surroundings.output.result(renderLetters(surroundings.output.style, letters), letters);
    return EXIT.done;
  });

  const retry = list
    .command('retry')
    .description('Tries such jobs again; one whose run has ended meanwhile does nothing')
    .argument('[id]', 'the job')
    .option('--all', 'all of them, oldest first')
    .addHelpText('after', '\nExample:\n  rollcall dead-letters retry run:0192…');
  perform(retry, pending, async (surroundings) => {
    const id = idOf(retry.args, retry.opts());
    const { output, signal } = surroundings;
    const retried = await withRollcall(surroundings, async ({ rollcall }) => {
      if (id !== null) return [await rollcall.retryDeadLetter(id, signal)];
      const outcomes: RetriedJob[] = [];
      for (const letter of (await rollcall.deadLetters(ALL)).toReversed())
        try {
          outcomes.push(await rollcall.retryDeadLetter(letter.id, signal));
        } catch (error) {
          // Somebody else has retried it, or it became too old, since the list was read.
          if (!isRollcallError(error, 'NOT_FOUND', 'CONFLICT')) throw error;
        }
      return outcomes;
    });
    output.result(renderRetried(output.style, retried), retried);
    return retried.some(({ outcome }) => outcome === 'failed') ? EXIT.partial : EXIT.done;
  });
}

/** `null`: all. */
function idOf(args: readonly string[], options: unknown): string | null {
  const { all } = RetryOptions.parse(options);
  const [id] = args;
  if (all !== (id === undefined))
    throw new RollcallError('USAGE', all ? 'Both a job and --all were given.' : 'No job was named.', {
      cure: 'Give the ID of one job, or --all.',
    });
  return id ?? null;
}

function renderLetters(style: TextStyle, letters: readonly DeadLetter[]): string {
  if (letters.length === 0) return 'No job has failed for good.';
  return renderTable(style, {
    head: ['Job', 'Kind', 'Failed', 'Attempts', 'Why'],
    indent: 0,
    shares: [0, 0, 0, 0, 100],
    rows: letters.map(({ id, name, failedAt, attempts, code, message }) => [
      outside(style, id),
      outside(style, name),
      moment(failedAt),
      String(attempts),
      outside(style, `${code}: ${message}`),
    ]),
  });
}

function renderRetried(style: TextStyle, retried: readonly RetriedJob[]): string {
  const failed = retried.filter(({ outcome }) => outcome === 'failed');
  return [
    `${count(retried.length - failed.length, 'job was', 'jobs were')} done.`,
    ...failed.map(({ id, code, message }) =>
      outside(style, `Failed again: ${id}: ${code ?? ''}: ${message ?? ''}`),
    ),
  ].join('\n');
}
