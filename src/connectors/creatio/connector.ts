import { z } from 'zod';
import type {
  CrmCapabilities,
  CrmConnector,
  CrmQuery,
  CrmRead,
  CrmRow,
  CrmWrite,
  CrmWriteOutcome,
} from '../../app/ports/crm.ts';
import { isRollcallError, RollcallError } from '../../app/ports/errors.ts';
import type { Logger } from '../../app/ports/logger.ts';
import type { RequestTally } from '../../app/ports/requests.ts';
import type { QueryValue } from '../../http/types.ts';
import { readAccount, type OwnAccount } from './account.ts';
import {
  allUnauthorised,
  decodeBatch,
  encodeWrite,
  outcomesOfFailure,
  type BatchRequest,
  type SentWrite,
} from './batch.ts';
import type { ODataClient } from './client.ts';
import { columnOf, filterText, foldCell } from './literals.ts';
import { parseMetadata, toCrmSchema, type Column, type EntityColumns, type Metadata } from './metadata.ts';
import { readPages } from './paging.ts';
import { Page, type RawRow } from './schema.ts';
import { createCrmUsers } from './users.ts';

const CAPABILITIES: CrmCapabilities = {
  fixedRequests: 3,
  batchSize: 100,
  pageSize: 2000,
  probeTerms: 25,
  // The product fills these itself.
  ownColumns: ['CreatedOn', 'CreatedById', 'ModifiedOn', 'ModifiedById', 'ProcessListeners'],
};

export interface ConnectorDeps {
  readonly client: ODataClient;
  /** Drops the session, so that the next request signs in anew. */
  readonly forgetSession: () => void;
  /** The login of our account, where it is known. */
  readonly login: string | undefined;
  /** What our account is called where its login is not known. */
  readonly name: string;
  /** Everything that was sent. */
  readonly tally: () => RequestTally;
  /** Bytes that nobody can foresee. */
  readonly randomBytes: (count: number) => Uint8Array;
  readonly logger: Logger;
}

