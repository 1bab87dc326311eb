import type { Command } from 'commander';
import { z } from 'zod';
import type { ImportResult } from '../app/rollcall.ts';
import type { Plan } from '../domain/planning/plan.ts';
import type { OpenedRollcall } from './context.ts';
import { renderPlan } from './render/plan.ts';
import { renderReport } from './render/report.ts';
import { ask, canAsk } from './support/ask.ts';
import { type Pending, perform, type Surroundings, withRollcall } from './support/command.ts';
import { CommandError, EXIT, exitCodeOfRun } from './support/exit.ts';
import { showProgress } from './support/progress.ts';

/** How many people of each group the plan shows before the question. */
const PEOPLE_IN_SUMMARY = 5;

const Options = z.object({
  yes: z.boolean().default(false),
  retryFailed: z.boolean().default(false),
  acceptFewer: z.boolean().default(false),
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
    .option(
      '--accept-fewer',
      'believe a reading that holds much less than the last complete one: the people really left',
    )
    .addHelpText('after', '\nExample:\n  rollcall import\n  rollcall import --yes --json > report.json');
  perform(command, pending, async (surroundings) => {
    const { yes, retryFailed, acceptFewer } = Options.parse(command.opts());
    requireAnswer(surroundings, yes);
    const { report } = await withRollcall(surroundings, (opened) =>
      runImport(surroundings, opened, { yes, retryFailed, acceptFewer }),
    );
    surroundings.output.result(renderReport(surroundings.output.style, report), report);
    return exitCodeOfRun(report.status);
  });
}

/** Refuses to start where nobody can answer the question that will be asked; nothing has been read by then. */
export function requireAnswer({ context }: Surroundings, yes: boolean): void {
  if (yes || canAsk(context)) return;
  throw new CommandError(
    'CONFIRMATION_REQUIRED',
    'There is no terminal to ask on whether the plan is to be applied.',
    {
      cure: 'Add --yes to apply it without asking, or make a plan to be read first: rollcall plan --out FILE.',
      exitCode: EXIT.stopped,
    },
  );
}

/** Imports with plan, question and progress in view. */
export async function runImport(
  surroundings: Surroundings,
  { rollcall, progress }: OpenedRollcall,
  options: {
    readonly yes: boolean;
    readonly retryFailed?: boolean;
    readonly acceptFewer?: boolean;
    readonly plan?: Plan;
    readonly people?: number;
  },
): Promise<ImportResult> {
  const { context, output, signal } = surroundings;
  const view = showProgress(progress, context.stderr, context.clock);
  try {
    const result = await rollcall.import({
      trigger: 'command',
      signal,
      ...(options.plan === undefined ? {} : { plan: options.plan }),
      ...(options.retryFailed === undefined ? {} : { retryFailed: options.retryFailed }),
      ...(options.acceptFewer === undefined ? {} : { acceptFewer: options.acceptFewer }),
      confirm: async (plan) => {
        view.pause();
        output.say(`${renderPlan(output.style, plan, { people: options.people ?? PEOPLE_IN_SUMMARY })}\n`);
        return options.yes || (await ask(context, 'Apply this plan?', signal));
      },
    });
    if (result.resumed) output.remark('An earlier import had been cut off; it has been continued.');
    return result;
  } finally {
    view.end();
  }
}
