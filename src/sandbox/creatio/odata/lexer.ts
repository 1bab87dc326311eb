import { badQuery } from '../errors.ts';
import { parseInstant } from '../values.ts';

/** A literal of a query with the type that its spelling gives it. */
export type Literal =
  | { type: 'Edm.Guid' | 'Edm.String' | 'Edm.DateTimeOffset' | 'Edm.Date'; value: string }
  | { type: 'Edm.Int32' | 'Edm.Double'; value: number }
  | { type: 'Edm.Boolean'; value: boolean }
  | { type: 'null'; value: null };

export type Token =
  | { kind: 'literal'; literal: Literal; at: number }
  | { kind: 'word'; text: string; at: number }
  | { kind: 'mark'; text: '(' | ')' | ','; at: number };

const PATTERNS = {
  space: /\s+/y,
  string: /'((?:[^']|'')*)'/y,
  guid: /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])/iy,
  instant: /\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?/iy,
  date: /\d{4}-\d{2}-\d{2}(?![\w-])/y,
  number: /-?\d+(?:\.\d+)?(?![\w-])/y,
  word: /[A-Za-z_][\w.]*(?:\/[A-Za-z_$][\w.]*)*/y,
  mark: /[(),]/y,
};

/**
 * Splits a `$filter` into tokens: GUIDs and instants are bare, texts are quoted with `''` for a
 * quote, the typed literals of OData 3 (`guid'…'`) are unknown.
 *
 * @throws Refusal 400
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at += match[0].length;
    return match;
  };

  while (at < text.length) {
    if (take(PATTERNS.space) !== null) continue;
    const start = at;
    const literal = takeLiteral(take, text, start);
    if (literal !== undefined) {
      tokens.push({ kind: 'literal', literal, at: start });
      continue;
    }
    const word = take(PATTERNS.word);
    if (word !== null) {
      if (text.charAt(at) === "'") throw unrecognized(text, start);
      tokens.push(wordToken(word[0], start));
      continue;
    }
    const mark = take(PATTERNS.mark)?.[0];
    if (mark !== '(' && mark !== ')' && mark !== ',') throw unrecognized(text, start);
    tokens.push({ kind: 'mark', text: mark, at: start });
  }
  return tokens;
}

function takeLiteral(
  take: (pattern: RegExp) => RegExpExecArray | null,
  text: string,
  start: number,
): Literal | undefined {
  const string = take(PATTERNS.string);
  if (string !== null) return { type: 'Edm.String', value: (string[1] ?? '').replaceAll("''", "'") };
  const guid = take(PATTERNS.guid);
  if (guid !== null) return { type: 'Edm.Guid', value: guid[0].toLowerCase() };
  const instant = take(PATTERNS.instant);
  if (instant !== null) {
    const parsed = parseInstant(instant[0]);
    if (!('instant' in parsed)) throw unrecognized(text, start);
    return { type: 'Edm.DateTimeOffset', value: parsed.instant };
  }
  const date = take(PATTERNS.date);
  if (date !== null) return { type: 'Edm.Date', value: date[0] };
  const number = take(PATTERNS.number)?.[0];
  if (number === undefined) return undefined;
  return { type: number.includes('.') ? 'Edm.Double' : 'Edm.Int32', value: Number(number) };
}

function wordToken(text: string, at: number): Token {
  if (text === 'null') return { kind: 'literal', literal: { type: 'null', value: null }, at };
  if (text !== 'true' && text !== 'false') return { kind: 'word', text, at };
  return { kind: 'literal', literal: { type: 'Edm.Boolean', value: text === 'true' }, at };
}

const unrecognized = (text: string, at: number) =>
  badQuery(`Syntax error: unrecognized literal or character at position ${at} in '${text}'.`);
