import { describe, expect, test } from '@jest/globals';
import { readVendorError } from '../../../src/connectors/webitel/errors.ts';

const read = (status: number, body: unknown) =>
  readVendorError(typeof body === 'string' ? body : JSON.stringify(body), 'application/json', status);
const webitel = (code: number, id: string, detail: string) => ({ id, code, detail, status: 'Whatever' });

describe('the body of a refusal', () => {
  test.each([
    [409, webitel(409, 'users.username.conflict', 'username o.koval already exists'), undefined],
    [400, webitel(400, 'users.username.conflict', 'username o.koval already exists'), 'CONFLICT'],
    [500, webitel(500, 'store.sql', 'duplicate key value violates unique constraint'), 'CONFLICT'],
    [400, { code: 3, message: 'user 9 does not exist', details: [] }, 'NOT_FOUND'],
    [404, webitel(404, 'users.locate.not_found', 'user 9999 not found'), undefined],
    [400, webitel(400, 'license.grant', 'product exhausted'), 'QUOTA'],
    [400, webitel(400, 'users.password', 'password does not meet the requirements'), 'VALIDATION'],
    [412, webitel(412, 'app.password.expired', 'expired'), 'AUTHENTICATION'],
    [403, webitel(403, 'users.access.denied', 'denied'), undefined],
    [500, webitel(500, 'api.process.internal', 'oops'), undefined],
  ])('with status %i: %j means %j beyond the status', (status, body, code) => {
    expect(read(status, body)?.code).toBe(code);
  });

  test('keeps the words and the id of either shape', () => {
    expect(read(400, webitel(400, 'a.b', 'said so'))).toEqual({ message: 'said so', id: 'a.b' });
    expect(read(400, { code: 3, message: 'said so', details: [] })).toEqual({ message: 'said so' });
    expect(read(400, { id: 'only.id', code: 400 })).toEqual({ message: 'only.id', id: 'only.id' });
  });

  test.each(['', '<html>502</html>', '[]', '"text"', '{}', '{"items":[]}'])(
    'is not read out of %j',
    (text) => {
      expect(read(502, text)).toBeUndefined();
    },
  );
});
