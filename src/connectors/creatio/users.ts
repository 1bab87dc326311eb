import type {
  CrmUserRight,
  CrmUsers,
  CrmUserWrite,
  CrmWriteOutcome,
  RefusalCode,
} from '../../app/ports/crm.ts';
import { isRollcallError, type RollcallError } from '../../app/ports/errors.ts';
import { scrub } from '../../http/secrets.ts';
import { outcomesOfFailure, refused, withCure } from './batch.ts';
import type { ODataClient } from './client.ts';
import { causeOf } from './errors.ts';
import { bodyValue, columnOf, isGuid } from './literals.ts';
import type { EntityColumns } from './metadata.ts';
import { newPassword } from './password.ts';
import { Page, ServiceAnswer, ServiceOutcome } from './schema.ts';

/** The role that every company employee has. */
const ALL_EMPLOYEES = 'a29a3ba5-4b0d-de11-9a51-005056c00008';
/** `ConnectionType` of a company employee, as against an external user. */
const EMPLOYEE_CONNECTION = 0;

const RIGHT_CURE =
  'Give the account the system operations CanManageAdministration and CanManageUsers in Creatio (System designer, ' +
  'Operation permissions), or have an administrator add these users by hand.';

export interface CrmUserDeps {
  readonly client: ODataClient;
  columnsOf(entity: string, signal: AbortSignal | undefined): Promise<EntityColumns>;
  /** The language of our own user. */
  culture(signal: AbortSignal | undefined): Promise<string | null>;
  /** Bytes that nobody can foresee. */
  readonly randomBytes: (count: number) => Uint8Array;
}

/**
 * Users through `AdministrationService`, since OData refuses writes to their table. The service is internal to
 * the product and tells refusals as text in an answer with status 200, so what it says is read with tolerance.
 */
