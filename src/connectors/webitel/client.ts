import type { ZodType } from 'zod';
import type { CollectionRead } from '../../app/ports/directory.ts';
import { isRollcallError } from '../../app/ports/errors.ts';
import type { HttpDoor, QueryValue } from '../../http/types.ts';
import {
  Device,
  Done,
  GeneratedPassword,
  Licence,
  LICENCE_FIELDS,
  pageOf,
  PasswordSettings,
  Role,
  ROLE_FIELDS,
  User,
  USER_FIELDS,
  Userinfo,
  UserWithProfile,
  WrittenUser,
  type Page,
} from './schema.ts';

/** Rows a page. The product documents no maximum; its own interface asks for up to 5,000. */
export const PAGE_SIZE = 500;

/** Ids in one request: a URL of them stays short of every proxy's limit. */
export const IDS_PER_REQUEST = 25;

type Query = Readonly<Record<string, QueryValue>>;

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Hears the number of rows read so far. */
  readonly onPage?: ((read: number) => void) | undefined;
}

/** The calls that the connector needs, in Webitel's own terms. */
export interface WebitelClient {
  userinfo(signal?: AbortSignal): Promise<Userinfo>;
  users(options?: ReadOptions): Promise<CollectionRead<User>>;
  /** The recycle view. */
  deletedUsers(options?: ReadOptions): Promise<CollectionRead<User>>;
  /** Soft-deleted ones included. */
  usersById(ids: readonly string[], options?: ReadOptions): Promise<CollectionRead<User>>;
  /** Personal roles included. */
  roles(options?: ReadOptions): Promise<CollectionRead<Role>>;
  licences(options?: ReadOptions): Promise<CollectionRead<Licence>>;
  /** Users whose login fits, soft-deleted ones included; the product's pattern may find more than the login itself. */
  usersByLogin(login: string, signal?: AbortSignal): Promise<readonly UserWithProfile[]>;
  /** Makes a user with a device, whose account is the login unless another is given. */
  createUser(body: UserBody, options: { readonly account?: string }, signal?: AbortSignal): Promise<User>;
  /** Changes the members that the body has, and no others. */
  patchUser(id: string, body: UserBody, signal?: AbortSignal): Promise<User>;
  logout(id: string, signal?: AbortSignal): Promise<void>;
  deleteUser(id: string, options: { readonly permanent: boolean }, signal?: AbortSignal): Promise<void>;
  /** Devices that a user owns. */
  devicesOf(userId: string, signal?: AbortSignal): Promise<readonly string[]>;
  deleteDevice(id: string, signal?: AbortSignal): Promise<void>;
  passwordSettings(login: string, signal?: AbortSignal): Promise<PasswordSettings>;
  generatePassword(login: string, signal?: AbortSignal): Promise<string>;
}

/** A user as Webitel takes it; sets replace what is there. */
export interface UserBody {
  readonly username?: string;
  readonly name?: string;
  readonly email?: string;
  readonly chat_name?: string;
  readonly extension?: string;
  readonly password?: string;
  readonly force_password_change?: boolean;
  readonly license?: readonly { readonly id: string }[];
  readonly roles?: readonly { readonly id: string }[];
  readonly profile?: Readonly<Record<string, string>>;
}

