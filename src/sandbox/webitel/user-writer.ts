import { badRequest, conflict, notFound } from './errors.ts';
import { createdStamps, randomText, type Context } from './context.ts';
import { checkUser, mayHaveContact } from './user-rules.ts';
import type { Device, Ref, User } from './rows.ts';

/** Changes to these fields alone do not move `updated_at`, unless the switch says so. */
const GRANT_FIELDS: ReadonlySet<string> = new Set([
  'license',
  'roles',
  'devices',
  'device',
  'contact',
  'presence',
]);

/** A device to make for a user; what is empty follows from the user. */
export interface DeviceTemplate {
  name: string;
  account: string;
  password: string;
}

/** An intended state of a user. */
export interface UserChange {
  user: User;
  /** The complete list of attached devices; without it, the devices stay as they are. */
  devices?: readonly Ref[] | undefined;
  generateDevice?: DeviceTemplate | undefined;
  /** The fields that were named by whoever changes; they decide about the stamps. */
  touched: Iterable<string>;
  by: Ref | null;
}

/** Stores a new user under the rules of the product and answers it. Nothing is stored if a rule is broken. */
export function createUser(context: Context, change: UserChange): User {
  return store(context, { ...change, user: stampGrants(context, change.user) });
}

/** Stores a changed user under the rules of the product, with stamps, and answers it. */
export function changeUser(context: Context, before: User, change: UserChange): User {
  const names = [...change.touched];
  const isStamped =
    names.some((name) => !GRANT_FIELDS.has(name)) || (names.length > 0 && context.switches().stampOnGrants);
  const stamps = isStamped ? { updated_at: String(context.now()), updated_by: change.by } : {};
  return store(
    context,
    { ...change, user: stampGrants(context, { ...change.user, ...stamps }, before) },
    before,
  );
}

/** Grants keep the time at which they were first given. */
function stampGrants(context: Context, user: User, before?: User): User {
  const seen = new Set<string>();
  const license = user.license.filter((grant) => !seen.has(grant.id) && seen.add(grant.id));
  return {
    ...user,
    license: license.map((grant) => {
      const held = before?.license.find((other) => other.id === grant.id);
      if (held !== undefined) return held;
      return grant.issued_at === '0' ? { ...grant, issued_at: String(context.now()) } : grant;
    }),
  };
}

function store(context: Context, change: UserChange, before?: User): User {
  const user = withoutStrayContact(context, change.user, before);
  checkUser(context, user, before);
  const attached = change.devices ?? context.views.devicesOf(user.id);
  const isNamed = change.devices !== undefined;
  if (isNamed) checkDevices(context, user, attached);
  const generated =
    change.generateDevice === undefined ? null : planDevice(context, user, change.generateDevice);
  const isOwn = (ref: Ref): boolean => attached.some((device) => device.id === ref.id);
  const isNewDefault = user.device !== null && user.device.id !== before?.device?.id;
  if (generated === null && isNewDefault && user.device !== null && !isOwn(user.device)) {
    throw badRequest('users.device.invalid', `device ${user.device.id} is not one of the user's devices`);
  }

  // All checks have passed: from here on only writes.
  const kept = user.device !== null && isOwn(user.device) ? user.device : null;
  // Devices first: taking one from its owner clears it as a default, which would hit the new default too.
  if (isNamed) attachDevices(context, user.id, attached);
  context.store.users.put({ ...user, device: kept });
  if (generated !== null) {
    context.store.devices.put(generated);
    context.store.users.put({ ...user, device: { id: generated.id, name: generated.name } });
  }
  return context.store.users.get(user.id) ?? user;
}

/** Drops a new contact in silence where the switch says so. */
function withoutStrayContact(context: Context, user: User, before?: User): User {
  const isDropped =
    context.switches().contactWithoutLicense === 'ignore' &&
    user.contact?.id !== before?.contact?.id &&
    !mayHaveContact(context, user);
  return isDropped ? { ...user, contact: before?.contact ?? null } : user;
}

function checkDevices(context: Context, user: User, devices: readonly Ref[]): void {
  for (const { id } of devices) {
    const device = context.store.devices.get(id);
    if (device === undefined || device.hotdesk) {
      throw badRequest('users.devices.invalid', `device ${id} not found`);
    }
    const isForeign = device.user !== null && device.user.id !== user.id;
    if (isForeign && context.switches().deviceTaken === 'refuse') {
      throw badRequest('users.devices.invalid', `device ${id} is already assigned`);
    }
  }
}

/** Makes exactly these devices the user's; who owned one before loses it, as a default too. */
export function attachDevices(context: Context, userId: string, devices: readonly Ref[]): void {
  const wanted = new Set(devices.map((device) => device.id));
  for (const { id } of context.views.devicesOf(userId)) if (!wanted.has(id)) releaseDevice(context, id);
  for (const id of wanted) {
    const device = context.store.devices.get(id);
    if (device === undefined || device.user?.id === userId) continue;
    releaseDevice(context, id);
    context.store.devices.put({ ...device, user: { id: userId, name: '' } });
  }
}

/** Takes a device from its owner, and from whoever has it as the default. */
export function releaseDevice(context: Context, id: string): void {
  const device = context.store.devices.get(id);
  if (device !== undefined) context.store.devices.put({ ...device, user: null });
  for (const userId of context.store.users.find('device', id)) {
    const user = context.store.users.get(userId);
    if (user !== undefined) context.store.users.put({ ...user, device: null });
  }
}

/** The device that `generate_device` makes; `null` where the account is taken and the switch lets it pass. */
function planDevice(context: Context, user: User, template: DeviceTemplate): Device | null {
  const account = template.account === '' ? user.username : template.account;
  if (context.store.devices.find('account', account.toLowerCase()).size > 0) {
    if (context.switches().generateDeviceConflict === 'without-device') return null;
    throw conflict(context.switches(), 'devices', 'account', account);
  }
  return {
    ...createdStamps(context, null),
    id: context.store.nextDeviceId(),
    name: template.name === '' ? user.name : template.name,
    account,
    password: template.password === '' ? randomText(context, 12) : template.password,
    user: { id: user.id, name: user.name },
    logged_in: '0',
    hotdesk: false,
    hotdesks: [],
    provision: {},
    brand: '',
    model: '',
    mac: '',
    ip: '',
    reged: false,
  };
}

/** Deletes a user: softly, where the login stays taken, or for good with grants and tokens. Answers what was deleted. */
export function removeUser(context: Context, id: string, permanent: boolean, by: Ref | null): User {
  const user = context.store.users.get(id);
  if (user === undefined || (!permanent && user.deleted_at !== '0')) throw notFound('users', 'user', id);
  if (!permanent) {
    const deleted = { ...user, deleted_at: String(context.now()), deleted_by: by };
    context.store.users.put(deleted);
    context.sessions.endOfUser(id);
    return deleted;
  }
  const devices = context.views.devicesOf(id);
  if (devices.length > 0 && context.switches().deleteWithDevices === 'refuse') {
    throw badRequest('users.delete.devices', `user ${id} still owns ${devices.length} device(s)`);
  }
  dropUser(context, user);
  return user;
}

/** Removes a user for good, whatever is attached. */
export function dropUser(context: Context, user: User): void {
  attachDevices(context, user.id, []);
  context.tokens.dropOfUser(user.id);
  context.sessions.endOfUser(user.id);
  context.store.users.drop(user.id);
}
