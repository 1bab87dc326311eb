/**
 * Long work, cut where somebody else may have their turn; at its end it answers `T`. The domain says where to cut and
 * knows neither clock nor event loop: whoever drives the work decides what happens between two steps.
 */
export type Steps<T> = Generator<void, T, void>;

/** So many people of a list are dealt with in one step: a few milliseconds. */
export const STEP = 200;

/** Does something with each item, a step for every `STEP` of them. */
export function* eachInSteps<T>(items: Iterable<T>, work: (item: T) => void): Steps<void> {
  let left = STEP;
  for (const item of items) {
    work(item);
    left -= 1;
    if (left > 0) continue;
    left = STEP;
    yield;
  }
}

/** The same for what becomes of each item. */
export function* mapInSteps<T, R>(items: readonly T[], work: (item: T) => R): Steps<R[]> {
  const results: R[] = [];
  yield* eachInSteps(items, (item) => results.push(work(item)));
  return results;
}

/** Does all of it without a pause. */
export function allAtOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
