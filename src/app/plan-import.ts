import { buildImportPlan } from '../domain/planning/build.ts';
import { canonicalJson } from '../domain/planning/canonical.ts';
import type { LastingFailure } from '../domain/planning/failures.ts';
import type { Plan } from '../domain/planning/plan.ts';
import { splitName } from '../domain/names/split.ts';
import type { RunOrder } from '../domain/run.ts';
import type { AppDeps } from './deps.ts';
import type { Hold } from './ports/store.ts';
import type { ReadOptions } from './reading.ts';
import { reopenedLinks } from './reopened.ts';
import { readBoth, type Snapshot } from './snapshot.ts';

export interface PlannedImport {
  readonly plan: Plan;
  readonly snapshot: Snapshot;
}

/** How an import is planned. */
export interface PlanOptions extends ReadOptions {
  readonly order: Pick<RunOrder, 'retryFailed' | 'includeHeld' | 'onlyFailedOf'>;
  /** Contacts that a run under way has made itself: to the others they are not there yet. */
  readonly ownContacts?: ReadonlySet<string> | undefined;
}

/** Reads both sides and plans an import; neither system nor the store is changed. */
export async function planImport(deps: AppDeps, options: PlanOptions): Promise<PlannedImport> {
  const snapshot = await readBoth(deps, options);
  const { mapping, policy, identity, store } = deps;
  const { retryFailed, includeHeld, onlyFailedOf } = options.order;
  const none: ReadonlyMap<string, LastingFailure> = new Map();
  const holds = await store.holds.all(mapping.directory);
  const unsigned = buildImportPlan({
    mapping,
    mappingDigest: identity.digest(canonicalJson({ mapping, policy })),
    schema: snapshot.schema,
    policy: {
      exclude: policy.exclude,
      correlation: { preset: policy.matching },
      createContacts: policy.createContacts,
      guards: policy.guards,
    },
    directory: snapshot.directory,
    crm: withoutContacts(snapshot.crm, options.ownContacts),
    links: snapshot.links,
    verdicts: await store.cases.verdicts(mapping.directory),
    reopened: await reopenedLinks(deps),
    goneUserIds: snapshot.goneUserIds,
    held: new Map(holds.map((hold) => [hold.directoryUserId, sentenceOf(hold)])),
    includeHeld,
    sharedForNeedOnly: !includeHeld && holds.some(({ runId }) => runId !== null),
    onlyPeople: onlyFailedOf === null ? null : new Set(await store.runs.failedPeople(onlyFailedOf)),
    lastingFailures: retryFailed ? none : await store.runs.lastingFailures(),
    rowId: (userId, entity, key) =>
      identity.rowId(mapping.directory, snapshot.directory.domainId, userId, entity, key),
    splitName,
    digest: identity.digest,
  });
  return { plan: signPlan(unsigned, identity.digest), snapshot };
}

function sentenceOf({ reason, since }: Hold): string {
  return `on hold since ${since.slice(0, 10)}: ${reason}`;
}

function withoutContacts(crm: Snapshot['crm'], ids: ReadonlySet<string> | undefined): Snapshot['crm'] {
  if (ids === undefined || ids.size === 0) return crm;
  return { ...crm, contacts: crm.contacts.filter((contact) => !ids.has(contact.id)) };
}

/** Items of a plan under one digest: a long plan is never one text. */
const SLICE = 200;

/** Adds the fingerprint: of everything in the plan, whatever the order of its keys. */
export function signPlan(plan: Omit<Plan, 'fingerprint'>, digest: (text: string) => string): Plan {
  return { ...plan, fingerprint: fingerprintOf(plan, digest) };
}

/** Is the plan the one that its fingerprint was made of? */
export function hasOwnFingerprint(plan: Plan, digest: (text: string) => string): boolean {
  const { fingerprint, ...rest } = plan;
  return fingerprint === fingerprintOf(rest, digest);
}

function fingerprintOf(plan: Omit<Plan, 'fingerprint'>, digest: (text: string) => string): string {
  const { people, gone, operations, ...head } = plan;
  const digestsOf = (items: readonly unknown[]): string[] => {
    const digests: string[] = [];
    for (let from = 0; from < items.length; from += SLICE)
      digests.push(digest(canonicalJson(items.slice(from, from + SLICE))));
    return digests;
  };
  return digest(
    canonicalJson({
      head,
      people: digestsOf(people),
      gone: digestsOf(gone),
      operations: digestsOf(operations),
    }),
  );
}
