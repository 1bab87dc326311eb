import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import type { OpenedRollcall, OpenedServer } from './context.ts';
import { type Pending, perform, type Surroundings, wholeNumber, withRollcall } from './support/command.ts';
import { CommandError, EXIT } from './support/exit.ts';

/** What one process of the service may do. */
const ROLES = ['web', 'worker', 'scheduler'] as const;
type Role = (typeof ROLES)[number];

const Options = z.object({
  role: z.array(z.enum(ROLES)).default([...ROLES]),
  port: z.number().optional(),
  host: z.string().min(1).optional(),
});
type Options = z.infer<typeof Options>;

export function serveCommand(program: Command, pending: Pending): void {
  const command = program
    .command('serve')
    .description(
      'Stays: answers on HTTP, works on runs whoever starts them, and starts them when they are due',
    )
    .option(
      '--role <roles>',
      `what this process does, separated by commas (default: all of ${ROLES.join(', ')})`,
      rolesOf,
    )
    .option(
      '--port <number>',
      'the port to answer on, instead of the configured one; without the role web, nothing but /healthz, /readyz and /metrics is answered, and only if a port is given',
      wholeNumber(0),
    )
    .option('--host <address>', 'the address to answer on, instead of the configured one')
    .addHelpText(
      'after',
      '\nThe first Ctrl-C or SIGTERM lets jobs under way come to their end, the second leaves at once.\n\nExample:\n  rollcall serve\n  rollcall serve --role worker --port 8080',
    );
  perform(command, pending, async (surroundings) => {
    const options = Options.parse(command.opts());
    let server: OpenedServer | null = null;
    try {
      await withRollcall(surroundings, async (opened) => {
        requireWorker(options.role, opened);
        server = await listen(opened, options);
        surroundings.output.remark(greeting(options.role, server));
        await workOn(surroundings, opened, options.role);
        server?.stopping();
        surroundings.output.remark('Letting jobs under way come to their end.');
        // Whoever asks is answered while there is a store to ask; `/healthz` alone needs none.
        if (options.role.includes('web')) await server?.close();
      });
    } finally {
      await closeServer(server);
    }
    return EXIT.done;
  });
}

/** @throws CommandError where the work would stay undone: nobody else can open the store */
function requireWorker(roles: readonly Role[], { storeIsOurs }: OpenedRollcall): void {
  if (!storeIsOurs || roles.includes('worker')) return;
  throw new CommandError(
    'USAGE',
    `The embedded engine serves one process, and this one would start runs that nobody works on.`,
    { cure: 'Add the role worker, or set DATABASE_URL to share the store.', exitCode: EXIT.usage },
  );
}

async function listen(opened: OpenedRollcall, { role, host, port }: Options): Promise<OpenedServer | null> {
  const web = role.includes('web');
  return web || port !== undefined ? opened.listen({ web, host, port }) : null;
}

function greeting(roles: readonly Role[], server: OpenedServer | null): string {
  const what = roles.includes('worker') ? 'Working on runs' : `Serving as ${roles.join(' and ')}`;
  const where = server === null ? '' : `; ${server.url}/readyz says how it is`;
  return `${what}${where}. Press Ctrl-C to stop.`;
}

/** Until the signal is aborted. */
async function workOn(
  { signal }: Surroundings,
  { rollcall }: OpenedRollcall,
  roles: readonly Role[],
): Promise<void> {
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.all([
    aborted,
    ...(roles.includes('worker') ? [rollcall.work(signal)] : []),
    ...(roles.includes('scheduler') ? [rollcall.schedule(signal)] : []),
  ]);
}

async function closeServer(server: OpenedServer | null): Promise<void> {
  await server?.close();
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
