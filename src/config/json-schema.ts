import { z } from 'zod';
import { Mapping } from '../domain/mapping/schema.ts';
import { CONNECTION_SCHEMAS } from './connections.ts';
import { configSchema } from './schema.ts';

/** The JSON Schemas that editors use, by the path of the file that holds each; `npm run schema` writes them. */
export function schemaFiles(): Readonly<Record<string, string>> {
  return {
    'mappings/mapping.schema.json': toText(Mapping, 'Rollcall mapping'),
    'docs/rollcall.schema.json': toText(configSchema(CONNECTION_SCHEMAS), 'Rollcall configuration'),
  };
}

function toText(schema: z.ZodType, title: string): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`;
}
