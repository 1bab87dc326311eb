import type { CrmRead, CrmRow } from '../../app/ports/crm.ts';
import type { QueryValue } from '../../http/types.ts';
import type { Page, RawRow } from './schema.ts';

export interface PagedRead {
  readonly pageSize: number;
  /** `$select`, `$filter`, `$orderby`: the same for each page. */
  readonly query: Readonly<Record<string, QueryValue>>;
  ask(query: Readonly<Record<string, QueryValue>>): Promise<Page>;
  fold(raw: RawRow): CrmRow & { readonly Id: string };
  readonly onPage?: ((read: number, total: number | null) => void) | undefined;
}

/**
 * Reads a collection with `$top` and `$skip` in max(1, ⌈rows ÷ page size⌉) requests: every page brings the product's
 * count, which says after a full page whether anything follows.
 *
 * Each page but the first begins with the last row of the one before. If it does not, rows were removed (or put in)
 * further up meanwhile, the pages do not join, and rows may be missing although the count agrees: such a read says
 * `lastPageShort: false`.
 */
export async function readPages(read: PagedRead): Promise<CrmRead> {
  const items: CrmRow[] = [];
  const seen = new Set<string>();
  const duplicates = new Set<string>();
  /** Where the next new row stands in the collection. */
  let position = 0;
  let pages = 0;
  let joined = true;
  let last: string | undefined;
  let count: number | null = null;

  for (;;) {
    const overlap = last === undefined ? 0 : 1;
    const top = read.pageSize + overlap;
    const skip = position - overlap;
    const page = await read.ask({ ...read.query, $top: top, $skip: skip, $count: true });
    pages += 1;
    count = page['@odata.count'] ?? null;
    const rows = page.value.map((raw) => read.fold(raw));
    const full = rows.length >= top;
    position = skip + rows.length;
    if (overlap === 1) {
      if (rows[0]?.Id === last) rows.shift();
      else joined = false;
    }
    for (const row of rows) {
      if (seen.has(row.Id)) duplicates.add(row.Id);
      else items.push(row);
      seen.add(row.Id);
    }
    last = rows.at(-1)?.Id ?? last;
    read.onPage?.(items.length, count);
    const more = page['@odata.nextLink'] !== undefined && rows.length > 0 && !full;
    const ended = !full || (count !== null && position >= count);
    if (ended) {
      return { items, duplicates: [...duplicates], pages, count, lastPageShort: joined && !more };
    }
  }
}
