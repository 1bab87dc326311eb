/** FNV-1a over UTF-16 units: 32 bits. Two texts with one hash meet in a bucket, and the comparison tells them apart. */
export function hashOf(text: string, seed = 0x811c9dc5): number {
  let hash = seed;
  for (let place = 0; place < text.length; place += 1)
    hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193);
  return hash;
}

/** The hash of a text without the letter at one place. */
export function hashWithout(text: string, left: number, seed = 0x811c9dc5): number {
  let hash = seed;
  for (let place = 0; place < text.length; place += 1)
    if (place !== left) hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193);
  return hash;
}

/** One hash out of two. */
export function mix(one: number, other: number): number {
  const hash = Math.imul(one ^ (other >>> 15) ^ Math.imul(other, 0x85ebca6b), 0xc2b2ae35);
  return hash ^ (hash >>> 13);
}

/** Numbers by hash, in little memory: no object for a key, none for a member. */
export class Buckets {
  /** For each slot the hash that it holds, and its first member; −1 is an empty slot. */
  #hashes: Int32Array;
  #heads: Int32Array;
  /** One bit for each of many hashes, so that what is in no bucket is known without a look at the slots. */
  readonly #filter = new Int32Array(1 << (FILTER_BITS - 5));
  #used = 0;
  #next: Int32Array<ArrayBuffer>;
  #values: Int32Array<ArrayBuffer>;
  #size = 0;

  /** `expected`: about how many members there will be; more are as welcome, but cost moving. */
  constructor(expected: number) {
    const size = 2 ** Math.max(12, Math.ceil(Math.log2(expected + 1)));
    this.#hashes = new Int32Array(size * 2);
    this.#heads = new Int32Array(size * 2).fill(-1);
    this.#next = new Int32Array(size);
    this.#values = new Int32Array(size);
  }

  add(hash: number, value: number): void {
    if (this.#used * 2 >= this.#heads.length) this.#rehash();
    this.#filter[wordOf(hash)] = (this.#filter[wordOf(hash)] ?? 0) | (1 << hash);
    const slot = slotOf(this.#hashes, this.#heads, hash);
    const head = this.#heads[slot] ?? -1;
    // A name comes with several keys, and two of them may be the same.
    if (head >= 0 && this.#values[head] === value) return;
    if (head < 0) {
      this.#hashes[slot] = hash;
      this.#used += 1;
    }
    if (this.#size === this.#values.length) {
      this.#next = grown(this.#next);
      this.#values = grown(this.#values);
    }
    this.#values[this.#size] = value;
    this.#next[this.#size] = head;
    this.#heads[slot] = this.#size;
    this.#size += 1;
  }

  /** Puts the members of a bucket into a set, `most` at the most; says whether that was all. */
  gather(hash: number, most: number, into: Gathered): boolean {
    if (((this.#filter[wordOf(hash)] ?? 0) & (1 << hash)) === 0) return true;
    let place = this.#heads[slotOf(this.#hashes, this.#heads, hash)] ?? -1;
    for (let count = 0; place >= 0 && count < most; count += 1) {
      into.add(this.#values[place] ?? 0);
      place = this.#next[place] ?? -1;
    }
    return place < 0;
  }

  #rehash(): void {
    const hashes = new Int32Array(this.#hashes.length * 2);
    const heads = new Int32Array(this.#heads.length * 2).fill(-1);
    for (let slot = 0; slot < this.#heads.length; slot += 1) {
      const head = this.#heads[slot] ?? -1;
      if (head < 0) continue;
      const hash = this.#hashes[slot] ?? 0;
      const to = slotOf(hashes, heads, hash);
      hashes[to] = hash;
      heads[to] = head;
    }
    this.#hashes = hashes;
    this.#heads = heads;
  }
}

/** Different numbers below a limit, in the order in which they came; to be filled again and again. */
export class Gathered {
  /** For each number the round in which it came last. */
  readonly #rounds: Int32Array;
  #round = 0;
  readonly #members: number[] = [];
  #size = 0;

  constructor(limit: number) {
    this.#rounds = new Int32Array(limit);
    this.clear();
  }

  clear(): void {
    this.#round += 1;
    this.#size = 0;
  }

  add(member: number): void {
    if (this.#rounds[member] === this.#round) return;
    this.#rounds[member] = this.#round;
    this.#members[this.#size] = member;
    this.#size += 1;
  }

  forEach(use: (member: number) => void): void {
    for (let place = 0; place < this.#size; place += 1) use(this.#members[place] ?? 0);
  }
}

/** Half a megabyte: it stays near the processor. */
const FILTER_BITS = 22;

/** Of the filter; the lowest five bits of the hash say which bit of the word. */
function wordOf(hash: number): number {
  return (hash >>> 5) & ((1 << (FILTER_BITS - 5)) - 1);
}

/** The slot that holds the hash, or the empty one where it belongs; there is always an empty one. */
function slotOf(hashes: Int32Array, heads: Int32Array, hash: number): number {
  const mask = heads.length - 1;
  let slot = (hash ^ (hash >>> 16)) & mask;
  while ((heads[slot] ?? -1) >= 0 && hashes[slot] !== hash) slot = (slot + 1) & mask;
  return slot;
}

function grown(from: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const to = new Int32Array(from.length * 2);
  to.set(from);
  return to;
}
