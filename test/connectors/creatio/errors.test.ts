import { describe, expect, test } from '@jest/globals';
import { causeOf, readProductError, readVendorError } from '../../../src/connectors/creatio/errors.ts';

const envelope = (message: string, type = 'Terrasoft.Common.DbOperationException') => ({
  error: {
    code: '',
    message: 'An error has occurred.',
    innererror: {
      message: 'Saving failed.',
      type: 'System.Exception',
      stacktrace: '   at Terrasoft.Core.Secret()',
      internalexception: {
        message: 'One more level.',
        type: '',
        stacktrace: '',
        internalexception: { message, type, stacktrace: '   at Npgsql.Secret()' },
      },
    },
  },
});

const cause = (message: string, type = '') => causeOf({ message, type });

describe('The cause of a refusal', () => {
  test('is the message of the innermost exception, with its type', () => {
    expect(readProductError(envelope('22001: value too long'))).toEqual({
      message: '22001: value too long',
      type: 'Terrasoft.Common.DbOperationException',
    });
  });

  test('is read from classic ASP.NET errors too', () => {
    const body = {
      Message: 'An error has occurred.',
      ExceptionMessage: 'No such schema.',
      ExceptionType: 'X',
      StackTrace: 'at',
    };
    expect(readProductError(body)).toEqual({ message: 'No such schema.', type: 'X' });
  });

  test('carries neither stack traces nor the copy of a row, and stays below 300 characters', () => {
    const said = readProductError(
      envelope(
        `23502: null value in column "Name"\r\n   at Npgsql.Reader()\nDETAIL: Failing row contains (secret-pin).`,
      ),
    );
    expect(said?.message).toBe('23502: null value in column "Name"');
    expect(readProductError(envelope('x'.repeat(5_000)))?.message).toHaveLength(300);
  });

  test('is nothing where the body is not in a shape of the product', () => {
    expect(readProductError(null)).toBeUndefined();
    expect(readProductError('<html></html>')).toBeUndefined();
    expect(readProductError([])).toBeUndefined();
  });

  test('tells a taken id from another index that refuses the values', () => {
    const duplicate = (constraint: string, detail = '') =>
      cause(`23505: duplicate key value violates unique constraint "${constraint}"${detail}`);
    expect(duplicate('PK_UsrWebitelUser')).toBe('id-taken');
    expect(duplicate('UsrWebitelUser_pkey')).toBe('id-taken');
    expect(duplicate('IUSysAdminUnitName')).toBe('not-unique');
    expect(duplicate('PKx', ' DETAIL: Key ("UsrExtension", "UsrDirectoryId")=(100, 1) already exists.')).toBe(
      'not-unique',
    );
    expect(duplicate('whatever', ' DETAIL: Key ("Id")=(1) already exists.')).toBe('id-taken');
    expect(duplicate('whatever')).toBe('id-taken');
    expect(cause('Violation of PRIMARY KEY constraint PK1. Cannot insert duplicate key.')).toBe('id-taken');
    expect(cause("Cannot insert duplicate key row in object 'dbo.X' with unique index 'IUX'.")).toBe(
      'not-unique',
    );
  });

  test.each([
    [
      '23503: insert or update on table "A" violates foreign key constraint "FK" on table "B"',
      'reference-missing',
    ],
    ['23503: update or delete on table "A" violates foreign key constraint "FK" on table "B"', 'referenced'],
    ['22001: value too long for type character varying(250)', 'value'],
    ['Column "Name" is required', 'value'],
    ['Current user does not have permissions for the "Contact" object', 'right'],
    ['The user does not have sufficient permissions to use OData', 'odata-right'],
    ['Column by path ContactId not found in schema UsrWebitelUser', 'model'],
    ['Object reference not set to an instance of an object.', 'other'],
  ])('%s', (message, expected) => {
    expect(cause(message)).toBe(expected);
  });

  test('is a right wherever the exception is a security exception', () => {
    expect(cause('Отказано в доступе', 'System.Security.SecurityException')).toBe('right');
  });
});

const read = (body: unknown, status = 500) =>
  readVendorError(JSON.stringify(body), 'application/json', status);

describe('A refusal for the door', () => {
  test('names the missing system operation and the cure', () => {
    const error = read(envelope('You do not have sufficient permissions to use OData.'), 403);
    expect(error).toMatchObject({ code: 'FORBIDDEN', id: 'CanUseODataService' });
    expect(error?.cure).toContain('CanUseODataService');
  });

  test('knows that refusal as plain text too', () => {
    const text = 'User does not have sufficient permissions to use OData';
    expect(readVendorError(text, 'text/plain', 403)).toMatchObject({
      code: 'FORBIDDEN',
      id: 'CanUseODataService',
    });
  });

  test('leaves a failure without a known cause to its status', () => {
    expect(read(envelope('Something odd', 'X'))).toEqual({ message: 'Something odd', id: 'X' });
  });

  test('is nothing for web pages, empty bodies and half documents', () => {
    expect(readVendorError('<html>Column is required</html>', 'text/html', 502)).toBeUndefined();
    expect(readVendorError('', '', 403)).toBeUndefined();
    expect(readVendorError('{"error":', 'application/json', 500)).toBeUndefined();
  });
});
