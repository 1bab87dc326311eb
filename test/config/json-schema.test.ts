import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { CreatioConnection, WebitelConnection } from '../../src/config/connections.ts';
import { configJsonSchema, mappingJsonSchema } from '../../src/config/json-schema.ts';

describe('the JSON schemas for editors', () => {
  test.each([
    ['mappings/mapping.schema.json', mappingJsonSchema()],
    [
      'docs/rollcall.schema.json',
      configJsonSchema({ creatio: CreatioConnection, webitel: WebitelConnection }),
    ],
  ])('%s is up to date; otherwise write the expected text into it', (file, expected) => {
    expect(readFileSync(file, 'utf8')).toBe(expected);
  });
});
