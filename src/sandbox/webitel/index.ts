import { createKit } from '../kit/server.ts';
import type { Sandbox, SandboxClock, Tables } from '../types.ts';
import { requireAccess, resolveCaller, secretOf } from './access.ts';
import type { Context } from './context.ts';
import { deviceRoutes } from './devices.ts';
import { createEdits } from './edits.ts';
import { errorBody, WebitelRefusal } from './errors.ts';
import { licenseRoutes } from './licenses.ts';
import { loadTables } from './load.ts';
import { loginRoutes, sessionRoutes } from './login.ts';
import { compareIds } from './query.ts';
import { roleRoutes } from './roles.ts';
import { createRouteTable } from './route.ts';
import { passwordRoutes } from './password-routes.ts';
import { presenceRoutes } from './presence.ts';
import { createSessionBook } from './sessions.ts';
import { createSettingsBook, settingsRoutes } from './settings.ts';
import { createStore } from './store.ts';
import { createSwitchBoard, type Switches } from './switches.ts';
import { guid, tokenRoutes } from './token-routes.ts';
import { createTokenBook } from './tokens.ts';
import { userinfoRoutes } from './userinfo.ts';
import { userRoutes } from './users.ts';
import { createViews } from './views.ts';

export interface WebitelSandboxOptions {
  clock: SandboxClock;
  /** Numbers from 0 to 1, from a seed. */
  random: () => number;
  /** Rows by table: `users`, `roles`, `licenses`, `devices`, `domain`, `sessions`, `settings`; each may be missing. */
  data: Tables;
  /** Every request waits so long, in milliseconds. */
  latencyMs?: number;
  /** Personal access tokens and the users that they act as; an unknown user is an error. */
  tokens: { token: string; userId: string }[];
  /** Passwords of users who sign in by name, beside those in the data; an unknown user is an error. */
  passwords?: { password: string; userId: string }[];
}

/** Creates a stand-in of a Webitel directory. It is mounted under `/api`; see `switches.ts` for what can be changed. */
export function createWebitelSandbox(options: WebitelSandboxOptions): Sandbox {
  const { clock, random, data, latencyMs = 0 } = options;
  const board = createSwitchBoard();
  const store = createStore();
  const now = (): number => Math.floor(clock.now());
  const context: Context = {
    store,
    views: createViews(store, () => board.current(), now),
    tokens: createTokenBook(),
    sessions: createSessionBook(),
    settings: createSettingsBook(),
    switches: () => board.current(),
    now,
    random,
  };
  loadTables(context, data);
  plantTokens(context, options.tokens);
  plantPasswords(context, options.passwords ?? []);

  const routes = createRouteTable([
    ...userRoutes(context),
    ...roleRoutes(context),
    ...licenseRoutes(context),
    ...deviceRoutes(context),
    ...tokenRoutes(context),
    ...sessionRoutes(context),
    ...passwordRoutes(context),
    ...presenceRoutes(context),
    ...settingsRoutes(context),
    ...userinfoRoutes(context),
  ]);
  const open = loginRoutes(context);
  const kit = createKit({
    system: 'webitel',
    clock,
    random,
    latencyMs,
    rateLimit: () => board.current().rateLimit,
    routeOf: (_method, url) => {
      const path = url.split('?')[0] ?? '';
      const { prefix, rest } = splitPrefix(path);
      return prefix + routes.label(rest);
    },
  });

  kit.app.all('/*', async (request, reply) => {
    const url = new URL(request.url, 'http://sandbox');
    const { prefix, rest } = splitPrefix(url.pathname);
    const mounted = isMounted(prefix, board.current().mount);
    const door = open.find((route) => mounted && route.method === request.method && route.path === rest);
    if (door !== undefined) {
      const { status, body } = door.handle(request.body ?? undefined);
      return reply.code(status).type('application/json').send(JSON.stringify(body));
    }
    const found = mounted ? routes.find(request.method, rest) : undefined;
    if (found === undefined) {
      throw new WebitelRefusal(404, 'api.process.not_found', `no route ${request.method} ${url.pathname}`);
    }
    const { route, ids } = found;
    const caller = resolveCaller(context, secretOf(request.headers, url.searchParams, rest));
    if (route.objectClass !== null) requireAccess(context, route.objectClass, route.action);
    const answer = route.handle({
      caller,
      secret: secretOf(request.headers, url.searchParams, rest) ?? '',
      ids,
      query: url.searchParams,
      body: request.body ?? undefined,
    });
    return reply.type('application/json').send(JSON.stringify(answer));
  });
  kit.app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const refusal =
      error instanceof WebitelRefusal
        ? error
        : new WebitelRefusal(error.statusCode ?? 500, 'api.process.internal', error.message);
    return reply
      .code(refusal.httpStatus)
      .type('application/json')
      .send(JSON.stringify(errorBody(refusal, board.current().errorShape)));
  });

  const edits = createEdits(context);
  return {
    system: 'webitel',
    listen: async (port) => kit.listen(port),
    close: async () => kit.close(),
    state: () => ({ ...context.views.state(), ...personalState(context) }),
    requests: () => kit.requests(),
    clearRequests: () => kit.clearRequests(),
    setFaults: (rules) => kit.setFaults(rules),
    setSwitches: (values) => board.set(values),
    insertRow: (table, row) => edits.insert(table, row),
    updateRow: (table, id, changes) => edits.update(table, id, changes),
    deleteRow: (table, id) => edits.remove(table, id),
  };
}

/** What users have done, as far as it is no secret. */
function personalState({ store, sessions, settings, now }: Context): Tables {
  const ids = [...store.users.values()].toSorted(compareIds).map(({ id }) => id);
  return {
    sessions: ids
      .map((id) => ({ id, open: sessions.openOf(id, now()), logouts: sessions.logouts.get(id) ?? 0 }))
      .filter(({ open, logouts }) => open > 0 || logouts > 0),
    settings: ids.flatMap((id) => {
      const values = settings.of(id);
      return Object.keys(values).length === 0 ? [] : [{ id, values }];
    }),
  };
}

function plantTokens(context: Context, tokens: WebitelSandboxOptions['tokens']): void {
  const at = String(context.now());
  for (const { token, userId } of tokens) {
    if (context.store.users.get(userId) === undefined) {
      throw new Error(`A token of the Webitel sandbox belongs to user ${userId}, who is not in the data.`);
    }
    context.tokens.put({
      id: guid(context),
      token,
      usage: 'planted',
      userId,
      created_at: at,
      created_by: null,
      updated_at: at,
      updated_by: null,
      deleted_at: '0',
      deleted_by: null,
    });
  }
}

function plantPasswords(context: Context, passwords: NonNullable<WebitelSandboxOptions['passwords']>): void {
  for (const { password, userId } of passwords) {
    if (context.store.users.get(userId) === undefined) {
      throw new Error(`A password of the Webitel sandbox belongs to user ${userId}, who is not in the data.`);
    }
    context.sessions.setPassword(userId, password);
  }
}

function splitPrefix(path: string): { prefix: '/api' | ''; rest: string } {
  return path.startsWith('/api/')
    ? { prefix: '/api', rest: path.slice('/api'.length) }
    : { prefix: '', rest: path };
}

function isMounted(prefix: '/api' | '', mount: Switches['mount']): boolean {
  return mount === 'both' || (mount === 'api') === (prefix === '/api');
}
