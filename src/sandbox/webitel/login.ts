import { z } from 'zod';
import type { Json } from '../types.ts';
import { randomText, type Context } from './context.ts';
import { badRequest, notFound, WebitelRefusal } from './errors.ts';
import { checkPassword, hashPassword } from './password.ts';
import type { Call, Route } from './route.ts';
import type { User } from './rows.ts';
import { guid } from './token-routes.ts';

/** An operation that needs no token. */
export interface OpenRoute {
  method: 'GET' | 'POST' | 'PUT';
  path: string;
  handle(body: unknown): { status: number; body: Json };
}

const SECRET_LENGTH = 40;

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const loginBody = z.object({ username: text, password: text, domain: text });
const totpBody = z.object({ id: text, totp: text });
const passwordBody = z.object({
  id: text,
  username: text,
  domain: text,
  old_password: text,
  user_password: text,
  confirm_password: text,
});
const selectionBody = z.object({ selection: z.array(z.union([z.string(), z.int()]).transform(String)) });

/** Sign-in by name and password, with the second factor and the change of an expired password (items 4 and 5). */
export function loginRoutes(context: Context): OpenRoute[] {
  const describeDomain = (): { status: number; body: Json } => ({
    // 300 stands for "choose one of these"; clients have to take it as success.
    status: 300,
    body: { enabled_tfa: context.switches().secondFactor, login_options: 'local_password_only' },
  });

  const login = (body: unknown): { status: number; body: Json } => {
    const { username, password, domain } = parse(loginBody, body);
    const user = findUser(context, username, domain);
    if (user === undefined || !holds(context, user, password)) {
      throw new WebitelRefusal(
        context.switches().badLoginStatus,
        'app.login.invalid_credentials',
        'invalid username or password',
      );
    }
    requireFreshPassword(context, user);
    if (!context.switches().secondFactor) return { status: 200, body: openSession(context, user) };
    const id = guid(context);
    context.sessions.await(id, user.id);
    return { status: 200, body: { id } };
  };

  const secondFactor = (body: unknown): { status: number; body: Json } => {
    const { id, totp } = parse(totpBody, body);
    const user = context.store.users.get(context.sessions.awaited(id) ?? '');
    if (user === undefined || totp !== context.switches().totp) {
      throw new WebitelRefusal(401, 'app.login.totp.invalid', 'the code is wrong');
    }
    context.sessions.settle(id);
    return { status: 200, body: openSession(context, user) };
  };

  const changePassword = (body: unknown): { status: number; body: Json } => {
    const given = parse(passwordBody, body);
    const user = context.store.users.get(given.id) ?? findUser(context, given.username, given.domain);
    if (user?.deleted_at !== '0' || !holds(context, user, given.old_password)) {
      throw badRequest('users.password.old.invalid', 'the old password is wrong');
    }
    if (given.user_password !== given.confirm_password) {
      throw badRequest('users.password.confirm.invalid', 'the passwords differ');
    }
    checkPassword(given.user_password, user.username, context.switches());
    context.sessions.dropPassword(user.id);
    context.sessions.renew(user.id);
    context.store.users.put({
      ...user,
      password: hashPassword(given.user_password),
      force_password_change: false,
    });
    return { status: 200, body: {} };
  };

  return [
    { method: 'GET', path: '/login', handle: describeDomain },
    { method: 'POST', path: '/login', handle: login },
    { method: 'POST', path: '/login/2fa', handle: secondFactor },
    { method: 'PUT', path: '/users/password', handle: changePassword },
  ];
}

/** The operations that end sessions; personal tokens outlive them unless the switch says otherwise (item 33). */
export function sessionRoutes(context: Context): Route[] {
  const logOut = (id: string): void => {
    context.sessions.logOut(id);
    if (context.switches().logoutEndsTokens) context.tokens.dropOfUser(id);
  };
  const open = { method: 'POST', objectClass: null, action: 'read' } as const;
  const admin = { method: 'POST', objectClass: 'users', action: 'write' } as const;
  return [
    {
      ...open,
      path: '/logout',
      handle: ({ secret }: Call): Json => {
        context.sessions.end(secret);
        return {};
      },
    },
    {
      ...admin,
      path: '/users/{id}/logout',
      handle: ({ ids: [id = ''] }: Call): Json => {
        if (context.store.users.get(id)?.deleted_at !== '0') throw notFound('users', 'user', id);
        logOut(id);
        return {};
      },
    },
    {
      ...admin,
      path: '/users/logout',
      handle: ({ body }: Call): Json => {
        for (const id of parse(selectionBody, body).selection) {
          if (context.store.users.get(id)?.deleted_at === '0') logOut(id);
        }
        return {};
      },
    },
  ];
}

function parse<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw badRequest('api.body.invalid', 'the body must be a JSON object');
}

/** Logins are unique whatever their case; `name@domain` names the domain as well. */
function findUser(context: Context, username: string, domain: string): User | undefined {
  const [name = '', atDomain = ''] = username.split('@');
  const wanted = domain === '' ? atDomain : domain;
  if (wanted !== '' && wanted.toLowerCase() !== context.store.domain.domain.toLowerCase()) return undefined;
  const [id = ''] = context.store.users.find('username', name.toLowerCase());
  const user = context.store.users.get(id);
  return user?.deleted_at === '0' ? user : undefined;
}

function holds(context: Context, user: User, password: string): boolean {
  if (password === '') return false;
  const planted = context.sessions.passwordOf(user.id);
  return planted === undefined ? user.password === hashPassword(password) : planted === password;
}

function requireFreshPassword(context: Context, user: User): void {
  if (user.force_password_change) {
    throw new WebitelRefusal(412, 'app.password.force_change', 'the password must be changed');
  }
  if (context.switches().passwordsExpired && !context.sessions.isRenewed(user.id)) {
    throw new WebitelRefusal(412, 'app.password.expired', 'the password has expired');
  }
}

/** Of a concurrent licence as many holders can be signed in as it has places. */
function requireFreePlace(context: Context, user: User): void {
  if (!context.switches().poolLimitsLogins) return;
  for (const { id } of user.license) {
    const license = context.store.licenses.get(id);
    if (license?.competitive !== true) continue;
    const present = [...context.store.users.find('license', id)].filter(
      (holder) => holder !== user.id && context.sessions.openOf(holder, context.now()) > 0,
    );
    if (present.length >= license.limit) {
      throw new WebitelRefusal(403, 'app.license.product.exhausted', `product exhausted: ${license.product}`);
    }
  }
}

function openSession(context: Context, user: User): Json {
  const { sessionTtlMs, responseShape } = context.switches();
  requireFreePlace(context, user);
  const secret = randomText(context, SECRET_LENGTH);
  context.sessions.open(secret, { userId: user.id, expiresAt: context.now() + sessionTtlMs });
  const authorization: Json = {
    access_token: secret,
    token_type: 'Bearer',
    expires_in: Math.floor(sessionTtlMs / 1000),
  };
  return responseShape === 'wrapped' ? { authorization } : authorization;
}
