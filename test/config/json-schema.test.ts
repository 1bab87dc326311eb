import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { schemaFiles } from '../../src/config/json-schema.ts';

describe('the JSON schemas for editors', () => {
  test.each(Object.entries(schemaFiles()))(
    '%s is what the code accepts; otherwise run "npm run schema"',
    (file, expected) => {
      expect(readFileSync(file, 'utf8')).toBe(expected);
    },
  );
});
