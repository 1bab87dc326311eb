import type { ErrorCode } from '../../app/ports/errors.ts';
import type { VendorError } from '../../http/types.ts';
import { ErrorBody } from './schema.ts';

/**
 * Reads the body of a refusal. The status decides; where it says too little (400, 422, 500), the words of id and
 * detail do, since the exact ids of the directory service are not published.
 */
export function readVendorError(text: string, _contentType: string, status: number): VendorError | undefined {
  const body = parse(text);
  if (body === undefined) return undefined;
  const words = `${body.id} ${body.text}`.toLowerCase();
  const code = codeOf(status, words);
  const cure = cureFor(status, words);
  return {
    message: body.text || body.id,
    ...(body.id === '' ? {} : { id: body.id }),
    ...(code === undefined ? {} : { code }),
    ...(cure === undefined ? {} : { cure }),
  };
}

function parse(text: string): { id: string; text: string } | undefined {
  try {
    const parsed = ErrorBody.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** In this order: "does not exist" speaks of absence although it holds the word of a conflict. */
const WORDS: readonly [RegExp, ErrorCode][] = [
  [/not[ _.]?found|does not exist|no such/, 'NOT_FOUND'],
  [/exhausted|licen[sc]e.*(limit|exceed|no (free )?seat)/, 'QUOTA'],
  [/conflict|already|exists|duplicate|unique/, 'CONFLICT'],
  [/access\.(denied|forbidden)|permission/, 'FORBIDDEN'],
  [/password/, 'VALIDATION'],
];

function codeOf(status: number, words: string): ErrorCode | undefined {
  if (status === 412 && words.includes('app.password.')) return 'AUTHENTICATION';
  if (status !== 400 && status !== 422 && status !== 500) return undefined;
  return WORDS.find(([pattern]) => pattern.test(words))?.[1];
}

function cureFor(status: number, words: string): string | undefined {
  if (words.includes('app.password.')) {
    return 'Sign in to Webitel as the integration user and set a new password.';
  }
  if (/license\.product\.expired|auth\.license/.test(words)) {
    return 'Give the integration user a licence that is valid.';
  }
  if (status === 401) {
    return 'Create a token for the integration user in Webitel (Users, the user, Tokens) and put it into the configuration.';
  }
  if (words.includes('.access.denied')) {
    return 'Give the integration user a licence whose scope covers users, roles, licences and devices.';
  }
  if (status === 403) {
    return 'Give a role of the integration user the permissions that are missing, at least to read everything.';
  }
  return undefined;
}
