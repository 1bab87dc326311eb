import type { z } from 'zod';

/** What a value would have to be, in words: “must be …”. What a schema says itself in its own words stands as it is. */
export function expectedOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPE_WORDS[issue.expected] ?? 'of another kind'}`;
    case 'invalid_value':
      return `must be ${oneOf(issue.values)}`;
    case 'invalid_union':
      return `must be ${unionOf(issue)}`;
    case 'too_small':
      return sizeOf(issue.origin, 'at least', 'more than', issue.minimum, issue.inclusive ?? true);
    case 'too_big':
      return sizeOf(issue.origin, 'at most', 'less than', issue.maximum, issue.inclusive ?? true);
    case 'not_multiple_of':
      return `must be a multiple of ${String(issue.divisor)}`;
    case 'unrecognized_keys':
      return `has ${issue.keys.length === 1 ? 'a key' : 'keys'} that nobody knows here: ${issue.keys.join(', ')}`;
    case 'invalid_key':
      return `has a name that is not allowed: it ${issue.issues[0] === undefined ? 'must be another' : expectedOf(issue.issues[0])}`;
    case 'invalid_format':
      return isWritten(issue.message)
        ? issue.message
        : `must be ${FORMAT_WORDS[issue.format] ?? 'written in another form'}`;
    default:
      return isWritten(issue.message) ? issue.message : 'is not as it should be';
  }
}

/** Was the sentence written for this schema, and not by the library for all? */
function isWritten(message: string): boolean {
  return !/^(Invalid|Too (small|big)|Unrecognized)\b/u.test(message);
}

function oneOf(values: readonly unknown[]): string {
  const words = values.map((value) => (typeof value === 'string' ? `"${value}"` : String(value)));
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}

function unionOf(issue: z.core.$ZodIssueInvalidUnion): string {
  const options: unknown = 'options' in issue ? issue.options : undefined;
  if (Array.isArray(options)) return oneOf(options);
  const kinds = issue.errors.flatMap(([first]) =>
    first?.code === 'invalid_type' ? (TYPE_WORDS[first.expected] ?? []) : [],
  );
  return kinds.length === 0 ? 'of another kind' : [...new Set(kinds)].join(' or ');
}

function sizeOf(
  origin: string,
  inclusive: string,
  exclusive: string,
  limit: number | bigint,
  isInclusive: boolean,
): string {
  const words = isInclusive ? inclusive : exclusive;
  switch (origin) {
    case 'string':
      return limit === 1 && inclusive === 'at least'
        ? 'must not be empty'
        : `must have ${words} ${String(limit)} characters`;
    case 'array':
    case 'set':
      return limit === 1 && inclusive === 'at least'
        ? 'must not be empty'
        : `must have ${words} ${String(limit)} ${limit === 1 ? 'entry' : 'entries'}`;
    default:
      return `must be ${words} ${String(limit)}`;
  }
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

const FORMAT_WORDS: Readonly<Record<string, string>> = {
  guid: 'a GUID such as 3f2504e0-4f89-11d3-9a0c-0305e82c3301',
  uuid: 'a GUID such as 3f2504e0-4f89-11d3-9a0c-0305e82c3301',
  url: 'an address such as https://crm.example.com',
  datetime: 'a time in UTC such as 2026-05-31T18:00:00Z',
  email: 'an e-mail address',
  json_string: 'JSON',
};
