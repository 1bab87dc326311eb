/**
 * Upper end of the one-sided 95 % interval for a rate of rare errors, by Poisson: none in 3,000 gives 0.1 % (the rule of
 * three).
 */
export function upperBound(errors: number, trials: number): number {
  if (trials === 0) return 1;
  let low = 0;
  let high = errors + 10 * Math.sqrt(errors + 1) + 10;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (atMost(errors, middle) > 0.05) low = middle;
    else high = middle;
  }
  return Math.min(1, high / trials);
}

/** Chance of at most so many events where so many are expected. */
function atMost(events: number, expected: number): number {
  let term = Math.exp(-expected);
  let sum = term;
  for (let count = 1; count <= events; count += 1) {
    term *= expected / count;
    sum += term;
  }
  return sum;
}
