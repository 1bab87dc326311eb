import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AdministrationService } from './administration/service.ts';
import type { ExpiryMode, Kit } from '../kit/server.ts';
import type { Json } from '../types.ts';
import { badBody, Refusal, refusal, serverError } from './errors.ts';
import { isBearer, type Identity } from './identity.ts';
import { answerBatch } from './odata/batch.ts';
import { notFoundPage, refused, type ODataResponse, type ODataService } from './odata/service.ts';
import type { ProcessService } from './process/service.ts';
import type { Signals } from './process/signals.ts';
import { parseCookies, type Account, type Session, type Sessions } from './sessions.ts';
import { renewedCookies, signIn, type SignInDeps } from './sign-in.ts';
import type { Store } from './store.ts';
import type { Switches } from './switches.ts';

export interface RouteDeps extends SignInDeps {
  sessions: Sessions;
  identity: Identity;
  store: Store;
  service: ODataService;
  administration: AdministrationService;
  processes: ProcessService;
  signals: Signals;
  switches: () => Switches;
  /** The server's time in milliseconds since 1970, for the Date header. */
  serverNow: () => number;
}

const TOKEN = '/connect/token';
const AUTH = '/ServiceModel/AuthService.svc/';
const ADMINISTRATION = '/rest/AdministrationService/';
const PROCESSES = '/ServiceModel/ProcessEngineService.svc/';
const LOGIN_PAGES = { netfw: '/Login/NuiLogin.aspx', netcore: '/Login/Login.html' };
const WRITES = ['POST', 'PATCH', 'PUT', 'DELETE'];

/** The route that a request is counted under. */
export function routeOf(_method: string, url: string): string {
  const path = url.split('?')[0] ?? '';
  return path
    .replaceAll(/%28/gi, '(')
    .replaceAll(/%29/gi, ')')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '{id}');
}

/** Adds all addresses of the product to the kit's application. */
export function installRoutes({ app }: Kit, deps: RouteDeps): void {
  app.addHook('onSend', async (_request, reply) => {
    reply.header('date', new Date(deps.serverNow()).toUTCString());
    reply.header('x-content-type-options', 'nosniff');
    reply.header('x-frame-options', 'SAMEORIGIN');
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const isClients = error.statusCode !== undefined && error.statusCode < 500;
    return send(reply, refused(isClients ? badBody(error.message) : serverError(error.message)));
  });
  app.all('/*', async (request, reply) => {
    try {
      const { result, committed } = deps.signals.watch(() => dispatch(request, reply, deps));
      const answer = await result;
      await committed;
      return send(reply, answer);
    } catch (error) {
      if (error instanceof Refusal) return send(reply, refused(error));
      throw error;
    }
  });
}

/** Adds the one address that a client without a person needs of the identity service. */
export function installIdentityRoutes({ app }: Kit, identity: Identity): void {
  app.all('/*', (request, reply) =>
    send(
      reply,
      request.url.split('?')[0] === TOKEN ? tokenService(request, identity) : html(404, notFoundPage()),
    ),
  );
}

function tokenService(request: FastifyRequest, identity: Identity): ODataResponse {
  if (request.method !== 'POST') return empty(405);
  const { status, body } = identity.grant(request.body, request.headers['content-type'] ?? '');
  const answer = json(body);
  return { ...answer, status, headers: { ...answer.headers, 'cache-control': 'no-store' } };
}

function dispatch(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: RouteDeps,
): ODataResponse | Promise<ODataResponse> {
  const [path = ''] = request.url.split('?');
  const { flavor, tokenProxied } = deps.switches();
  const workspace = flavor === 'netfw' ? '/0' : '';
  if (tokenProxied && path === `${workspace}${TOKEN}`) return tokenService(request, deps.identity);
  if (path.startsWith(AUTH)) return authService(path.slice(AUTH.length), request, reply, deps);
  if (flavor === 'netfw' && path.startsWith(`/0${AUTH}`)) return empty(401);
  if (path === LOGIN_PAGES[flavor]) return html(200, loginPage(flavor));
  if (path === `${workspace}/ServiceModel/UserInfoService.svc/GetCurrentUserInfo`) {
    return userInfo(request, reply, deps);
  }
  if (path.startsWith(`${workspace}${ADMINISTRATION}`)) {
    const gate = enter(request, reply, deps);
    if (!('account' in gate)) return gate;
    const { method, body } = request;
    const name = path.slice(workspace.length + ADMINISTRATION.length);
    return deps.administration({ verb: method, name, body, account: gate.account });
  }
  if (path.startsWith(`${workspace}${PROCESSES}`)) {
    const gate = enter(request, reply, deps);
    if (!('account' in gate)) return gate;
    const { searchParams } = new URL(request.url, 'http://sandbox');
    return deps.processes({
      verb: request.method,
      path: path.slice(workspace.length + PROCESSES.length),
      query: searchParams,
      body: request.body,
      account: gate.account,
    });
  }
  const root = `${workspace}/odata`;
  if (path !== root && !path.startsWith(`${root}/`)) return html(404, notFoundPage());
  return odata(request, reply, root, deps);
}

function authService(
  method: string,
  request: FastifyRequest,
  reply: FastifyReply,
  deps: RouteDeps,
): ODataResponse {
  // The address of sign-out is unproven.
  if (method === 'Logout' && request.method === 'POST') {
    deps.sessions.kill(cookiesOf(request), '401');
    return empty(200);
  }
  if (method !== 'Login') return empty(403);
  if (request.method !== 'POST') return empty(405);
  const { body, cookies } = signIn(request.body, deps);
  reply.header('set-cookie', cookies);
  return { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body };
}

