import type { AppDeps } from './deps.ts';
import type { MemoryStore } from './ports/store.ts';

/** Whoever asks what is remembered of a directory. */
type Asking = Pick<AppDeps, 'mapping'> & { readonly store: { readonly memory: MemoryStore } };

/** Rows in the last complete reading of a collection, `null` before the first. */
export async function lastSize(deps: Asking, entity: string): Promise<number | null> {
  const text = await deps.store.memory.get(sizeKey(deps, entity));
  return text === undefined ? null : Number(text);
}

export async function rememberSize(deps: Asking, entity: string, rows: number): Promise<void> {
  await deps.store.memory.set(sizeKey(deps, entity), String(rows));
}

/** The domain of the directory that people were linked in, `undefined` before the first run. */
export function linkedDomain(deps: Asking): Promise<string | undefined> {
  return deps.store.memory.get(domainKey(deps));
}

export async function rememberDomain(deps: Asking, domainId: string): Promise<void> {
  await deps.store.memory.set(domainKey(deps), domainId);
}

/** Records without a directory id that stood before the first run, `null` before that has ended. */
export async function knownStrangers(deps: Asking): Promise<ReadonlySet<string> | null> {
  const text = await deps.store.memory.get(strangersKey(deps));
  return text === undefined ? null : new Set(text.split(',').filter((id) => id !== ''));
}

export async function rememberStrangers(deps: Asking, recordIds: readonly string[]): Promise<void> {
  await deps.store.memory.set(strangersKey(deps), recordIds.join(','));
}

function strangersKey(deps: Asking): string {
  return `strangers:${deps.mapping.directory}`;
}

function sizeKey(deps: Asking, entity: string): string {
  return `complete:${deps.mapping.directory}:${entity}`;
}

function domainKey(deps: Asking): string {
  return `domain:${deps.mapping.directory}`;
}
