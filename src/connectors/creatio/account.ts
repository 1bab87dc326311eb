import type { CrmAccount } from '../../app/ports/crm.ts';
import { isRollcallError, type RollcallError } from '../../app/ports/errors.ts';
import type { ODataClient } from './client.ts';
import { ODATA_RIGHT } from './errors.ts';
import { AccountPage } from './schema.ts';

/** Our account, and the language (culture) that new users get unless the mapping names one. */
export interface OwnAccount {
  readonly account: CrmAccount;
  readonly culture: string | null;
}

/**
 * Who we are, in one request: our own row among the users, which also proves the right to use OData. The service made
 * for this question, `UserInfoService`, has no documented answer, so it is not asked. Where our login
 * is not known, one row of the users proves the right.
 */
export async function readAccount(
  client: ODataClient,
  { login, name }: { readonly login: string | undefined; readonly name: string },
  signal: AbortSignal | undefined,
): Promise<OwnAccount> {
  const nobody: CrmAccount = { userId: null, login: login ?? name, contactId: null };
  try {
    const { value } = await client.read({
      path: 'SysAdminUnit',
      query: {
        $select: 'Id,Name,ContactId,SysAdminUnitTypeValue,Active,SysCultureId',
        $filter: login === undefined ? undefined : `Name eq '${login.replaceAll("'", "''")}'`,
        $top: login === undefined ? 1 : 10,
      },
      schema: AccountPage,
      signal,
    });
    // Every user and role has one, so that of whichever row came first will do.
    const culture = value[0]?.SysCultureId?.toLowerCase() ?? null;
    if (login === undefined) return { account: nobody, culture };
    // Roles share the table; the database lets two users have one name, of which one at most is active.
    const users = value.filter((row) => row.SysAdminUnitTypeValue === 4 || row.SysAdminUnitTypeValue === 5);
    const active = users.filter((row) => row.Active !== false);
    const [user] = active;
    if (user === undefined || active.length > 1) return { account: nobody, culture };
    const contact = user.ContactId?.toLowerCase() ?? null;
    return {
      account: {
        userId: user.Id.toLowerCase(),
        login: user.Name,
        contactId: contact !== null && /[1-9a-f]/.test(contact) ? contact : null,
      },
      culture: user.SysCultureId?.toLowerCase() ?? null,
    };
  } catch (error) {
    // Some sites keep system tables from OData; that alone does not stop an import.
    if (isRollcallError(error) && isClosedTable(error)) return { account: nobody, culture: null };
    throw error;
  }
}

function isClosedTable(error: RollcallError): boolean {
  const { status, vendorId } = error.details;
  if (status === 404) return true;
  return error.code === 'FORBIDDEN' && vendorId !== ODATA_RIGHT && status !== 403;
}
