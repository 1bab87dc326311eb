const MOST_COMMON_START = 4;
const START_WEIGHT = 0.1;

/** Jaro's similarity with Winkler's bonus for a common beginning, from 0 to 1. */
export function jaroWinkler(one: string, other: string): number {
  const jaro = jaroSimilarity(one, other);
  let start = 0;
  while (start < MOST_COMMON_START && start < one.length && one[start] === other[start]) start += 1;
  return jaro + start * START_WEIGHT * (1 - jaro);
}

function jaroSimilarity(one: string, other: string): number {
  if (one === other) return 1;
  const reach = Math.max(0, (Math.max(one.length, other.length) >> 1) - 1);
  const taken = new Uint8Array(other.length);
  const met: number[] = [];
  for (let at = 0; at < one.length; at += 1) {
    const last = Math.min(other.length - 1, at + reach);
    for (let place = Math.max(0, at - reach); place <= last; place += 1)
      if (taken[place] === 0 && one.charCodeAt(at) === other.charCodeAt(place)) {
        taken[place] = 1;
        met.push(at);
        break;
      }
  }
  if (met.length === 0) return 0;
  let swapped = 0;
  let place = 0;
  for (const at of met) {
    while (taken[place] === 0) place += 1;
    if (one.charCodeAt(at) !== other.charCodeAt(place)) swapped += 1;
    place += 1;
  }
  return (met.length / one.length + met.length / other.length + (met.length - swapped / 2) / met.length) / 3;
}
