/** Text that is the same for equal JSON values, whatever the order of their keys; `undefined` members are left out. */
export function canonicalJson(value: unknown): string {
  return textOf(value) ?? 'null';
}

/** Put together here: objects with their keys in order, made for `JSON.stringify` alone, cost twice as much. */
function textOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((member) => textOf(member) ?? 'null').join(',')}]`;
  let members = '';
  for (const key of Object.keys(value).toSorted()) {
    const text = textOf(Reflect.get(value, key));
    if (text !== undefined) members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${text}`;
  }
  return `{${members}}`;
}
