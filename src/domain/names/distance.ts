/**
 * Do the two words differ by exactly one slip of the finger: a letter missing, added, replaced, or two neighbours swapped?
 */
export function differByOneSlip(left: string, right: string): boolean {
  if (left === right || Math.abs(left.length - right.length) > 1) return false;
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start += 1;
  let fromEnd = 0;
  const room = Math.min(left.length, right.length) - start;
  while (fromEnd < room && left[left.length - 1 - fromEnd] === right[right.length - 1 - fromEnd])
    fromEnd += 1;
  const one = left.slice(start, left.length - fromEnd);
  const other = right.slice(start, right.length - fromEnd);
  if (one.length <= 1 && other.length <= 1) return true;
  return one.length === 2 && other.length === 2 && one[0] === other[1] && one[1] === other[0];
}

/** The word and every word that comes of leaving one letter out: two words one slip apart share at least one of them. */
export function withOneLeftOut(word: string): readonly string[] {
  const all = new Set([word]);
  for (let position = 0; position < word.length; position += 1)
    all.add(word.slice(0, position) + word.slice(position + 1));
  return [...all];
}
