import type { Command } from 'commander';
import { z } from 'zod';
import { renderReport } from './render/report.ts';
import { type Pending, perform } from './support/command.ts';
import { exitCodeOfRun } from './support/exit.ts';
import { requireAnswer } from './support/follow.ts';
import { runHereOrThere } from './support/service.ts';

const Options = z.object({
  yes: z.boolean().default(false),
  retryFailed: z.boolean().default(false),
  onlyFailed: z.string().min(1).optional(),
  acceptFewer: z.boolean().default(false),
  includeHeld: z.boolean().default(false),
});

export function importCommand(program: Command, pending: Pending): void {
  const command = program
    .command('import')
    .description(
      'Brings the people of the directory into the CRM: reads both, shows the plan, asks, applies, reports',
    )
    .option('-y, --yes', 'apply the plan without asking (a guard is never skipped)')
    .option(
      '--retry-failed',
      'send again what failed in an earlier run although nothing about it has changed',
    )
    .option('--only-failed <run>', 'only the people for whom something failed in this run')
    .option('--include-held', 'take in people on hold, too; whoever comes through is released')
    .option(
      '--accept-fewer',
      'believe a reading that holds much less than the last complete one: the people really left',
    )
    .addHelpText('after', '\nExample:\n  rollcall import\n  rollcall import --yes --json > report.json');
  perform(command, pending, async (surroundings) => {
    const { yes, onlyFailed, ...options } = Options.parse(command.opts());
    requireAnswer(surroundings, yes);
    const wish = { ...options, ...(onlyFailed === undefined ? {} : { onlyFailedOf: onlyFailed }) };
    const report = await runHereOrThere(
      surroundings,
      { yes, wish: { kind: 'import', ...wish } },
      ({ rollcall }, run) => rollcall.import({ ...run, ...wish }),
    );
    surroundings.output.result(renderReport(surroundings.output.style, report), report);
    return exitCodeOfRun(report.status);
  });
}
