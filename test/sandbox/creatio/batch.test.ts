import { describe, expect, test } from '@jest/globals';
import type { Json } from '../../../src/sandbox/types.ts';
import { deepest, EMPLOYEE, guid, send, useSites, type Answer } from './site.ts';

const start = useSites();

const post = (id: string, body: Json, more: Record<string, Json> = {}): Json => ({
  id,
  method: 'POST',
  url: 'Contact',
  headers: { 'Content-Type': 'application/json;odata=verbose', Accept: 'application/json;odata=verbose' },
  body,
  ...more,
});
const BAD = { AccountId: guid(99), Name: 'Bad' };

const parts = (answer: Answer): [Json | undefined, Json | undefined][] => {
  const responses = answer.at('responses');
  return Array.isArray(responses)
    ? responses.map((_, n) => [answer.at(`responses.${n}.id`), answer.at(`responses.${n}.status`)])
    : [];
};

describe('$batch', () => {
  test('runs in order, so that a child may follow its parent, and answers in order with lower-case headers', async () => {
    const site = await start();
    const caller = await site.signIn();
    const answer = await caller.batch([
      post('1', { Id: guid(1), Name: 'Anna' }),
      { id: '2', method: 'POST', url: 'UsrWebitelUser', body: { Id: guid(2), UsrContactId: guid(1) } },
      { id: '3', method: 'PATCH', url: `Contact(${guid(1)})`, body: { TypeId: EMPLOYEE } },
      { id: '4', method: 'GET', url: 'UsrWebitelUser?$select=Id&$expand=UsrContact($select=TypeId)' },
    ]);
    expect(answer.status).toBe(200);
    expect(parts(answer)).toEqual([
      ['1', 201],
      ['2', 201],
      ['3', 204],
      ['4', 200],
    ]);
    expect(answer.at('responses.0.headers')).toMatchObject({
      location: `${site.url}/0/odata/Contact(${guid(1)})`,
      'odata-version': '4.0',
    });
    expect(answer.at('responses.0.body.Name')).toBe('Anna');
    expect(answer.at('responses.2.body')).toBeUndefined();
    expect(answer.at('responses.3.body.value.0.UsrContact.TypeId')).toBe(EMPLOYEE);
  });

  test('stops at the first failure, with the rest absent, and stays 200', async () => {
    const { sandbox, signIn } = await start();
    const caller = await signIn();
    const answer = await caller.batch([post('1', { Name: 'A' }), post('2', BAD), post('3', { Name: 'C' })]);
    expect(answer.status).toBe(200);
    expect(parts(answer)).toEqual([
      ['1', 201],
      ['2', 500],
    ]);
    expect(sandbox.state()['Contact']?.map((row) => row['Name'])).not.toContain('C');
  });

  test('goes on after a failure if the outer request says so, not an inner one', async () => {
    const caller = await (await start()).signIn();
    const requests = [post('1', BAD, { headers: { Prefer: 'continue-on-error' } }), post('2', { Name: 'B' })];
    expect(parts(await caller.batch(requests))).toEqual([['1', 500]]);
    const answer = await caller.batch(requests, { prefer: 'continue-on-error' });
    expect(parts(answer)).toEqual([
      ['1', 500],
      ['2', 201],
    ]);
    const inner = answer.at('responses.0.body') ?? null;
    expect(deepest({ ...answer, at: (path) => answer.at(`responses.0.body.${path}`) })).toContain('23503');
    expect(inner).not.toBeNull();
  });

  test('accepts 100 requests and refuses 101 with 400, nothing done', async () => {
    const { sandbox, signIn } = await start();
    const caller = await signIn();
    const requests = Array.from({ length: 101 }, (_, n) => post(String(n), { Id: guid(n), Name: 'Anna' }));
    expect((await caller.batch(requests)).status).toBe(400);
    expect(sandbox.state()['Contact']).toHaveLength(1);
    expect(parts(await caller.batch(requests.slice(1)))).toHaveLength(100);
  });

  test('takes an atomicity group back as a whole and answers with a name of its own for it', async () => {
    const { sandbox, signIn } = await start();
    const caller = await signIn();
    const atomicityGroup = 'mine';
    const failed = await caller.batch([
      post('1', { Id: guid(1), Name: 'A' }, { atomicityGroup }),
      post('2', BAD, { atomicityGroup }),
    ]);
    expect(parts(failed)).toEqual([['2', 500]]);
    expect(sandbox.state()['Contact']?.map((row) => row['Id'])).not.toContain(guid(1));
    const done = await caller.batch([post('1', { Id: guid(1), Name: 'A' }, { atomicityGroup })]);
    expect(parts(done)).toEqual([['1', 201]]);
    expect(done.at('responses.0.atomicityGroup')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('refuses GET inside where the site does, and what is no batch', async () => {
    const caller = await (await start({ switches: { batchGet: false } })).signIn();
    expect(parts(await caller.batch([{ id: '1', method: 'GET', url: 'Contact' }]))).toEqual([['1', 400]]);
    expect((await caller.odata('POST', '$batch', { body: {} })).status).toBe(400);
  });

  test('is applied before a reset that a fault makes, once, and the repeat meets the rows', async () => {
    const { sandbox, signIn } = await start();
    const caller = await signIn();
    sandbox.setFaults([
      { system: 'creatio', path: 'batch', fault: 'reset-after-write', when: { firstOfBody: true } },
    ]);
    const requests = [post('1', { Id: guid(1), Name: 'Anna' })];
    await expect(caller.batch(requests)).rejects.toThrow();
    expect(sandbox.state()['Contact']?.some((row) => row['Id'] === guid(1))).toBe(true);
    expect(parts(await caller.batch(requests))).toEqual([['1', 500]]);
  });

  test('needs a session', async () => {
    const { url } = await start();
    const headers = { forceusesession: 'true' };
    const answer = await send('POST', `${url}/0/odata/$batch`, { headers, body: { requests: [] } });
    expect(answer.status).toBe(401);
  });
});
