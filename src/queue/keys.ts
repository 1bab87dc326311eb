/**
 * The library refuses ids that are numbers or hold a colon; ours may be any text. A prefix and percent signs make both
 * worlds happy.
 */
export function toKey(id: string): string {
  return `j-${encodeURIComponent(id)}`;
}

export function fromKey(key: string): string {
  return decodeURIComponent(key.slice(2));
}
