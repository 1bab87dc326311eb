import { createHash } from 'node:crypto';
import type { Command } from 'commander';
import { z } from 'zod';
import { hasOwnFingerprint } from '../app/plan-run.ts';
import { RollcallError } from '../app/ports/errors.ts';
import { Plan } from '../domain/planning/plan.ts';
import { renderReport } from './render/report.ts';
import { type Pending, perform, withRollcall } from './support/command.ts';
import { followRun, requireAnswer } from './support/follow.ts';
import { exitCodeOfRun } from './support/exit.ts';
import { readJsonFile } from './support/files.ts';

const Options = z.object({ yes: z.boolean().default(false) });

export function applyCommand(program: Command, pending: Pending): void {
  const command = program
    .command('apply')
    .description('Applies a saved plan; what has changed since it was made is left alone and listed')
    .argument('<file>', 'a plan that was saved with: rollcall plan --out FILE')
    .option('-y, --yes', 'apply without asking (a guard is never skipped)')
    .addHelpText('after', '\nExample:\n  rollcall apply monday.plan.json');
  perform(command, pending, async (surroundings) => {
    const { yes } = Options.parse(command.opts());
    const [file] = z.tuple([z.string()]).parse(command.args);
    const plan = await readPlan(file, surroundings.context.cwd);
    requireAnswer(surroundings, yes);
    const { report } = await withRollcall(surroundings, (opened) =>
      followRun(surroundings, opened, { yes }, (run) => opened.rollcall.import({ ...run, plan })),
    );
    surroundings.output.result(renderReport(surroundings.output.style, report), report);
    return exitCodeOfRun(report.status);
  });
}

async function readPlan(file: string, cwd: string): Promise<Plan> {
  const cure = 'Make one with: rollcall plan --out FILE.';
  const plan = await readJsonFile(file, { cwd, schema: Plan, what: 'a plan of this version', cure });
  if (hasOwnFingerprint(plan, (text) => createHash('sha256').update(text).digest('hex'))) return plan;
  throw new RollcallError('USAGE', `${file} was changed after it was made: its fingerprint does not fit.`, {
    cure: `A plan is read, not edited. ${cure}`,
  });
}
