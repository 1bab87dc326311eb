import type { RunOptions, RunResult } from '../../app/rollcall.ts';
import type { Plan } from '../../domain/planning/plan.ts';
import type { OpenedRollcall } from '../context.ts';
import { renderPlan } from '../render/plan.ts';
import { ask, canAsk } from './ask.ts';
import type { Surroundings } from './command.ts';
import { CommandError, EXIT } from './exit.ts';
import { showProgress } from './progress.ts';

/** How many people of each group the plan shows before the question. */
const PEOPLE_IN_SUMMARY = 5;

/** Refuses to start where nobody can answer the question that will be asked; nothing has been read by then. */
export function requireAnswer(
  { context }: Surroundings,
  yes: boolean,
  elsewhere = 'make a plan to be read first: rollcall plan --out FILE.',
): void {
  if (yes || canAsk(context)) return;
  throw new CommandError(
    'CONFIRMATION_REQUIRED',
    'There is no terminal to ask on whether the plan is to be applied.',
    {
      cure: `Add --yes to apply it without asking, or ${elsewhere}`,
      exitCode: EXIT.stopped,
    },
  );
}

/** Starts a run and follows it, with plan, question and progress in view. */
export async function followRun(
  surroundings: Surroundings,
  { progress }: Pick<OpenedRollcall, 'progress'>,
  { yes, people = PEOPLE_IN_SUMMARY }: { readonly yes: boolean; readonly people?: number },
  start: (options: RunOptions) => Promise<RunResult>,
): Promise<RunResult> {
  const { context, output, signal } = surroundings;
  const view = showProgress(progress, context.stderr, context.clock);
  try {
    const show = (plan: Plan): void => {
      view.pause();
      output.say(`${renderPlan(output.style, plan, { people })}\n`);
    };
    const result = await start({
      trigger: 'command',
      signal,
      // Without a question, the run needs nobody any more once it is started.
      ...(yes
        ? { show }
        : {
            confirm: async (plan) => {
              show(plan);
              return ask(context, 'Apply this plan?', signal);
            },
          }),
    });
    if (result.resumed) output.remark('An earlier run had been cut off; it has been continued.');
    return result;
  } finally {
    view.end();
  }
}
