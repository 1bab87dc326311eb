import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { RollcallError } from '../app/ports/errors.ts';
import { renderPlan } from './render/plan.ts';
import { type Pending, perform, withRollcall } from './support/command.ts';
import { EXIT } from './support/exit.ts';
import { showProgress } from './support/progress.ts';

const Options = z.object({
  out: z.string().min(1).optional(),
  config: z.string().optional(),
  includeHeld: z.boolean().default(false),
});

export function planCommand(program: Command, pending: Pending): void {
  const command = program
    .command('plan')
    .description('Shows what an import would write, and why; nothing is changed')
    .option('-o, --out <file>', 'also save the plan, to be applied later with: rollcall apply FILE')
    .option('--include-held', 'plan for people on hold, too')
    .addHelpText('after', '\nExample:\n  rollcall plan --out monday.plan.json');
  perform(command, pending, async (surroundings) => {
    const { context, output, signal } = surroundings;
    const { out, config, includeHeld } = Options.parse(command.optsWithGlobals());
    const plan = await withRollcall(surroundings, async ({ rollcall, progress }) => {
      const view = showProgress(progress, context.stderr, context.clock);
      try {
        return await rollcall.plan({ signal, includeHeld });
      } finally {
        view.end();
      }
    });
    if (out !== undefined) await save(resolve(context.cwd, out), `${JSON.stringify(plan, null, 2)}\n`);
    output.result(renderPlan(output.style, plan), plan);
    if (!plan.directory.complete) {
      const saved = out === undefined ? '' : `The plan was saved in ${out} to be looked at. `;
      output.remark(
        `${saved}The directory was not read completely, so this plan will not be applied. Try again later.`,
      );
      return EXIT.stopped;
    }
    if (plan.guards.length > 0)
      output.remark('An import of this plan would stop and wait for `rollcall approve`; the plan says why.');
    if (out !== undefined) {
      const named = config === undefined ? '' : `-c ${quoted(config)} `;
      output.remark(`The plan was saved. Apply it with: rollcall ${named}apply ${quoted(out)}`);
    }
    return EXIT.done;
  });
}

/** As a shell takes it for one word. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

async function save(path: string, text: string): Promise<void> {
  try {
    // The plan names people; other accounts of the machine have no business with it.
    await writeFile(path, text, { mode: 0o600 });
  } catch (cause) {
    throw new RollcallError('USAGE', `${path} cannot be written.`, {
      cure: 'Name a file with --out in a folder that exists and that this account may write to.',
      cause,
    });
  }
}
