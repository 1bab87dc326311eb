import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import type { SandboxRequest } from './context.ts';
import { type Pending, perform, webAddress, wholeNumber } from './support/command.ts';
import { CommandError, EXIT } from './support/exit.ts';
import { readJsonFile } from './support/files.ts';
import { rememberedBeside, writeSandboxConfig } from './support/sandbox-config.ts';

const Tables = z.record(z.string(), z.array(z.record(z.string(), z.json())));
const Data = z.strictObject({ webitel: Tables.default({}), creatio: Tables.default({}) });

const Options = z.object({
  users: z.number(),
  contacts: z.number(),
  crmUsers: z.number(),
  seed: z.number(),
  latency: z.number(),
  data: z.string().min(1).optional(),
  configDir: z.string().min(1).optional(),
  connectorUrl: z.string().optional(),
  connectorToken: z.string().optional(),
});

export function sandboxCommand(program: Command, pending: Pending): void {
  const command = program
    .command('sandbox')
    .description('Starts stand-ins of Webitel and Creatio with made-up people, and stays until Ctrl-C')
    .option('--users <number>', 'people in the directory', wholeNumber(1), 60)
    .option('--contacts <number>', 'contacts in the CRM', wholeNumber(2), 200)
    .option('--crm-users <number>', 'users of the CRM', wholeNumber(2), 45)
    .option('--seed <number>', 'the same seed makes up the same people', wholeNumber(0), 1)
    .option('--latency <ms>', 'let every request wait so long', wholeNumber(0), 0)
    .option('--data <file>', 'start with the rows of this JSON file instead of made-up ones')
    .option('--config-dir <dir>', 'write a ready rollcall.yaml and its secrets into this folder')
    .option(
      '--connector-url <url>',
      'let the CRM call this server of Rollcall when records change',
      webAddress,
    )
    .option('--connector-token <token>', 'the token that such calls bear')
    .addHelpText(
      'after',
      '\nExample:\n  rollcall sandbox --config-dir try\n  rollcall -c try/rollcall.yaml import      (in a second terminal)',
    );
  perform(command, pending, async ({ context, output, signal, addSecrets }) => {
    const { data, configDir, latency, connectorUrl, connectorToken, ...numbers } = Options.parse(
      command.opts(),
    );
    if (connectorToken !== undefined) addSecrets([connectorToken]);
    if (connectorToken !== undefined && connectorUrl === undefined) {
      throw new CommandError('USAGE', '--connector-token is for calls to a server, and none is named.', {
        cure: 'Name the server with --connector-url, too.',
        exitCode: EXIT.usage,
      });
    }
    const request: SandboxRequest = {
      ...numbers,
      latencyMs: latency,
      ...(data === undefined ? {} : { data: await readRows(data, context.cwd) }),
      ...(connectorUrl === undefined
        ? {}
        : {
            connector: {
              url: connectorUrl,
              ...(connectorToken === undefined ? {} : { token: connectorToken }),
            },
          }),
    };
    const sandboxes = await context.startSandboxes(request);
    try {
      const { creatio, webitel, control } = sandboxes;
      addSecrets([creatio.password, webitel.token]);
      const config =
        configDir === undefined ? null : await writeSandboxConfig(resolve(context.cwd, configDir), sandboxes);
      const remembered = config === null ? null : await rememberedBeside(config);
      if (remembered !== null)
        output.remark(
          `What Rollcall remembers in ${remembered} belongs to the people of an earlier sandbox. Delete that folder to start anew.`,
        );
      const lines = [
        'The sandboxes are ready.',
        `  Creatio  ${creatio.url}`,
        `  Webitel  ${webitel.url}`,
        `  Control  ${control.url}  (/state, /truth, /requests, /deliveries, /faults, /clock)`,
        config === null
          ? 'With --config-dir DIR you get a configuration to import with.'
          : `Try: rollcall -c ${config} import`,
        'They stay until you press Ctrl-C; nothing of theirs is kept.',
      ];
      output.result(lines.join('\n'), {
        creatio: { url: creatio.url },
        webitel: { url: webitel.url },
        control: { url: control.url },
      });
      await untilAborted(signal);
      return EXIT.done;
    } finally {
      await sandboxes.close();
    }
  });
}

async function readRows(file: string, cwd: string) {
  return readJsonFile(file, {
    cwd,
    schema: Data,
    what: 'a file of rows',
    cure: 'Write {"webitel": {"users": […], …}, "creatio": {"Contact": […], …}} in the products\' own field names.',
  });
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolved) => {
    signal.addEventListener('abort', () => resolved(), { once: true });
  });
}
