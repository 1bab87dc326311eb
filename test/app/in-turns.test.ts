import { expect, test } from '@jest/globals';
import { inTurns } from '../../src/app/in-turns.ts';
import type { Steps } from '../../src/domain/steps.ts';

/** Three steps that say when they are taken. */
function* threeSteps(say: (what: string) => void): Steps<string> {
  say('one');
  yield;
  say('two');
  yield;
  say('three');
  return 'done';
}

test('whatever waits in this process has its turn between two steps of long work', async () => {
  const said: string[] = [];
  setImmediate(() => said.push('an answer'));
  await expect(inTurns(threeSteps((what) => said.push(what)))).resolves.toBe('done');
  expect(said).toEqual(['one', 'an answer', 'two', 'three']);
});

test('long work ends at the next step once it is told to stop', async () => {
  const said: string[] = [];
  const stop = new AbortController();
  const working = inTurns(
    threeSteps((what) => {
      said.push(what);
      if (what === 'two') stop.abort(new Error('told to stop'));
    }),
    stop.signal,
  );
  await expect(working).rejects.toThrow('told to stop');
  expect(said).toEqual(['one', 'two']);
});
