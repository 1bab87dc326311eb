import type { Command } from 'commander';
import { type Pending, perform, withRollcall } from './support/command.ts';
import { EXIT } from './support/exit.ts';

export function serveCommand(program: Command, pending: Pending): void {
  const command = program
    .command('serve')
    .description('Stays and works on runs, whoever starts them, until it is stopped');
  perform(command, pending, async (surroundings) => {
    await withRollcall(surroundings, ({ rollcall }) => rollcall.work(surroundings.signal));
    return EXIT.done;
  });
}
