import { createAdministration } from './administration/service.ts';
import { createKit, type KitOptions } from '../kit/server.ts';
import type { DeliveryBook, Json, RequestCount, Sandbox, SandboxClock, Tables } from '../types.ts';
import { otherEditor, resolveAccounts, resolveClients, type AccountOptions } from './accounts.ts';
import { builtinRows } from './catalog/rows.ts';
import { VIEWS } from './catalog/views.ts';
import { createEdits } from './edits.ts';
import { createIdentity, isBearer, type ClientOptions } from './identity.ts';
import { buildModel, type Model } from './model.ts';
import { createQueries } from './odata/query.ts';
import { createODataService } from './odata/service.ts';
import { createCommitted } from './process/committed.ts';
import { createDeliveries } from './process/deliveries.ts';
import { createProcessService } from './process/service.ts';
import { createSignals } from './process/signals.ts';
import { installIdentityRoutes, installRoutes, routeOf } from './routes.ts';
import { createSessions, parseCookies } from './sessions.ts';
import { createStampClock } from './stamps.ts';
import { createStore } from './store.ts';
import { applySwitches, defaultSwitches } from './switches.ts';
import { createWriter } from './write/writer.ts';

export type { AccountOptions } from './accounts.ts';
export type { ClientOptions } from './identity.ts';

export interface CreatioSandboxOptions {
  clock: SandboxClock;
  /** Numbers from 0 to 1, from the sandbox's seed. */
  random: () => number;
  /** Start rows by entity set; the rows that every site has (contact types, roles, …) are there already. */
  data: Tables;
  /** Real milliseconds that every request waits. */
  latencyMs?: number;
  accounts: AccountOptions[];
  /** OAuth clients; none unless told. */
  clients?: ClientOptions[];
  /** Switches that are not to have their default. */
  switches?: Record<string, Json>;
}

/** A stand-in of a site together with its identity service. */
export interface CreatioSandbox extends Sandbox {
  /**
   * Starts the identity service on an address of its own, which serves `/connect/token` alone. `close` ends it too;
   * its requests are counted, and faults strike there as well.
   */
  listenIdentity(port?: number): Promise<{ url: string }>;
  /** The calls that its processes make. */
  readonly deliveries: DeliveryBook;
}

/**
 * Creates a stand-in of a Creatio site: sign-in, OData 4 and JSON `$batch`, with the rules and the traps of the
 * product. What is unproven of the product is a switch (`switches.ts`).
 */
export function createCreatioSandbox(options: CreatioSandboxOptions): CreatioSandbox {
  const { clock, random } = options;
  let switches = applySwitches(defaultSwitches(), options.switches ?? {});
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
  const committed = createCommitted(store);
  const queries = createQueries({ store: committed, model: currentModel, switches: currentSwitches, random });
  const deliveries = createDeliveries(() => switches.webhookParallel);
  const closing = new AbortController();
  const signals = createSignals({
    switches: currentSwitches,
    committed,
    deliveries,
    random,
    serverNow,
    closing: closing.signal,
  });
  const writer = createWriter({
    store,
    model: currentModel,
    switches: currentSwitches,
    stamp: createStampClock(serverNow),
    random,
    changed: (change) => signals.changed(change),
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
  const identity = createIdentity({
    clients: resolveClients(options.clients ?? [], accounts, store),
    clock,
    random,
    switches: currentSwitches,
  });
  const kitOptions: KitOptions = {
    system: 'creatio',
    clock,
    random,
    routeOf,
    rateLimit: () => switches.rateLimit,
    ...(options.latencyMs === undefined ? {} : { latencyMs: options.latencyMs }),
    onExpireSession: (request, mode) => {
      const { authorization, cookie } = request.headers;
      if (isBearer(authorization)) identity.revoke(authorization);
      else sessions.kill(parseCookies(cookie), mode);
    },
  };
  const kit = createKit(kitOptions);
  const identityKit = createKit(kitOptions);
  installIdentityRoutes(identityKit, identity);
  const service = createODataService({
    store,
    committed,
    queries,
    writer,
    model: currentModel,
    switches: currentSwitches,
    random,
  });
  const administration = createAdministration({
    store,
    writer,
    model: currentModel,
    switches: currentSwitches,
    clock,
    random,
  });
  installRoutes(kit, {
    accounts,
    sessions,
    identity,
    store,
    service,
    administration,
    processes: createProcessService({
      store,
      writer,
      model: currentModel,
      switches: currentSwitches,
      deliveries,
      serverNow,
    }),
    signals,
    clock,
    random,
    serverNow,
    switches: currentSwitches,
  });

  return {
    system: 'creatio',
    listen: (port) => kit.listen(port),
    listenIdentity: (port) => identityKit.listen(port),
    deliveries,
    close: async () => {
      closing.abort();
      deliveries.close();
      await Promise.all([kit.close(), identityKit.close()]);
    },
    state: () => edits.state(),
    requests: () => united([...kit.requests(), ...identityKit.requests()]),
    clearRequests: () => {
      kit.clearRequests();
      identityKit.clearRequests();
    },
    setFaults: (rules) => {
      kit.setFaults(rules);
      identityKit.setFaults(rules);
    },
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

/** One count for each route. */
function united(counts: readonly RequestCount[]): RequestCount[] {
  const byRoute = new Map<string, RequestCount>();
  for (const one of counts) {
    const key = `${one.method} ${one.route}`;
    const known = byRoute.get(key);
    byRoute.set(key, known === undefined ? one : { ...known, count: known.count + one.count });
  }
  return [...byRoute.values()];
}
