import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** What a configuration for the sandboxes has to say. */
export interface ConfigFacts {
  creatio: { url: string; username: string; password: string };
  webitel: { url: string; token: string };
}

const MARK = '# Written by "rollcall sandbox"; the next start writes it anew.';

/**
 * Writes a ready `rollcall.yaml`, and beside it the secrets it refers to in `.env`, which only its owner may read.
 *
 * @returns the path of `rollcall.yaml`
 * @throws Error if one of the two stands there and was not written by a sandbox.
 */
export async function writeConfigDir(directory: string, facts: ConfigFacts): Promise<string> {
  await mkdir(directory, { recursive: true });
  const secrets = { CREATIO_PASSWORD: facts.creatio.password, WEBITEL_TOKEN: facts.webitel.token };
  const lines = Object.entries(secrets).map(([name, value]) => `${name}=${value}`);
  const configPath = join(directory, 'rollcall.yaml');
  const secretsPath = join(directory, '.env');
  await refuseForeign([configPath, secretsPath]);
  await writeFile(secretsPath, `${[MARK, ...lines].join('\n')}\n`, { mode: 0o600 });
  // The mode above is for a new file only.
  await chmod(secretsPath, 0o600);
  await writeFile(configPath, `${MARK}\n${stringify(documentOf(facts))}`);
  return configPath;
}

/** The configuration; secrets stand in it as references. */
function documentOf({ creatio, webitel }: ConfigFacts): object {
  return {
    connections: {
      creatio: {
        url: creatio.url,
        auth: { kind: 'forms', username: creatio.username, password: '${CREATIO_PASSWORD}' },
      },
      webitel: { url: `${webitel.url}/api`, auth: { kind: 'token', token: '${WEBITEL_TOKEN}' } },
    },
    mapping: 'creatio-webitel',
  };
}

async function refuseForeign(paths: string[]): Promise<void> {
  for (const path of paths) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text !== undefined && !text.startsWith(MARK)) {
      throw new Error(`${path} was not written by a sandbox and is left alone; name another directory.`);
    }
  }
}
