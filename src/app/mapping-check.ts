import {
  contactColumns,
  crmUserColumns,
  detailColumns,
  lookupColumns,
  recordColumns,
} from '../domain/mapping/project.ts';
import type { Mapping, RequestMapping } from '../domain/mapping/schema.ts';
import type { CrmSchema } from './ports/crm.ts';
import { RollcallError } from './ports/errors.ts';

/** One name of the mapping that the CRM's metadata lacks. */
export interface MappingProblem {
  readonly entity: string;
  /** `null` when the entity itself is missing. */
  readonly column: string | null;
}

/** Every entity and column that the mapping names and the CRM lacks. */
export function mappingProblems(mapping: Mapping, schema: CrmSchema): MappingProblem[] {
  const { record, contact, crmUser, licences, roles, requests } = mapping;
  const needed: [string, string[]][] = [
    [
      record.entity,
      [
        ...recordColumns(record),
        ...(record.status?.changedOn === undefined ? [] : [record.status.changedOn]),
      ],
    ],
    [
      contact.entity,
      [...contactColumns(contact), ...(contact.account === undefined ? [] : [contact.account.column])],
    ],
    [crmUser.entity, [...crmUserColumns(crmUser), crmUser.type.column]],
  ];
  for (const set of [licences, roles])
    if (set !== undefined)
      needed.push([set.lookup.entity, lookupColumns(set)], [set.detail.entity, detailColumns(set)]);
  for (const named of [record.directory, record.status])
    if (named !== undefined) needed.push([named.entity, ['Name']]);
  if (requests !== undefined) needed.push(...requestColumns(requests));

  return needed.flatMap(([entity, columns]): MappingProblem[] => {
    const known = schema[entity];
    if (known === undefined) return [{ entity, column: null }];
    return [...new Set(columns)]
      .filter((column) => known[column] === undefined)
      .map((column) => ({ entity, column }));
  });
}

function requestColumns(requests: RequestMapping): [string, string[]][] {
  const { entity, status, counters, notification } = requests;
  const { command, requestedBy, runId, message, startedOn, finishedOn } = requests;
  const optional = [requestedBy, runId, message, startedOn, finishedOn, ...Object.values(counters)];
  const needed: [string, string[]][] = [
    [entity, [command, status.column, ...optional.flatMap((column) => column ?? [])]],
    [status.entity, ['Name']],
  ];
  if (notification !== undefined) {
    const { receiver, author, title, text, time, subject, values } = notification;
    const shown = [receiver, author, title, text, time, subject, ...Object.keys(values)];
    needed.push([notification.entity, shown.flatMap((column) => column ?? [])]);
  }
  return needed;
}

/** @throws RollcallError CONFIGURATION that names everything missing */
export function checkMapping(mapping: Mapping, schema: CrmSchema): void {
  const problems = mappingProblems(mapping, schema);
  if (problems.length === 0) return;
  throw new RollcallError(
    'CONFIGURATION',
    `The mapping names what the CRM lacks: ${problems.map(nameOf).join(', ')}.`,
    {
      cure: 'Correct the names in the mapping document, or add and publish the objects and columns in the CRM and wait until its OData metadata shows them (one to two minutes).',
    },
  );
}

export function nameOf(problem: MappingProblem): string {
  return problem.column === null ? `object ${problem.entity}` : `column ${problem.entity}.${problem.column}`;
}
