import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { RollcallError } from '../app/ports/errors.ts';
import { Mapping } from '../domain/mapping/schema.ts';
import { type DocumentPath, readYaml } from './document.ts';
import { checkDocument } from './issues.ts';
import { configurationError } from './problems.ts';
import type { ReadFile } from './variables.ts';

/** A mapping document with the place of everything in it. */
export interface LoadedMapping {
  readonly mapping: Mapping;
  readonly path: string;
  /** `file:line:column` of a value, for messages about it. */
  place(path: DocumentPath): string;
}

/**
 * Reads a mapping document.
 *
 * @param options.cwd messages name the file as seen from here
 * @throws RollcallError `CONFIGURATION` with every mistake and its place
 */
export function loadMapping(options: { path: string; readFile: ReadFile; cwd?: string }): LoadedMapping {
  const { path, readFile } = options;
  const name = displayPath(path, options.cwd ?? process.cwd());
  const file = readYaml(readConfigurationFile(path, name, readFile), name);
  if (file.problems.length > 0) throw configurationError(file.problems);
  const { data, problems } = checkDocument(Mapping, file);
  if (data === undefined) throw configurationError(problems);
  return { mapping: data, path, place: (at) => file.place(at) };
}

/** Where a mapping may stand, in the order of looking: a name is sought in folders, a path is taken from the configuration's. */
export function mappingPaths(
  written: string,
  configPath: string,
  packageMappings: string | undefined,
): readonly string[] {
  const beside = dirname(configPath);
  if (/\.ya?ml$/iu.test(written)) return [isAbsolute(written) ? written : resolve(beside, written)];
  const file = `${basename(written)}.yaml`;
  return [
    join(beside, 'mappings', file),
    ...(packageMappings === undefined ? [] : [join(packageMappings, file)]),
  ];
}

/** Reads a file of the configuration; one that cannot be read is a `CONFIGURATION` error. */
export function readConfigurationFile(path: string, name: string, readFile: ReadFile): string {
  try {
    return readFile(path).replace(/^\uFEFF/u, '');
  } catch (cause) {
    throw new RollcallError('CONFIGURATION', `${name}: the file cannot be read`, {
      cure: 'Check the path and that this account may read the file, or name another one with -c FILE.',
      cause,
    });
  }
}

/** A path as messages name it: relative to the working folder where it lies below it. */
export function displayPath(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short;
}
