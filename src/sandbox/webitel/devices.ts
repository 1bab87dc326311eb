import type { Json } from '../types.ts';
import { parseBody, unwrap } from './body.ts';
import { createdStamps, type Context } from './context.ts';
import { badRequest, conflict, notFound } from './errors.ts';
import { compileLike } from './like.ts';
import { deviceMessage, writeMessage } from './messages.ts';
import { compareIds, cutPage, fieldsOf, idsOf, listAnswer, pagingOf, sortOf, sortRows } from './query.ts';
import type { Call, Route } from './route.ts';
import { deviceRow, type Device } from './rows.ts';
import { releaseDevice } from './user-writer.ts';

const READ_FIELDS: ReadonlySet<string> = new Set(Object.keys(deviceMessage));
const LIST_FIELDS: ReadonlySet<string> = new Set(['id', 'name', 'account', 'user', 'hotdesk', 'reged']);

const deviceInput = deviceRow.pick({
  name: true,
  account: true,
  password: true,
  user: true,
  hotdesk: true,
  hotdesks: true,
  provision: true,
  brand: true,
  model: true,
  mac: true,
  ip: true,
});

/** The operations on devices. */
export function deviceRoutes(context: Context): Route[] {
  const write = (device: Device, fields: ReadonlySet<string>): Json =>
    writeMessage(deviceMessage, context.views.device(device), {
      emitDefaults: context.switches().emitDefaults,
      fields,
    });
  const wrapped = (device: Device, fields = READ_FIELDS): Json => {
    const flat = write(device, fields);
    return context.switches().responseShape === 'wrapped' ? { device: flat } : flat;
  };
  const locate = (id: string): Device => {
    const device = context.store.devices.get(id);
    if (device === undefined) throw notFound('devices', 'device', id);
    return device;
  };

  const search = (query: URLSearchParams): Json => {
    const switches = context.switches();
    const paging = pagingOf(query, switches);
    const sorts = sortOf(query, 'devices', deviceMessage);
    const filters = deviceFilters(context, query);
    let rows = [...context.store.devices.values()]
      .filter((device) => filters.every((accepts) => accepts(device)))
      .toSorted(compareIds);
    if (sorts.length > 0) rows = sortRows(rows, sorts, deviceMessage, (device) => ({ ...device }));
    const { items, next } = cutPage(rows, paging);
    const fields = fieldsOf(query, LIST_FIELDS);
    return listAnswer(
      paging,
      next,
      items.map((device) => write(device, fields)),
      switches,
    );
  };

  const create = (call: Call): Json => {
    const { values } = parseBody(deviceInput, unwrap(call.body, 'device'), 'devices', context.switches());
    const id = context.store.nextDeviceId();
    const device = deviceRow.parse({ ...values, ...createdStamps(context, call.caller.ref), id });
    checkDevice(context, device);
    context.store.devices.put(device);
    return wrapped(device);
  };

  const devices = { objectClass: 'devices' } as const;
  return [
    { ...devices, method: 'GET', path: '/devices', action: 'read', handle: ({ query }) => search(query) },
    { ...devices, method: 'POST', path: '/devices', action: 'add', handle: create },
    {
      ...devices,
      method: 'GET',
      path: '/devices/{id}',
      action: 'read',
      handle: ({ ids, query }) => wrapped(locate(ids[0] ?? ''), fieldsOf(query, READ_FIELDS)),
    },
    {
      ...devices,
      method: 'DELETE',
      path: '/devices/{id}',
      action: 'delete',
      handle: ({ ids }) => {
        const device = locate(ids[0] ?? '');
        const written = write(device, new Set(['id', 'name']));
        dropDevice(context, device.id);
        return { deleted: [written] };
      },
    },
  ];
}

function deviceFilters(context: Context, query: URLSearchParams): ((device: Device) => boolean)[] {
  const { escapeLike, idOnRolesAndDevices } = context.switches();
  const filters: ((device: Device) => boolean)[] = [];
  const ids = new Set([
    ...idsOf(query, 'ids'),
    ...(idOnRolesAndDevices === 'filter' ? idsOf(query, 'id') : []),
  ]);
  if (ids.size > 0) filters.push((device) => ids.has(device.id));
  const text = (name: string, valuesOf: (device: Device) => string[], contains: boolean): void => {
    const term = query.get(name) ?? '';
    if (term === '') return;
    const matches = compileLike(term, { contains, escapeLike });
    filters.push((device) => valuesOf(device).some(matches));
  };
  text('name', (device) => [device.name], false);
  text('account', (device) => [device.account], true);
  text('hotdesk', (device) => (device.hotdesk ? ['', ...device.hotdesks] : []), false);
  text('mac', (device) => [device.mac], false);
  text('ip', (device) => [device.ip], false);
  text(
    'q',
    ({ name, account, hotdesks, brand, model, mac, ip }) => [
      name,
      account,
      ...hotdesks,
      brand,
      model,
      mac,
      ip,
    ],
    false,
  );
  const userId = query.get('user.id') ?? '';
  if (userId !== '') filters.push((device) => device.user?.id === userId);
  return filters;
}

/** Refuses a device without a name or account, or whose account, MAC or IP address another one has. */
export function checkDevice(context: Context, device: Device): void {
  const switches = context.switches();
  if (device.name === '') throw badRequest('devices.name.required', 'name is required');
  if (device.account === '') throw badRequest('devices.account.required', 'account is required');
  for (const field of ['account', 'mac', 'ip'] as const) {
    const key = field === 'ip' ? device.ip : device[field].toLowerCase();
    const isTaken = key !== '' && [...context.store.devices.find(field, key)].some((id) => id !== device.id);
    if (isTaken) throw conflict(switches, 'devices', field, device[field]);
  }
  if (device.user !== null && context.store.users.get(device.user.id) === undefined) {
    throw badRequest('devices.user.invalid', `user ${device.user.id} not found`);
  }
}

/** Removes a device; whoever had it as the default has none. */
export function dropDevice(context: Context, id: string): void {
  releaseDevice(context, id);
  context.store.devices.drop(id);
}
