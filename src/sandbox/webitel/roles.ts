import type { Json } from '../types.ts';
import { parseBody, unwrap } from './body.ts';
import { createdStamps, type Context } from './context.ts';
import { conflict, notFound } from './errors.ts';
import { compileLike } from './like.ts';
import { roleMessage, writeMessage } from './messages.ts';
import { cutPage, fieldsOf, idsOf, listAnswer, pagingOf, sortOf, sortRows } from './query.ts';
import type { Call, Route } from './route.ts';
import { roleRow, toRole, type Ref, type Role } from './rows.ts';

const READ_FIELDS: ReadonlySet<string> = new Set(Object.keys(roleMessage));
/** Members are written only where they are asked for: there may be many. */
const LIST_FIELDS: ReadonlySet<string> = new Set(['id', 'name', 'user', 'description', 'permissions']);

const roleInput = roleRow.pick({ name: true, description: true, permissions: true, metadata: true });
const rolePatch = roleInput.partial();

/** The operations on roles. */
export function roleRoutes(context: Context): Route[] {
  const write = (role: Role, fields: ReadonlySet<string>): Json =>
    writeMessage(roleMessage, context.views.role(role), {
      emitDefaults: context.switches().emitDefaults,
      fields,
    });
  const wrapped = (member: string, role: Role, fields = READ_FIELDS): Json => {
    const flat = write(role, fields);
    return context.switches().responseShape === 'wrapped' ? { [member]: flat } : flat;
  };
  const locate = (id: string): Role => {
    const role = context.views.roleById(id);
    if (role === undefined) throw notFound('roles', 'role', id);
    return role;
  };

  const search = (query: URLSearchParams): Json => {
    const switches = context.switches();
    const paging = pagingOf(query, switches);
    const sorts = sortOf(query, 'roles', roleMessage);
    const filters = roleFilters(context, query);
    let rows = context.views.roles();
    if (filters.length > 0) rows = rows.filter((role) => filters.every((accepts) => accepts(role)));
    if (sorts.length > 0) rows = sortRows(rows, sorts, roleMessage, (role) => ({ ...role }));
    const { items, next } = cutPage(rows, paging);
    const fields = fieldsOf(query, LIST_FIELDS);
    return listAnswer(
      paging,
      next,
      items.map((role) => write(role, fields)),
      switches,
    );
  };

  const update = (call: Call): Json => {
    const before = context.store.roles.get(call.ids[0] ?? '');
    if (before === undefined) throw notFound('roles', 'role', call.ids[0] ?? '');
    const { values, keys } = parseBody(rolePatch, unwrap(call.body, 'role'), 'roles', context.switches());
    const changed = Object.fromEntries(Object.entries(values).filter(([name]) => keys.has(name)));
    const role: Role = {
      ...before,
      ...changed,
      updated_at: String(context.now()),
      updated_by: call.caller.ref,
    };
    checkRole(context, role, before);
    context.store.roles.put(role);
    return wrapped('updated', role);
  };

  const roles = { objectClass: 'roles' } as const;
  return [
    { ...roles, method: 'GET', path: '/roles', action: 'read', handle: ({ query }) => search(query) },
    {
      ...roles,
      method: 'GET',
      path: '/roles/{id}',
      action: 'read',
      handle: ({ ids, query }) => wrapped('role', locate(ids[0] ?? ''), fieldsOf(query, READ_FIELDS)),
    },
    {
      ...roles,
      method: 'POST',
      path: '/roles',
      action: 'add',
      handle: (call) => {
        const { values } = parseBody(roleInput, unwrap(call.body, 'role'), 'roles', context.switches());
        const id = context.store.nextSubjectId();
        const role = toRole(roleRow.parse({ ...values, ...createdStamps(context, call.caller.ref), id }));
        checkRole(context, role);
        context.store.roles.put(role);
        return wrapped('created', role);
      },
    },
    { ...roles, method: 'PATCH', path: '/roles/{id}', action: 'write', handle: update },
    {
      ...roles,
      method: 'DELETE',
      path: '/roles/{id}',
      action: 'delete',
      handle: ({ ids }) => {
        const role = context.store.roles.get(ids[0] ?? '');
        if (role === undefined) throw notFound('roles', 'role', ids[0] ?? '');
        const written = wrapped('deleted', role);
        dropRole(context, role.id);
        return written;
      },
    },
  ];
}

function roleFilters(context: Context, query: URLSearchParams): ((role: Role) => boolean)[] {
  const { escapeLike, idOnRolesAndDevices } = context.switches();
  const filters: ((role: Role) => boolean)[] = [];
  const ids = new Set([
    ...idsOf(query, 'ids'),
    ...(idOnRolesAndDevices === 'filter' ? idsOf(query, 'id') : []),
  ]);
  if (ids.size > 0) filters.push((role) => ids.has(role.id));
  const name = query.get('name') ?? '';
  if (name !== '') {
    const matches = compileLike(name, { escapeLike });
    filters.push((role) => matches(role.name));
  }
  const q = query.get('q') ?? '';
  if (q !== '') {
    const matches = compileLike(q, { escapeLike });
    filters.push((role) => matches(role.name) || matches(role.description));
  }
  const userId = query.get('user.id') ?? '';
  if (userId !== '') {
    const held = new Set(context.store.users.get(userId)?.roles.map((role) => role.id));
    filters.push((role) => held.has(role.id) || (role.user && role.id === userId));
  }
  return filters;
}

/** Refuses a role whose name a role or a user bears already. */
export function checkRole(context: Context, role: Role, before?: Role): void {
  const name = role.name.toLowerCase();
  if (name === before?.name.toLowerCase()) return;
  const isTaken =
    [...context.store.roles.find('name', name)].some((id) => id !== role.id) ||
    context.store.users.find('username', name).size > 0;
  if (isTaken) throw conflict(context.switches(), 'roles', 'name', role.name);
}

/** Removes a role, and takes it from everybody who holds it. */
export function dropRole(context: Context, id: string): void {
  for (const userId of context.store.users.find('role', id)) {
    const user = context.store.users.get(userId);
    if (user === undefined) continue;
    const kept: Ref[] = user.roles.filter((role) => role.id !== id);
    context.store.users.put({ ...user, roles: kept });
  }
  context.store.roles.drop(id);
}
