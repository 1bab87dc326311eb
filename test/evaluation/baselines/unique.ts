/** Pairs of places, left and right, that a comparison takes for one person. */
export type Pairs = Iterable<readonly [left: number, right: number]>;

/** Links what is met exactly once on both sides. */
export function uniquePairs(
  pairs: Pairs,
  size: { readonly left: number; readonly right: number },
): Map<number, number> {
  const NOBODY = -1;
  const SEVERAL = -2;
  const ofLeft = new Int32Array(size.left).fill(NOBODY);
  const ofRight = new Int32Array(size.right).fill(NOBODY);
  for (const [left, right] of pairs) {
    ofLeft[left] = ofLeft[left] === NOBODY || ofLeft[left] === right ? right : SEVERAL;
    ofRight[right] = ofRight[right] === NOBODY || ofRight[right] === left ? left : SEVERAL;
  }
  const links = new Map<number, number>();
  for (const [left, right] of ofLeft.entries())
    if (right >= 0 && ofRight[right] === left) links.set(left, right);
  return links;
}

/** All pairs with a key in common, those of too long lists left out. */
export function* blockedPairs(
  left: readonly (readonly string[])[],
  right: readonly (readonly string[])[],
  mostPairs: number,
): Generator<readonly [number, number]> {
  const index = new Map<string, number[]>();
  for (const [place, keys] of left.entries())
    for (const key of keys) {
      const block = index.get(key);
      if (block === undefined) index.set(key, [place]);
      else block.push(place);
    }
  const sizes = new Map<string, number>();
  for (const keys of right) for (const key of keys) sizes.set(key, (sizes.get(key) ?? 0) + 1);
  for (const [place, keys] of right.entries()) {
    const met = new Set<number>();
    for (const key of keys) {
      const block = index.get(key);
      if (block === undefined || block.length * (sizes.get(key) ?? 0) > mostPairs) continue;
      for (const other of block) met.add(other);
    }
    for (const other of met) yield [other, place];
  }
}
