import { createInterface } from 'node:readline';
import type { CliContext } from '../context.ts';

/** Can anybody be asked? */
export function canAsk(context: CliContext): boolean {
  return context.stdin.isTTY === true && context.stderr.isTTY === true;
}

/** Asks a yes-or-no question on the terminal; no answer, or an end of the input, means no. */
export async function ask(context: CliContext, question: string, signal: AbortSignal): Promise<boolean> {
  signal.throwIfAborted();
  const reader = createInterface({ input: context.stdin, terminal: false });
  const cancel = (): void => reader.close();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    context.stderr.write(`${question} [y/N] `);
    const answer = await new Promise<string>((resolve) => {
      reader.once('line', resolve);
      reader.once('close', () => resolve(''));
    });
    signal.throwIfAborted();
    return /^\s*y(es)?\s*$/iu.test(answer);
  } finally {
    signal.removeEventListener('abort', cancel);
    reader.close();
  }
}
