import { correlateInSteps } from '../domain/correlation/correlate.ts';
import type { Correlation, RuleName } from '../domain/correlation/types.ts';
import type { DirectoryUser, Link, Verdict } from '../domain/person.ts';
import type { AppDeps } from './deps.ts';
import { inTurns } from './in-turns.ts';
import { matchingPolicy } from './matching-policy.ts';
import type { Snapshot } from './snapshot.ts';

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

/** Links and verdicts beside what the rules would make of the same people. */
export interface Replay {
  readonly links: Replayed;
  readonly verdicts: Replayed;
  readonly flips: readonly Flip[];
}

const NOTHING: Replayed = { replayed: 0, same: 0, open: 0, flips: 0 };

/** Decides about both sides as if no link, record or verdict were known, and holds it against those that are. */
export async function replay(
  deps: Pick<AppDeps, 'mapping' | 'policy'>,
  snapshot: Pick<Snapshot, 'directory' | 'crm' | 'links'>,
  verdicts: readonly Verdict[],
): Promise<Replay> {
  // A verdict that a link came of is replayed once, as the verdict.
  const judged = new Set(verdicts.map(({ directoryUserId }) => directoryUserId));
  const links = snapshot.links.filter(
    (link) => link.status === 'active' && !judged.has(link.directoryUserId),
  );
  if (links.length === 0 && verdicts.length === 0) return { links: NOTHING, verdicts: NOTHING, flips: [] };
  const { contacts, crmUsers } = snapshot.crm;
  const users = snapshot.directory.users.filter((user) => user.displayName !== '');
  const found = await inTurns(
    correlateInSteps({
      users,
      contacts,
      crmUsers,
      records: [],
      links: [],
      goneUserIds: new Set(),
      verdicts: [],
      policy: matchingPolicy(deps),
    }),
  );
  const judge = createJudge(users, found, new Map(contacts.map(({ id, name }) => [id, name])));
  const [ofLinks, ofVerdicts] = [judge.links(links), judge.verdicts(verdicts)];
  return {
    links: ofLinks.counts,
    verdicts: ofVerdicts.counts,
    flips: [...ofLinks.found, ...ofVerdicts.found],
  };
}

interface Tally {
  readonly counts: Replayed;
  readonly found: readonly Flip[];
}

function createJudge(
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