/** Who am I; the shape of this answer is unproven. */
function userInfo(request: FastifyRequest, reply: FastifyReply, deps: RouteDeps): ODataResponse {
  const gate = enter(request, reply, deps);
  if (!('account' in gate)) return gate;
  const { account } = gate;
  const user = deps.store.get('SysAdminUnit', account.userId);
  const contact = account.contactId === null ? undefined : deps.store.get('Contact', account.contactId);
  const culture = deps.store.get('SysCulture', String(user?.['SysCultureId']));
  return json({
    userId: account.userId,
    userName: account.login,
    contact:
      contact === undefined
        ? null
        : { value: String(contact['Id']), displayValue: String(contact['Name'] ?? '') },
    culture: String(culture?.['Name'] ?? ''),
    timeZone: String(user?.['TimeZoneId'] ?? ''),
  });
}

function odata(request: FastifyRequest, reply: FastifyReply, prefix: string, deps: RouteDeps): ODataResponse {
  const gate = enter(request, reply, deps);
  if (!('account' in gate)) return gate;
  const switches = deps.switches();
  if (!switches.canUseOData) {
    const text = 'The current user does not have sufficient permissions to use OData.';
    throw switches.odataDeniedStatus === 403 ? refusal(403, text) : serverError(text);
  }
  if (gate.session !== undefined) {
    reply.header('set-cookie', renewedCookies(gate.session, deps.sessions, switches));
  }
  const root = `http://${request.headers.host ?? '127.0.0.1'}${prefix}`;
  const { contactId } = gate.account;
  const address = request.url.slice(prefix.length).replace(/^\/+/, '');
  const { body } = request;
  if (address.split('?')[0] !== '$batch') {
    return deps.service({ method: request.method, address, body, root, contactId });
  }
  if (request.method !== 'POST') throw refusal(405, 'A batch is sent with POST.');
  if (!/json/i.test(request.headers['content-type'] ?? '')) {
    throw refusal(415, 'This stand-in reads batches as application/json only.');
  }
  const continuesOnError = /continue-on-error(?!\s*=\s*false)/i.test(String(request.headers['prefer'] ?? ''));
  return answerBatch({ body, root, contactId, continuesOnError }, deps);
}

/**
 * Lets a live session with a valid CSRF header in, and a good token without either; otherwise the answer that keeps
 * the caller out.
 */
function enter(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: RouteDeps,
): { account: Account; session?: Session } | ODataResponse {
  const { authorization } = request.headers;
  if (isBearer(authorization)) {
    const account = deps.identity.find(authorization);
    if (account !== undefined) return { account };
    reply.header('www-authenticate', 'Bearer error="invalid_token"');
    return empty(401);
  }
  const cookies = cookiesOf(request);
  const state = deps.sessions.find(cookies);
  const switches = deps.switches();
  if (state.session === undefined) return turnAway(request, reply, state.mode, switches);
  const isChecked = switches.csrf && (WRITES.includes(request.method) || switches.csrfOnGet);
  const token = cookies.get('BPMCSRF') ?? '';
  const isGenuine = request.headers['bpmcsrf'] === token && state.session.csrf.includes(token);
  if (isChecked && !isGenuine) return empty(403);
  return { account: state.session.account, session: state.session };
}

function turnAway(
  request: FastifyRequest,
  reply: FastifyReply,
  ordered: ExpiryMode | undefined,
  switches: Switches,
): ODataResponse {
  const { expiredMode, flavor } = switches;
  const isService = /\.svc|\/rest\//.test(request.url);
  const isReusing = String(request.headers['forceusesession'] ?? '').toLowerCase() === 'true';
  const natural = isService ? 'fault' : isReusing ? '401' : 'redirect';
  const mode = ordered ?? (expiredMode === 'auto' ? natural : expiredMode);
  if (mode === '401') return empty(401);
  if (mode === 'fault') {
    const body = {
      Message: 'Authentication failed.',
      StackTrace: null,
      ExceptionType: 'System.InvalidOperationException',
    };
    return { ...json(body), status: 401 };
  }
  reply.header('location', `${LOGIN_PAGES[flavor]}?ReturnUrl=${encodeURIComponent(request.url)}`);
  return empty(302);
}

const cookiesOf = (request: FastifyRequest) => parseCookies(request.headers.cookie);

function loginPage(flavor: 'netfw' | 'netcore'): string {
  const script =
    flavor === 'netfw'
      ? '<script src="/Login/NuiLogin.js"></script>'
      : '<script>require(["bootstrap.login"])</script>';
  return `<!DOCTYPE html>\n<html><head><title>Sign in</title>${script}</head>\n<body><form action="${LOGIN_PAGES[flavor]}"></form></body></html>\n`;
}

const empty = (status: number): ODataResponse => ({ status, headers: {} });
const html = (status: number, body: string): ODataResponse => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body,
});
const json = (body: Json): ODataResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body,
});

function send(reply: FastifyReply, { status, headers, body }: ODataResponse): FastifyReply {
  reply.code(status).headers(headers);
  if (body === undefined) return reply.send();
  // Bytes, since fastify rewrites the content type of texts.
  return reply.send(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
}
