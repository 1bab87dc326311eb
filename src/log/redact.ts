import { quotedIn } from '../app/ports/errors.ts';
import { namesPeople, NO_NAMES, pseudonym, type NamesShown } from './names.ts';

/** Takes secrets out of texts and values before anybody sees them. */
export interface Redactor {
  /** The text without known secrets, in plain, URL-encoded, JSON-escaped or base64 form, and without bearer tokens. */
  text(text: string): string;
  /**
   * A plain JSON value: what cannot be shown is described, what is secret by name or value is taken out, and what names
   * people is shown by pseudonyms. Never throws.
   */
  value(value: unknown): unknown;
}

const REDACTED = '[redacted]';
const LONGEST_TEXT = 2000;
/** What is looked at beyond that, so that no secret is cut in two before it is found. */
const MARGIN = 8000;
const MOST_ITEMS = 100;
const DEEPEST = 8;
/** Shorter values occur everywhere by chance; taking them out would hide the message and betray the value. */
const SHORTEST_SECRET = 4;

const SENSITIVE_PART =
  /password|passwd|pwd|passphrase|token|secret|authorization|cookie|totp|csrf|api-?key|private-?key|credential|session-?id/iu;
const SENSITIVE_WORDS: ReadonlySet<string> = new Set([
  'pin',
  'access',
  'pass',
  'otp',
  'jwt',
  'auth',
  'bearer',
]);

/** Is a field of this name never shown? */
export function isSensitiveKey(key: string): boolean {
  if (SENSITIVE_PART.test(key)) return true;
  const words = key
    .replaceAll(/([a-z0-9])([A-Z])/gu, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/u);
  return words.some((word) => SENSITIVE_WORDS.has(word));
}

/**
 * @param secrets the values known by now; asked again for each text, since they become known while starting
 * @param names how people are shown in values; asked again for each
 */
