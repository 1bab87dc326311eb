import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
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
    output.result(`${rowsOf(summary)} were restored, as they were at ${moment(summary.createdAt)}.`, summary);
    return EXIT.done;
  });
}
