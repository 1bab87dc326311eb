import type { Archive } from '../app/ports/archive.ts';
import type { Clock } from '../app/ports/clock.ts';
import type { Store } from '../app/ports/store.ts';
import { backup, type BackupDeps } from './backup.ts';
import { createCaseStore } from './cases.ts';
import { createDatabase } from './database.ts';
import { createHintStore } from './hints.ts';
import { createHoldStore } from './holds.ts';
import { createLeaseStore } from './leases.ts';
import { createLinkStore } from './links.ts';
import { createMemoryStore } from './memory.ts';
import { migrate } from './migrations/index.ts';
import { createRequestStore } from './requests.ts';
import { restore, type RestoreDeps } from './restore.ts';
import { createRunStore } from './runs.ts';
import type { Engine } from './sql.ts';
import { createTokenStore } from './tokens.ts';

export { openEngine, type EngineOptions, type PreparedTables } from './engine.ts';
export { STORE_TABLES } from './migrations/index.ts';
export type { Engine } from './sql.ts';

/**
 * The store on an open engine, its schema brought up to date. It holds nothing of its own: close the engine.
 *
 * @throws RollcallError `CONFIGURATION` when the database was written by a newer version of the product.
 */
export async function createStore(engine: Engine, deps: { readonly clock: Clock }): Promise<Store> {
  await migrate(engine);
  const database = createDatabase(engine);
  return {
    runs: createRunStore(database, deps.clock),
    links: createLinkStore(database),
    cases: createCaseStore(database),
    holds: createHoldStore(database),
    memory: createMemoryStore(database),
    leases: createLeaseStore(database, deps.clock),
    hints: createHintStore(database),
    requests: createRequestStore(database),
    tokens: createTokenStore(database),
  };
}

/** Backups of the store on an open engine whose schema is up to date. */
export function createArchive(deps: BackupDeps & RestoreDeps): Archive {
  return {
    backup: (file, signal) => backup(deps, file, signal),
    restore: (file, options) => restore(deps, file, options),
  };
}
