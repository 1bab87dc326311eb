import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PGlite } from '@electric-sql/pglite';
import { join } from 'node:path';
import { people, startWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ data: people({}) });
});
afterAll(() => world.close());

test('of a token the store has a hash, and nothing that opens anything', async () => {
  const { rollcall } = await world.open();
  const { token, secret } = await rollcall.tokens.create({
    name: 'prometheus',
    scopes: ['read'],
    expiresAt: null,
  });
  expect(await rollcall.tokens.verify(secret)).toMatchObject({ id: token.id });
  await world.shut();
  const db = await PGlite.create(join(world.directory, '.rollcall', 'postgres'));
  try {
    const { rows } = await db.query<{ text: string; hash: string }>(
      'SELECT t::text AS text, hash FROM rollcall.api_token AS t',
    );
    expect(rows).toHaveLength(1);
    const [{ text, hash } = { text: '', hash: '' }] = rows;
    expect(text).toContain(token.id);
    // The scan sees what is there, and the secret part of the token is not.
    expect(text).not.toContain(secret.slice(`rc_${token.id}_`.length));
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    const again = await (async () => {
      await db.close();
      return (await world.open()).rollcall.tokens.verify(`rc_${token.id}_${hash.slice(0, 43)}`);
    })();
    expect(again).toBeNull();
  } finally {
    if (!db.closed) await db.close();
  }
});
