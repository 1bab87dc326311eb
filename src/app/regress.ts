import { z } from 'zod';
import { matchingFingerprint } from '../domain/names/fingerprint.ts';
import type { TrippedGuard } from '../domain/run.ts';
import type { AppDeps } from './deps.ts';
import { matchingPolicy } from './matching-policy.ts';
import { RollcallError } from './ports/errors.ts';
import { replay, type Flip, type Replayed } from './replay.ts';
import { readBoth, type Snapshot } from './snapshot.ts';

export interface Regression {
  /** Of the rules and tables of this program, and of `policy.matching`. */
  readonly version: string;
  /** The last one that was accepted; `null` before the first. */
  readonly accepted: string | null;
  /** This version is the accepted one, from now on or already. */
  readonly isAccepted: boolean;
  readonly links: Replayed;
  readonly verdicts: Replayed;
  /** What would flip, and was not known when the last version was accepted. */
  readonly flips: readonly Flip[];
  /** How many others contradict the rules, as they did then: a person has corrected what the rules cannot know. */
  readonly known: number;
}

export interface RegressOptions {
  /** Accept this version although something would flip. */
  readonly accept?: boolean;
  readonly signal?: AbortSignal;
}

/** What a version of the rules has to answer for before it decides about anybody. */
export interface Assessed {
  readonly version: string;
  readonly accepted: string | null;
  readonly links: Replayed;
  readonly verdicts: Replayed;
  /** All that contradicts the rules. */
  readonly all: readonly Flip[];
  /** What did not when the last version was accepted. */
  readonly flips: readonly Flip[];
}

/**
 * Replays all confirmed links and standing verdicts with the rules of this version: reads both sides and decides as if no
 * link, record or verdict were known. Links and verdicts stand whatever comes out, for people who are linked are never
 * matched again; what would flip shows where the new rules are wrong before they decide about anybody new. The version is
 * remembered as accepted when nothing new flips, or on demand.
 *
 * @throws RollcallError CONFLICT when a reading is not complete: what was not read would look like a flip
 */
export async function regress(deps: AppDeps, options: RegressOptions = {}): Promise<Regression> {
  const snapshot = await readBoth(deps, { signal: options.signal, onProgress: () => undefined });
  const problems = [...snapshot.directory.problems, ...snapshot.crm.problems];
  if (problems.length > 0)
    throw new RollcallError('CONFLICT', `The reading is not complete: ${problems.join('; ')}.`, {
      cure: 'Start the command again when both systems answer.',
    });
  const assessed = await assess(deps, snapshot, await acceptedOf(deps));
  const { all, ...rest } = assessed;
  const isAccepted = rest.flips.length === 0 || options.accept === true;
  if (isAccepted) await acceptMatching(deps, assessed);
  return { ...rest, isAccepted, known: all.length - rest.flips.length };
}

/**
 * Replays links and verdicts for a run whose rules are not the accepted ones, on what the run has read; changes nothing.
 * `null` when they are, or when the reading is not complete: then the run links nobody.
 */
export async function assessMatching(deps: AppDeps, snapshot: Snapshot): Promise<Assessed | null> {
  if (snapshot.directory.problems.length + snapshot.crm.problems.length > 0) return null;
  const accepted = await acceptedOf(deps);
  return accepted?.version === matchingVersion(deps) ? null : assess(deps, snapshot, accepted);
}

/** Remembers that a version of the rules may decide. */
export async function acceptMatching(deps: AppDeps, { version, all }: Assessed): Promise<void> {
  await deps.store.memory.set(keyOf(deps), JSON.stringify({ version, known: all.map(nameOfFlip) }));
}

/** The guard that keeps rules from deciding before somebody has looked at what would flip. */
export function guardOfMatching(assessed: Assessed | null): TrippedGuard | null {
  const [first, ...others] = assessed?.flips ?? [];
  if (assessed === null || first === undefined) return null;
  const who = others.length === 0 ? '' : ` and ${others.length} others`;
  return {
    guard: 'matching',
    number: assessed.flips.length,
    allowed: 0,
    message: `The matching rules are not the accepted ones (${assessed.version}, accepted: ${assessed.accepted ?? 'none'}), and would link ${first.displayName} (${first.login})${who} otherwise than a link or a verdict does; see rollcall match --regress.`,
  };
}

async function assess(
  deps: AppDeps,
  snapshot: Snapshot,
  accepted: z.infer<typeof Accepted> | null,
): Promise<Assessed> {
  const {
    links,
    verdicts,
    flips: all,
  } = await replay(deps, snapshot, await deps.store.cases.verdicts(deps.mapping.directory));
  const known = new Set(accepted?.known);
  return {
    version: matchingVersion(deps),
    accepted: accepted?.version ?? null,
    links,
    verdicts,
    all,
    flips: all.filter((flip) => !known.has(nameOfFlip(flip))),
  };
}

/** The version of the rules and tables, and of the choices of the administrator: equal versions decide alike. */
function matchingVersion(deps: AppDeps): string {
  return deps.identity.digest(JSON.stringify([matchingFingerprint(), matchingPolicy(deps)])).slice(0, 12);
}

/** What is remembered of an accepted version: itself, and what contradicted it. */
const Accepted = z.object({ version: z.string(), known: z.array(z.string()) });

async function acceptedOf(deps: AppDeps): Promise<z.infer<typeof Accepted> | null> {
  const text = await deps.store.memory.get(keyOf(deps));
  return text === undefined ? null : Accepted.parse(JSON.parse(text));
}

function nameOfFlip({ directoryUserId, standing, contactId, foundId }: Flip): string {
  return [directoryUserId, standing, contactId ?? '', foundId].join(' ');
}

function keyOf({ mapping }: AppDeps): string {
  return `matching:${mapping.directory}`;
}
