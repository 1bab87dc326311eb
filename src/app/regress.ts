import { z } from 'zod';
import { correlate } from '../domain/correlation/correlate.ts';
import type { Correlation, RuleName } from '../domain/correlation/types.ts';
import { matchingFingerprint } from '../domain/names/fingerprint.ts';
import type { DirectoryUser, Link, Verdict } from '../domain/person.ts';
import type { AppDeps } from './deps.ts';
import { matchingPolicy } from './matching-policy.ts';
import { RollcallError } from './ports/errors.ts';
import { readBoth } from './snapshot.ts';

/** Somebody about whom the rules would now decide otherwise than a link or a person did. */
export interface Flip {
  readonly directoryUserId: string;
  readonly login: string;
  readonly displayName: string;
  /** What stands: a confirmed link, or the verdict of a person. */
  readonly standing: 'link' | Verdict['kind'];
  /** The contact that stands, or the one that was rejected; `null` for a person who is to be new. */
  readonly contactId: string | null;
  /** The contact that the rules would link. */
  readonly foundId: string;
  readonly foundName: string;
  readonly rule: RuleName | null;
  readonly reason: string;
}

/** What became of links and verdicts when the rules of this version were asked about them. */
export interface Replayed {
  /** Of people who are on both sides. */
  readonly replayed: number;
  /** The rules say the same. */
  readonly same: number;
  /** The rules leave it to a person, or find nobody: what stands is all that ties them. */
  readonly open: number;
  readonly flips: number;
}

export interface Regression {
  /** Of the rules and tables of this program. */
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

/** The version of the rules and tables: equal versions decide alike. */
export function matchingVersion({ identity }: Pick<AppDeps, 'identity'>): string {
  return identity.digest(matchingFingerprint()).slice(0, 12);
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
  const { store, mapping } = deps;
  const snapshot = await readBoth(deps, { signal: options.signal, onProgress: () => undefined });
  const problems = [...snapshot.directory.problems, ...snapshot.crm.problems];
  if (problems.length > 0)
    throw new RollcallError('CONFLICT', `The reading is not complete: ${problems.join('; ')}.`, {
      cure: 'Start the command again when both systems answer.',
    });
  const { contacts } = snapshot.crm;
  const users = snapshot.directory.users.filter((user) => user.displayName !== '');
  const found = correlate({
    users,
    contacts,
    crmUsers: snapshot.crm.crmUsers,
    records: [],
    links: [],
    goneUserIds: new Set(),
    verdicts: [],
    policy: matchingPolicy(deps),
  });
  const nameOf = new Map(contacts.map(({ id, name }) => [id, name]));
  const replay = createReplay(users, found, nameOf);
  const verdicts = await store.cases.verdicts(mapping.directory);
  // A verdict that a link came of is replayed once, as the verdict.
  const judged = new Set(verdicts.map(({ directoryUserId }) => directoryUserId));
  const ofLinks = replay.links(
    snapshot.links.filter((link) => link.status === 'active' && !judged.has(link.directoryUserId)),
  );
  const ofVerdicts = replay.verdicts(verdicts);
  const version = matchingVersion(deps);
  const accepted = await acceptedOf(deps);
  const all = [...ofLinks.found, ...ofVerdicts.found];
  const known = new Set(accepted?.known);
  const flips = all.filter((flip) => !known.has(nameOfFlip(flip)));
  const isAccepted = flips.length === 0 || options.accept === true;
  if (isAccepted)
    await store.memory.set(keyOf(deps), JSON.stringify({ version, known: all.map(nameOfFlip) }));
  return {
    version,
    accepted: accepted?.version ?? null,
    isAccepted,
    links: ofLinks.counts,
    verdicts: ofVerdicts.counts,
    flips,
    known: all.length - flips.length,
  };
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

interface Tally {
  readonly counts: Replayed;
  readonly found: readonly Flip[];
}

function createReplay(
  users: readonly DirectoryUser[],
  found: readonly Correlation[],
  nameOf: ReadonlyMap<string, string>,
): { links(links: readonly Link[]): Tally; verdicts(verdicts: readonly Verdict[]): Tally } {
  const userById = new Map(users.map((user) => [user.id, user]));
  const foundById = new Map(found.map((one) => [one.userId, one]));
  const tally = <T extends { readonly directoryUserId: string }>(
    all: readonly T[],
    judge: (one: T, contactId: string | null) => 'same' | 'open' | 'flip',
    standing: (one: T) => Pick<Flip, 'standing' | 'contactId'>,
  ): Tally => {
    const counts = { replayed: 0, same: 0, open: 0, flips: 0 };
    const flips: Flip[] = [];
    for (const one of all) {
      const user = userById.get(one.directoryUserId);
      const now = foundById.get(one.directoryUserId);
      if (user === undefined || now === undefined) continue;
      counts.replayed += 1;
      const contactId = now.situation === 'matched' ? now.contactId : null;
      const outcome = judge(one, contactId);
      if (outcome !== 'flip') counts[outcome] += 1;
      if (outcome !== 'flip' || contactId === null) continue;
      counts.flips += 1;
      flips.push({
        directoryUserId: user.id,
        login: user.login,
        displayName: user.displayName,
        ...standing(one),
        foundId: contactId,
        foundName: nameOf.get(contactId) ?? '',
        rule: now.rule,
        reason: now.reason,
      });
    }
    return { counts, found: flips };
  };
  return {
    links: (links) =>
      tally(
        links,
        (link, contactId) => (contactId === null ? 'open' : contactId === link.contactId ? 'same' : 'flip'),
        ({ contactId }) => ({ standing: 'link', contactId }),
      ),
    verdicts: (verdicts) =>
      tally(verdicts, judgeVerdict, ({ kind, contactId }) => ({ standing: kind, contactId })),
  };
}

/** "Same" wants its contact, "create" nobody, "different" anybody but those who were rejected. */
function judgeVerdict(verdict: Verdict, contactId: string | null): 'same' | 'open' | 'flip' {
  if (contactId === null) return verdict.kind === 'same' ? 'open' : 'same';
  if (verdict.kind === 'same') return contactId === verdict.contactId ? 'same' : 'flip';
  if (verdict.kind === 'create') return 'flip';
  const rejected = verdict.contactId === null ? verdict.rejected : [verdict.contactId];
  return rejected.includes(contactId) ? 'flip' : 'same';
}
