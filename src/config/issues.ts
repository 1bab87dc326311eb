import { z } from 'zod';
import { expectedOf } from '../app/ports/expected.ts';
import type { DocumentPath, YamlFile } from './document.ts';
import { pathText, type Problem } from './problems.ts';
import { suggest } from './suggest.ts';

/** What a JSON schema says about one place, as far as messages need it. */
const Node = z.looseObject({
  type: z.string().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  propertyNames: z.unknown().optional(),
  additionalProperties: z.unknown().optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
});
type Node = z.infer<typeof Node>;

/** Checks a document against its schema; every mistake comes with its place and with what to write instead. */
export function checkDocument<S extends z.ZodType>(
  schema: S,
  file: YamlFile,
  isSecret: (path: DocumentPath) => boolean = () => false,
): { data: z.output<S> | undefined; problems: readonly Problem[] } {
  const result = schema.safeParse(file.value);
  if (result.success) return { data: result.data, problems: [] };
  const shape = Node.catch({}).parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  const broken = new Set(file.broken.map(pathText));
  const problems = result.error.issues
    .filter((issue) => !broken.has(pathText(issue.path)))
    .flatMap((issue) => describeIssue(issue, { shape, file, isSecret }));
  return { data: undefined, problems };
}

interface Surroundings {
  readonly shape: Node;
  readonly file: YamlFile;
  readonly isSecret: (path: DocumentPath) => boolean;
}

function describeIssue(issue: z.core.$ZodIssue, surroundings: Surroundings): Problem[] {
  const { shape, file, isSecret } = surroundings;
  const { path } = issue;
  const place = file.place(path);
  const name = path.length === 0 ? 'the document' : pathText(path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(key, path, surroundings));
  }
  const value = valueAt(file.value, path);
  const node = nodeAt(shape, file.value, path);
  const expected = describeNodes(node);
  if (value === undefined) {
    return [
      {
        place: file.place(path, 'key'),
        what: `"${name}" is missing`,
        cure: `Write ${expected ?? 'a value'} for it.`,
      },
    ];
  }
  if (issue.code === 'invalid_type' || issue.code === 'invalid_value' || issue.code === 'invalid_union') {
    const nested = issue.code === 'invalid_union' ? deepest(issue.errors) : null;
    if (nested !== null) {
      return nested.flatMap((inner) =>
        describeIssue({ ...inner, path: [...path, ...inner.path] }, surroundings),
      );
    }
    const near = typeof value === 'string' && !isSecret(path) ? suggest(value, choices(node)) : null;
    const cure =
      near !== null
        ? `Write "${near}" instead.`
        : expected === 'a text' && typeof value !== 'object'
          ? 'Put the value in quotes.'
          : `Write ${expected ?? 'another value'} instead.`;
    return [{ place, what: `"${name}" must be ${expected ?? 'of another kind'}`, cure }];
  }
  if (issue.code === 'too_small' && value === '') {
    return [{ place, what: `"${name}" is empty`, cure: `Write ${expected ?? 'a value'} for it.` }];
  }
  return [
    {
      place,
      what: `"${name}" ${expectedOf(issue)}`,
      cure: 'Write it that way, or remove it if it is optional.',
    },
  ];
}

function unknownKey(key: string, path: DocumentPath, { shape, file }: Surroundings): Problem {
  const known = nodeAt(shape, file.value, path).flatMap(keysOf);
  const group = valueAt(file.value, path);
  const unused = known.filter(
    (name) => typeof group !== 'object' || group === null || !Object.hasOwn(group, name),
  );
  const near = suggest(key, unused) ?? suggest(key, known);
  const where = path.length === 0 ? '' : ` in "${pathText(path)}"`;
  const cure =
    near === null
      ? `Remove it. Known here: ${[...new Set(known)].join(', ')}.`
      : `Did you mean "${near}"? Write that instead.`;
  return { place: file.place([...path, key], 'key'), what: `unknown key "${key}"${where}`, cure };
}

/** The alternative that went furthest into the value, where one did: its mistakes are the ones that were meant. */
function deepest(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | null {
  return (
    branches.find((issues) => issues.length > 0 && issues.every((issue) => issue.path.length > 0)) ?? null
  );
}

function valueAt(value: unknown, path: DocumentPath): unknown {
  let current: unknown = value;
  for (const part of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, part)) return undefined;
    current = Object.entries(current).find(([key]) => key === String(part))?.[1];
  }
  return current;
}

function nodeAt(root: Node, value: unknown, path: DocumentPath): Node[] {
  let nodes = alternatives(root, value);
  path.forEach((part, index) => {
    const below = valueAt(value, path.slice(0, index + 1));
    nodes = nodes
      .flatMap((node) =>
        typeof part === 'number'
          ? [node.items]
          : [node.properties?.[String(part)] ?? node.additionalProperties],
      )
      .flatMap((found) =>
        found === undefined || typeof found === 'boolean' ? [] : [Node.catch({}).parse(found)],
      )
      .flatMap((node) => alternatives(node, below));
  });
  return nodes;
}

/** The alternatives of a node that the value may have been meant to be: those whose constants agree with it. */
function alternatives(node: Node, value: unknown): Node[] {
  const all = [...(node.anyOf ?? []), ...(node.oneOf ?? [])].map((one) => Node.catch({}).parse(one));
  if (all.length === 0) return [node];
  const fitting = all.filter((one) =>
    Object.entries(one.properties ?? {}).every(([key, property]) => {
      const { const: fixed } = Node.catch({}).parse(property);
      return fixed === undefined || valueAt(value, [key]) === fixed;
    }),
  );
  return (fitting.length > 0 ? fitting : all).flatMap((one) => alternatives(one, value));
}

function keysOf(node: Node): string[] {
  const names = Node.catch({}).parse(node.propertyNames ?? {}).enum ?? [];
  return [...Object.keys(node.properties ?? {}), ...names.map(String)];
}

function choices(nodes: readonly Node[]): string[] {
  return nodes
    .flatMap((node) => [...(node.enum ?? []), ...(node.const === undefined ? [] : [node.const])])
    .map(String);
}

function describeNodes(nodes: readonly Node[]): string | null {
  const words = [...new Set(nodes.flatMap(describeNode))];
  if (words.length === 0) return null;
  return words.length === 1
    ? (words[0] ?? null)
    : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}

function describeNode(node: Node): string[] {
  const fixed = choices([node]);
  if (fixed.length > 0) return fixed.map((choice) => (node.type === 'string' ? `"${choice}"` : choice));
  const word = node.type === undefined ? undefined : TYPE_WORDS[node.type];
  return word === undefined ? [] : [word];
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of keys, indented by two spaces',
};
