import type { Command } from 'commander';
import { z } from 'zod';
import { renderReport } from './render/report.ts';
import { type Pending, perform, withRollcall } from './support/command.ts';
import { exitCodeOfRun } from './support/exit.ts';
import { followRun, requireAnswer } from './support/follow.ts';

const Options = z.object({ yes: z.boolean().default(false) });

export function undoCommand(program: Command, pending: Pending): void {
  const command = program
    .command('undo')
    .description('Takes back what a run did; the people it touched go on hold, so that it stays undone')
    .argument('<id>', 'the run')
    .option('-y, --yes', 'apply the plan without asking (a guard is never skipped)')
    .addHelpText('after', '\nExample:\n  rollcall undo 0192…');
  perform(command, pending, async (surroundings) => {
    const { yes } = Options.parse(command.opts());
    const [id] = z.tuple([z.string()]).parse(command.args);
    requireAnswer(surroundings, yes, 'start it in a terminal, where it shows its plan and asks.');
    const { report } = await withRollcall(surroundings, (opened) =>
      followRun(surroundings, opened, { yes }, (run) => opened.rollcall.undo(id, run)),
    );
    surroundings.output.result(renderReport(surroundings.output.style, report), report);
    return exitCodeOfRun(report.status);
  });
}
