/** The environment variables that Rollcall itself reads; `.env.example` lists them all. */
export const ENVIRONMENT_VARIABLES = [
  'ROLLCALL_DATA',
  'DATABASE_URL',
  'REDIS_URL',
  'ROLLCALL_REDIS_PREFIX',
  'ROLLCALL_CONFIG',
  'ROLLCALL_LOG_LEVEL',
  'ROLLCALL_LOG_NAMES',
  'NO_COLOR',
] as const;
export type EnvironmentVariable = (typeof ENVIRONMENT_VARIABLES)[number];

/** The value of one of Rollcall's own variables; empty counts as not set. */
export function readEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  name: EnvironmentVariable,
): string | undefined {
  const value = env[name];
  return value === '' ? undefined : value;
}
