import { randomUUID } from 'node:crypto';
import type { AppDeps } from '../../src/app/deps.ts';
import type { CrmConnector } from '../../src/app/ports/crm.ts';
import { Mapping } from '../../src/domain/mapping/schema.ts';

export const RECORDS = 'UsrWebitelUser';
export const LICENCE_ROWS = 'UsrWebitelUserLicense';

const mapping = Mapping.parse({
  version: 1,
  directory: 'webitel',
  record: {
    entity: RECORDS,
    directoryUserId: 'UsrExternalId',
    contact: 'UsrContactId',
    crmUser: 'UsrUserId',
    fields: {
      login: { column: 'UsrUsername', owner: 'crm' },
      displayName: { column: 'UsrName', owner: 'crm' },
    },
  },
  contact: {
    entity: 'Contact',
    name: 'Name',
    type: { column: 'TypeId', employee: '60733efc-f36b-1410-a883-16d83cab0980' },
  },
  crmUser: {
    entity: 'SysAdminUnit',
    login: 'Name',
    contact: 'ContactId',
    active: 'Active',
    type: { column: 'SysAdminUnitTypeValue', employee: 4 },
  },
  licences: {
    owner: 'crm',
    lookup: { entity: 'UsrWebitelLicense', name: 'Name' },
    detail: { entity: LICENCE_ROWS, record: 'RecordId', item: 'LicenceId' },
  },
});

/** What hints need of the product: the rest of it fails when it is touched. */
export function hintDeps(
  given: Pick<AppDeps, 'store' | 'clock' | 'logger'> &
    Partial<Pick<AppDeps, 'storeIsOurs'> & Pick<CrmConnector, 'findRows' | 'readRows' | 'write'>>,
): AppDeps {
  const untouched = (): never => {
    throw new Error('Hints need none of this.');
  };
  const {
    findRows = untouched,
    readRows = untouched,
    write = untouched,
    storeIsOurs = true,
    ...rest
  } = given;
  return {
    ...rest,
    mapping,
    storeIsOurs,
    identity: {
      newId: randomUUID,
      rowId: untouched,
      digest: untouched,
      newSecret: untouched,
      sameText: untouched,
    },
    crm: {
      product: 'creatio',
      capabilities: {
        fixedRequests: 0,
        batchSize: 1,
        pageSize: 1,
        probeTerms: 25,
        ownColumns: [],
      },
      crmUsers: null,
      whoAmI: untouched,
      describe: untouched,
      readRows,
      findRows,
      write,
      tally: untouched,
    },
    get directory() {
      return untouched();
    },
    get queue() {
      return untouched();
    },
    get retention() {
      return untouched();
    },
    get policy() {
      return untouched();
    },
    progress: { publish: untouched, subscribe: untouched },
    startWork: untouched,
  };
}
