import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { renderReport } from './render/report.ts';
import { type Pending, perform } from './support/command.ts';
import { exitCodeOfRun } from './support/exit.ts';
import { requireAnswer } from './support/follow.ts';
import { runHereOrThere } from './support/service.ts';

const Options = z.object({
  yes: z.boolean().default(false),
  record: z.array(z.string()).optional(),
  includeHeld: z.boolean().default(false),
});

export function pushCommand(program: Command, pending: Pending): void {
  const command = program
    .command('push')
    .description(
      'Carries what was changed in the CRM to the directory: shows the plan, asks, applies, reports',
    )
    .option('--record <id>', 'only this telephony record; may be given several times', collect)
    .option('-y, --yes', 'apply the plan without asking (a guard is never skipped)')
    .option('--include-held', 'take in people on hold, too; whoever comes through is released')
    .addHelpText('after', '\nExample:\n  rollcall push\n  rollcall push --record 0f8e… --yes');
  perform(command, pending, async (surroundings) => {
    const { yes, record, includeHeld } = Options.parse(command.opts());
    requireAnswer(surroundings, yes, 'start it in a terminal, where it shows its plan and asks.');
    const wish = { includeHeld, ...(record === undefined ? {} : { records: record }) };
    const report = await runHereOrThere(
      surroundings,
      { yes, wish: { kind: 'push', ...wish } },
      ({ rollcall }, run) => rollcall.push({ ...run, ...wish }),
    );
    surroundings.output.result(renderReport(surroundings.output.style, report), report);
    return exitCodeOfRun(report.status);
  });
}

function collect(id: string, earlier: readonly string[] = []): readonly string[] {
  const parsed = z.guid().safeParse(id);
  if (!parsed.success) throw new InvalidArgumentError('It must be the id of a telephony record, a GUID.');
  return [...earlier, parsed.data.toLowerCase()];
}
