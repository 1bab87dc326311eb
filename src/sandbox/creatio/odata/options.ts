import { badQuery, refusal, serverError } from '../errors.ts';
import type { Model } from '../model.ts';
import type { Column, Entity } from '../schema.ts';
import type { Switches } from '../switches.ts';
import { unknownProperty } from './paths.ts';

/** One expanded lookup. */
export interface Expansion {
  column: Column;
  navigation: string;
  target: Entity;
  shape: Shape;
}

/** What of a row is shown. */
export interface Shape {
  columns: readonly Column[];
  /** Whether `$select` named them. */
  isSelected: boolean;
  expansions: readonly Expansion[];
}

/** The system query options of one request; texts are decoded. */
export interface QueryOptions {
  filter: string | undefined;
  orderby: string | undefined;
  top: number | undefined;
  skip: number;
  isCounted: boolean;
  shape: Shape;
}

const KNOWN = ['$select', '$orderby', '$top', '$skip', '$filter', '$expand', '$count', '$format'];

/**
 * Reads the query of a URL.
 *
 * @throws Refusal 400 for what is unknown or malformed.
 */
export function parseOptions(query: string, entity: Entity, model: Model, switches: Switches): QueryOptions {
  const options = new Map<string, string>();
  for (const pair of query.split('&').filter((part) => part !== '')) {
    const [name = '', ...value] = pair.split('=');
    options.set(decode(name), decode(value.join('=')));
  }
  for (const name of options.keys()) {
    if (name.startsWith('$') && !KNOWN.includes(name)) {
      throw badQuery(`The query parameter '${name}' is not supported.`);
    }
  }
  const counted = options.get('$count');
  if (counted !== undefined && counted !== 'true' && counted !== 'false') {
    throw badQuery(`Invalid value '${counted}' for $count query option found.`);
  }
  return {
    filter: options.get('$filter'),
    orderby: options.get('$orderby'),
    top: wholeNumber('$top', options.get('$top')),
    skip: wholeNumber('$skip', options.get('$skip')) ?? 0,
    isCounted: counted === 'true',
    shape: parseShape(options.get('$select'), options.get('$expand'), entity, model, switches, 1),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw refusal(400, 'The address is not percent-encoded as it must be.');
  }
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw badQuery(`Invalid value '${text}' for ${name} query option found.`);
  return Number(text);
}

function parseShape(
  select: string | undefined,
  expand: string | undefined,
  entity: Entity,
  model: Model,
  switches: Switches,
  depth: number,
): Shape {
  const names = (select ?? '*').split(',').map((name) => name.trim());
  const isSelected = !names.includes('*');
  const columns = isSelected
    ? names.flatMap((name) => {
        const column = entity.byName.get(name);
        if (column !== undefined) return [column];
        if (entity.byNavigation.has(name)) return [];
        throw switches.unknownSelectStatus === 400
          ? unknownProperty(name, entity)
          : serverError(
              `Column by path ${name} not found in schema ${entity.name}`,
              'Terrasoft.Common.ItemNotFoundException',
            );
      })
    : entity.columns;

  const expansions = splitItems(expand ?? '').map((item): Expansion => {
    const [, navigation = '', inner = ''] = /^([^()]+?)\s*(?:\((.*)\))?$/s.exec(item) ?? [];
    const column = entity.byNavigation.get(navigation);
    const target = column?.lookup === undefined ? undefined : model.byCode.get(column.lookup.target);
    if (column === undefined || target === undefined) throw unknownProperty(navigation || item, entity);
    if (depth > switches.maxExpandDepth) {
      throw badQuery(
        `The request includes a $expand path which is too deep; the limit is ${switches.maxExpandDepth}.`,
      );
    }
    const options = new Map(
      splitItems(inner, ';').map((option) => {
        const [name = '', ...value] = option.split('=');
        return [name.trim(), value.join('=')] as const;
      }),
    );
    for (const name of options.keys()) {
      if (name !== '$select' && name !== '$expand')
        throw badQuery(`${name} is not supported inside $expand.`);
    }
    const shape = parseShape(
      options.get('$select'),
      options.get('$expand'),
      target,
      model,
      switches,
      depth + 1,
    );
    return { column, navigation, target, shape };
  });
  return { columns, isSelected, expansions };
}

/** Splits at the separator where no parenthesis is open. */
function splitItems(text: string, separator: ',' | ';' = ','): string[] {
  const items: string[] = [];
  let depth = 0;
  let item = '';
  for (const character of text) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === separator && depth === 0) {
      items.push(item);
      item = '';
    } else item += character;
  }
  if (depth !== 0) throw badQuery(`Found an unbalanced bracket expression in '${text}'.`);
  return [...items, item].map((part) => part.trim()).filter((part) => part !== '');
}
