import { badQuery } from '../errors.ts';
import type { Model } from '../model.ts';
import type { Entity } from '../schema.ts';
import type { StoreReader } from '../store.ts';
import { edmType, isEmpty, type StoredRow, type Value } from '../values.ts';
import { tokenize, type Literal, type Token } from './lexer.ts';
import { resolvePath, type Path } from './paths.ts';

/** A compiled `$filter`. */
export interface Filter {
  test(row: StoredRow): boolean;
  /** The tables that it looks into. */
  tables: readonly string[];
  /** The only ids that rows which pass it can have; without it, rows of any id may pass. */
  ids?: ReadonlySet<string>;
}

/** What a filter is compiled for. */
export interface FilterScope {
  entity: Entity;
  model: Model;
  store: StoreReader;
  isCaseSensitive: boolean;
}

type Test = (row: StoredRow) => boolean;

/** A part of a filter. */
interface Condition {
  test: Test;
  ids?: ReadonlySet<string> | undefined;
}

const OPERATORS = {
  eq: { kind: 'Equal', test: (sign: number) => sign === 0 },
  ne: { kind: 'NotEqual', test: (sign: number) => sign !== 0 },
  gt: { kind: 'GreaterThan', test: (sign: number) => sign > 0 },
  ge: { kind: 'GreaterThanOrEqual', test: (sign: number) => sign >= 0 },
  lt: { kind: 'LessThan', test: (sign: number) => sign < 0 },
  le: { kind: 'LessThanOrEqual', test: (sign: number) => sign <= 0 },
};
type Operator = keyof typeof OPERATORS;

const FUNCTIONS: Record<string, (text: string, part: string) => boolean> = {
  contains: (text, part) => text.includes(part),
  startswith: (text, part) => text.startsWith(part),
  endswith: (text, part) => text.endsWith(part),
};

/**
 * Compiles a `$filter` with the operators and functions that the product documents; nothing else is understood.
 *
 * @throws Refusal 400, or 500 for a flat lookup.
 */
export function compileFilter(text: string, scope: FilterScope): Filter {
  const tokens = tokenize(text);
  const tables = new Set<string>([scope.entity.code]);
  let next = 0;

  const peek = (): Token | undefined => tokens[next];
  const isWord = (word: string): boolean => {
    const token = peek();
    return token?.kind === 'word' && token.text === word;
  };
  const isMark = (mark: string): boolean => {
    const token = peek();
    return token?.kind === 'mark' && token.text === mark;
  };
  const fail = () => badQuery(`Syntax error at position ${peek()?.at ?? text.length} in '${text}'.`);
  const expectMark = (mark: string): void => {
    if (!isMark(mark)) throw fail();
    next += 1;
  };
  const path = (word: string): Path => {
    const resolved = resolvePath(word, scope.entity, scope.model, scope.store);
    for (const code of resolved.tables) tables.add(code);
    return resolved;
  };

  const parseOr = (): Condition => {
    const parts = [parseAnd()];
    while (isWord('or')) {
      next += 1;
      parts.push(parseAnd());
    }
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : either(parts);
  };
  const parseAnd = (): Condition => {
    const parts = [parseUnary()];
    while (isWord('and')) {
      next += 1;
      parts.push(parseUnary());
    }
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : all(parts);
  };
  const parseUnary = (): Condition => {
    if (isWord('not')) {
      next += 1;
      const inner = parseUnary();
      return { test: (row) => !inner.test(row) };
    }
    if (isMark('(')) {
      next += 1;
      const inner = parseOr();
      expectMark(')');
      return inner;
    }
    return parseComparison();
  };
  const parseComparison = (): Condition => {
    const token = peek();
    if (token?.kind !== 'word') throw fail();
    next += 1;
    if (isMark('(')) return { test: parseCall(token.text) };
    const left = path(token.text);
    const operator = peek();
    if (operator?.kind !== 'word' || !isOperator(operator.text)) return { test: flag(left, fail) };
    next += 1;
    const literal = takeLiteral();
    const test = compare(left, operator.text, literal, scope.isCaseSensitive);
    const isOneRow = token.text === 'Id' && operator.text === 'eq' && literal.type === 'Edm.Guid';
    return isOneRow ? { test, ids: new Set([literal.value]) } : { test };
  };
  const parseCall = (name: string): Test => {
    const call = FUNCTIONS[name];
    if (call === undefined) throw badQuery(`An unknown function with name '${name}' was found.`);
    expectMark('(');
    const word = peek();
    if (word?.kind !== 'word') throw fail();
    next += 1;
    const left = path(word.text);
    expectMark(',');
    const part = takeLiteral();
    expectMark(')');
    if (left.column.type !== 'text' || part.type !== 'Edm.String') {
      throw badQuery(`No function signature for the function with name '${name}' matches the arguments.`);
    }
    const wanted = fold(part.value, scope.isCaseSensitive);
    return (row) => call(fold(String(left.read(row) ?? ''), scope.isCaseSensitive), wanted);
  };
  const takeLiteral = (): Literal => {
    const token = peek();
    if (token?.kind !== 'literal') throw fail();
    next += 1;
    return token.literal;
  };

  const { test, ids } = parseOr();
  if (next < tokens.length) throw fail();
  return { test, tables: [...tables], ...(ids === undefined ? {} : { ids }) };
}

/** One of the parts holds. */
function either(parts: readonly Condition[]): Condition {
  const ids = new Set<string>();
  let areKnown = true;
  for (const part of parts) {
    if (part.ids === undefined) areKnown = false;
    else for (const id of part.ids) ids.add(id);
  }
  return { test: (row) => parts.some((part) => part.test(row)), ids: areKnown ? ids : undefined };
}

/** All of the parts hold; each of them alone bounds what passes. */
function all(parts: readonly Condition[]): Condition {
  return {
    test: (row) => parts.every((part) => part.test(row)),
    ids: parts.find((part) => part.ids !== undefined)?.ids,
  };
}

const isOperator = (text: string): text is Operator => Object.hasOwn(OPERATORS, text);

const fold = (text: string, isCaseSensitive: boolean): string =>
  isCaseSensitive ? text : text.toLowerCase();

/** A boolean column that stands for itself. */
function flag(left: Path, fail: () => Error): Test {
  if (left.column.type !== 'bool' || left.isNavigation) throw fail();
  return (row) => left.read(row) === true;
}

function compare(left: Path, operator: Operator, right: Literal, isCaseSensitive: boolean): Test {
  const { kind, test } = OPERATORS[operator];
  if (right.type === 'null') {
    if (operator !== 'eq' && operator !== 'ne') return () => false;
    return (row) => isEmpty(left.read(row)) === (operator === 'eq');
  }
  const type = left.isNavigation ? 'an entity' : edmType(left.column);
  const bothNumbers = typeof right.value === 'number' && ['Edm.Int32', 'Edm.Double'].includes(type);
  if (type !== right.type && !bothNumbers) {
    throw badQuery(
      `A binary operator with incompatible types was detected. Found operand types '${type}' and '${right.type}' for operator kind '${kind}'.`,
    );
  }
  const wanted = typeof right.value === 'string' ? fold(right.value, isCaseSensitive) : right.value;
  return (row) => {
    const value = left.read(row);
    // Nothing is neither above nor below anything, and differs from everything.
    if (value === null) return operator === 'ne';
    return test(order(typeof value === 'string' ? fold(value, isCaseSensitive) : value, wanted));
  };
}

/** Orders two values of one type; what is empty comes last, as in PostgreSQL. */
export function order(a: Value, b: Value): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}
