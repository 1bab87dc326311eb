import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { SandboxData } from './types.ts';

const tables = z.record(z.string(), z.array(z.record(z.string(), z.json())));
const sandboxData = z.strictObject({ webitel: tables, creatio: tables });

/**
 * Reads the rows that `--data` names.
 *
 * @throws Error that names the file and the place in it, such as `webitel.users[3]`. What a row must hold is checked by
 * the sandbox that takes it.
 */
export async function readDataFile(path: string): Promise<SandboxData> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot read sandbox data from ${path}: ${reason}`, { cause: error });
  }
  const parsed = sandboxData.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `  ${placeOf(issue.path)}: ${issue.message}`);
  throw new Error(
    `${path} holds no sandbox data ({"webitel": {…}, "creatio": {…}}):\n${problems.join('\n')}`,
  );
}

function placeOf(path: readonly PropertyKey[]): string {
  const place = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return place === '' ? '(top)' : place.replace(/^\./, '');
}
