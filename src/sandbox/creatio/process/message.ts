import { createHmac } from 'node:crypto';
import type { Json } from '../../types.ts';

/** Fills `{name}` in all texts of a template. */
export function fillTemplate(template: Json, values: Readonly<Record<string, string>>): Json {
  if (typeof template === 'string') {
    return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  }
  if (Array.isArray(template)) return template.map((item) => fillTemplate(item, values));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, item]) => [name, fillTemplate(item, values)]),
  );
}

/** The header that bears a fixed token; none without a token. */
export function tokenHeader(header: string, token: string): Record<string, string> {
  if (token === '') return {};
  return { [header]: header.toLowerCase() === 'authorization' ? `Bearer ${token}` : token };
}

/**
 * Signs a message as Standard Webhooks has it.
 *
 * @param secret base64, with or without the prefix `whsec_`.
 * @param seconds since 1970.
 */
export function signMessage(
  secret: string,
  message: { id: string; seconds: number; body: string },
): Record<string, string> {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signed = `${message.id}.${message.seconds}.${message.body}`;
  return {
    'webhook-id': message.id,
    'webhook-timestamp': String(message.seconds),
    'webhook-signature': `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
  };
}