/** The CRM port on Creatio. */
export function createConnector(deps: ConnectorDeps): CrmConnector {
  const { client, logger } = deps;
  let known: Metadata | undefined;
  let loading: Promise<Metadata> | undefined;

  async function load(signal: AbortSignal | undefined): Promise<Metadata> {
    const xml = await client.read({ path: '$metadata', schema: z.string(), as: 'text', signal });
    known = parseMetadata(xml);
    return known;
  }

  /** Types of columns decide how values are written and read, so whoever comes first fetches them. */
  async function metadata(signal: AbortSignal | undefined): Promise<Metadata> {
    if (known !== undefined) return known;
    loading ??= load(signal).finally(() => {
      loading = undefined;
    });
    return loading;
  }

  async function columnsOf(entity: string, signal: AbortSignal | undefined): Promise<EntityColumns> {
    const columns = (await metadata(signal)).get(entity);
    if (columns !== undefined) return columns;
    throw new RollcallError('CONFIGURATION', `The entity "${entity}" is not in Creatio's $metadata.`, {
      cure: 'Correct the name in the mapping, or publish the object in Creatio; OData sees it after one to two minutes.',
      details: { entity },
    });
  }

  async function readRows(query: CrmQuery): Promise<CrmRead> {
    const { signal } = query;
    const columns = await columnsOf(query.entity, signal);
    const wanted = [...new Set(['Id', ...query.columns])].map((name) => columnOf(columns, name));
    const filters = query.filter ?? [];
    // A condition that lists nothing holds for nothing.
    if (filters.some((filter) => 'anyOf' in filter && filter.anyOf.length === 0)) {
      return { items: [], duplicates: [], pages: 0, count: 0, lastPageShort: true };
    }
    const shared: Record<string, QueryValue> = {
      $select: wanted.map(({ name }) => name).join(','),
      $orderby: columns.byName.has('CreatedOn') ? 'CreatedOn asc,Id asc' : 'Id asc',
      $filter: filterText(columns, filters),
    };
    return readPages({
      pageSize: CAPABILITIES.pageSize,
      query: shared,
      ask: (page) => client.read({ path: query.entity, query: page, schema: Page, signal }),
      fold: (raw) => foldSelected(query.entity, wanted, raw),
      onPage: query.onPage,
    });
  }

  async function send(
    sent: readonly SentWrite[],
    requests: readonly BatchRequest[],
    signal: AbortSignal | undefined,
  ): Promise<CrmWriteOutcome[]> {
    const writes = sent.map(({ write }) => write);
    try {
      let answer = await client.batch({ requests }, signal);
      if (allUnauthorised(answer)) {
        logger.warn('Creatio refused every part of a batch for want of a session; it is sent again.', {
          writes: writes.length,
        });
        deps.forgetSession();
        answer = await client.batch({ requests }, signal);
      }
      return decodeBatch(sent, answer, (entity, raw) => foldKnown(known?.get(entity), raw));
    } catch (error) {
      const outcomes = isRollcallError(error) ? outcomesOfFailure(writes, error) : undefined;
      if (outcomes === undefined) throw error;
      return outcomes;
    }
  }

  let own: OwnAccount | undefined;
  async function ownAccount(signal: AbortSignal | undefined): Promise<OwnAccount> {
    own = await readAccount(client, deps, signal);
    return own;
  }

  return {
    product: 'creatio',
    capabilities: CAPABILITIES,
    crmUsers: createCrmUsers({
      client,
      columnsOf,
      culture: async (signal) => (own ?? (await ownAccount(signal))).culture,
      randomBytes: deps.randomBytes,
    }),

    async whoAmI(signal) {
      const { account } = await ownAccount(signal);
      if (account.userId === null && deps.login !== undefined) {
        logger.warn('Creatio does not show its own user to this account.', { login: deps.login });
      }
      return account;
    },

    async describe(signal) {
      return toCrmSchema(await load(signal));
    },

    readRows,

    async findRows(query) {
      const terms = [...new Set(query.by.values)];
      const rows = new Map<string, CrmRow>();
      for (let from = 0; from < terms.length; from += CAPABILITIES.probeTerms) {
        const anyOf = terms.slice(from, from + CAPABILITIES.probeTerms);
        const filter = [...(query.filter ?? []), { column: query.by.column, anyOf }];
        const { items } = await readRows({ ...query, filter });
        for (const row of items) rows.set(String(row['Id']), row);
      }
      return [...rows.values()];
    },

    async write(writes, signal) {
      if (writes.length > CAPABILITIES.batchSize) {
        throw new RollcallError(
          'CONTRACT',
          `A batch holds ${CAPABILITIES.batchSize} writes, not ${writes.length}.`,
        );
      }
      if (writes.length === 0) return [];
      const columns = await metadata(signal);
      const outcomes = new Map<CrmWrite, CrmWriteOutcome>();
      const sent: SentWrite[] = [];
      const requests: BatchRequest[] = [];
      for (const [index, write] of writes.entries()) {
        const id = String(index + 1);
        const encoded = encodeWrite(write, id, columns);
        if ('state' in encoded) {
          outcomes.set(write, encoded);
          continue;
        }
        sent.push({ id, write });
        requests.push(encoded);
      }
      if (sent.length > 0) {
        const answers = await send(sent, requests, signal);
        for (const [index, { write }] of sent.entries()) {
          const answer = answers[index];
          if (answer !== undefined) outcomes.set(write, answer);
        }
      }
      return writes.map(
        (write) =>
          outcomes.get(write) ?? { ref: write.ref, state: 'unknown', message: 'No outcome was found.' },
      );
    },

    tally: deps.tally,
  };
}

/** The wanted columns of a row; one that does not come would look like an empty value, so it is an error. */
function foldSelected(
  entity: string,
  wanted: readonly Column[],
  raw: RawRow,
): CrmRow & { readonly Id: string } {
  const row: Record<string, CrmRow[string]> & { Id: string } = { Id: '' };
  for (const column of wanted) {
    const value = raw[column.name];
    if (value === undefined) {
      throw new RollcallError(
        'CONTRACT',
        `Creatio left the column "${column.name}" of "${entity}" out of its answer.`,
        {
          cure: 'Compile the configuration in Creatio: a column of its model is missing at run time.',
          details: { entity, column: column.name },
        },
      );
    }
    const cell = foldCell(column, value);
    if (column.name !== 'Id') row[column.name] = cell;
    else if (typeof cell === 'string') row.Id = cell;
    else throw new RollcallError('CONTRACT', `Creatio answered a row of "${entity}" without an id.`);
  }
  return row;
}

/** All plain columns of a row that are in the metadata. */
function foldKnown(columns: EntityColumns | undefined, raw: RawRow): CrmRow {
  const row: Record<string, CrmRow[string]> = {};
  for (const [name, value] of Object.entries(raw)) {
    const column = columns?.byName.get(name);
    if (column !== undefined && (value === null || typeof value !== 'object'))
      row[name] = foldCell(column, value);
  }
  return row;
}
