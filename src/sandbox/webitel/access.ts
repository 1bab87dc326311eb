import type { IncomingHttpHeaders } from 'node:http';
import { WebitelRefusal } from './errors.ts';
import type { Context } from './context.ts';
import type { Action } from './route.ts';
import type { Ref, User } from './rows.ts';

/** Who asks. */
export interface Caller {
  user: User;
  /** When the caller's token or session ends, in milliseconds since 1970; 0 is never. */
  expiresAt: number;
  /** As audit fields name the caller. */
  ref: Ref;
}

/** Finds the caller by the token, a personal one or that of a session; every flaw is a 401. */
export function resolveCaller(context: Context, secret: string | null): Caller {
  const { userId, expiresAt } = bearerOf(context, secret ?? '');
  if (expiresAt !== 0 && expiresAt <= context.now()) {
    throw new WebitelRefusal(401, 'app.context.token.expired', 'token expired');
  }
  const user = context.store.users.get(userId);
  if (user === undefined || user.deleted_at !== '0') {
    throw new WebitelRefusal(401, 'app.context.user.unauthorized', 'user is not authorized');
  }
  return { user, expiresAt, ref: { id: user.id, name: user.name } };
}

function bearerOf(context: Context, secret: string): { userId: string; expiresAt: number } {
  const session = context.sessions.bySecret(secret);
  if (session !== undefined) return session;
  const token = secret === '' ? undefined : context.tokens.bySecret(secret);
  if (token === undefined || token.deleted_at !== '0') {
    throw new WebitelRefusal(401, 'app.context.unauthorized', 'Unauthorized');
  }
  const ttl = context.switches().tokenTtlMs;
  return { userId: token.userId, expiresAt: ttl === null ? 0 : Number(token.created_at) + ttl };
}

/** The token that a request bears: in the header, for the who-am-I in the query too. */
export function secretOf(headers: IncomingHttpHeaders, query: URLSearchParams, path: string): string | null {
  const header = headers['x-webitel-access'];
  if (typeof header === 'string') return header;
  return path === '/userinfo' ? query.get('access_token') : null;
}

/** Refuses where the caller's licence does not cover the object class, or the roles do not allow the action. */
export function requireAccess(context: Context, objectClass: string, action: Action): void {
  const { scopes, permissions } = context.switches();
  if (!scopes.includes(objectClass)) {
    throw new WebitelRefusal(
      403,
      `${objectClass}.access.denied`,
      `access to ${objectClass} is denied by license`,
    );
  }
  if (!permissions.includes(action)) {
    throw new WebitelRefusal(
      403,
      `${objectClass}.access.forbidden`,
      `no permission to ${action} ${objectClass}`,
    );
  }
}

/** Refuses where the caller lacks a global action, such as `manage_user_license`. */
export function requirePermission(context: Context, permission: string): void {
  if (!context.switches().permissions.includes(permission)) {
    throw new WebitelRefusal(
      403,
      'api.context.permissions.app_error',
      `permission ${permission} is required`,
    );
  }
}
