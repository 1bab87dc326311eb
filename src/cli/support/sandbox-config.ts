import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RollcallError } from '../../app/ports/errors.ts';
import type { StartedSandboxes } from '../context.ts';

const MARK = '# Written by `rollcall sandbox`, which overwrites it.';

/**
 * Writes a configuration for running sandboxes, `rollcall.yaml`, and its secrets, `.env`, into a folder.
 *
 * @returns the path of the configuration
 * @throws RollcallError `USAGE` when the folder holds a configuration that was not written by this function, or cannot be written
 */
export async function writeSandboxConfig(folder: string, sandboxes: StartedSandboxes): Promise<string> {
  const config = join(folder, 'rollcall.yaml');
  const secrets = join(folder, '.env');
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new RollcallError('USAGE', `${folder} cannot be made.`, {
      cure: 'Name another folder with --config-dir.',
      cause,
    });
  }
  for (const path of [config, secrets]) {
    const there = await readFile(path, 'utf8').catch(() => null);
    if (there === null || there.startsWith(MARK)) continue;
    throw new RollcallError('USAGE', `${path} exists already and is not of a sandbox.`, {
      cure: 'Name an empty folder with --config-dir.',
    });
  }
  const { creatio, webitel } = sandboxes;
  // Variables of their own, so that those of a real system in the environment are never sent to a sandbox or back.
  const variables = `SANDBOX_CREATIO_PASSWORD=${quote(creatio.password)}\nSANDBOX_WEBITEL_TOKEN=${quote(webitel.token)}\n`;
  const document = `connections:
  creatio:
    url: ${creatio.url}
    auth: { kind: forms, username: ${JSON.stringify(creatio.username)}, password: "\${SANDBOX_CREATIO_PASSWORD}" }
  webitel:
    url: ${webitel.url}
    auth: { kind: token, token: "\${SANDBOX_WEBITEL_TOKEN}" }
mapping: creatio-webitel
policy:
  exclude:
    # The account that Rollcall works as is nobody's telephone.
    logins: [rollcall]
`;
  await writeFile(secrets, `${MARK}\n${variables}`, { mode: 0o600 });
  await writeFile(config, `${MARK}\n${document}`);
  return config;
}

/** The folder beside a configuration in which Rollcall remembers an earlier import; `null` where there is none. */
export async function rememberedBeside(config: string): Promise<string | null> {
  const folder = join(dirname(config), '.rollcall');
  return access(folder).then(
    () => folder,
    () => null,
  );
}

/** A value for `.env`; its parser knows no escapes, so the quote must be one that the value lacks. */
function quote(value: string): string {
  const mark = ["'", '"', '`'].find((candidate) => !value.includes(candidate)) ?? '';
  return `${mark}${value}${mark}`;
}
