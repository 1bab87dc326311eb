import { planInSteps, type UnsignedPlan } from '../domain/planning/build.ts';
import { canonicalJson } from '../domain/planning/canonical.ts';
import type { LastingFailure } from '../domain/planning/failures.ts';
import type { PlanInput } from '../domain/planning/input.ts';
import type { Operation, Plan } from '../domain/planning/plan.ts';
import { splitName } from '../domain/names/split.ts';
import type { RunOrder, Trigger } from '../domain/run.ts';
import { allAtOnce, mapInSteps, type Steps } from '../domain/steps.ts';
import type { AppDeps } from './deps.ts';
import { inTurns } from './in-turns.ts';
import { matchingPolicy } from './matching-policy.ts';
import type { CrmUserRight } from './ports/crm.ts';
import type { Hold } from './ports/store.ts';
import type { ReadOptions } from './reading.ts';
import type { PushContext } from '../domain/planning/push/context.ts';
import { READ_ALL_FROM, readSome } from './read-some.ts';
import { knownStrangers } from './remembered.ts';
import { assessMatching, guardOfMatching, type Assessed } from './regress.ts';
import { reopenedLinks } from './reopened.ts';
import { readBoth, type Snapshot } from './snapshot.ts';

export interface PlannedRun {
  readonly plan: Plan;
  readonly snapshot: Snapshot;
  /** What the CRM said about the right to make CRM users; `null` where nobody needs one, so that it was not asked. */
  readonly crmUserRight: CrmUserRight | null;
  /** What rules that are not the accepted ones would make of links and verdicts; `null` when they are. */
  readonly matching: Assessed | null;
  /** Records without a directory id, where none are known yet as having stood before the first run. */
  readonly strangers: readonly string[] | null;
}

/** How a run is planned. */
export interface PlanOptions extends ReadOptions {
  readonly kind: PlanInput['kind'];
  readonly trigger: Trigger;
  readonly order: Pick<RunOrder, 'retryFailed' | 'includeHeld' | 'onlyFailedOf' | 'records' | 'named'>;
  /** The plan of a run under way: rows that it has made itself, and failures of its own, are not there to the others. */
  readonly continues?: Plan | undefined;
  /** What the CRM said before in this run. */
  readonly crmUserRight?: CrmUserRight | null | undefined;
}

/** Reads both sides and plans an import, a push or a sync; neither system nor the store is changed. */
export async function planRun(deps: AppDeps, options: PlanOptions): Promise<PlannedRun> {
  const snapshot = await readFor(deps, options);
  const { mapping, policy, identity, store, clock } = deps;
  const strangers = await knownStrangers(deps);
  const { retryFailed, includeHeld, onlyFailedOf } = options.order;
  const holds = await store.holds.all(mapping.directory);
  const input: Omit<PlanInput, 'policy'> = {
    kind: options.kind,
    push: options.kind === 'import' ? null : pushContext(deps, snapshot.directory.ownUserId),
    missingRecords: snapshot.missingRecords,
    addable: addableRecords(snapshot, options, strangers),
    population: snapshot.population,
    removedBefore:
      options.kind === 'import' ? 0 : await store.runs.removedSince(clock.now() - REMOVAL_WINDOW_MS),
    now: clock.now(),
    mapping,
    mappingDigest: identity.digest(canonicalJson({ mapping, policy })),
    schema: snapshot.schema,
    directory: snapshot.directory,
    crm: withoutRows(snapshot.crm, madeBy(options.continues)),
    links: snapshot.links,
    verdicts: await store.cases.verdicts(mapping.directory),
    reopened: await reopenedLinks(deps),
    goneUserIds: snapshot.goneUserIds,
    held: new Map(holds.map((hold) => [hold.directoryUserId, sentenceOf(hold)])),
    includeHeld,
    sharedForNeedOnly: !includeHeld && holds.some(({ runId }) => runId !== null),
    onlyPeople: onlyFailedOf === null ? null : new Set(await store.runs.failedPeople(onlyFailedOf)),
    lastingFailures: retryFailed ? new Map() : await failuresBefore(deps, options.continues),
    rowId: (userId, entity, key) =>
      identity.rowId(mapping.directory, snapshot.directory.domainId, userId, entity, key),
    splitName,
    digest: identity.digest,
  };
  const build = (withoutCrmUsers: string | null): Promise<UnsignedPlan> =>
    inTurns(
      planInSteps({
        ...input,
        policy: {
          exclude: policy.exclude,
          correlation: matchingPolicy(deps),
          createContacts: policy.createContacts,
          withoutCrmUsers,
          guards: policy.guards,
        },
      }),
      options.signal,
    );
  let crmUserRight = options.crmUserRight ?? null;
  let unsigned = await build(noCrmUsersBecause(policy, crmUserRight));
  if (crmUserRight === null && unsigned.operations.some(isNewCrmUser)) {
    crmUserRight = await askForRight(deps, options.signal);
    if (!crmUserRight.allowed) unsigned = await build(noCrmUsersBecause(policy, crmUserRight));
  }
  const matching = snapshot.isPartial ? null : await assessMatching(deps, snapshot);
  const guard = unsigned.operations.length > 0 ? guardOfMatching(matching) : null;
  if (guard !== null) unsigned = { ...unsigned, guards: [...unsigned.guards, guard] };
  return {
    plan: await inTurns(signInSteps(unsigned, identity.digest), options.signal),
    snapshot,
    crmUserRight,
    matching,
    strangers: strangers === null ? strangersIn(snapshot) : null,
  };
}

