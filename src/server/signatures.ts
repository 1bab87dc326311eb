import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { sameText } from './auth.ts';
import { Refusal } from './errors.ts';

/** How the CRM shows that a webhook is its own. */
export interface WebhookProof {
  /** The header that carries a token. */
  readonly header: string;
  readonly tokens: readonly string[];
  /** Secrets of signatures, in base64, with or without `whsec_`. */
  readonly secrets: readonly string[];
}

/** A signature that is older, or newer, than this is stale. */
const TOLERANCE_S = 300;

const CURE =
  'Send one of the configured tokens in the configured header, or sign as Standard Webhooks says, with a clock that is right.';

/**
 * Checks that a webhook comes from the CRM: by a token in a header, or by a signature as Standard Webhooks has it
 * (HMAC-SHA-256 over `id.timestamp.body`). One of several secrets is enough, so that they can be changed.
 *
 * @param body as it came, byte for byte
 * @throws Refusal 401
 */
export function checkProof(
  proof: WebhookProof,
  headers: IncomingHttpHeaders,
  body: Buffer,
  now: number,
): void {
  const token = headers[proof.header.toLowerCase()];
  // All are compared, so that the time says nothing of which.
  if (typeof token === 'string' && proof.tokens.filter((known) => sameText(known, token)).length > 0) return;
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = headers;
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signature !== 'string')
    throw refusal(token === undefined ? 'The webhook shows no proof of its sender.' : 'The token is wrong.');
  const age = Math.abs(now / 1000 - Number(timestamp));
  if (!/^\d{1,12}$/u.test(timestamp) || age > TOLERANCE_S) throw refusal('The timestamp is stale.');
  const given = signature.split(' ').filter((one) => one.startsWith('v1,'));
  const expected = proof.secrets.map((secret) => sign(secret, id, timestamp, body));
  const matches = expected.flatMap((one) => given.filter((other) => sameText(one, other)));
  if (matches.length === 0) throw refusal('The signature is wrong.');
}

/** The signature of a webhook with one of the secrets. */
export function sign(secret: string, id: string, timestamp: string, body: Buffer): string {
  const key = Buffer.from(secret.replace(/^whsec_/u, ''), 'base64');
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body);
  return `v1,${mac.digest('base64')}`;
}

function refusal(message: string): Refusal {
  return new Refusal(401, 'AUTHENTICATION', message, CURE);
}
