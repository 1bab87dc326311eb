import { SENTENCES, TERMS, type ExplanationLanguage, type SentenceName } from './sentences.ts';
import type { Evidence } from './types.ts';

/** A sentence in English, which is the language that is kept. */
export function say(name: SentenceName, values: Readonly<Record<string, string | number>> = {}): string {
  return fill(SENTENCES[name][0], values);
}

/** One reason for or against a match, in words. */
export function explain(evidence: Pick<Evidence, 'text'>, language: ExplanationLanguage): string {
  return inLanguage(evidence.text, language);
}

/**
 * What correlation has said, in another language. A text that is not made of its sentences (written by an older version,
 * or by somebody else) is left as it is.
 */
export function inLanguage(text: string, language: ExplanationLanguage): string {
  if (language === 'en') return text;
  const said = sentencesOf(text, 0);
  if (said === null) return text;
  return said.map(({ name, values }) => fill(SENTENCES[name][1], translated(values))).join(' ');
}

interface Said {
  readonly name: SentenceName;
  readonly values: Readonly<Record<string, string>>;
}

function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/gu, (_, name: string) => String(values[name] ?? ''));
}

/** Values that are fields or rules; any other is data. */
const TERM_VALUES: ReadonlySet<string> = new Set(['field', 'fields', 'rule', 'other']);

/** Fields and rules inside a sentence have words of their own: "login and the name". */
function translated(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, TERM_VALUES.has(name) ? inTerms(value) : value]),
  );
}

function inTerms(value: string): string {
  return value
    .split(/(, the | and the )/u)
    .map((part) => (part === ', the ' ? ', ' : part === ' and the ' ? ' та ' : (TERMS[part] ?? part)))
    .join('');
}

const templates = Object.entries(SENTENCES).map(([name, [english]]) => ({
  name,
  parts: english.split(/\{(\w+)\}/u),
}));

/** The sentences that a text is made of, from a place on; `null` when it is not made of them. */
function sentencesOf(text: string, from: number): readonly Said[] | null {
  if (from >= text.length) return [];
  for (const { name, parts } of templates) {
    if (!isSentence(name) || !text.startsWith(parts[0] ?? '', from)) continue;
    for (const { end, values } of endsOf(text, from, parts)) {
      if (end < text.length && text.charAt(end) !== ' ') continue;
      const rest = sentencesOf(text, end + 1);
      if (rest !== null) return [{ name, values }, ...rest];
    }
  }
  return null;
}

function isSentence(name: string): name is SentenceName {
  return name in SENTENCES;
}

/** Every way in which a template fits: `parts` are literal text and names of values by turns. */
function* endsOf(
  text: string,
  from: number,
  [literal = '', value, ...rest]: readonly string[],
): Generator<{ readonly end: number; readonly values: Readonly<Record<string, string>> }> {
  if (!text.startsWith(literal, from)) return;
  const start = from + literal.length;
  if (value === undefined) {
    yield { end: start, values: {} };
    return;
  }
  const [next = ''] = rest;
  for (let end = start + 1; end <= text.length; end += 1) {
    if (next !== '') {
      end = text.indexOf(next, end);
      if (end < 0) return;
    }
    for (const found of endsOf(text, end, rest))
      yield { end: found.end, values: { ...found.values, [value]: text.slice(start, end) } };
  }
}