/** Removals count against one budget for so long, whatever run they belong to (design §6). */
const REMOVAL_WINDOW_MS = 24 * 60 * 60 * 1000;

function readFor(deps: AppDeps, options: PlanOptions): Promise<Snapshot> {
  const { kind, order } = options;
  if (kind === 'push' && order.records !== null && order.records.length < READ_ALL_FROM)
    return readSome(deps, order.records, options);
  return readBoth(deps, { ...options, confirmsMissing: kind !== 'import' });
}

function pushContext({ directory, policy }: AppDeps, ownUserId: string): PushContext | null {
  if (directory.writer === null) return null;
  const { writes, login, extension } = directory.capabilities;
  return { writes: new Set(writes), login, extension, ownUserId, ...policy.push };
}

/**
 * Records for whom a user may be made. One that stood before the first import without a directory id is a stranger: nobody
 * knows why it has none, so it takes a person who names it.
 */
function addableRecords(
  { crm }: Snapshot,
  { kind, order }: PlanOptions,
  strangers: ReadonlySet<string> | null,
): ReadonlySet<string> {
  if (kind === 'import') return new Set();
  if (strangers === null) return new Set(order.named);
  return new Set([
    ...order.named,
    ...crm.records.flatMap(({ id, directoryUserId }) =>
      directoryUserId === null && !strangers.has(id) ? [id] : [],
    ),
  ]);
}

function strangersIn({ crm, isPartial }: Snapshot): string[] | null {
  if (isPartial) return null;
  return crm.records.flatMap(({ id, directoryUserId }) => (directoryUserId === null ? [id] : []));
}

function sentenceOf({ reason, since }: Hold): string {
  return `on hold since ${since.slice(0, 10)}: ${reason}`;
}

function noCrmUsersBecause(policy: AppDeps['policy'], right: CrmUserRight | null): string | null {
  if (policy.createCrmUsers === 'never')
    return 'By policy.createCrmUsers no CRM users are made; set it to inactive to have them made, or have an administrator add them.';
  if (!policy.createContacts)
    return 'CRM users are made together with contacts, and policy.createContacts is false; set it to true, or have an administrator add them.';
  return right === null || right.allowed ? null : `${right.message} ${right.cure}`;
}

async function askForRight({ crm, logger }: AppDeps, signal: AbortSignal | undefined): Promise<CrmUserRight> {
  if (crm.crmUsers === null)
    return {
      allowed: false,
      message: `Rollcall cannot make users of ${crm.product}.`,
      cure: 'Have an administrator add them.',
    };
  const right = await crm.crmUsers.probe(signal);
  if (!right.allowed)
    logger.warn('CRM users cannot be made; telephony records are made without them.', {
      reason: right.message,
    });
  return right;
}

function isNewCrmUser({ entity, kind }: Pick<Operation, 'entity' | 'kind'>): boolean {
  return entity === 'crmUser' && kind === 'create';
}

/** Contacts and CRM users that a plan makes. */
function madeBy(plan: Plan | undefined): ReadonlySet<string> {
  return new Set(
    (plan?.operations ?? []).flatMap(({ entity, kind, target }) =>
      (entity === 'contact' || entity === 'crmUser') && kind === 'create' ? target.id : [],
    ),
  );
}

function withoutRows(crm: Snapshot['crm'], ids: ReadonlySet<string>): Snapshot['crm'] {
  if (ids.size === 0) return crm;
  return {
    ...crm,
    contacts: crm.contacts.filter(({ id }) => !ids.has(id)),
    crmUsers: crm.crmUsers.filter(({ id }) => !ids.has(id)),
  };
}

/** Failures of earlier runs. An operation that stands in the plan under way was sent on purpose. */
async function failuresBefore(
  { store }: AppDeps,
  continues: Plan | undefined,
): Promise<ReadonlyMap<string, LastingFailure>> {
  const failures = new Map(await store.runs.lastingFailures());
  for (const { id } of continues?.operations ?? []) failures.delete(id);
  return failures;
}

/** Adds the fingerprint: of everything in the plan, whatever the order of its keys. */
export function* signInSteps(plan: Omit<Plan, 'fingerprint'>, digest: (text: string) => string): Steps<Plan> {
  return { ...plan, fingerprint: yield* fingerprintOf(plan, digest) };
}

/** Is the plan the one that its fingerprint was made of? */
export function hasOwnFingerprint(plan: Plan, digest: (text: string) => string): boolean {
  const { fingerprint, ...rest } = plan;
  return fingerprint === allAtOnce(fingerprintOf(rest, digest));
}

/** A digest of digests: the text of a whole plan of 100,000 people would come near to the longest that there can be. */
function* fingerprintOf(plan: Omit<Plan, 'fingerprint'>, digest: (text: string) => string): Steps<string> {
  const { people, gone, operations, ...head } = plan;
  const digests = [canonicalJson(head)];
  for (const items of [people, gone, operations]) {
    const ofItems = yield* mapInSteps<unknown, string>(items, (item) => digest(canonicalJson(item)));
    digests.push(digest(ofItems.join('\n')));
  }
  return digest(digests.join('\n'));
}
