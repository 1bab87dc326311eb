import type { ZodType } from 'zod';
import type { CollectionRead } from '../../app/ports/directory.ts';
import { isRollcallError } from '../../app/ports/errors.ts';
import type { HttpDoor, QueryValue } from '../../http/types.ts';
import {
  Licence,
  LICENCE_FIELDS,
  pageOf,
  Role,
  ROLE_FIELDS,
  User,
  USER_FIELDS,
  Userinfo,
  type Page,
} from './schema.ts';

/** Rows a page. The product documents no maximum; its own interface asks for up to 5,000 (facts/webitel.md §1.6). */
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
}

export function createWebitelClient(door: HttpDoor): WebitelClient {
  /** Lists that refused to be sorted, by path; they come by id anyway (facts/webitel.md §1.6). */
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
  };
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
