import { dirname, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { z } from 'zod';
import { type Authorities, readAuthorities } from './authorities.ts';
import { type DocumentPath, readYaml } from './document.ts';
import { readEngines, type Engines } from './engines.ts';
import { readEnvironment } from './environment.ts';
import { checkDocument } from './issues.ts';
import { displayPath, mappingPaths, readConfigurationFile } from './mapping.ts';
import { configurationError, type Problem } from './problems.ts';
import { configSchema, type ConnectionSchemas, LOG_NAMES, type Policy, type Retention } from './schema.ts';
import { readSchedules, type ConfiguredSchedule, type ServerSettings } from './service.ts';
import { createVariables, type Environment, type ReadFile } from './variables.ts';

export interface LoadOptions<S extends ConnectionSchemas> {
  /** Absolute path of `rollcall.yaml`. */
  readonly path: string;
  /** Wins over the file `.env` beside the configuration. */
  readonly env: Environment;
  readonly readFile: ReadFile;
  readonly connectionSchemas: S;
  /** Folder of the mappings that come with Rollcall. */
  readonly packageMappings?: string;
  /** Messages name files as seen from here; `ROLLCALL_DATA` is taken from here. */
  readonly cwd?: string;
  /** Hears the values that must never be shown, even when the configuration turns out to be wrong. */
  readonly onSecrets?: (values: readonly string[]) => void;
}

/** What `rollcall.yaml` says, complete with defaults. */
export interface Config<S extends ConnectionSchemas> {
  readonly path: string;
  readonly connections: z.output<ReturnType<typeof configSchema<S>>>['connections'];
  /** What `tls.ca` of the connections names. */
  readonly authorities: Authorities;
  /** Absolute path of the mapping document. */
  readonly mappingPath: string;
  readonly policy: Policy;
  /** Absolute path of the file that takes the temporary passwords of new directory users; `null`: none. */
  readonly passwordFile: string | null;
  readonly retention: Retention;
  readonly server: ServerSettings;
  readonly schedules: readonly ConfiguredSchedule[];
  /** How often the CRM is asked what has changed; `null`: never. */
  readonly pollMs: number | null;
  /** Does the log name people as they are? */
  readonly plainNames: boolean;
  /** Absolute path of the data folder; it need not exist yet. */
  readonly data: string;
  /** The servers that keep store and queue, where they are not embedded. */
  readonly engines: Engines;
  /** Values that must never be shown: all that came from `${…}`, and literal passwords and tokens. */
  readonly secrets: readonly string[];
  /** `file:line:column` of a value, for messages about it. */
  place(path: DocumentPath): string;
}

/**
 * Reads `rollcall.yaml`.
 *
 * @throws RollcallError `CONFIGURATION` with every mistake, its place and what to write instead
 */
export function loadConfig<S extends ConnectionSchemas>(options: LoadOptions<S>): Config<S> {
  const { path, readFile, connectionSchemas } = options;
  const cwd = options.cwd ?? process.cwd();
  const name = displayPath(path, cwd);
  const text = readConfigurationFile(path, name, readFile);
  const env = { ...dotEnv(path, readFile), ...options.env };
  const variables = createVariables(env, readFile);
  const file = readYaml(text, name, variables.resolve);
  const engines = readEngines(env, readFile);
  const secrets = [...new Set([...variables.secrets(), ...literalSecrets(file.value), ...engines.secrets])];
  options.onSecrets?.(secrets);

  const logNames = readEnvironment(env, 'ROLLCALL_LOG_NAMES');
  const problems: Problem[] = [...logNamesProblems(logNames), ...engines.problems, ...file.problems];
  const schema = configSchema(connectionSchemas);
  const checked = checkDocument(schema, file, variables.isSecret);
  // After a mistake in the YAML itself, what the schema says is mostly an echo of it.
  if (file.problems.length === file.broken.length) problems.push(...checked.problems);
  if (checked.data === undefined || problems.length > 0) throw configurationError(inFileOrder(problems));

  const { connections, mapping, policy, retention, server, poll, log, data } = checked.data;
  const schedules = readSchedules(checked.data.schedule, (at) => file.place(at));
  if (schedules.problems.length > 0) throw configurationError(schedules.problems);
  const authorities = readAuthorities({ connections, path, file, readFile, cwd });
  if (authorities.problems.length > 0) throw configurationError(authorities.problems);
  const candidates = mappingPaths(mapping, path, options.packageMappings);
  const mappingPath = candidates.find((candidate) => canRead(candidate, readFile));
  if (mappingPath === undefined) {
    const looked = candidates.map((candidate) => displayPath(candidate, cwd)).join(' and ');
    const what = variables.isSecret(['mapping'])
      ? 'the mapping does not exist'
      : `there is no mapping "${mapping}"`;
    const cure = variables.isSecret(['mapping'])
      ? 'Write the name of a file under mappings/ without .yaml, or a path that ends in .yaml.'
      : `Looked for ${looked}. Write the name of a file under mappings/ without .yaml, or a path that ends in .yaml.`;
    throw configurationError([{ place: file.place(['mapping']), what, cure }]);
  }

  const fromEnvironment = readEnvironment(env, 'ROLLCALL_DATA');
  return {
    path,
    connections,
    authorities: authorities.value,
    mappingPath,
    policy,
    passwordFile:
      policy.push.passwordFile === undefined ? null : resolve(dirname(path), policy.push.passwordFile),
    retention,
    server,
    schedules: schedules.value,
    pollMs: poll === undefined ? null : poll.seconds * 1000,
    plainNames: (logNames ?? log.names) === 'plain',
    data:
      fromEnvironment === undefined
        ? resolve(dirname(path), data ?? '.rollcall')
        : resolve(cwd, fromEnvironment),
    engines: engines.value,
    secrets,
    place: (at) => file.place(at),
  };
}

function logNamesProblems(written: string | undefined): Problem[] {
  if (written === undefined || LOG_NAMES.some((known) => known === written)) return [];
  const cure = `Set it to ${LOG_NAMES.join(' or ')}.`;
  return [{ place: 'ROLLCALL_LOG_NAMES', what: `"${written}" is no way to name people`, cure }];
}

function dotEnv(path: string, readFile: ReadFile): Environment {
  const beside = join(dirname(path), '.env');
  return canRead(beside, readFile) ? parseEnv(readFile(beside)) : {};
}

function canRead(path: string, readFile: ReadFile): boolean {
  try {
    readFile(path);
    return true;
  } catch {
    return false;
  }
}

/** Passwords and tokens that were written into the file instead of into the environment. */
function literalSecrets(value: unknown, key = ''): string[] {
  if (typeof value === 'string') return /password|token|secret/iu.test(key) && value !== '' ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  // What stands in a list is as secret as the list.
  return Object.entries(value).flatMap(([name, inner]) =>
    literalSecrets(inner, Array.isArray(value) ? key : name),
  );
}

function inFileOrder(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((a, b) => {
    const [lineA, columnA] = lineAndColumn(a.place);
    const [lineB, columnB] = lineAndColumn(b.place);
    return lineA - lineB || columnA - columnB;
  });
}

function lineAndColumn(place: string): [number, number] {
  const [, line, column] = /:(\d+):(\d+)$/u.exec(place) ?? [];
  return [Number(line ?? 0), Number(column ?? 0)];
}
