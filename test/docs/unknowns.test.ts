import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { applySwitches, defaultSwitches } from '../../src/sandbox/creatio/switches.ts';
import { createSwitchBoard, switchesSchema } from '../../src/sandbox/webitel/switches.ts';
import type { Json } from '../../src/sandbox/types.ts';

const PAGE = readFileSync(new URL('../../docs/unknowns.md', import.meta.url), 'utf8');

interface Line {
  readonly product: string;
  readonly cells: readonly string[];
}

/** The lines of all tables, without their heads, under the heading of the product. */
function linesOf(page: string): Line[] {
  let product = '';
  let isBody = false;
  const lines: Line[] = [];
  for (const text of page.split('\n')) {
    const heading = /^## (.+)$/.exec(text)?.[1];
    if (heading !== undefined) product = heading;
    if (!text.startsWith('|')) isBody = false;
    else if (/^[|\s:-]+$/.test(text)) isBody = true;
    else if (isBody)
      lines.push({
        product,
        cells: text
          .slice(1, text.lastIndexOf('|'))
          .split('|')
          .map((cell) => cell.trim()),
      });
  }
  return lines;
}

/** The switches that a cell names: `name` or `name: value`, in code. */
function switchesOf(cell: string): { name: string; value: string | undefined }[] {
  return [...cell.matchAll(/`(\w+)(?:: ([^`]+))?`/g)].map(([, name = '', value]) => ({ name, value }));
}

const json = (text: string): Json => {
  const value: Json = JSON.parse(text);
  return value;
};

const PRODUCTS: Readonly<
  Record<string, { known: readonly string[]; set: (values: Record<string, Json>) => void }>
> = {
  Creatio: {
    known: Object.keys(defaultSwitches()),
    set: (values) => void applySwitches(defaultSwitches(), values),
  },
  Webitel: {
    known: Object.keys(switchesSchema.shape),
    set: (values) => createSwitchBoard().set(values),
  },
};

const lines = linesOf(PAGE);

describe('the page of unknowns', () => {
  test.each(Object.keys(PRODUCTS))('has a table for %s', (product) => {
    expect(lines.filter((line) => line.product === product).length).toBeGreaterThan(10);
  });

  test.each(lines)('has a line of four filled cells: $cells.0', ({ product, cells }) => {
    expect(Object.keys(PRODUCTS)).toContain(product);
    expect(cells).toHaveLength(4);
    expect(cells.filter((cell) => cell === '')).toEqual([]);
  });

  test.each(lines)(
    'names switches that exist, or says that there is none: $cells.0',
    ({ product, cells }) => {
      const cell = cells[2] ?? '';
      if (/^none: \S/.test(cell)) return;
      const named = switchesOf(cell);
      expect(named).not.toEqual([]);
      for (const { name, value } of named) {
        expect(PRODUCTS[product]?.known).toContain(name);
        if (value !== undefined) expect(() => PRODUCTS[product]?.set({ [name]: json(value) })).not.toThrow();
      }
    },
  );

  test('asks one thing once', () => {
    const asked = lines.map(({ product, cells }) => `${product}: ${cells[0]}`);
    expect(new Set(asked).size).toBe(asked.length);
  });
});