export function createRedactor(
  secrets: () => readonly string[],
  names: () => NamesShown = () => NO_NAMES,
): Redactor {
  let known = '';
  let forms: readonly string[] = [];

  const currentForms = (): readonly string[] => {
    const values = secrets();
    const signature = JSON.stringify(values);
    if (signature !== known) {
      known = signature;
      forms = [
        ...new Set(values.filter((value) => value.trim().length >= SHORTEST_SECRET).flatMap(secretForms)),
      ].toSorted((a, b) => b.length - a.length);
    }
    return forms;
  };

  const text = (plain: string): string => {
    const withoutKnown = currentForms().reduce((result, form) => result.replaceAll(form, REDACTED), plain);
    return withoutKnown
      .replaceAll(/\b(bearer|basic)\s+[\w+/=.~-]{6,}/giu, `$1 ${REDACTED}`)
      .replaceAll(
        /(?<![\w-])([\w-]{1,80})(=|"\s*:\s*")([^\s"&;,]+)/gu,
        (whole: string, key: string, between: string) =>
          isSensitiveKey(key) ? `${key}${between}${REDACTED}` : whole,
      );
  };
  return { text, value: (value) => plainValue(value, text, names()) };
}

/** The forms in which a secret may turn up inside a longer text: plain, escaped, encoded. */
export function secretForms(secret: string): string[] {
  const encoded = encodeSafely(secret);
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encoded,
    encoded.replaceAll(/%[0-9A-F]{2}/gu, (escape) => escape.toLowerCase()),
    encoded.replaceAll('%20', '+'),
    ...base64Forms(secret),
  ];
}

function encodeSafely(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Base64 of the secret at each of the three alignments it may have, without the edges that its neighbours decide. */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  return [0, 1, 2].flatMap((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64url');
    const from = Math.ceil((shift * 8) / 6);
    const to = Math.floor(((shift + bytes.length) * 8) / 6);
    const core = encoded.slice(from, to);
    return core.length < 6 ? [] : [core, core.replaceAll('-', '+').replaceAll('_', '/')];
  });
}

function plainValue(root: unknown, text: (plain: string) => string, names: NamesShown): unknown {
  const open = new Set<object>();

  /** Whatever stands in a field that names people, the texts and numbers in it one by one. */
  const standIn = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
      return pseudonym(String(value), names.key);
    if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map((item) => standIn(item, depth + 1));
    if (typeof value !== 'object' || value === null) return visit(value, depth);
    return '[name]';
  };

  const visit = (value: unknown, depth: number): unknown => {
    if (value === null || typeof value === 'boolean') return value;
    if (typeof value === 'string') return shorten(value, text);
    if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
    if (typeof value === 'bigint') return value.toString();
    if (typeof value === 'undefined') return undefined;
    if (typeof value !== 'object') return `[${typeof value}]`;
    if (open.has(value)) return '[circular]';
    if (depth >= DEEPEST) return '[too deep]';
    open.add(value);
    try {
      return visitObject(value, depth);
    } catch {
      return '[unreadable]';
    } finally {
      open.delete(value);
    }
  };

  const visitObject = (value: object, depth: number): unknown => {
    if (value instanceof Error) return visitError(value, depth);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
    if (value instanceof URL) return shorten(value.href, text);
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
    if (value instanceof Map)
      return visitEntries(
        [...value].map(([key, item]) => [String(key), item]),
        depth,
      );
    if (value instanceof Set) return visitList([...value], depth);
    if (Array.isArray(value)) return visitList(value, depth);
    const keys = Object.keys(value);
    return visitEntries(
      keys.map((key) => [key, readSafely(value, key)]),
      depth,
    );
  };

  const visitList = (items: readonly unknown[], depth: number): unknown[] => {
    const shown = items.slice(0, MOST_ITEMS).map((item) => visit(item, depth + 1) ?? null);
    return items.length > MOST_ITEMS ? [...shown, `[${items.length - MOST_ITEMS} more]`] : shown;
  };

  const visitEntries = (
    entries: readonly (readonly [string, unknown])[],
    depth: number,
  ): Record<string, unknown> =>
    Object.fromEntries(
      entries
        .slice(0, MOST_ITEMS)
        .map(([key, item]) => [
          text(key),
          item !== null && item !== undefined && isSensitiveKey(key)
            ? REDACTED
            : !names.plain && namesPeople(key)
              ? standIn(item, depth + 1)
              : visit(item, depth + 1),
        ]),
    );

  // Only what the product itself puts on errors: a client's error carries requests and bodies besides.
  const visitError = (error: Error, depth: number): Record<string, unknown> => {
    const own: Record<string, unknown> = { name: text(error.name), message: messageOf(error) };
    for (const key of ['code', 'cure']) {
      const item = readSafely(error, key);
      if (typeof item === 'string' || typeof item === 'number') own[key] = visit(item, depth + 1);
    }
    if (error.name === 'RollcallError') own['details'] = visit(readSafely(error, 'details'), depth + 1);
    if (error.cause !== undefined) own['cause'] = visit(error.cause, depth + 1);
    return own;
  };

  const messageOf = (error: Error): string => {
    // The parser of JSON quotes the beginning of the text that it refuses.
    if (error instanceof SyntaxError) return 'The text does not have the expected syntax.';
    return shorten(names.plain ? error.message : withoutQuotes(error), text, 500);
  };

  return visit(root, 0);
}

function readSafely(value: object, key: string): unknown {
  try {
    return Reflect.get(value, key);
  } catch {
    return '[unreadable]';
  }
}

function shorten(plain: string, text: (plain: string) => string, longest = LONGEST_TEXT): string {
  const shown = text(plain.slice(0, longest + MARGIN));
  return shown.length <= longest && plain.length <= longest + MARGIN
    ? shown
    : `${shown.slice(0, longest)}… [cut: ${plain.length} characters]`;
}

/**
 * The message without what it quotes of people and other systems. Our own errors say what that is; what libraries quote
 * stands in quotation marks.
 */
function withoutQuotes(error: Error): string {
  if (error.name !== 'RollcallError') return error.message.replaceAll(/(["'`])[^"'`]*\1/gu, '$1…$1');
  const parts = quotedIn(error).filter((part) => part.trim() !== '');
  return parts
    .toSorted((a, b) => b.length - a.length)
    .reduce((message, part) => message.replaceAll(part, '[quoted]'), error.message);
}
