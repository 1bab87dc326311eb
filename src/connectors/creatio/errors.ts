import { z } from 'zod';
import type { ErrorCode } from '../../app/ports/errors.ts';
import type { ReadVendorError, VendorError } from '../../http/types.ts';

/** What Creatio itself says about a failure: the innermost cause, without stack traces. */
export interface ProductError {
  /** At most 300 characters, one line. */
  readonly message: string;
  /** Name of the innermost exception's type, where it is given. */
  readonly type: string | null;
}

/**
 * What lies behind a failure, read from the text of the innermost cause: Creatio has no error codes of its
 * own, but the database's and a few sentences are stable.
 * - `id-taken`: a row with this primary key exists
 * - `not-unique`: another unique index refused the values
 * - `reference-missing`: a row that this one refers to does not exist
 * - `referenced`: other rows refer to this one
 * - `value`: a value is too long, missing or not of the column's type
 * - `right`: the account lacks a right on the object or record
 * - `odata-right`: the account may not use OData at all
 * - `model`: an entity or column is not there, or not published
 * - `other`: nothing that is known; the row may have been written all the same
 */
export type Cause =
  | 'id-taken'
  | 'not-unique'
  | 'reference-missing'
  | 'referenced'
  | 'value'
  | 'right'
  | 'odata-right'
  | 'model'
  | 'other';

const LONGEST_MESSAGE = 300;
const DEEPEST_LEVEL = 20;

const Text = z.string().nullish().catch(null);
const Level = z.object({
  message: Text,
  type: Text,
  Message: Text,
  ExceptionMessage: Text,
  ExceptionType: Text,
  error: z.unknown().optional(),
  innererror: z.unknown().optional(),
  internalexception: z.unknown().optional(),
  InnerException: z.unknown().optional(),
});

/**
 * Reads an OData envelope (`error.innererror.internalexception…`), a classic ASP.NET error or a WCF fault. Answers
 * `undefined` for anything else.
 */
export function readProductError(body: unknown): ProductError | undefined {
  let found: ProductError | undefined;
  let next: unknown = body;
  for (let depth = 0; depth < DEEPEST_LEVEL; depth += 1) {
    const level = Level.safeParse(next);
    if (!level.success) break;
    const { message, type, Message, ExceptionMessage, ExceptionType } = level.data;
    const said = oneLine(message || ExceptionMessage || Message || '');
    if (said !== '') found = { message: said, type: type || ExceptionType || null };
    next =
      level.data.error ?? level.data.innererror ?? level.data.internalexception ?? level.data.InnerException;
  }
  return found;
}

/** Drops stack traces and the database's copy of the whole row, folds blanks, caps the length. */
function oneLine(text: string): string {
  const said = text
    .split(/\r?\n/)
    .filter((line) => !/^\s+(at|в) \S/.test(line) && !/Failing row contains/i.test(line))
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return said.length <= LONGEST_MESSAGE ? said : `${said.slice(0, LONGEST_MESSAGE - 1)}…`;
}

const PATTERNS: readonly (readonly [RegExp, Cause])[] = [
  [/permission[^.]*\bOData\b/i, 'odata-right'],
  [/does not have (sufficient )?permission|not enough rights|insufficient (rights|permission)/i, 'right'],
  [
    /\b23503\b[^]*\bupdate or delete on table\b|conflicted with the (\w+ )*REFERENCE constraint/i,
    'referenced',
  ],
  [/\b23503\b|conflicted with the FOREIGN KEY constraint/i, 'reference-missing'],
  [/\b(22001|23502|22003|22007|22008|22P02|23514)\b/, 'value'],
  [/value too long|would be truncated|violates not-null constraint|cannot insert the value NULL/i, 'value'],
  [
    /\b(column|field|property|value)\b[^.]*\b(is|are) required\b|\brequired (column|field|property|value)\b/i,
    'value',
  ],
  [/must be (filled|specified|populated)|is not filled|cannot be (null or )?empty/i, 'value'],
  [/column by path \S+ not found|no HTTP resource was found|could not find a property named/i, 'model'],
  [/entity schema \S+ (was )?not found|schema (with name )?\S+ (was )?not found/i, 'model'],
];

