import type { AppDeps } from './deps.ts';

/** Rows in the last complete reading of a collection, `null` before the first. */
export async function lastSize(deps: AppDeps, entity: string): Promise<number | null> {
  const text = await deps.store.memory.get(sizeKey(deps, entity));
  return text === undefined ? null : Number(text);
}

export async function rememberSize(deps: AppDeps, entity: string, rows: number): Promise<void> {
  await deps.store.memory.set(sizeKey(deps, entity), String(rows));
}

/** The domain of the directory that people were linked in, `undefined` before the first run. */
export function linkedDomain(deps: AppDeps): Promise<string | undefined> {
  return deps.store.memory.get(domainKey(deps));
}

export async function rememberDomain(deps: AppDeps, domainId: string): Promise<void> {
  await deps.store.memory.set(domainKey(deps), domainId);
}

function sizeKey(deps: AppDeps, entity: string): string {
  return `complete:${deps.mapping.directory}:${entity}`;
}

function domainKey(deps: AppDeps): string {
  return `domain:${deps.mapping.directory}`;
}
