import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Restored } from '../app/ports/archive.ts';
import { rowsOf } from './backup.ts';
import { moment } from './render/text.ts';
import { type Pending, perform, withRollcall } from './support/command.ts';
import { EXIT } from './support/exit.ts';

const Options = z.object({ replace: z.boolean().default(false) });

export function restoreCommand(program: Command, pending: Pending): void {
  const command = program
    .command('restore')
    .description('Takes a backup in, into whichever engine is configured; also to move from one to the other')
    .argument('<file>', 'what `rollcall backup` has written')
    .option('--replace', 'put it in the place of everything that is remembered here')
    .addHelpText('after', '\nExample:\n  DATABASE_URL=postgres://… rollcall restore rollcall.backup');
  perform(command, pending, async (surroundings) => {
    const { context, output, signal } = surroundings;
    const [file] = z.tuple([z.string().min(1)]).parse(command.args);
    const { replace } = Options.parse(command.opts());
    const summary = await withRollcall(surroundings, ({ archive }) =>
      archive.restore(resolve(context.cwd, file), { replace, signal }),
    );
    output.result(renderRestored(summary), summary);
    return EXIT.done;
  });
}

function renderRestored(restored: Restored): string {
  return [
    `${rowsOf(restored)} were restored, as they were at ${moment(restored.createdAt)}.`,
    ...restored.endedRuns.map(
      (id) =>
        `Run ${id} was under way then and has failed here, since what it wrote afterwards is not known; the next import does what is left.`,
    ),
  ].join('\n');
}
