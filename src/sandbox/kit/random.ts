/** Seeded randomness: the same seed gives the same sequence on every machine. Not for secrets. */
export interface Random {
  /** A number from 0 (included) to 1 (excluded). */
  next: () => number;
  /** A whole number from `min` to `max`, both included. */
  int: (min: number, max: number) => number;
  /** One of the items; an empty list is an error. */
  pick: <T>(items: readonly T[]) => T;
  /** True with this probability, 0 to 1. */
  chance: (probability: number) => boolean;
  /** A shuffled copy. */
  shuffle: <T>(items: readonly T[]) => T[];
  /** A version 4 GUID in lower case. */
  guid: () => string;
}

/** Creates a mulberry32 generator. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;

  const word = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const next = (): number => word() / 2 ** 32;
  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));

  return {
    next,
    int,
    pick: (items) => {
      const item = items[int(0, items.length - 1)];
      if (item === undefined) throw new Error('Nothing to pick from: the list is empty.');
      return item;
    },
    chance: (probability) => next() < probability,
    shuffle: (items) => {
      const copy = [...items];
      for (let last = copy.length - 1; last > 0; last -= 1) {
        const other = int(0, last);
        const [a, b] = [copy[last], copy[other]];
        if (a !== undefined && b !== undefined) {
          copy[last] = b;
          copy[other] = a;
        }
      }
      return copy;
    },
    guid: () => {
      const digits = hex(word()) + hex(word()) + hex(word()) + hex(word());
      const variant = ((Number.parseInt(digits.charAt(16), 16) & 0x3) | 0x8).toString(16);
      return [
        digits.slice(0, 8),
        digits.slice(8, 12),
        `4${digits.slice(13, 16)}`,
        `${variant}${digits.slice(17, 20)}`,
        digits.slice(20, 32),
      ].join('-');
    },
  };
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0');
}
