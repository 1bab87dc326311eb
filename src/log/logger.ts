import winston from 'winston';
import type { Clock } from '../app/ports/clock.ts';
import type { LogFields, Logger } from '../app/ports/logger.ts';
import type { LogControl } from './control.ts';
import { createRedactor } from './redact.ts';

/** From the most important to the most detailed. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LoggerOptions {
  readonly level: LogLevel;
  /** `json`: one object a line, for machines; `pretty`: for people. */
  readonly format: 'json' | 'pretty';
  /** Standard error, in the product. */
  readonly destination: NodeJS.WritableStream;
  /** Values that must never be written; asked again for every line. */
  readonly secrets: () => readonly string[];
  readonly clock: Clock;
  /** What names people is shown as it says; without it, no name is shown. */
  readonly control?: LogControl;
}

const RESERVED: ReadonlySet<string> = new Set(['time', 'level', 'message']);

/** The logger of the product. Whatever stands in the fields, a line is written and nothing is thrown. */
export function createLogger(options: LoggerOptions): Logger {
  const { control } = options;
  const redactor = createRedactor(options.secrets, control?.names);
  const render = options.format === 'json' ? renderJson : renderPretty;
  const output = winston.createLogger({
    level: options.level,
    levels: Object.fromEntries(LOG_LEVELS.map((level, index) => [level, index])),
    format: winston.format.printf((info) => String(info.message)),
    transports: [new winston.transports.Stream({ stream: options.destination })],
  });

  const write = (level: LogLevel, message: string, fields: LogFields): void => {
    if (LOG_LEVELS.indexOf(level) > LOG_LEVELS.indexOf(options.level)) return;
    const shown = redactor.value(control === undefined ? fields : merge(control.fields(), fields));
    const line = {
      time: new Date(options.clock.now()).toISOString(),
      level,
      message: redactor.text(message),
      fields: Object.fromEntries(
        Object.entries(typeof shown === 'object' && shown !== null ? shown : { fields: shown }).map(
          ([key, value]): [string, unknown] => [RESERVED.has(key) ? `field.${key}` : key, value],
        ),
      ),
    };
    output.log({ level, message: render(line) });
  };

  const make = (inherited: LogFields): Logger => ({
    debug: (message, fields) => write('debug', message, merge(inherited, fields)),
    info: (message, fields) => write('info', message, merge(inherited, fields)),
    warn: (message, fields) => write('warn', message, merge(inherited, fields)),
    error: (message, fields) => write('error', message, merge(inherited, fields)),
    child: (fields) => make(merge(inherited, fields)),
  });
  return make({});
}

interface Line {
  readonly time: string;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

function renderJson({ time, level, message, fields }: Line): string {
  return JSON.stringify({ time, level, message, ...fields });
}

function renderPretty({ time, level, message, fields }: Line): string {
  const shown = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) =>
        `${key}=${typeof value === 'string' && /^\S+$/u.test(value) ? value : JSON.stringify(value)}`,
    );
  return [time.slice(11, 19), level.padEnd(5), message, ...shown].join(' ');
}

/** Both sets of fields; a getter that throws must not throw here, so descriptors are copied instead of values. */
function merge(inherited: LogFields, fields: LogFields | undefined): LogFields {
  if (fields === undefined) return inherited;
  try {
    return Object.defineProperties(
      {},
      { ...Object.getOwnPropertyDescriptors(inherited), ...Object.getOwnPropertyDescriptors(fields) },
    );
  } catch {
    return { ...inherited, fields: '[unreadable]' };
  }
}
