import type { Command } from 'commander';
import { z } from 'zod';
import { outside, type TextStyle } from './render/text.ts';
import { type Pending, perform, withRollcall } from './support/command.ts';
import { EXIT } from './support/exit.ts';

const Options = z.object({ revoke: z.boolean().default(false) });

export function unlinkCommand(program: Command, pending: Pending): void {
  const command = program
    .command('unlink')
    .description('Forgets which contact a person is, and remembers that they are not the same')
    .argument('<person>', 'login or directory id')
    .option('--revoke', 'take the last unlink of this person back')
    .addHelpText(
      'after',
      '\nExample:\n  rollcall unlink o.shevchenko\n  rollcall unlink o.shevchenko --revoke',
    );
  perform(command, pending, async (surroundings) => {
    const { style, result: print } = surroundings.output;
    const [person] = z.tuple([z.string()]).parse(command.args);
    if (Options.parse(command.opts()).revoke) {
      const back = await withRollcall(surroundings, ({ rollcall }) => rollcall.takeUnlinkBack(person));
      print(takenBack(style, person, back), back);
      return EXIT.done;
    }
    const result = await withRollcall(surroundings, ({ rollcall }) => rollcall.unlink(person));
    print(unlinked(style, person, result.contactId), result);
    return EXIT.done;
  });
}

function unlinked(style: TextStyle, person: string, contactId: string | null): string {
  const name = outside(style, person);
  const contact = contactId === null ? 'their contact' : `contact ${contactId}`;
  return [
    `${name} is no longer linked to ${contact}, and will not be linked to it again.`,
    'The next import or sync looks for somebody else in the CRM whom they may be. If it finds nobody, it makes a new contact, and their telephony record moves to it.',
    `Take it back with: rollcall unlink ${name} --revoke`,
  ].join('\n');
}

function takenBack(
  style: TextStyle,
  person: string,
  { contactId, forgotten }: { contactId: string; forgotten: string | null },
): string {
  const name = outside(style, person);
  const first = `${name} may be contact ${contactId} again; the next import or sync looks for their contact anew.`;
  return forgotten === null
    ? first
    : [
        first,
        `They are no longer linked to contact ${forgotten}, to which a run had linked them since; where both may be theirs, a case asks you which.`,
      ].join('\n');
}
