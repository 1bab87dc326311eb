import { z } from 'zod';
import { createRandom } from '../../kit/random.ts';
import type { Json } from '../../types.ts';
import { badBody, refusal } from '../errors.ts';
import type { Store } from '../store.ts';
import type { Switches } from '../switches.ts';
import type { ODataResponse, ODataService } from './service.ts';

const batchSchema = z.object({
  requests: z.array(
    z.object({
      id: z.string(),
      method: z.string(),
      url: z.string(),
      headers: z.record(z.string(), z.string()).optional(),
      body: z.unknown().optional(),
      atomicityGroup: z.string().optional(),
    }),
  ),
});

type Item = z.infer<typeof batchSchema>['requests'][number];

export interface BatchDeps {
  service: ODataService;
  store: Store;
  switches: () => Switches;
  random: () => number;
}

/** The outer request. */
export interface BatchRequest {
  body: unknown;
  root: string;
  contactId: string | null;
  /** Whether the outer request said `Prefer: continue-on-error`. */
  continuesOnError: boolean;
}

/** Thrown to take back what a group has written. */
class GroupFailed extends Error {
  override readonly name = 'GroupFailed';
}

/**
 * Answers a JSON `$batch`: in order, up to the first failure unless told to go on.
 *
 * @throws Refusal 400 for a malformed or too long batch.
 */
export function answerBatch(request: BatchRequest, deps: BatchDeps): ODataResponse {
  const parsed = batchSchema.safeParse(request.body);
  if (!parsed.success) throw badBody('The batch must be a JSON object with a list of requests.');
  const { requests } = parsed.data;
  const { maxBatch } = deps.switches();
  if (requests.length > maxBatch) {
    throw refusal(
      400,
      `The current batch message contains too many parts; the maximum number of ${maxBatch} is exceeded.`,
    );
  }

  const responses: Json[] = [];
  for (const group of groupsOf(requests)) {
    const answers = answerGroup(group, request, deps);
    responses.push(...answers.map(({ item, response, groupId }) => toPart(item, response, groupId)));
    const isFailed = answers.some(({ response }) => response.status >= 400);
    if (isFailed && !request.continuesOnError) break;
  }
  return {
    status: 200,
    headers: { 'content-type': 'application/json; odata.metadata=minimal', 'odata-version': '4.0' },
    body: { responses },
  };
}

/** Neighbours of one atomicity group belong together; everything else stands alone. */
function groupsOf(items: readonly Item[]): Item[][] {
  const groups: Item[][] = [];
  for (const item of items) {
    const last = groups.at(-1);
    if (item.atomicityGroup !== undefined && last?.[0]?.atomicityGroup === item.atomicityGroup)
      last.push(item);
    else groups.push([item]);
  }
  return groups;
}

interface Answered {
  item: Item;
  response: ODataResponse;
  /** The server's name for the atomicity group. */
  groupId: string | undefined;
}

function answerGroup(group: readonly Item[], request: BatchRequest, deps: BatchDeps): Answered[] {
  const isAtomic = group[0]?.atomicityGroup !== undefined;
  const groupId = isAtomic ? createRandom(Math.floor(deps.random() * 2 ** 32)).guid() : undefined;
  const answers: Answered[] = [];
  const run = (): void => {
    for (const item of group) {
      const response = answerItem(item, isAtomic, request, deps);
      answers.push({ item, response, groupId });
      if (isAtomic && response.status >= 400) throw new GroupFailed();
    }
  };
  try {
    if (isAtomic && deps.switches().atomicityRollback) deps.store.transaction(run);
    else run();
    return answers;
  } catch (error) {
    if (!(error instanceof GroupFailed)) throw error;
    // A failed group answers for all of its members with the one that failed.
    return deps.switches().atomicityRollback ? answers.slice(-1) : answers;
  }
}

function answerItem(
  item: Item,
  isAtomic: boolean,
  request: BatchRequest,
  { service, switches }: BatchDeps,
): ODataResponse {
  const method = item.method.toUpperCase();
  if (method === 'GET' && (isAtomic || !switches().batchGet)) {
    return { status: 400, headers: {}, body: { error: { code: '', message: 'GET is not allowed here.' } } };
  }
  // Addresses are relative to the service root; absolute ones are understood, too.
  const prefixes = [request.root, new URL(request.root).pathname];
  const prefix = prefixes.find((start) => item.url.startsWith(`${start}/`)) ?? '';
  const address = item.url.slice(prefix.length).replace(/^\/+/, '');
  return service({ method, address, body: item.body, root: request.root, contactId: request.contactId });
}

function toPart(item: Item, response: ODataResponse, groupId: string | undefined): Json {
  return {
    id: item.id,
    ...(groupId === undefined ? {} : { atomicityGroup: groupId }),
    status: response.status,
    headers: response.headers,
    ...(response.body === undefined ? {} : { body: response.body }),
  };
}
