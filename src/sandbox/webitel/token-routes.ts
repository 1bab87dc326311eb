import { z } from 'zod';
import type { Json } from '../types.ts';
import { parseBody } from './body.ts';
import { createdStamps, randomText, type Context } from './context.ts';
import { notFound } from './errors.ts';
import { compileLike } from './like.ts';
import { tokenMessage, writeMessage } from './messages.ts';
import { cutPage, fieldsOf, flagOf, listAnswer, pagingOf, sortOf, sortRows } from './query.ts';
import type { Call, Route } from './route.ts';
import type { User } from './rows.ts';
import type { AccessToken } from './tokens.ts';

const FIELDS: ReadonlySet<string> = new Set(Object.keys(tokenMessage).filter((field) => field !== 'token'));
const SECRET_LENGTH = 32;

const tokenInput = z.object({
  usage: z
    .string()
    .nullish()
    .transform((value) => value ?? ''),
});

/** The operations on personal access tokens. The secret is in the answer of the create alone. */
export function tokenRoutes(context: Context): Route[] {
  const owner = (id: string): User => {
    const user = context.store.users.get(id);
    if (user?.deleted_at !== '0') throw notFound('users', 'user', id);
    return user;
  };
  const locate = ([userId = '', id = '']: readonly string[]): AccessToken => {
    const token = context.tokens.get(id);
    if (token === undefined || token.userId !== owner(userId).id) throw notFound('tokens', 'token', id);
    return token;
  };
  const sourceOf = (token: AccessToken) => ({
    ...token,
    user: { id: token.userId, name: context.store.users.get(token.userId)?.name },
  });
  const write = (token: AccessToken, fields = FIELDS): Json =>
    writeMessage(tokenMessage, sourceOf(token), { emitDefaults: context.switches().emitDefaults, fields });

  const create = (call: Call): Json => {
    const user = owner(call.ids[0] ?? '');
    const { values } = parseBody(tokenInput, call.body ?? {}, 'tokens', context.switches());
    const token: AccessToken = {
      ...createdStamps(context, call.caller.ref),
      id: guid(context),
      token: randomText(context, SECRET_LENGTH),
      usage: values.usage,
      userId: user.id,
    };
    context.tokens.put(token);
    return write(token, new Set([...FIELDS, 'token']));
  };

  const list = ({ ids, query }: Call): Json => {
    const switches = context.switches();
    const q = query.get('q') ?? '';
    const matches = compileLike(q === '' ? '*' : q, { escapeLike: switches.escapeLike });
    const rows = context.tokens.ofUser(owner(ids[0] ?? '').id).filter((token) => matches(token.usage));
    const paging = pagingOf(query, switches);
    const sorted = sortRows(rows, sortOf(query, 'tokens', tokenMessage), tokenMessage, sourceOf);
    const { items, next } = cutPage(sorted, paging);
    const fields = new Set(fieldsOf(query, FIELDS));
    fields.delete('token');
    return listAnswer(
      paging,
      next,
      items.map((token) => write(token, fields)),
      switches,
      'text',
    );
  };

  const update = (call: Call): Json => {
    const token = locate(call.ids);
    const { values, keys } = parseBody(tokenInput, call.body ?? {}, 'tokens', context.switches());
    const at = String(context.now());
    const by = call.caller.ref;
    const next: AccessToken = { ...token, updated_at: at, updated_by: by };
    if (keys.has('usage')) next.usage = values.usage;
    if (call.query.has('enable')) {
      const isEnabled = flagOf(call.query, 'enable');
      next.deleted_at = isEnabled ? '0' : at;
      next.deleted_by = isEnabled ? null : by;
    }
    context.tokens.put(next);
    return write(next);
  };

  const remove = ({ ids }: Call): Json => {
    const token = locate(ids);
    context.tokens.drop(token.id);
    return write(token);
  };

  const all = { path: '/users/{id}/tokens', objectClass: 'users' } as const;
  const one = { path: '/users/{id}/tokens/{id}', objectClass: 'users' } as const;
  return [
    { ...all, method: 'GET', action: 'read', handle: list },
    { ...all, method: 'POST', action: 'write', handle: create },
    { ...one, method: 'GET', action: 'read', handle: ({ ids }) => write(locate(ids)) },
    { ...one, method: 'PUT', action: 'write', handle: update },
    { ...one, method: 'PATCH', action: 'write', handle: update },
    { ...one, method: 'DELETE', action: 'write', handle: remove },
  ];
}

/** An id that looks like a UUID, from the sandbox's seed. */
export function guid(context: Pick<Context, 'random'>): string {
  const hex = (length: number): string =>
    Array.from({ length }, () => Math.floor(context.random() * 16).toString(16)).join('');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
}
