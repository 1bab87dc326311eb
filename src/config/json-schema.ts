import { z } from 'zod';
import { Mapping } from '../domain/mapping/schema.ts';
import { configSchema, type ConnectionSchemas } from './schema.ts';

/** The JSON Schema of mapping documents, for editors: the content of `mappings/mapping.schema.json`. */
export function mappingJsonSchema(): string {
  return toText(Mapping, 'Rollcall mapping');
}

/** The JSON Schema of `rollcall.yaml` for these products: the content of `docs/rollcall.schema.json`. */
export function configJsonSchema(connectionSchemas: ConnectionSchemas): string {
  return toText(configSchema(connectionSchemas), 'Rollcall configuration');
}

function toText(schema: z.ZodType, title: string): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`;
}
