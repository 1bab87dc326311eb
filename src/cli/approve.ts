import type { Command } from 'commander';
import { z } from 'zod';
import { renderReport } from './render/report.ts';
import { type Pending, perform } from './support/command.ts';
import { exitCodeOfRun } from './support/exit.ts';
import { requireAnswer } from './support/follow.ts';
import { approveHereOrThere, consult } from './support/service.ts';

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
    // Of a run that is not there, nothing is to be asked.
    if (!yes) await consult(surroundings, (consulted) => consulted.run(id));
    requireAnswer(surroundings, yes, `read its plan first: rollcall runs show ${id} --plan.`);
    const report = await approveHereOrThere(surroundings, { yes, id });
    surroundings.output.result(renderReport(surroundings.output.style, report), report);
    return exitCodeOfRun(report.status);
  });
}
