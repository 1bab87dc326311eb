import { readEnvironment, type EnvironmentVariable } from './environment.ts';
import type { Problem } from './problems.ts';
import { readSecret, type Environment, type ReadFile } from './variables.ts';
import { TextProblem } from './document.ts';

/** The servers that keep store and queue; what is not named is embedded. */
export interface Engines {
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  readonly redisPrefix: string | undefined;
}

export interface EnginesRead {
  readonly value: Engines;
  /** The addresses and the passwords in them, as they are written and as they are meant. */
  readonly secrets: readonly string[];
  readonly problems: readonly Problem[];
}

/** Reads `DATABASE_URL`, `REDIS_URL` (or the files that `…_FILE` names) and `ROLLCALL_REDIS_PREFIX`. */
export function readEngines(env: Environment, readFile: ReadFile): EnginesRead {
  const problems: Problem[] = [];
  const url = (name: EnvironmentVariable, direct: string | undefined): string | undefined => {
    const file = env[`${name}_FILE`];
    if (direct !== undefined || file === undefined || file === '') return direct;
    try {
      return readSecret(name, file, readFile).trim();
    } catch (error) {
      if (!(error instanceof TextProblem)) throw error;
      problems.push({ place: `${name}_FILE`, what: error.message, cure: error.cure });
      return undefined;
    }
  };
  const value = {
    databaseUrl: url('DATABASE_URL', readEnvironment(env, 'DATABASE_URL')),
    redisUrl: url('REDIS_URL', readEnvironment(env, 'REDIS_URL')),
    redisPrefix: readEnvironment(env, 'ROLLCALL_REDIS_PREFIX'),
  };
  return { value, problems, secrets: [value.databaseUrl, value.redisUrl].flatMap(secretsOf) };
}

function secretsOf(url: string | undefined): string[] {
  if (url === undefined) return [];
  const [, inside = ''] = /^[^/]*\/\/[^@/?#]*?:([^@/?#]*)@/u.exec(url) ?? [];
  const inQuery = [...url.matchAll(/[?&](?:\w*password)=([^&#]*)/giu)].map(([, value = '']) => value);
  return [url, ...[inside, ...inQuery].flatMap((text) => [text, decoded(text)])].filter(
    (text) => text !== '',
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
