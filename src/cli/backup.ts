import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import type { ArchiveSummary } from '../app/ports/archive.ts';
import { count } from './render/text.ts';
import { type Pending, perform, withRollcall } from './support/command.ts';
import { EXIT } from './support/exit.ts';

export function backupCommand(program: Command, pending: Pending): void {
  const command = program
    .command('backup')
    .description('Writes everything that Rollcall remembers to one file, from whichever engine it is kept in')
    .argument('<file>', 'the backup to write; one that is there is replaced')
    .addHelpText('after', '\nExample:\n  rollcall backup rollcall.backup');
  perform(command, pending, async (surroundings) => {
    const { context, output, signal } = surroundings;
    const [file] = z.tuple([z.string().min(1)]).parse(command.args);
    const summary = await withRollcall(surroundings, ({ archive }) =>
      archive.backup(resolve(context.cwd, file), signal),
    );
    output.result(`${rowsOf(summary)} were written to ${file}. Keep it where only you can read it.`, {
      file: resolve(context.cwd, file),
      ...summary,
    });
    return EXIT.done;
  });
}

/** How much a backup holds, in words. */
export function rowsOf({ rows }: ArchiveSummary): string {
  const all = Object.values(rows).reduce((sum, number) => sum + number, 0);
  return `${count(all, 'row', 'rows')} of ${count(Object.keys(rows).length, 'table', 'tables')}`;
}
