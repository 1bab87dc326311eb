import { z } from 'zod';
import type { Json } from '../types.ts';
import { parseBody } from './body.ts';
import type { Context } from './context.ts';
import { notFound } from './errors.ts';
import type { Call, Route } from './route.ts';
import type { User } from './rows.ts';
import { changeUser } from './user-writer.ts';

const text = z.string().nullish();
const presenceInput = z.object({ status: text, note: text });

/** "Do not disturb", for oneself and for others (item 34). The other tags of a presence come from devices. */
export function presenceRoutes(context: Context): Route[] {
  const setPresence = (user: User | undefined, id: string, { body, caller }: Call): Json => {
    if (user?.deleted_at !== '0') throw notFound('users', 'user', id);
    const { values } = parseBody(presenceInput, body, 'presence', context.switches());
    const others = tagsOf(user.presence?.status ?? '').filter((tag) => tag !== 'dnd');
    const tags = values.status === 'dnd' ? ['dnd', ...others] : others;
    const isBraced = context.switches().presenceAs === 'braces' && tags.length > 0;
    const presence = {
      id: user.id,
      expires: 0,
      timestamp: String(context.now()),
      note: values.note ?? '',
      status: isBraced ? `{${tags.join(',')}}` : (tags[0] ?? ''),
    };
    changeUser(context, user, { user: { ...user, presence }, touched: ['presence'], by: caller.ref });
    return presence;
  };

  return [
    {
      method: 'PATCH',
      path: '/users/{id}/presence',
      objectClass: 'users',
      action: 'write',
      handle: (call) => setPresence(context.store.users.get(call.ids[0] ?? ''), call.ids[0] ?? '', call),
    },
    {
      method: 'PATCH',
      path: '/presence',
      objectClass: null,
      action: 'write',
      handle: (call) => setPresence(call.caller.user, call.caller.user.id, call),
    },
  ];
}

const tagsOf = (status: string): string[] => status.match(/[a-z]+/g) ?? [];
