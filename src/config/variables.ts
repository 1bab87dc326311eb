import { type DocumentPath, type Resolve, TextProblem } from './document.ts';
import { pathText } from './problems.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads a text file as UTF-8; throws when it cannot. */
export type ReadFile = (path: string) => string;

/** Puts values of the environment into texts and remembers them as secrets. */
export interface Variables {
  readonly resolve: Resolve;
  /** Every value that was put in. */
  readonly secrets: () => readonly string[];
  /** Does the text at this place hold such a value? */
  readonly isSecret: (path: DocumentPath) => boolean;
}

const REFERENCE = /\$\$\{|\$\{([^}]*)\}/gu;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/u;

/**
 * `${NAME}` becomes the variable `NAME`, or the content of the file that the variable `NAME_FILE` names, without its
 * last line break. `$${` stands for a plain `${`.
 */
export function createVariables(env: Environment, readFile: ReadFile): Variables {
  const secrets = new Set<string>();
  const places = new Set<string>();

  const lookUp = (name: string): string => {
    if (!NAME.test(name)) {
      throw new TextProblem(
        '"${…}" does not hold the name of a variable',
        'Write ${NAME}, or $${ for a plain ${.',
      );
    }
    const value = env[name];
    if (value !== undefined && value !== '') return value;
    const file = env[`${name}_FILE`];
    if (file !== undefined && file !== '') return readSecret(name, file, readFile);
    throw new TextProblem(
      `the environment variable ${name} is ${value === '' ? 'empty' : 'not set'}`,
      `Set ${name}, or ${name}_FILE to a file that holds the value.`,
    );
  };

  return {
    resolve: (text, path) =>
      text.replaceAll(REFERENCE, (_reference: string, name: string | undefined) => {
        if (name === undefined) return '${';
        places.add(pathText(path));
        const value = lookUp(name.trim());
        secrets.add(value);
        return value;
      }),
    secrets: () => [...secrets],
    isSecret: (path) => places.has(pathText(path)),
  };
}

/** The content of a file that a variable `NAME_FILE` names. */
export function readSecret(name: string, file: string, readFile: ReadFile): string {
  let content: string;
  try {
    content = readFile(file).replace(/\r?\n$/u, '');
  } catch {
    throw new TextProblem(
      `the file that ${name}_FILE names cannot be read`,
      `Check that ${name}_FILE holds the path of a file that this account may read.`,
    );
  }
  if (content === '')
    throw new TextProblem(`the file that ${name}_FILE names is empty`, 'Put the value into it.');
  return content;
}
