import type { Command } from 'commander';
import { z } from 'zod';
import { outside } from './render/text.ts';
import { type Pending, perform, withRollcall } from './support/command.ts';
import { EXIT } from './support/exit.ts';

export function unlinkCommand(program: Command, pending: Pending): void {
  const command = program
    .command('unlink')
    .description('Forgets which contact a person is, and remembers that they are not the same')
    .argument('<person>', 'login or directory id')
    .addHelpText('after', '\nExample:\n  rollcall unlink o.shevchenko');
  perform(command, pending, async (surroundings) => {
    const { output } = surroundings;
    const [person] = z.tuple([z.string()]).parse(command.args);
    const result = await withRollcall(surroundings, ({ rollcall }) => rollcall.unlink(person));
    const contact = result.contactId === null ? 'their contact' : `contact ${result.contactId}`;
    output.result(
      `${outside(output.style, person)} is no longer linked to ${contact}, and will not be linked to it again.`,
      result,
    );
    return EXIT.done;
  });
}