export function createCrmUsers({ client, columnsOf, culture, randomBytes }: CrmUserDeps): CrmUsers {
  async function call(
    method: string,
    body: Readonly<Record<string, unknown>>,
    isHarmless: boolean,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    const path = `AdministrationService/${method}`;
    const answer = await client.call({ path, body, schema: ServiceAnswer, isHarmless, signal });
    return answer[`${method}Result`];
  }

  async function save(
    write: CrmUserWrite,
    fields: Fields,
    signal: AbortSignal | undefined,
    password?: string,
  ): Promise<CrmWriteOutcome> {
    const body = {
      jsonObject: JSON.stringify({ Id: write.id.toLowerCase(), ...fields, UserPassword: password }),
      roleId: write.role ?? ALL_EMPLOYEES,
    };
    const result = await call('UpdateOrCreateUser', body, false, signal);
    if (result === '') return { ref: write.ref, state: 'done', row: null };
    if (typeof result !== 'string') return unexplained(write, 'nothing');
    return refusalOf(write, scrub(result, new Set(password === undefined ? [] : [password])));
  }

  async function create(
    write: CrmUserWrite,
    fields: Fields,
    signal: AbortSignal | undefined,
  ): Promise<CrmWriteOutcome> {
    const language = write.culture ?? (await culture(signal));
    if (language === null) {
      const cure =
        'Name a culture for new users in the mapping (crmUser.create.culture): the id of a row of SysCulture.';
      return refused(write, 'CONTRACT', `The language of our own user is not known. ${cure}`);
    }
    const own = { SysCulture: language, ConnectionType: EMPLOYEE_CONNECTION };
    return save(write, { ...fields, ...own }, signal, newPassword(randomBytes));
  }

  /** The service creates what it does not find, so a change looks first. */
  async function update(
    write: CrmUserWrite,
    fields: Fields,
    signal: AbortSignal | undefined,
  ): Promise<CrmWriteOutcome> {
    const { value } = await client.read({
      path: write.entity,
      query: { $select: 'Id', $filter: `Id eq ${write.id.toLowerCase()}`, $top: 1 },
      schema: Page,
      signal,
    });
    return value.length === 0 ? { ref: write.ref, state: 'absent' } : save(write, fields, signal);
  }

  async function remove(write: CrmUserWrite, signal: AbortSignal | undefined): Promise<CrmWriteOutcome> {
    const result = await call('DeleteUser', { userId: write.id.toLowerCase() }, false, signal);
    const outcome = ServiceOutcome.safeParse(typeof result === 'string' ? parseJson(result) : result);
    if (!outcome.success) return unexplained(write, typeof result === 'string' ? result : 'nothing');
    const { Success, IsSecurityException, ExceptionMessage } = outcome.data;
    if (Success) return { ref: write.ref, state: 'done', row: null };
    if (IsSecurityException === true) return forbidden(write, ExceptionMessage ?? '');
    return refusalOf(write, ExceptionMessage ?? '');
  }

  return {
    async probe(signal) {
      try {
        return rightOf(await call('GetUsersCount', {}, true, signal));
      } catch (error) {
        if (isRollcallError(error) && isOwnAnswer(error)) return lacking(error.message);
        throw error;
      }
    },
    async write(write, signal) {
      if (!isGuid(write.id)) return refused(write, 'CONTRACT', `"${write.id}" is not a GUID.`);
      const fields = fieldsOf(write, await columnsOf(write.entity, signal));
      if ('state' in fields) return fields;
      try {
        switch (write.kind) {
          case 'create':
            return await create(write, fields.fields, signal);
          case 'update':
            return await update(write, fields.fields, signal);
          default:
            return await remove(write, signal);
        }
      } catch (error) {
        const outcome = isRollcallError(error) ? outcomeOfError(write, error) : undefined;
        if (outcome === undefined) throw error;
        return outcome;
      }
    },
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** Columns as the service names them, lookups without `Id`; or the refusal of one that does not fit. */
function fieldsOf(write: CrmUserWrite, columns: EntityColumns): { fields: Fields } | CrmWriteOutcome {
  try {
    const fields = Object.entries(write.values).map(([name, value]) => {
      const column = columnOf(columns, name);
      return [column.navigation ?? column.name, bodyValue(column, value)] as const;
    });
    return { fields: Object.fromEntries(fields) };
  } catch (error) {
    if (!isRollcallError(error)) throw error;
    return refused(write, error.code === 'VALIDATION' ? 'VALIDATION' : 'CONTRACT', withCure(error));
  }
}

/** What the number of users, or whatever came instead of it, says about our right to manage them. */
function rightOf(result: unknown): CrmUserRight {
  const text = typeof result === 'string' ? result.trim() : '';
  if (text === '' || /^\d+$/.test(text)) return { allowed: true };
  const outcome = ServiceOutcome.safeParse(parseJson(text));
  if (!outcome.success) return parseJson(text) === undefined ? lacking(text) : { allowed: true };
  return outcome.data.Success
    ? { allowed: true }
    : lacking(outcome.data.ExceptionMessage ?? 'no reason given');
}

function lacking(said: string): CrmUserRight {
  return { allowed: false, message: noRight(said), cure: RIGHT_CURE };
}

function noRight(said: string): string {
  const message = `Creatio does not let this account manage its users: ${said.slice(0, 300)}`;
  return message.endsWith('.') ? message : `${message}.`;
}

/** Did the product itself answer, so that asking again brings the same? Without an answer, nothing is known. */
function isOwnAnswer({ code, details }: RollcallError): boolean {
  const { status, reason } = details;
  // OData let the same session in a moment ago.
  if (code === 'AUTHENTICATION') return reason === 'session expired';
  return (
    typeof status === 'number' &&
    code !== 'RATE_LIMITED' &&
    (status < 500 || status === 500 || status === 501)
  );
}

function outcomeOfError(write: CrmUserWrite, error: RollcallError): CrmWriteOutcome | undefined {
  if (error.code === 'FORBIDDEN') return forbidden(write, error.message);
  const [outcome] = outcomesOfFailure([write], error) ?? [];
  return outcome?.state === 'unknown' && error.details['status'] === 500
    ? { ...outcome, answered: true }
    : outcome;
}

/** What a text in the result means. Only what certainly comes before the user is stored is taken for a refusal. */
function refusalOf(write: CrmUserWrite, said: string): CrmWriteOutcome {
  const text = said.replaceAll(/\s+/g, ' ').trim().slice(0, 300);
  const cause = causeOf({ message: text, type: null });
  const codes: Partial<Record<typeof cause, RefusalCode>> = {
    'not-unique': 'CONFLICT',
    referenced: 'CONFLICT',
    value: 'VALIDATION',
  };
  if (cause === 'right' || /CanManage(Administration|Users)/.test(text)) return forbidden(write, text);
  const code = codes[cause];
  return code === undefined ? unexplained(write, text) : refused(write, code, text, cause);
}

const forbidden = (write: CrmUserWrite, said: string): CrmWriteOutcome =>
  refused(write, 'FORBIDDEN', `${noRight(said)} ${RIGHT_CURE}`);

const unexplained = (write: CrmUserWrite, said: string): CrmWriteOutcome => ({
  ref: write.ref,
  state: 'unknown',
  message: `Creatio answered: ${said}`,
  answered: true,
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
