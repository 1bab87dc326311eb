import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import type { Logger } from '../../app/ports/logger.ts';
import { readEnvironment } from '../../config/environment.ts';
import { createLogControl, type LogControl } from '../../log/control.ts';
import { createLogger, LOG_LEVELS, type LogLevel } from '../../log/logger.ts';
import { createRedactor } from '../../log/redact.ts';
import type { CliContext, Environment, OpenedRollcall, OpenOptions } from '../context.ts';
import { CommandError, EXIT } from './exit.ts';
import { createOutput, type Output } from './output.ts';

const GlobalOptions = z.object({
  config: z.string().optional(),
  json: z.boolean().default(false),
  verbose: z.boolean().default(false),
  logLevel: z.enum(LOG_LEVELS).optional(),
});

/** What a command works with. */
export interface Surroundings {
  readonly context: CliContext;
  readonly output: Output;
  readonly logger: Logger;
  readonly logControl: LogControl;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** Absolute path of the configuration that was named, or of the default one. */
  readonly configPath: string;
  /** Adds values that must never be shown. */
  readonly addSecrets: (values: readonly string[]) => void;
}

/** Does the work of a command; answers its exit code. */
export type Work = (surroundings: Surroundings, command: Command) => Promise<number>;

/** Collects what commander has parsed, so that the work starts after the arguments were found good. */
export interface Pending {
  work: Work | null;
  command: Command | null;
}

/** Ties a command to its work. */
export function perform(command: Command, pending: Pending, work: Work): void {
  command.action((..._parsed: unknown[]) => {
    pending.work = work;
    pending.command = command;
  });
}

/** Prepares everything that a command needs. `json` is known before the arguments are found good. */
export function surround(context: CliContext, command: Command, signal: AbortSignal): Surroundings {
  const options = GlobalOptions.parse(command.optsWithGlobals());
  const secrets = new Set<string>();
  const known = (): readonly string[] => [...secrets];
  const logControl = createLogControl();
  const logger = createLogger({
    level: levelOf(options, context.env),
    format: context.stderr.isTTY === true ? 'pretty' : 'json',
    destination: context.stderr,
    secrets: known,
    clock: context.clock,
    control: logControl,
  });
  const named = options.config ?? readEnvironment(context.env, 'ROLLCALL_CONFIG') ?? 'rollcall.yaml';
  return {
    context,
    output: createOutput(context, options.json, createRedactor(known).text),
    logger,
    logControl,
    signal,
    configPath: resolve(context.cwd, named),
    addSecrets: (values) => values.forEach((value) => secrets.add(value)),
  };
}

function levelOf(options: z.infer<typeof GlobalOptions>, env: Environment): LogLevel {
  if (options.logLevel !== undefined) return options.logLevel;
  if (options.verbose) return 'info';
  const written = readEnvironment(env, 'ROLLCALL_LOG_LEVEL');
  if (written === undefined) return 'warn';
  const level = LOG_LEVELS.find((known) => known === written);
  if (level !== undefined) return level;
  throw new CommandError('USAGE', `ROLLCALL_LOG_LEVEL is "${written}", which is no level.`, {
    cure: `Set it to ${LOG_LEVELS.join(', ')}.`,
    exitCode: EXIT.usage,
  });
}

/** What the product is opened with. */
export function openOptions(
  surroundings: Surroundings,
  overrides: { configPath?: string; env?: Environment } = {},
): OpenOptions {
  const { context, logger, logControl, addSecrets } = surroundings;
  return {
    configPath: overrides.configPath ?? surroundings.configPath,
    env: overrides.env ?? context.env,
    cwd: context.cwd,
    logger,
    logControl,
    onSecrets: addSecrets,
  };
}

/** Opens the product, uses it and closes it whatever happens. */
export async function withRollcall<T>(
  surroundings: Surroundings,
  use: (opened: OpenedRollcall) => Promise<T>,
  overrides: { configPath?: string; env?: Environment } = {},
): Promise<T> {
  const opened = await surroundings.context.openRollcall(openOptions(surroundings, overrides));
  try {
    return await use(opened);
  } finally {
    await opened.close();
  }
}

/** A parser for options that take a whole number. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d{1,9}$/u.test(text) || number < least) {
      throw new InvalidArgumentError(`It must be a whole number from ${least}.`);
    }
    return number;
  };
}

/** A parser for options that take the address of a server. */
export function webAddress(text: string): string {
  if (z.url({ protocol: /^https?$/u }).safeParse(text).success) return text;
  throw new InvalidArgumentError('It must be an address with http:// or https://.');
}
