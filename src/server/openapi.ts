import { z } from 'zod';
import { defineRoute, type Access, type Answer, type Route } from './route.ts';
import { ShownBody } from './webhooks.ts';

/** The OpenAPI document of these routes: made of what they check, so that it cannot say anything else. */
export function openApiOf(routes: readonly Route[], version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.url.replaceAll(/:(\w+)/gu, '{$1}');
    (paths[path] ??= {})[route.method.toLowerCase()] = operationOf(route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Rollcall',
      version,
      description: 'Keeps the people of a telephony directory and a CRM in step.',
    },
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'Made with `rollcall tokens create`' },
        localToken: {
          type: 'http',
          scheme: 'bearer',
          description: 'What the service leaves in its data directory for commands on its machine',
        },
        webhookToken: { type: 'apiKey', in: 'header', name: 'X-Rollcall-Token' },
        webhookSignature: {
          type: 'apiKey',
          in: 'header',
          name: 'webhook-signature',
          description: 'Standard Webhooks, with webhook-id and webhook-timestamp',
        },
      },
    },
  };
}

/** The document as a route; it is in the document itself. */
export function openApiRoute(others: readonly Route[], version: string): Route {
  const route: Route = defineRoute({
    method: 'GET',
    url: '/openapi.json',
    access: 'open',
    summary: 'This document',
    answers: { 200: { description: 'OpenAPI 3.1', schema: z.looseObject({ openapi: z.string() }) } },
    handle: () => openApiOf([...others, route], version),
  });
  return route;
}

function operationOf(route: Route): Record<string, unknown> {
  const { summary, access, params, query, answers } = route;
  const body = access === 'webhook' ? ShownBody : route.body;
  return {
    summary,
    security: securityOf(access),
    parameters: [...parametersOf('path', params), ...parametersOf('query', query)],
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: !body.safeParse(undefined).success,
            content: { 'application/json': { schema: schemaOf(body, 'input') } },
          },
        }),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, answer]) => [status, responseOf(answer)]),
    ),
  };
}

function securityOf(access: Access): unknown[] {
  if (access === 'open') return [];
  if (access === 'webhook') return [{ webhookToken: [] }, { webhookSignature: [] }];
  return access === 'local' ? [{ localToken: [] }] : [{ token: [access] }];
}

function responseOf({ description, schema, type = 'application/json' }: Answer): Record<string, unknown> {
  const shape = schema === undefined ? { type: 'string' } : schemaOf(schema, 'output');
  return { description, content: { [type]: { schema: shape } } };
}

const Properties = z.looseObject({
  properties: z.record(z.string(), z.unknown()).default({}),
  required: z.array(z.string()).default([]),
});

function parametersOf(place: 'path' | 'query', schema: z.ZodType | undefined): unknown[] {
  if (schema === undefined) return [];
  const { properties, required } = Properties.parse(schemaOf(schema, 'input'));
  return Object.entries(properties).map(([name, shape]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: shape,
  }));
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const shape = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  // The document says once which schemas it is made of.
  return Object.fromEntries(Object.entries(shape).filter(([key]) => key !== '$schema'));
}
