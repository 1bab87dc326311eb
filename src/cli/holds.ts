import type { Command } from 'commander';
import { z } from 'zod';
import type { Released } from '../app/holds.ts';
import { RollcallError } from '../app/ports/errors.ts';
import type { Hold } from '../app/ports/store.ts';
import { renderTable } from './render/table.ts';
import { count, outside, type TextStyle } from './render/text.ts';
import { type Pending, perform, withRollcall } from './support/command.ts';
import { EXIT } from './support/exit.ts';

const HoldOptions = z.object({ reason: z.string().min(1).default('a person said so') });
const ReleaseOptions = z.object({ run: z.string().min(1).optional(), all: z.boolean().default(false) });

export function holdCommand(program: Command, pending: Pending): void {
  const command = program
    .command('hold')
    .description('Lets runs leave a person alone until they are released')
    .argument('<person>', 'login or directory id')
    .option('--reason <text>', 'why, for whoever reads it later')
    .addHelpText('after', '\nExample:\n  rollcall hold o.shevchenko --reason "two telephones until May"');
  perform(command, pending, async (surroundings) => {
    const { reason } = HoldOptions.parse(command.opts());
    const [person] = z.tuple([z.string()]).parse(command.args);
    const hold = await withRollcall(surroundings, ({ rollcall }) => rollcall.hold(person, reason));
    const { output } = surroundings;
    output.result(
      `${outside(output.style, hold.displayName)} (${outside(output.style, hold.login)}) is on hold. End it with: rollcall release ${hold.directoryUserId}`,
      hold,
    );
    return EXIT.done;
  });
}

export function holdsCommand(program: Command, pending: Pending): void {
  const command = program
    .command('holds')
    .description('Lists the people on hold, whom runs leave alone')
    .addHelpText('after', '\nExample:\n  rollcall holds');
  perform(command, pending, async (surroundings) => {
    const holds = await withRollcall(surroundings, ({ rollcall }) => rollcall.holds());
    surroundings.output.result(renderHolds(surroundings.output.style, holds), holds);
    return EXIT.done;
  });
}

export function releaseCommand(program: Command, pending: Pending): void {
  const command = program
    .command('release')
    .description('Takes people off hold; the next run takes them in again')
    .argument('[person]', 'login or directory id')
    .option('--run <id>', 'everybody whom the undo of this run put on hold')
    .option('--all', 'everybody')
    .addHelpText('after', '\nExample:\n  rollcall release o.shevchenko\n  rollcall release --run 0192…');
  perform(command, pending, async (surroundings) => {
    const which = releasedBy(command.args, command.opts());
    const released = await withRollcall(surroundings, ({ rollcall }) => rollcall.release(which));
    surroundings.output.result(
      `${count(released.length, 'person is', 'people are')} no longer on hold.`,
      released,
    );
    return EXIT.done;
  });
}

function releasedBy(args: readonly string[], options: unknown): Released {
  const [person] = z.tuple([z.string().optional()]).parse(args.length === 0 ? [undefined] : args);
  const { run, all } = ReleaseOptions.parse(options);
  const given: Released[] = [
    ...(person === undefined ? [] : [{ person }]),
    ...(run === undefined ? [] : [{ run }]),
    ...(all ? [{ everybody: true } as const] : []),
  ];
  const [which] = given;
  if (which !== undefined && given.length === 1) return which;
  throw new RollcallError(
    'USAGE',
    which === undefined ? 'Nobody was named.' : 'More than one way was given.',
    {
      cure: 'Give one of PERSON, --run ID or --all.',
    },
  );
}

function renderHolds(style: TextStyle, holds: readonly Hold[]): string {
  if (holds.length === 0) return 'Nobody is on hold.';
  return renderTable(style, {
    head: ['Login', 'Name', 'Since', 'Why'],
    indent: 0,
    shares: [0, 40, 0, 60],
    rows: holds.map(({ login, displayName, since, reason }) => [
      outside(style, login),
      outside(style, displayName),
      since.slice(0, 10),
      outside(style, reason),
    ]),
  });
}
