import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Report } from '../domain/run.ts';
import type { Environment, OpenedRollcall } from './context.ts';
import { renderReport } from './render/report.ts';
import { count, outside, paint } from './render/text.ts';
import { type Pending, perform, type Surroundings, wholeNumber, withRollcall } from './support/command.ts';
import { EXIT } from './support/exit.ts';
import { followRun } from './support/follow.ts';
import { writeSandboxConfig } from './support/sandbox-config.ts';

const Options = z.object({ users: z.number(), contacts: z.number(), crmUsers: z.number(), seed: z.number() });

export function demoCommand(program: Command, pending: Pending): void {
  const command = program
    .command('demo')
    .description(
      'Shows an import between two stand-ins with made-up people; needs no account and leaves nothing behind',
    )
    .option('--users <number>', 'people in the directory', wholeNumber(1), 60)
    .option('--contacts <number>', 'contacts in the CRM', wholeNumber(2), 200)
    .option('--crm-users <number>', 'users of the CRM', wholeNumber(2), 45)
    .option('--seed <number>', 'the same seed makes up the same people', wholeNumber(0), 7)
    .addHelpText('after', '\nExample:\n  rollcall demo --users 500 --contacts 2000 --crm-users 400');
  perform(command, pending, async (surroundings) => {
    const options = Options.parse(command.opts());
    const { context, output, addSecrets } = surroundings;
    const folder = await mkdtemp(join(tmpdir(), 'rollcall-demo-'));
    try {
      output.say(
        `1. Starting a directory of ${count(options.users, 'person', 'people')} and a CRM, both made up.`,
      );
      const sandboxes = await context.startSandboxes({ ...options, latencyMs: 0 });
      try {
        addSecrets([sandboxes.creatio.password, sandboxes.webitel.token]);
        const configPath = await writeSandboxConfig(folder, sandboxes);
        return await withRollcall(surroundings, (opened) => showImports(surroundings, opened), {
          configPath,
          env: withoutOwnSystems(context.env),
        });
      } finally {
        await sandboxes.close();
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

/** Imports twice: the second time there must be nothing left to do. */
async function showImports(surroundings: Surroundings, opened: OpenedRollcall): Promise<number> {
  const { output } = surroundings;
  const { style } = output;
  output.say(
    '\n2. Importing: both sides are read, people are recognised, and what would be written is shown first.\n',
  );
  const first = await importOnce(surroundings, opened);
  output.say(`${renderReport(style, first)}\n`);
  await showCase(surroundings, opened);
  output.say('3. Importing again: everybody is known now, so there must be nothing left to do.\n');
  const second = await importOnce(surroundings, opened);
  const clean = Object.values(second.outcomes).every((number) => number === 0);
  const closing = clean
    ? paint(style, 'green', 'The second import wrote nothing.')
    : paint(style, 'red', 'The second import found something to do, which it should not.');
  const next =
    'To try everything yourself, go on with "Play with it" in README.md, or with rollcall sandbox --help.';
  output.result(`${renderReport(style, second)}\n\n${closing} ${next}`, { first, second });
  const worked =
    first.status === 'succeeded' || first.status === 'partial' || first.status === 'nothing-to-do';
  return clean && worked ? EXIT.done : EXIT.error;
}

async function importOnce(surroundings: Surroundings, opened: OpenedRollcall): Promise<Report> {
  const { report } = await followRun(surroundings, opened, { yes: true }, (run) =>
    opened.rollcall.import(run),
  );
  return report;
}

async function showCase({ output }: Surroundings, { rollcall }: OpenedRollcall): Promise<void> {
  const [one] = await rollcall.cases({ status: 'open' });
  if (one === undefined) return;
  const name = outside(output.style, one.displayName);
  output.say(
    `For example, ${name} was not linked: ${outside(output.style, one.reason)}\nYou would see the candidates with "rollcall cases show ID" and decide once.\n`,
  );
}

/** The demo must not touch a store, a queue or a data folder that the environment names for real work. */
function withoutOwnSystems(env: Environment): Environment {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(ROLLCALL_|SANDBOX_|DATABASE_URL|REDIS_URL)/u.test(name)),
  );
}
