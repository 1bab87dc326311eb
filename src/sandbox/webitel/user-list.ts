import type { Json } from '../types.ts';
import type { Caller } from './access.ts';
import type { Context } from './context.ts';
import { compileLike } from './like.ts';
import { userMessage, writeMessage } from './messages.ts';
import {
  compareIds,
  cutPage,
  fieldsOf,
  flagOf,
  idsOf,
  listAnswer,
  pagingOf,
  sortOf,
  sortRows,
  type Sort,
} from './query.ts';
import type { User } from './rows.ts';

/** Lists of users; sorted lists are kept until something changes. */
export interface UserLists {
  /** The answer of `GET /users`. */
  search(query: URLSearchParams, caller: Caller): Json;
  /** Whether the caller's record-level rights cover a user. */
  isVisible(user: User, caller: Caller): boolean;
}

type View = 'live' | 'any' | 'deleted';

export function createUserLists(context: Context): UserLists {
  const cache = new Map<string, readonly User[]>();
  let cachedRevision = -1;
  let visible: { key: string; ids: ReadonlySet<string> } | undefined;

  const cached = (key: string, make: () => readonly User[]): readonly User[] => {
    if (cachedRevision !== context.store.revision()) {
      cache.clear();
      visible = undefined;
      cachedRevision = context.store.revision();
    }
    const known = cache.get(key);
    if (known !== undefined) return known;
    const made = make();
    cache.set(key, made);
    return made;
  };

  const byId = (view: View): readonly User[] =>
    cached(view, () =>
      [...context.store.users.values()]
        .filter((user) => view === 'any' || (user.deleted_at !== '0') === (view === 'deleted'))
        .toSorted(compareIds),
    );
  const ordered = (view: View, sorts: readonly Sort[]): readonly User[] =>
    sorts.length === 0
      ? byId(view)
      : cached(`${view} ${JSON.stringify(sorts)}`, () =>
          sortRows(byId(view), sorts, userMessage, (user) => ({ ...user })),
        );

  /** The ids that the caller may see; `null` is all. */
  const visibleIds = (caller: Caller): ReadonlySet<string> | null => {
    const { visibleUsers, ownUserVisible } = context.switches();
    if (visibleUsers === null) return null;
    const all = byId('any');
    const key = `${visibleUsers} ${ownUserVisible} ${caller.user.id}`;
    if (visible?.key === key) return visible.ids;
    const ids = new Set<string>(ownUserVisible && visibleUsers > 0 ? [caller.user.id] : []);
    for (const user of all) {
      if (ids.size >= visibleUsers) break;
      if (user.id !== caller.user.id) ids.add(user.id);
    }
    visible = { key, ids };
    return ids;
  };

  const filtersOf = (query: URLSearchParams): ((user: User) => boolean)[] => {
    const { bareQ, escapeLike } = context.switches();
    const filters: ((user: User) => boolean)[] = [];
    const text = (name: string, valueOf: (user: User) => string, caseSensitive = false): void => {
      const term = query.get(name) ?? '';
      if (term === '') return;
      const matches = compileLike(term, { caseSensitive, escapeLike });
      filters.push((user) => matches(valueOf(user)));
    };
    text('name', (user) => user.name);
    text('username', (user) => user.username);
    text('extension', (user) => user.extension, true);
    text('status', (user) => user.status);
    text('presence.note', (user) => user.presence?.note ?? '');

    const presence = query.get('presence.status') ?? '';
    if (presence !== '') {
      const matches = compileLike(presence, { escapeLike });
      filters.push((user) =>
        (user.presence?.status ?? '').split(/[{},\s]+/).some((tag) => tag !== '' && matches(tag)),
      );
    }
    const q = query.get('q') ?? '';
    if (q !== '') {
      const contains = bareQ === 'contains' && !/[*?]/.test(q);
      const matches = compileLike(q, { contains, escapeLike });
      filters.push((user) => [user.name, user.username, user.extension, user.status].some(matches));
    }
    const excluded = new Set(idsOf(query, 'not_id'));
    if (excluded.size > 0) filters.push((user) => !excluded.has(user.id));
    return filters;
  };

  return {
    isVisible: (user, caller) => visibleIds(caller)?.has(user.id) ?? true,
    search: (query, caller) => {
      const switches = context.switches();
      const paging = pagingOf(query, switches);
      const sorts = sortOf(query, 'users', userMessage, switches.unsortable);
      const fields = fieldsOf(query, new Set(switches.userListFields));
      const filters = filtersOf(query);
      const view: View = flagOf(query, 'deleted') ? 'deleted' : flagOf(query, 'any') ? 'any' : 'live';
      const seen = visibleIds(caller);
      if (seen !== null) filters.push((user) => seen.has(user.id));
      const wanted = new Set(idsOf(query, 'id'));
      if (wanted.size > 0) filters.push((user) => wanted.has(user.id));

      let rows = ordered(view, sorts);
      if (filters.length > 0) rows = rows.filter((user) => filters.every((accepts) => accepts(user)));

      const duplicated = switches.duplicateRow !== null && paging.page >= switches.duplicateRow.page ? -1 : 0;
      const skipped = switches.skipRow !== null && paging.page >= switches.skipRow.page ? 1 : 0;
      const { items, next } = cutPage(rows, paging, duplicated + skipped);
      const isNextLost = switches.loseNext?.page === paging.page;
      return listAnswer(
        paging,
        next && !isNextLost,
        items.map((user) => writeUser(context, user, fields)),
        switches,
      );
    },
  };
}

/** A user on the wire; the password's hash only where the switch shows it. */
export function writeUser(context: Context, user: User, fields: ReadonlySet<string>): Json {
  const { emitDefaults, passwordInRead } = context.switches();
  const source = context.views.user(user);
  const shown = passwordInRead === 'hash' ? source : { ...source, password: '' };
  return writeMessage(userMessage, shown, { emitDefaults, fields });
}
