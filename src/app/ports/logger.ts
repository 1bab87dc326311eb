/** Values that may stand beside a log message. Objects and errors are redacted by the logger before they are written. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Messages are static sentences, what varies is in the fields. An attempt that will be repeated is `warn`; only what
 * needs a person is `error`, once.
 */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds these fields to every line. */
  child(fields: LogFields): Logger;
}
