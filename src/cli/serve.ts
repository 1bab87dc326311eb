import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import type { OpenedHealth } from './context.ts';
import { type Pending, perform, type Surroundings, wholeNumber, withRollcall } from './support/command.ts';
import { EXIT } from './support/exit.ts';

/** What one process of the service may do. */
const ROLES = ['worker'] as const;

const Options = z.object({
  role: z.array(z.enum(ROLES)).default([...ROLES]),
  port: z.number().optional(),
  host: z.string().min(1).default('127.0.0.1'),
});

export function serveCommand(program: Command, pending: Pending): void {
  const command = program
    .command('serve')
    .description('Stays and works on runs, whoever starts them; several processes share the work')
    .option('--role <roles>', `what this process does, separated by commas: ${ROLES.join(', ')}`, rolesOf)
    .option('--port <number>', 'answer /healthz and /readyz on this port', wholeNumber(0))
    .option('--host <address>', 'the address to answer on', '127.0.0.1')
    .addHelpText(
      'after',
      '\nThe first Ctrl-C or SIGTERM lets jobs under way come to their end, the second leaves at once.\n\nExample:\n  rollcall serve --role worker --port 8080',
    );
  perform(command, pending, async (surroundings) => {
    const { port, host } = Options.parse(command.opts());
    const { output, signal } = surroundings;
    let health: OpenedHealth | null = null;
    try {
      await withRollcall(surroundings, async ({ rollcall }) => {
        health = await openHealth(surroundings, { host, port, ready: () => rollcall.ready() });
        output.remark(
          `Working on runs${health === null ? '' : `; ${health.url}/readyz says how it is`}. Press Ctrl-C to stop.`,
        );
        await rollcall.work(signal);
        health?.stopping();
        output.remark('Letting jobs under way come to their end.');
      });
    } finally {
      await closeHealth(health);
    }
    return EXIT.done;
  });
}

async function openHealth(
  { context }: Surroundings,
  { port, ...options }: { readonly host: string; readonly port: number | undefined; ready(): Promise<void> },
): Promise<OpenedHealth | null> {
  return port === undefined ? null : context.startHealth({ ...options, port });
}

async function closeHealth(health: OpenedHealth | null): Promise<void> {
  await health?.close();
}

function rolesOf(text: string): readonly string[] {
  const roles = text
    .split(',')
    .map((role) => role.trim())
    .filter((role) => role !== '');
  const unknown = roles.find((role) => !ROLES.some((known) => known === role));
  if (unknown !== undefined || roles.length === 0)
    throw new InvalidArgumentError(`Roles are: ${ROLES.join(', ')}.`);
  return roles;
}
