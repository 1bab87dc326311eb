import { buildImportPlan } from '../domain/planning/build.ts';
import { canonicalJson } from '../domain/planning/canonical.ts';
import type { LastingFailure } from '../domain/planning/failures.ts';
import type { Plan } from '../domain/planning/plan.ts';
import { splitName } from '../domain/names/split.ts';
import type { AppDeps } from './deps.ts';
import type { ReadOptions } from './reading.ts';
import { reopenedLinks } from './reopened.ts';
import { readBoth, type Snapshot } from './snapshot.ts';

export interface PlannedImport {
  readonly plan: Plan;
  readonly snapshot: Snapshot;
}

/** Reads both sides and plans an import; neither system nor the store is changed. */
export async function planImport(
  deps: AppDeps,
  options: ReadOptions & {
    readonly retryFailed?: boolean | undefined;
    /** Contacts that a run under way has made itself: to the others they are not there yet. */
    readonly ownContacts?: ReadonlySet<string> | undefined;
  },
): Promise<PlannedImport> {
  const snapshot = await readBoth(deps, options);
  const { mapping, policy, identity } = deps;
  const none: ReadonlyMap<string, LastingFailure> = new Map();
  const unsigned = buildImportPlan({
    mapping,
    mappingDigest: identity.digest(canonicalJson({ mapping, policy })),
    schema: snapshot.schema,
    policy: {
      exclude: policy.exclude,
      correlation: { preset: policy.matching },
      createContacts: policy.createContacts,
    },
    directory: snapshot.directory,
    crm: withoutContacts(snapshot.crm, options.ownContacts),
    links: snapshot.links,
    verdicts: await deps.store.cases.verdicts(mapping.directory),
    reopened: await reopenedLinks(deps),
    goneUserIds: snapshot.goneUserIds,
    lastingFailures: options.retryFailed === true ? none : await deps.store.runs.lastingFailures(),
    rowId: (userId, entity, key) =>
      identity.rowId(mapping.directory, snapshot.directory.domainId, userId, entity, key),
    splitName,
    digest: identity.digest,
  });
  return { plan: signPlan(unsigned, identity.digest), snapshot };
}

function withoutContacts(crm: Snapshot['crm'], ids: ReadonlySet<string> | undefined): Snapshot['crm'] {
  if (ids === undefined || ids.size === 0) return crm;
  return { ...crm, contacts: crm.contacts.filter((contact) => !ids.has(contact.id)) };
}

/** Adds the fingerprint: of everything in the plan, whatever the order of its keys. */
export function signPlan(plan: Omit<Plan, 'fingerprint'>, digest: (text: string) => string): Plan {
  return { ...plan, fingerprint: fingerprintOf(plan, digest) };
}

/** Is the plan the one that its fingerprint was made of? */
export function hasOwnFingerprint(plan: Plan, digest: (text: string) => string): boolean {
  const { fingerprint, ...rest } = plan;
  return fingerprint === fingerprintOf(rest, digest);
}

/** A digest of digests: the text of a whole plan of 100,000 people would come near to the longest that there can be. */
function fingerprintOf(plan: Omit<Plan, 'fingerprint'>, digest: (text: string) => string): string {
  const { people, gone, operations, ...head } = plan;
  const lists: readonly (readonly unknown[])[] = [people, gone, operations];
  const ofList = (items: readonly unknown[]): string =>
    digest(items.map((item) => digest(canonicalJson(item))).join('\n'));
  return digest([canonicalJson(head), ...lists.map(ofList)].join('\n'));
}
