import { RollcallError } from '../app/ports/errors.ts';

/** One mistake in a configuration file. */
export interface Problem {
  /** `file:line:column`, lines and columns counted from 1; just the file where no place can be named. */
  readonly place: string;
  /** What is wrong, without a full stop; never a value that may be secret. */
  readonly what: string;
  /** What to write instead, one or more sentences. */
  readonly cure: string;
}

/** One `CONFIGURATION` error for all the mistakes that were found, in the order of the file. */
export function configurationError(problems: readonly Problem[]): RollcallError {
  const [first] = problems;
  if (first !== undefined && problems.length === 1) {
    return new RollcallError('CONFIGURATION', `${first.place}: ${first.what}`, { cure: first.cure });
  }
  const lines = problems.map(({ place, what, cure }) => `${place}: ${what}. ${cure}`);
  return new RollcallError('CONFIGURATION', lines.join('\n'), {
    cure: `Correct these ${problems.length} places.`,
    details: { problems: problems.length },
  });
}

/** `connections.creatio.auth`; list positions in brackets; the whole document as such. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}