/** What lies behind a failure; see `Cause`. */
export function causeOf(error: ProductError): Cause {
  const duplicate = duplicateOf(error.message);
  if (duplicate !== undefined) return duplicate;
  for (const [pattern, cause] of PATTERNS) if (pattern.test(error.message)) return cause;
  return error.type?.endsWith('SecurityException') === true ? 'right' : 'other';
}

/**
 * A duplicate on the primary key is told from one on another index by the columns, where the database names them, else
 * by the constraint's name. What stays unclear counts as the key: the caller then looks whether the row is ours.
 */
function duplicateOf(message: string): 'id-taken' | 'not-unique' | undefined {
  if (/Violation of PRIMARY KEY constraint/i.test(message)) return 'id-taken';
  if (/Violation of UNIQUE KEY constraint|Cannot insert duplicate key row/i.test(message))
    return 'not-unique';
  if (!/\b23505\b|duplicate key value violates unique constraint/i.test(message)) return undefined;
  const columns = /Key \(([^)]*)\)=/i.exec(message)?.[1];
  if (columns !== undefined) return columns.replaceAll('"', '').trim() === 'Id' ? 'id-taken' : 'not-unique';
  const constraint = /unique constraint "([^"]*)"/i.exec(message)?.[1] ?? '';
  return /^(IU|IX|UX|UQ|UK)/i.test(constraint) ? 'not-unique' : 'id-taken';
}

/** What an administrator can do about a cause, where there is something. */
export function cureOf(cause: Cause): string | undefined {
  switch (cause) {
    case 'odata-right':
      return 'Give the account the system operation CanUseODataService ("Access to OData") in Creatio.';
    case 'right':
      return "Give the account the object, record and column rights that it lacks in Creatio's object permissions.";
    case 'model':
      return (
        'Check the entity and column names in the mapping, and publish the object in Creatio; ' +
        'OData sees a published change after one to two minutes.'
      );
    case 'reference-missing':
      return 'Check that the row it refers to still exists in Creatio.';
    case 'referenced':
      return 'Remove the rows that refer to it in Creatio first.';
    case 'not-unique':
      return 'Find the row that holds these values in Creatio already, and change or remove one of the two.';
    case 'value':
      return 'Shorten or fill the value at its source.';
    default:
      return undefined;
  }
}

const CODES: Readonly<Partial<Record<Cause, ErrorCode>>> = {
  'id-taken': 'CONFLICT',
  'not-unique': 'CONFLICT',
  'reference-missing': 'VALIDATION',
  referenced: 'CONFLICT',
  value: 'VALIDATION',
  right: 'FORBIDDEN',
  'odata-right': 'FORBIDDEN',
  model: 'CONTRACT',
};

/** The system operation without which an account may not use OData; the id of such a refusal. */
export const ODATA_RIGHT = 'CanUseODataService';

/** Explains a refusal to the door. */
export const readVendorError: ReadVendorError = (text, contentType, status) => {
  const error = readProductError(parseJson(text, contentType)) ?? readPlainRefusal(text, contentType);
  if (error === undefined) return undefined;
  const cause = causeOf(error);
  const explained: VendorError = { message: error.message };
  if (cause === 'odata-right') explained.id = ODATA_RIGHT;
  else if (error.type !== null) explained.id = error.type;
  // These say how things stand with the session and the host, whatever the text.
  const code = status === 401 || status === 429 || status === 503 ? undefined : CODES[cause];
  const cure = cureOf(cause);
  if (code !== undefined) explained.code = code;
  if (cure !== undefined) explained.cure = cure;
  return explained;
};

/** The refusal of OData as a whole is known by its sentence only, not by its shape. */
function readPlainRefusal(text: string, contentType: string): ProductError | undefined {
  if (/html/i.test(contentType) || text.length > LONGEST_MESSAGE) return undefined;
  const error: ProductError = { message: oneLine(text), type: null };
  return causeOf(error) === 'odata-right' ? error : undefined;
}

function parseJson(text: string, contentType: string): unknown {
  if (/html|xml/i.test(contentType) || !text.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
