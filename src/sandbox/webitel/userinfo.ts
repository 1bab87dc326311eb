import type { Json } from '../types.ts';
import type { Context } from './context.ts';
import { userinfoMessage, writeMessage } from './messages.ts';
import type { Call, Route } from './route.ts';
import type { Action } from './route.ts';

/** Letters of an object class's access string. */
const LETTERS: readonly [Action, string][] = [
  ['add', 'x'],
  ['read', 'r'],
  ['write', 'w'],
  ['delete', 'd'],
];

/** Names that the OIDC-like form of the answer uses in place of the contract's. */
const OIDC_NAMES: ReadonlyMap<string, string> = new Map([
  ['user_id', 'sub'],
  ['domain', 'realm'],
]);

/** The who-am-I. */
export function userinfoRoutes(context: Context): Route[] {
  const handle = ({ caller }: Call): Json => {
    const switches = context.switches();
    const { user, expiresAt } = caller;
    const { dc, domain } = context.store.domain;
    const access = LETTERS.filter(([action]) => switches.permissions.includes(action))
      .map(([, letter]) => letter)
      .join('');
    const shown = context.views.user(user);
    const answer = writeMessage(
      userinfoMessage,
      {
        dc: switches.domainId ?? dc,
        domain,
        user_id: user.id,
        name: user.name,
        username: user.username,
        preferred_username: user.username,
        extension: user.extension,
        chat_name: user.chat_name,
        scope: switches.scopes.map((name, at) => ({
          id: String(at + 1),
          name,
          class: name,
          obac: true,
          rbac: switches.visibleUsers !== null && name === 'users',
          access,
        })),
        roles: shown['roles'],
        license: shown['license'],
        permissions: switches.permissions.map((id) => ({ id, name: id })),
        updated_at: user.updated_at,
        expires_at: String(expiresAt),
      },
      { emitDefaults: switches.emitDefaults },
    );
    if (switches.userinfoNames === 'proto') return answer;
    return Object.fromEntries(
      Object.entries(answer).map(([name, value]) => [OIDC_NAMES.get(name) ?? name, value]),
    );
  };
  const userinfo = { path: '/userinfo', objectClass: null, action: 'read', handle } as const;
  return [
    { ...userinfo, method: 'GET' },
    { ...userinfo, method: 'POST' },
  ];
}
