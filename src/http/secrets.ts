import { secretForms } from '../log/redact.ts';

/** Names of headers, body members and query parameters whose values must never be seen. */
const SECRET_NAME =
  /pass|pwd|secret|token|auth|cookie|csrf|x-webitel-access|api-?key|signature|\bpin\b|totp|otp$/i;

/** Shorter values are ordinary words and numbers ("1", "true") more often than secrets. */
const SHORTEST = 4;
const LONGEST_MESSAGE = 500;

/** Everything secret that one request carries: values of telling names in headers, query and body, cookies one by one. */
export function secretsOf(
  headers: Readonly<Record<string, string>>,
  query?: Readonly<Record<string, unknown>>,
  body?: unknown,
): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [name, value] of Object.entries(headers)) {
    if (!SECRET_NAME.test(name)) continue;
    add(found, value);
    for (const part of value.split(/[;\s]+/)) add(found, part.slice(part.indexOf('=') + 1));
  }
  collect(found, query);
  collect(found, typeof body === 'string' ? parsed(body) : body);
  return found;
}

/** The values of cookies that an answer sets. */
export function cookieSecrets(setCookie: readonly string[]): ReadonlySet<string> {
  return secretsOf({ cookie: setCookie.map((line) => line.split(';', 1).join()).join(';') });
}

/** The text with every secret replaced, plain or encoded, on one line and of bearable length. */
export function scrub(text: string, secrets: ReadonlySet<string>): string {
  let clean = text;
  const longestFirst = [...secrets].flatMap(secretForms).toSorted((a, b) => b.length - a.length);
  for (const form of longestFirst) clean = clean.replaceAll(form, '[redacted]');
  clean = clean.replaceAll(/\s+/g, ' ').trim();
  return clean.length > LONGEST_MESSAGE ? `${clean.slice(0, LONGEST_MESSAGE)}…` : clean;
}

function add(found: Set<string>, value: string): void {
  if (value.length >= SHORTEST && value !== 'true' && value !== 'false') found.add(value);
}

function collect(found: Set<string>, value: unknown, secret = false): void {
  if (typeof value === 'string' || typeof value === 'number') {
    if (secret) add(found, String(value));
    // Some services take an object as text.
    else if (typeof value === 'string' && value.startsWith('{')) collect(found, parsed(value));
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    collect(found, member, secret || (!Array.isArray(value) && SECRET_NAME.test(name)));
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return Object.fromEntries(new URLSearchParams(body));
  }
}
