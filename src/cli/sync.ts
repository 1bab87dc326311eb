import type { Command } from 'commander';
import { z } from 'zod';
import { renderReport } from './render/report.ts';
import { type Pending, perform } from './support/command.ts';
import { exitCodeOfRun } from './support/exit.ts';
import { requireAnswer } from './support/follow.ts';
import { runHereOrThere } from './support/service.ts';

const Options = z.object({
  yes: z.boolean().default(false),
  acceptFewer: z.boolean().default(false),
  includeHeld: z.boolean().default(false),
});

export function syncCommand(program: Command, pending: Pending): void {
  const command = program
    .command('sync')
    .description('Brings both systems in step, in both directions: shows the plan, asks, applies, reports')
    .option('-y, --yes', 'apply the plan without asking (a guard is never skipped)')
    .option('--include-held', 'take in people on hold, too; whoever comes through is released')
    .option(
      '--accept-fewer',
      'believe a reading that holds much less than the last complete one: the people really left',
    )
    .addHelpText('after', '\nExample:\n  rollcall sync\n  rollcall sync --yes --json > report.json');
  perform(command, pending, async (surroundings) => {
    const { yes, ...options } = Options.parse(command.opts());
    requireAnswer(surroundings, yes, 'start it in a terminal, where it shows its plan and asks.');
    const report = await runHereOrThere(
      surroundings,
      { yes, wish: { kind: 'sync', ...options } },
      ({ rollcall }, run) => rollcall.sync({ ...run, ...options }),
    );
    surroundings.output.result(renderReport(surroundings.output.style, report), report);
    return exitCodeOfRun(report.status);
  });
}
