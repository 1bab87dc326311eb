import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { pathText, type Problem } from './problems.ts';

/** Where a value stands: keys of mappings, positions in lists. */
export type DocumentPath = readonly PropertyKey[];

/** Answers what a text stands for; throws `TextProblem` when it cannot be told. */
export type Resolve = (text: string, path: DocumentPath) => string;

/** A text that `Resolve` refuses; the rest of the document is read all the same. */
export class TextProblem extends Error {
  readonly cure: string;

  constructor(what: string, cure: string) {
    super(what);
    this.name = 'TextProblem';
    this.cure = cure;
  }
}

/** A YAML file as plain values, with the place of each of them. */
export interface YamlFile {
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Paths whose text could not be resolved. */
  readonly broken: readonly DocumentPath[];
  /** `file:line:column` of a value, or of the nearest group that holds it; with `key`, of the key in front of it. */
  place(path: DocumentPath, what?: 'key' | 'value'): string;
}

/**
 * Reads one YAML document. Anchors, aliases and tags are refused: a configuration is read by people. A key without a
 * value counts as left out.
 *
 * @param name the file as messages name it
 */
export function readYaml(text: string, name: string, resolve: Resolve = (plain) => plain): YamlFile {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, merge: false });
  const offsets = new Map<string, { key: number; value: number }>();
  const problems: Problem[] = [];
  const broken: DocumentPath[] = [];

  const placeOf = (offset: number): string => {
    const { line, col } = counter.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const add = (offset: number, what: string, cure: string): void => {
    problems.push({ place: placeOf(offset), what, cure });
  };

  for (const error of [...document.errors, ...document.warnings]) {
    const [what, cure] = YAML_MISTAKES[error.code] ?? OTHER_MISTAKE;
    add(error.pos[0], what, cure);
  }

  const toValue = (node: unknown, path: DocumentPath, keyOffset: number): unknown => {
    const offset = startOf(node) ?? keyOffset;
    offsets.set(keyOf(path), { key: keyOffset, value: offset });
    if (isMap(node)) {
      return Object.fromEntries(
        node.items.flatMap((pair): [string, unknown][] => {
          if (!isScalar(pair.key) || typeof pair.key.value !== 'string') {
            if (document.errors.length === 0)
              add(
                startOf(pair.key) ?? offset,
                'this key is not a word',
                'Write a word, or put the key in quotes.',
              );
            return [];
          }
          const key = pair.key.value;
          const value = toValue(pair.value, [...path, key], startOf(pair.key) ?? offset);
          return [[key, value ?? undefined]];
        }),
      );
    }
    if (isSeq(node)) return node.items.map((item, index) => toValue(item, [...path, index], offset));
    if (isAlias(node)) {
      add(offset, 'aliases (*name) are not supported', 'Write the value out.');
      broken.push(path);
      return undefined;
    }
    if (!isScalar(node)) return undefined;
    if (typeof node.value !== 'string') return node.value;
    try {
      return resolve(node.value, path);
    } catch (error) {
      if (!(error instanceof TextProblem)) throw error;
      add(offset, path.length === 0 ? error.message : `${pathText(path)}: ${error.message}`, error.cure);
      broken.push(path);
      return node.value;
    }
  };

  return {
    value: toValue(document.contents, [], 0),
    problems,
    broken,
    place: (path, what = 'value') => {
      for (let length = path.length; length >= 0; length -= 1) {
        const found = offsets.get(keyOf(path.slice(0, length)));
        if (found === undefined) continue;
        return placeOf(length < path.length || what === 'key' ? found.key : found.value);
      }
      return placeOf(0);
    },
  };
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function keyOf(path: DocumentPath): string {
  return JSON.stringify(path.map(String));
}

const OTHER_MISTAKE = [
  'this is not valid YAML',
  'Look for a missing quote, colon or bracket here or just before.',
] as const;

// The parser's own sentences quote the source, which may hold a secret.
const YAML_MISTAKES: Readonly<Record<string, readonly [string, string]>> = {
  DUPLICATE_KEY: ['this key stands here for the second time', 'Remove one of the two.'],
  TAB_AS_INDENT: ['a tab is used to indent', 'Use spaces: two for each level.'],
  BAD_INDENT: [
    'the indentation does not fit',
    'Indent by two spaces for each level, and the keys of one group alike.',
  ],
  MULTILINE_IMPLICIT_KEY: [
    'a key reaches over the end of its line',
    'Put a colon behind the key, and check the quotes.',
  ],
  MISSING_CHAR: [
    'a character is missing',
    'Close the quote or the bracket, and put a space behind each colon and comma.',
  ],
  BAD_SCALAR_START: ['a text cannot start with this character', 'Put the text in quotes.'],
  BAD_DQ_ESCAPE: ['this backslash sequence is unknown', 'Use single quotes, or write the backslash twice.'],
  BLOCK_AS_IMPLICIT_KEY: [
    'two keys stand on one line',
    'Put each key on a line of its own, or the text in quotes.',
  ],
  MULTIPLE_DOCS: ['a second document starts here', 'Keep one document in the file: remove the line "---".'],
  TAG_RESOLVE_FAILED: ['tags (!name) are not supported', 'Remove the tag.'],
};
