import type { Command } from 'commander';
import { z } from 'zod';
import { renderReport } from './render/report.ts';
import { type Pending, perform, withRollcall } from './support/command.ts';
import { exitCodeOfRun } from './support/exit.ts';
import { followRun, requireAnswer } from './support/follow.ts';

const Options = z.object({ yes: z.boolean().default(false) });

export function approveCommand(program: Command, pending: Pending): void {
  const command = program
    .command('approve')
    .description('Applies the plan of a run that a guard stopped, each row checked again')
    .argument('<id>', 'the run')
    .option('-y, --yes', 'approve without being shown the plan and asked')
    .addHelpText('after', '\nExample:\n  rollcall runs show 0192… --plan\n  rollcall approve 0192…');
  perform(command, pending, async (surroundings) => {
    const { yes } = Options.parse(command.opts());
    const [id] = z.tuple([z.string()]).parse(command.args);
    const { report } = await withRollcall(surroundings, async (opened) => {
      // Of a run that is not there, nothing is to be asked.
      await opened.rollcall.run(id);
      requireAnswer(surroundings, yes, `read its plan first: rollcall runs show ${id} --plan.`);
      return followRun(surroundings, opened, { yes }, (run) => opened.rollcall.approve(id, run));
    });
    surroundings.output.result(renderReport(surroundings.output.style, report), report);
    return exitCodeOfRun(report.status);
  });
}