export function createWebitelClient(door: HttpDoor): WebitelClient {
  /** Lists that refused to be sorted, by path; they come by id anyway. */
  const unsorted = new Set<string>();

  function list<T extends { id: string }>(
    path: string,
    schema: ZodType<Page<T>>,
    query: Query,
    options: ReadOptions = {},
  ): Promise<CollectionRead<T>> {
    const send = async (page: number): Promise<Page<T>> => {
      const reply = await door.send({
        method: 'GET',
        path,
        route: `GET ${path}`,
        query: { ...query, sort: unsorted.has(path) ? undefined : 'id', page, size: PAGE_SIZE },
        schema,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
      return reply.body;
    };
    const ask = async (page: number): Promise<Page<T>> => {
      try {
        return await send(page);
      } catch (error) {
        if (unsorted.has(path) || !refusesSort(error)) throw error;
        unsorted.add(path);
        return send(page);
      }
    };
    return readPages(ask, options.onPage);
  }

  return {
    async userinfo(signal) {
      const reply = await door.send({
        method: 'GET',
        path: '/userinfo',
        route: 'GET /userinfo',
        schema: Userinfo,
        ...(signal === undefined ? {} : { signal }),
      });
      return reply.body;
    },
    users: (options) => list('/users', pageOf(User), { fields: USER_FIELDS }, options),
    deletedUsers: (options) => list('/users', pageOf(User), { deleted: true, fields: USER_FIELDS }, options),
    usersById: (ids, options) =>
      list('/users', pageOf(User), { id: ids, any: true, fields: USER_FIELDS }, options),
    roles: (options) => list('/roles', pageOf(Role), { fields: ROLE_FIELDS }, options),
    licences: (options) => list('/license', pageOf(Licence), { fields: LICENCE_FIELDS }, options),

    async usersByLogin(login, signal) {
      const reply = await door.send({
        method: 'GET',
        path: '/users',
        route: 'GET /users',
        query: { username: login, any: true, fields: [...USER_FIELDS, 'profile'], page: 1, size: PAGE_SIZE },
        schema: pageOf(UserWithProfile),
        ...given(signal),
      });
      return reply.body.items;
    },

    async createUser(body, { account }, signal) {
      const reply = await door.send({
        method: 'POST',
        path: '/users',
        route: 'POST /users',
        query: {
          generate_device: true,
          'device.generate_password': true,
          ...(account === undefined ? {} : { 'device.account': account }),
        },
        body,
        schema: WrittenUser,
        ...given(signal),
      });
      return reply.body;
    },

    async patchUser(id, body, signal) {
      const reply = await door.send({
        method: 'PATCH',
        path: `/users/${encodeURIComponent(id)}`,
        route: 'PATCH /users/{id}',
        // Named one by one, so that an empty value clears.
        query: { fields: Object.keys(body) },
        body,
        schema: WrittenUser,
        idempotent: true,
        ...given(signal),
      });
      return reply.body;
    },

    async logout(id, signal) {
      await door.send({
        method: 'POST',
        path: `/users/${encodeURIComponent(id)}/logout`,
        route: 'POST /users/{id}/logout',
        body: {},
        schema: Done,
        idempotent: true,
        ...given(signal),
      });
    },

    async deleteUser(id, { permanent }, signal) {
      await door.send({
        method: 'DELETE',
        path: `/users/${encodeURIComponent(id)}`,
        route: 'DELETE /users/{id}',
        query: permanent ? { permanent: true } : {},
        schema: Done,
        idempotent: true,
        ...given(signal),
      });
    },

    async devicesOf(userId, signal) {
      const reply = await door.send({
        method: 'GET',
        path: '/devices',
        route: 'GET /devices',
        query: { 'user.id': userId, fields: ['id', 'user'], page: 1, size: PAGE_SIZE },
        schema: pageOf(Device),
        ...given(signal),
      });
      // A filter that the product does not know must not cost somebody else's device.
      return reply.body.items.flatMap(({ id, user }) => (user?.id === userId ? [id] : []));
    },

    async deleteDevice(id, signal) {
      await door.send({
        method: 'DELETE',
        path: `/devices/${encodeURIComponent(id)}`,
        route: 'DELETE /devices/{id}',
        schema: Done,
        idempotent: true,
        ...given(signal),
      });
    },

    async passwordSettings(login, signal) {
      const reply = await door.send({
        method: 'GET',
        path: '/users/password/settings',
        route: 'GET /users/password/settings',
        query: { username: login },
        schema: PasswordSettings,
        ...given(signal),
      });
      return reply.body;
    },

    async generatePassword(login, signal) {
      const reply = await door.send({
        method: 'POST',
        path: '/users/password/generate',
        route: 'POST /users/password/generate',
        body: { username: login },
        schema: GeneratedPassword,
        idempotent: true,
        ...given(signal),
      });
      return reply.body.password;
    },
  };
}

function given(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

/**
 * Reads a list to its end. There is no total, so its end is a page that is not full and does not announce another;
 * after a full page that announces none, one more request makes sure.
 */
async function readPages<T extends { id: string }>(
  ask: (page: number) => Promise<Page<T>>,
  onPage?: (read: number) => void,
): Promise<CollectionRead<T>> {
  const items = new Map<string, T>();
  const duplicates = new Set<string>();
  let ended = false;
  for (let page = 1; ; page += 1) {
    const answer = await ask(page);
    const before = items.size;
    for (const item of answer.items) {
      if (items.has(item.id)) duplicates.add(item.id);
      else items.set(item.id, item);
    }
    onPage?.(items.size);
    const lastPageShort =
      answer.items.length < (answer.size > 0 ? Math.min(answer.size, PAGE_SIZE) : PAGE_SIZE);
    // A page announced that nothing follows, and yet something did: its word cannot be trusted.
    const contradicted = ended && answer.items.length > 0;
    // A product that ignores the page number would go on for ever.
    const stuck = answer.items.length > 0 && items.size === before;
    const over = !answer.next && (lastPageShort || ended);
    if (over || contradicted || stuck || answer.items.length === 0) {
      return {
        items: [...items.values()],
        lastPageShort: over && !contradicted,
        duplicates: [...duplicates],
        pages: page,
      };
    }
    ended = !answer.next;
  }
}

function refusesSort(error: unknown): boolean {
  return (
    isRollcallError(error, 'VALIDATION') &&
    /\bsort\b/.test(`${String(error.details['vendorId'])} ${error.message}`)
  );
}
