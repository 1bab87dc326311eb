import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { canonicalJson } from '../../../src/domain/planning/canonical.ts';

/** The same value with the keys of every object the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, turned(member)]),
  );
}

describe('canonical JSON', () => {
  test('is JSON of the same value, every member of it', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const value: unknown = JSON.parse(text);
        expect(JSON.parse(canonicalJson(value))).toEqual(value);
      }),
    );
  });

  test('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(turned(value))).toBe(canonicalJson(value));
      }),
    );
  });

  test.each([
    [{ b: [{ d: 1, c: 'x"y' }], a: null }, '{"a":null,"b":[{"c":"x\\"y","d":1}]}'],
    [{ a: undefined, b: [undefined, true] }, '{"b":[null,true]}'],
    [{ 'b"': 1, 10: 2, 9: 3 }, '{"10":2,"9":3,"b\\"":1}'],
    [JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}'],
    [undefined, 'null'],
    ['\u0000\uD800', '"\\u0000\\ud800"'],
  ])('of %j is %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });
});
