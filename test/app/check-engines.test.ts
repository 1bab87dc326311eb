import { expect, test } from '@jest/globals';
import { checkEngine } from '../../src/app/check-engines.ts';
import { RollcallError } from '../../src/app/ports/errors.ts';

const probe = (open: () => Promise<void>) =>
  checkEngine({ code: 'store.engine', opened: 'The store opens.', open });

test('an engine that opens is said to', async () => {
  expect(await probe(async () => undefined)).toEqual({
    severity: 'ok',
    code: 'store.engine',
    message: 'The store opens.',
    cure: null,
  });
});

test('an engine that cannot be used is an error with its cure', async () => {
  const refuse = async (): Promise<void> => {
    throw new RollcallError('CONFIGURATION', 'Postgres is version 13.', { cure: 'Upgrade it.' });
  };
  expect(await probe(refuse)).toMatchObject({ severity: 'error', cure: 'Upgrade it.' });
});

test('an engine that somebody works on is a warning: nothing is wrong with it', async () => {
  const refuse = async (): Promise<void> => {
    throw new RollcallError('BUSY', 'The data directory is in use.', { cure: 'Wait until it has ended.' });
  };
  expect(await probe(refuse)).toMatchObject({ severity: 'warning', cure: 'Wait until it has ended.' });
});
