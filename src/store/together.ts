/**
 * Group commit: items that come while a write is under way go together in the next one, so that many cost little more
 * than one, and nobody waits for company. Each call is answered when its own items are written, and fails with them.
 */
export function writeTogether<T>(
  write: (items: readonly T[]) => Promise<void>,
): (items: readonly T[]) => Promise<void> {
  let next: { readonly items: T[]; readonly written: Promise<void> } | null = null;
  let underWay: Promise<void> = Promise.resolve();

  function open(): NonNullable<typeof next> {
    const items: T[] = [];
    const written = underWay.then(() => {
      next = null;
      return write(items);
    });
    underWay = written.catch(() => undefined);
    return { items, written };
  }

  return (items) => {
    next ??= open();
    next.items.push(...items);
    return next.written;
  };
}
