import { createInterface } from 'node:readline/promises';
import type { CliContext } from '../context.ts';

/** Can anybody be asked? */
export function canAsk(context: CliContext): boolean {
  return context.stdin.isTTY === true && context.stderr.isTTY === true;
}

/** Asks a yes-or-no question on the terminal; no answer means no. */
export async function ask(context: CliContext, question: string, signal: AbortSignal): Promise<boolean> {
  const reader = createInterface({ input: context.stdin, output: context.stderr, terminal: false });
  try {
    const closed = new Promise<string>((resolve) => {
      reader.once('close', () => resolve(''));
    });
    const answer = await Promise.race([reader.question(`${question} [y/N] `, { signal }), closed]);
    return /^\s*y(es)?\s*$/iu.test(answer);
  } finally {
    reader.close();
  }
}
