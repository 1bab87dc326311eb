import type { Store, View } from '../store.ts';
import type { StoredRow } from '../values.ts';
import { CONNECTION_TYPES, UNIT_TYPES } from './rows.ts';

/** `VwSysAdminUnit`: the rows of `SysAdminUnit`, with lookups where the table has numbers and texts. */
export const VIEWS: readonly View[] = [
  {
    code: 'VwSysAdminUnit',
    sources: ['SysAdminUnit', 'TimeZone'],
    derive: (row: StoredRow, store: Store): StoredRow => ({
      ...row,
      SysAdminUnitId: row['Id'] ?? null,
      SysAdminUnitTypeId: idOf(UNIT_TYPES, row['SysAdminUnitTypeValue'], 4),
      UserConnectionTypeId: idOf(CONNECTION_TYPES, row['ConnectionType'], 0),
      TimeZoneId: store.rows('TimeZone').find((zone) => zone['Code'] === row['TimeZoneId'])?.['Id'] ?? null,
    }),
  },
];

function idOf(
  types: readonly (readonly [value: number, id: string, name: string])[],
  value: unknown,
  otherwise: number,
): string | null {
  const type = types.find(([number]) => number === value) ?? types.find(([number]) => number === otherwise);
  return type?.[1] ?? null;
}
