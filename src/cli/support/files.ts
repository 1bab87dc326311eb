import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ZodType } from 'zod';
import { RollcallError } from '../../app/ports/errors.ts';

/**
 * Reads a JSON file that the command line names.
 *
 * @throws RollcallError `USAGE` when it cannot be read, is not JSON or does not fit the schema
 */
export async function readJsonFile<T>(
  file: string,
  options: {
    readonly cwd: string;
    readonly schema: ZodType<T>;
    readonly what: string;
    readonly cure: string;
  },
): Promise<T> {
  const { cwd, schema, what, cure } = options;
  let text: string;
  try {
    text = await readFile(resolve(cwd, file), 'utf8');
  } catch (cause) {
    throw new RollcallError('USAGE', `${file} cannot be read.`, {
      cure: `Name a file that exists. ${cure}`,
      cause,
    });
  }
  let document: unknown;
  try {
    document = JSON.parse(text.replace(/^\uFEFF/u, ''));
  } catch {
    throw new RollcallError('USAGE', `${file} is not ${what}: it is not JSON.`, { cure });
  }
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? 'at its top' : `at ${issue.path.join('.')}`;
  throw new RollcallError(
    'USAGE',
    `${file} is not ${what}: ${where}: ${issue?.message ?? 'it has another shape'}.`,
    { cure },
  );
}
