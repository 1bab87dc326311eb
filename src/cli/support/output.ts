import type { CliContext, Terminal } from '../context.ts';
import { readEnvironment } from '../../config/environment.ts';
import { outsideLines, paint, type TextStyle } from '../render/text.ts';
import type { ShownError } from './exit.ts';

/** Where commands put what they have to say. */
export interface Output {
  /** One JSON document on standard output, and nothing else there. */
  readonly json: boolean;
  /** How to write for the place where `say` goes. */
  readonly style: TextStyle;
  /** For people while the command works: standard output, or standard error with `--json`. */
  say(text: string): void;
  /** The outcome, once: as text, or as the JSON document. */
  result(text: string, document: unknown): void;
  /** Progress, questions and remarks that are not the outcome: standard error. */
  remark(text: string): void;
  error(error: ShownError): void;
}

/** @param clean takes secrets out of error messages */
export function createOutput(context: CliContext, json: boolean, clean: (text: string) => string): Output {
  const { stdout, stderr } = context;
  const spoken = json ? stderr : stdout;
  return {
    json,
    style: styleOf(spoken, context),
    say: (text) => void spoken.write(`${text}\n`),
    result: (text, document) => void stdout.write(json ? `${JSON.stringify(document)}\n` : `${text}\n`),
    remark: (text) => void stderr.write(`${text}\n`),
    error: ({ code, message, cure }) => {
      const shown = { code, message: clean(message), cure: cure === null ? null : clean(cure) };
      if (json) stdout.write(`${JSON.stringify({ error: shown })}\n`);
      const style = styleOf(stderr, context);
      stderr.write(
        `${paint(style, 'red', 'Error:')} ${outsideLines(style, shown.message)}\n${shown.cure === null ? '' : `${outsideLines(style, shown.cure)}\n`}`,
      );
    },
  };
}

/** How to write for a terminal, or for a file. */
export function styleOf(terminal: Terminal, context: Pick<CliContext, 'env'>): TextStyle {
  const isTTY = terminal.isTTY === true;
  return {
    isTTY,
    color: isTTY && readEnvironment(context.env, 'NO_COLOR') === undefined,
    columns: isTTY ? (terminal.columns ?? 80) : 120,
  };
}
