import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { FaultRule } from '../../src/sandbox/types.ts';
import { contact, guid, people, startWorld, user, type World } from '../support/world.ts';

jest.setTimeout(120_000);

let world: World;
beforeEach(async () => {
  world = await startWorld({
    data: people({
      webitel: { users: [user('101', 'Олена Коваль', { extension: '2101' }), user('102', 'Іван Петренко')] },
      creatio: {
        Contact: [contact(guid(1), 'Олена Коваль')],
        UsrWebitelUser: [
          { Id: guid(11), UsrName: 'Олена Коваль', UsrUsername: 'user101', UsrContactId: guid(1) },
        ],
      },
    }),
  });
});
afterEach(() => world.close());

const refused = (rule: Partial<FaultRule>): FaultRule => ({
  system: 'creatio',
  fault: 'status',
  status: 403,
  ...rule,
});

describe('the job of a run that failed for good', () => {
  test.each([
    ['reading', { path: 'Contact\\?' }, 0],
    // Of the telephony records, the second reading is the one that verifies what was changed.
    ['verifying', { method: 'GET', path: 'UsrWebitelUser\\?', when: { nth: 2 } }, 2],
  ])(
    'while %s is kept, and does nothing when it is retried after the run has ended',
    async (_what, rule, written) => {
      world.creatio.setFaults([refused(rule)]);
      await expect(world.import()).rejects.toMatchObject({ code: 'FORBIDDEN' });
      expect(world.rows('UsrWebitelUser')).toHaveLength(Math.max(1, written));
      world.creatio.setFaults([]);

      const { rollcall } = await world.open();
      const [run] = await rollcall.runs(1);
      expect(run).toMatchObject({ status: 'failed', phase: 'done' });
      const [letter, ...others] = await rollcall.deadLetters(10);
      expect(others).toEqual([]);
      expect(letter).toMatchObject({
        id: `run:${run?.id}`,
        name: 'run',
        payload: { runId: run?.id },
        code: 'FORBIDDEN',
      });

      world.counted();
      const retried = await rollcall.retryDeadLetter(letter?.id ?? '');
      expect(retried).toEqual({ id: letter?.id, outcome: 'done', code: null, message: null });
      expect(world.counted().all).toBe(0);
      expect(await rollcall.runs(1)).toEqual([run]);
      expect(await rollcall.deadLetters(10)).toEqual([]);
      await expect(rollcall.retryDeadLetter(letter?.id ?? '')).rejects.toMatchObject({ code: 'CONFLICT' });

      // What the run left, if anything, is done by the next import.
      expect((await world.import()).outcomes.failed).toBe(0);
      expect(world.record('102')).toBeDefined();
    },
  );
});
