import type { Json } from '../types.ts';
import type { Context } from './context.ts';
import { notFound } from './errors.ts';
import { compileLike } from './like.ts';
import { licenseMessage, productUserMessage, writeMessage } from './messages.ts';
import { cutPage, fieldsOf, flagOf, listAnswer, pagingOf, sortOf, sortRows } from './query.ts';
import type { Call, Route } from './route.ts';
import type { License } from './rows.ts';

/** The holders are written only where they are asked for. */
const LIST_FIELDS: ReadonlySet<string> = new Set(
  Object.keys(licenseMessage).filter((field) => field !== 'users'),
);
const HOLDER_FIELDS: ReadonlySet<string> = new Set(Object.keys(productUserMessage));

/** The operations on licences. */
export function licenseRoutes(context: Context): Route[] {
  const list = ({ query }: Call): Json => {
    const switches = context.switches();
    const paging = pagingOf(query, switches);
    const sorts = sortOf(query, 'license', licenseMessage);
    const filters = licenseFilters(context, query);
    let rows = [...context.store.licenses.values()].filter((license) =>
      filters.every((accepts) => accepts(license)),
    );
    if (sorts.length > 0) {
      rows = sortRows(rows, sorts, licenseMessage, (license) => ({
        ...license,
        remain: context.views.remain(license),
      }));
    }
    const { items, next } = cutPage(rows, paging);
    const fields = fieldsOf(query, LIST_FIELDS);
    const options = { emitDefaults: switches.emitDefaults, fields };
    return listAnswer(
      paging,
      next,
      items.map((license) => writeMessage(licenseMessage, context.views.license(license), options)),
      switches,
      'none',
    );
  };

  const holders = ({ ids, query }: Call): Json => {
    const switches = context.switches();
    const license = context.store.licenses.get(ids[0] ?? '');
    if (license === undefined) throw notFound('license', 'license', ids[0] ?? '');
    const q = query.get('q') ?? '';
    const matches = compileLike(q === '' ? '*' : q, { escapeLike: switches.escapeLike });
    const rows = [...context.store.users.find('license', license.id)]
      .map((id) => context.store.users.get(id))
      .filter((user) => user !== undefined)
      .filter((user) => matches(user.username));
    const paging = pagingOf(query, switches);
    const { items, next } = cutPage(rows, paging);
    const options = { emitDefaults: switches.emitDefaults, fields: fieldsOf(query, HOLDER_FIELDS) };
    const { dc, domain } = context.store.domain;
    const written = items.map((user) => {
      const grant = user.license.find((held) => held.id === license.id);
      return writeMessage(
        productUserMessage,
        {
          user: { id: user.id, name: user.username },
          domain: { id: switches.domainId ?? dc, name: domain },
          issued_at: grant?.issued_at,
          expires_at: license.not_after,
          sessions: context.sessions.openOf(user.id, context.now()),
        },
        options,
      );
    });
    return listAnswer(paging, next, written, switches, 'none');
  };

  const license = { objectClass: 'license', method: 'GET', action: 'read' } as const;
  return [
    { ...license, path: '/license', handle: list },
    { ...license, path: '/products', handle: list },
    { ...license, path: '/customer/{id}/license', handle: list },
    { ...license, path: '/products/{id}/users', handle: holders },
  ];
}

function licenseFilters(context: Context, query: URLSearchParams): ((license: License) => boolean)[] {
  const { escapeLike, validHidesExhausted } = context.switches();
  const filters: ((license: License) => boolean)[] = [];
  const ids = new Set(query.getAll('id').filter((id) => id !== ''));
  if (ids.size > 0) filters.push((license) => ids.has(license.id));
  const products = new Set(query.getAll('product').filter((product) => product !== ''));
  if (products.size > 0) filters.push((license) => products.has(license.product));
  if (flagOf(query, 'valid')) {
    filters.push((license) => context.views.isInTerm(license));
    if (validHidesExhausted) {
      filters.push((license) => license.competitive || context.views.remain(license) > 0);
    }
  }
  const userId = query.get('user.id') ?? '';
  if (userId !== '') filters.push((license) => context.store.users.find('license', license.id).has(userId));
  const q = query.get('q') ?? '';
  if (q !== '') {
    const matches = compileLike(q, { escapeLike });
    filters.push((license) => matches(license.product) || matches(license.name));
  }
  return filters;
}
