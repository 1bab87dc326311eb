const NOTHING: readonly never[] = [];

/** Things by a key that most often one of them has alone: only a key with several costs an array. */
export class Index<T extends object, K extends string | number = string> {
  readonly #byKey = new Map<K, T | T[]>();

  add(key: K, item: T): void {
    const known = this.#byKey.get(key);
    if (known === undefined) this.#byKey.set(key, item);
    else if (Array.isArray(known)) known.push(item);
    else this.#byKey.set(key, [known, item]);
  }

  has(key: K): boolean {
    return this.#byKey.has(key);
  }

  /** The one thing with this key; `null` when there is none, or more than one. */
  only(key: K | null): T | null {
    const known = key === null ? undefined : this.#byKey.get(key);
    return known === undefined || Array.isArray(known) ? null : known;
  }

  /** In the order in which they were added; empty for `null`. */
  get(key: K | null): readonly T[] {
    const known = key === null ? undefined : this.#byKey.get(key);
    if (known === undefined) return NOTHING;
    return Array.isArray(known) ? known : [known];
  }
}

export function indexBy<T extends object>(items: Iterable<T>, keyOf: (item: T) => string | null): Index<T> {
  const index = new Index<T>();
  for (const item of items) {
    const key = keyOf(item);
    if (key !== null) index.add(key, item);
  }
  return index;
}
