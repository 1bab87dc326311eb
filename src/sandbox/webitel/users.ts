import { z } from 'zod';
import type { Json } from '../types.ts';
import { requirePermission, type Caller } from './access.ts';
import { parseBody } from './body.ts';
import { createdStamps, type Context } from './context.ts';
import { badRequest, notFound, WebitelRefusal } from './errors.ts';
import { userMessage } from './messages.ts';
import { checkPassword, hashPassword } from './password.ts';
import { fieldsOf, flagOf, queryOfBody } from './query.ts';
import type { Call, Route } from './route.ts';
import { splitUser, userInput, userRow, type User } from './rows.ts';
import { createUserLists, writeUser } from './user-list.ts';
import { changeUser, createUser, removeUser, type DeviceTemplate } from './user-writer.ts';

const ALL_FIELDS: ReadonlySet<string> = new Set(Object.keys(userMessage));
/** Members that a write may carry and that it cannot set. */
const READONLY = ['hotdesks', 'totp_url', 'presence'];
const selectionSchema = z.array(z.union([z.string(), z.int()]).transform(String));

/** The operations on users. */
export function userRoutes(context: Context): Route[] {
  const lists = createUserLists(context);

  const answer = (user: User, fields: ReadonlySet<string> = ALL_FIELDS): Json =>
    writeUser(context, user, fields);
  const readAnswer = (user: User, query: URLSearchParams): Json => {
    const flat = answer(user, fieldsOf(query, ALL_FIELDS));
    return context.switches().responseShape === 'wrapped' ? { user: flat } : flat;
  };

  /** The user that an operation names, as far as the caller sees it. */
  const locate = (id: string, caller: Caller, mode: 'read' | 'write' | 'delete'): User => {
    if (!/^-?\d+$/.test(id)) throw badRequest('users.locate.id.invalid', `"${id}" is no int64`);
    const user = context.store.users.get(id);
    const isHidden =
      mode !== 'delete' &&
      user?.deleted_at !== '0' &&
      (mode === 'write' || context.switches().readDeletedById === 'not-found');
    if (user === undefined || isHidden || !lists.isVisible(user, caller)) throw notFound('users', 'user', id);
    return user;
  };

  /** Whether licences or roles may be changed; where not, the request is refused, or loses them in silence. */
  const mayGrant = (permission: string): boolean => {
    const { permissions, grantDenied } = context.switches();
    if (grantDenied === 'refuse') requirePermission(context, permission);
    return permissions.includes(permission);
  };

  const create = (call: Call): Json => {
    const { values } = parseBody(userInput, call.body, 'users', context.switches(), READONLY);
    if (values.license.length > 0 && !mayGrant('manage_user_license')) values.license = [];
    if (values.roles.length > 0 && !mayGrant('manage_user_roles')) values.roles = [];
    const password = values.password === '' ? (call.query.get('user_password') ?? '') : values.password;
    if (password !== '') checkPassword(password, values.username, context.switches());
    const { user, devices } = splitUser(
      userRow.parse({
        ...values,
        password: password === '' ? '' : hashPassword(password),
        ...createdStamps(context, call.caller.ref),
        id: context.store.nextSubjectId(),
      }),
    );
    const generateDevice = templateOf(call.query);
    return answer(createUser(context, { user, devices, generateDevice, touched: [], by: call.caller.ref }));
  };

  const update = (call: Call, isReplaced: boolean): Json => {
    const before = locate(call.ids[0] ?? '', call.caller, 'write');
    const { values, keys } = parseBody(userInput, call.body, 'users', context.switches(), READONLY);
    const mask = new Set(call.query.getAll('fields').flatMap((value) => value.split(/[\s,]+/)));
    mask.delete('');
    const named = isReplaced ? Object.keys(userInput.shape) : [...keys];
    const touched = new Set(named.filter((name) => mask.size === 0 || mask.has(name)));
    if (touched.has('license') && !mayGrant('manage_user_license')) touched.delete('license');
    if (touched.has('roles') && !mayGrant('manage_user_roles')) touched.delete('roles');

    const { devices, password, ...plain } = values;
    const changed = Object.fromEntries(Object.entries(plain).filter(([name]) => touched.has(name)));
    const isPasswordSet = touched.has('password') && password !== '';
    if (isPasswordSet) {
      requirePermission(context, 'change_user_password');
      checkPassword(
        password,
        touched.has('username') ? values.username : before.username,
        context.switches(),
      );
    }
    const user: User = {
      ...before,
      ...changed,
      password: isPasswordSet ? hashPassword(password) : before.password,
    };
    return answer(
      changeUser(context, before, {
        user,
        devices: touched.has('devices') ? devices : undefined,
        generateDevice: templateOf(call.query),
        touched,
        by: call.caller.ref,
      }),
    );
  };

  const remove = (ids: readonly string[], call: Call): Json => {
    const isPermanent = flagOf(call.query, 'permanent');
    const deleted: Json[] = [];
    let refusal: WebitelRefusal | undefined;
    for (const id of ids) {
      try {
        locate(id, call.caller, 'delete');
        deleted.push(answer(removeUser(context, id, isPermanent, call.caller.ref), new Set(['id', 'name'])));
      } catch (error) {
        if (!(error instanceof WebitelRefusal) || error.httpStatus !== 404) throw error;
        refusal = error;
      }
    }
    if (deleted.length > 0) return { deleted };
    if (refusal !== undefined && context.switches().repeatDelete === 'not-found') throw refusal;
    return {};
  };

  const users = { objectClass: 'users' } as const;
  return [
    {
      ...users,
      method: 'GET',
      path: '/users',
      action: 'read',
      handle: ({ query, caller }) => lists.search(query, caller),
    },
    {
      ...users,
      method: 'POST',
      path: '/users/search',
      action: 'read',
      handle: ({ body, caller }) => lists.search(queryOfBody(body), caller),
    },
    {
      ...users,
      method: 'GET',
      path: '/users/{id}',
      action: 'read',
      handle: ({ ids, query, caller }) => readAnswer(locate(ids[0] ?? '', caller, 'read'), query),
    },
    {
      method: 'GET',
      path: '/user',
      objectClass: null,
      action: 'read',
      handle: ({ query, caller }) => readAnswer(caller.user, query),
    },
    { ...users, method: 'POST', path: '/users', action: 'add', handle: create },
    {
      ...users,
      method: 'PATCH',
      path: '/users/{id}',
      action: 'write',
      handle: (call) => update(call, false),
    },
    { ...users, method: 'PUT', path: '/users/{id}', action: 'write', handle: (call) => update(call, true) },
    {
      ...users,
      method: 'DELETE',
      path: '/users/{id}',
      action: 'delete',
      handle: (call) => remove(call.ids, call),
    },
    {
      ...users,
      method: 'DELETE',
      path: '/users',
      action: 'delete',
      handle: (call) => {
        const selection = selectionSchema.safeParse(call.body ?? call.query.getAll('id'));
        if (!selection.success) throw badRequest('api.body.invalid', 'the body must be a list of ids');
        return remove(selection.data, call);
      },
    },
  ];
}

function templateOf(query: URLSearchParams): DeviceTemplate | undefined {
  if (!flagOf(query, 'generate_device')) return undefined;
  const isGenerated = flagOf(query, 'device.generate_password');
  return {
    name: query.get('device.name') ?? '',
    account: query.get('device.account') ?? '',
    password: isGenerated ? '' : (query.get('device.password') ?? ''),
  };
}
