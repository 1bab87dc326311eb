/**
 * Does two things side by side. When one fails, the other is told to stop, and this rejects once neither is under way any
 * more: a reading that came to nothing sends no further requests.
 */
export async function sideBySide<A, B>(
  signal: AbortSignal | undefined,
  one: (signal: AbortSignal) => Promise<A>,
  other: (signal: AbortSignal) => Promise<B>,
): Promise<[A, B]> {
  const failed = new AbortController();
  const both = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
  const [first, second] = [one(both), other(both)];
  try {
    return await Promise.all([first, second]);
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled([first, second]);
    throw error;
  }
}
