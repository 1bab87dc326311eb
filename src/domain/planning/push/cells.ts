import type { CellValue } from '../../../app/ports/crm.ts';
import { licenceKeys, roleKeys } from '../person-plan.ts';
import type { DirectoryUser, PersonField } from '../../person.ts';

/** The entity of directory users in the targets of operations. */
export const DIRECTORY_USERS = 'users';

/** Scalar fields of a directory user that operations write, by the names of the canonical model. */
export const SCALAR_CELLS = [
  'login',
  'displayName',
  'email',
  'chatName',
  'extension',
] as const satisfies readonly PersonField[];

/** The cell that says whether a user holds a licence of this product. */
export function licenceCell(product: string): string {
  return `${LICENCE}${product}`;
}

/** The cell that says whether a user has the role with this id. */
export function roleCell(roleId: string): string {
  return `${ROLE}${roleId}`;
}

/** The cell that asks for the end of all sessions; it cannot be read back. */
export const SIGNED_OUT = 'signedOut';

const LICENCE = 'licence:';
const ROLE = 'role:';

/** What a set cell is about; `null` for any other cell. */
export function setCell(name: string): { readonly set: 'licence' | 'role'; readonly key: string } | null {
  if (name.startsWith(LICENCE)) return { set: 'licence', key: name.slice(LICENCE.length) };
  if (name.startsWith(ROLE)) return { set: 'role', key: name.slice(ROLE.length) };
  return null;
}

/**
 * A directory user as a row of cells, so that plans, settling and undo treat both systems alike: `Id`, the scalar fields,
 * the name of the default device, and `true` for each licence and role held; one that is not held has no cell.
 */
export function cellsOfUser(user: DirectoryUser): Readonly<Record<string, CellValue>> {
  const cells: Record<string, CellValue> = {
    Id: user.id,
    login: user.login,
    displayName: user.displayName,
    email: user.email,
    chatName: user.chatName,
    extension: user.extension,
    defaultDevice: deviceName(user),
  };
  for (const product of licenceKeys(user)) cells[licenceCell(product)] = true;
  for (const roleId of roleKeys(user)) cells[roleCell(roleId)] = true;
  return cells;
}

/** The default device as the CRM names it. */
export function deviceName({ defaultDevice }: DirectoryUser): string | null {
  return defaultDevice === null ? null : defaultDevice.name || defaultDevice.id;
}
