import { createKit } from '../kit/server.ts';
import type { Sandbox, SandboxClock, Tables } from '../types.ts';
import { otherEditor, resolveAccounts, type AccountOptions } from './accounts.ts';
import { builtinRows } from './catalog/rows.ts';
import { VIEWS } from './catalog/views.ts';
import { createEdits } from './edits.ts';
import { buildModel, type Model } from './model.ts';
import { createQueries } from './odata/query.ts';
import { createODataService } from './odata/service.ts';
import { installRoutes, routeOf } from './routes.ts';
import { createSessions, parseCookies } from './sessions.ts';
import { createStampClock } from './stamps.ts';
import { createStore } from './store.ts';
import { applySwitches, defaultSwitches } from './switches.ts';
import { createWriter } from './write/writer.ts';

export type { AccountOptions } from './accounts.ts';

export interface CreatioSandboxOptions {
  clock: SandboxClock;
  /** Numbers from 0 to 1, from the sandbox's seed. */
  random: () => number;
  /** Start rows by entity set; the rows that every site has (contact types, roles, …) are there already. */
  data: Tables;
  /** Real milliseconds that every request waits. */
  latencyMs?: number;
  accounts: AccountOptions[];
}

/**
 * Creates a stand-in of a Creatio site: sign-in, OData 4 and JSON `$batch`, with the rules and the traps of the
 * product. What is unproven of the product is a switch (`switches.ts`).
 */
export function createCreatioSandbox(options: CreatioSandboxOptions): Sandbox {
  const { clock, random } = options;
  let switches = defaultSwitches();
  let model = buildModel(switches);
  let rebuild: { at: number; model: Model } | undefined;

  const serverNow = (): number => clock.now() + switches.clockSkewMinutes * 60_000;
  const store = createStore(VIEWS);
  const currentSwitches = () => switches;
  const currentModel = (): Model => {
    if (rebuild !== undefined && clock.now() >= rebuild.at) {
      model = rebuild.model;
      rebuild = undefined;
      queries.clear();
    }
    return model;
  };
  const queries = createQueries({ store, model: currentModel, switches: currentSwitches, random });
  const writer = createWriter({
    store,
    model: currentModel,
    switches: currentSwitches,
    stamp: createStampClock(serverNow),
    random,
  });
  const edits = createEdits({
    store,
    writer,
    model: currentModel,
    editor: () => otherEditor(store),
  });
  edits.load(builtinRows());
  edits.load(options.data);
  const accounts = resolveAccounts(options.accounts, { store, edits, random });
  const sessions = createSessions({
    clock,
    random,
    switches: currentSwitches,
    timeoutMinutes: ({ userId }) => Number(store.get('SysAdminUnit', userId)?.['SessionTimeout'] ?? 0),
  });
  const kit = createKit({
    system: 'creatio',
    clock,
    random,
    routeOf,
    ...(options.latencyMs === undefined ? {} : { latencyMs: options.latencyMs }),
    onExpireSession: (request, mode) => sessions.kill(parseCookies(request.headers.cookie), mode),
  });
  const service = createODataService({
    store,
    queries,
    writer,
    model: currentModel,
    switches: currentSwitches,
    random,
  });
  installRoutes(kit, {
    accounts,
    sessions,
    store,
    service,
    clock,
    random,
    serverNow,
    switches: currentSwitches,
  });

  return {
    system: 'creatio',
    listen: (port) => kit.listen(port),
    close: () => kit.close(),
    state: () => edits.state(),
    requests: () => kit.requests(),
    clearRequests: () => kit.clearRequests(),
    setFaults: (rules) => kit.setFaults(rules),
    setSwitches: (values) => {
      const next = applySwitches(switches, values);
      const built = buildModel(next);
      switches = next;
      rebuild = { at: clock.now() + switches.edmRebuildMs, model: built };
      queries.clear();
    },
    insertRow: (table, row) => edits.insertRow(table, row),
    updateRow: (table, id, changes) => edits.updateRow(table, id, changes),
    deleteRow: (table, id) => edits.deleteRow(table, id),
  };
}
