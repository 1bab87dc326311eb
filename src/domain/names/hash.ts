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

/** Numbers by hash, in little memory: no object for a key, none for a member. Thirty bits of the hash are looked at. */
export class Buckets {
  readonly #heads = new Map<number, number>();
  #next = new Int32Array(1024);
  #values = new Int32Array(1024);
  #size = 0;

  add(hash: number, value: number): void {
    const key = hash & 0x3fffffff;
    const head = this.#heads.get(key) ?? -1;
    // A name comes with several keys, and two of them may be the same.
    if (head >= 0 && this.#values[head] === value) return;
    if (this.#size === this.#values.length) {
      this.#next = grown(this.#next);
      this.#values = grown(this.#values);
    }
    this.#values[this.#size] = value;
    this.#next[this.#size] = head;
    this.#heads.set(key, this.#size);
    this.#size += 1;
  }

  /** Calls back with the members of a bucket, the last added first, `most` at the most; says whether that was all. */
  visit(hash: number, most: number, each: (value: number) => void): boolean {
    let place = this.#heads.get(hash & 0x3fffffff) ?? -1;
    for (let count = 0; place >= 0 && count < most; count += 1) {
      each(this.#values[place] ?? 0);
      place = this.#next[place] ?? -1;
    }
    return place < 0;
  }
}

function grown(from: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const to = new Int32Array(from.length * 2);
  to.set(from);
  return to;
}
