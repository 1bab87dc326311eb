import { z } from 'zod';
import type { Json } from '../types.ts';
import type { Context } from './context.ts';
import { badRequest, notFound } from './errors.ts';
import type { Call, Route } from './route.ts';

/** What users have set for themselves, by user and key. */
export interface SettingsBook {
  get(userId: string, key: string): Json | undefined;
  set(userId: string, key: string, value: Json): void;
  of(userId: string): Record<string, Json>;
}

export function createSettingsBook(): SettingsBook {
  const byUser = new Map<string, Record<string, Json>>();
  const of = (userId: string): Record<string, Json> => byUser.get(userId) ?? {};
  return {
    get: (userId, key) => of(userId)[key],
    set: (userId, key, value) => void byUser.set(userId, { ...of(userId), [key]: value }),
    of,
  };
}

const valueSchema: z.ZodType<Json> = z.json();

/** Settings of one's own: only the owner of the token can see or change them (item 40). */
export function settingsRoutes(context: Context): Route[] {
  const answer = (key: string, value: Json): Json =>
    context.switches().responseShape === 'wrapped' ? { key, value } : value;

  const read = ({ caller, ids: [key = ''] }: Call): Json => {
    const value = context.settings.get(caller.user.id, key);
    if (value === undefined) throw notFound('user_settings', 'setting', key);
    return answer(key, value);
  };
  const write = ({ caller, ids: [key = ''], body }: Call): Json => {
    const value = valueSchema.safeParse(body);
    if (!value.success) throw badRequest('user_settings.value.required', 'a value is required');
    context.settings.set(caller.user.id, key, value.data);
    return answer(key, value.data);
  };

  const own = { path: '/user/settings/{id}', objectClass: null } as const;
  return [
    { ...own, method: 'GET', action: 'read', handle: read },
    { ...own, method: 'PUT', action: 'write', handle: write },
  ];
}
