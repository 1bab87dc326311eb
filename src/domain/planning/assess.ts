import type { DirectoryUser } from '../person.ts';
import type { PlannedIssue } from './plan.ts';

/** Who takes no part in imports (design §5, `exclude` rules). */
export interface ExcludePolicy {
  /** Logins, compared without case. */
  readonly logins: readonly string[];
  /** Login patterns in which `*` stands for anything. */
  readonly patterns: readonly string[];
  /** Leave out users who hold no licence of the directory. */
  readonly withoutLicence: boolean;
}

/** People whom runs leave alone until they are released (design §2, hold): directory user id → why. */
export type HeldPeople = ReadonlyMap<string, string>;

export interface Assessment {
  /** Directory user id → why the user is left out. */
  readonly excluded: ReadonlyMap<string, string>;
  /** Directory user id → what keeps the user from being imported. */
  readonly invalid: ReadonlyMap<string, PlannedIssue>;
  /** Directory user id → what should be looked at. */
  readonly warnings: ReadonlyMap<string, readonly PlannedIssue[]>;
}

/**
 * Sorts out, before anybody is correlated, who is excluded, who cannot be imported at all, and whose data deserve a
 * look.
 */
export function assessUsers(users: readonly DirectoryUser[], exclude: ExcludePolicy): Assessment {
  const logins = new Set(exclude.logins.map((login) => login.toLowerCase()));
  const patterns = exclude.patterns.map(patternOf);
  const holders = extensionHolders(users);
  const excluded = new Map<string, string>();
  const invalid = new Map<string, PlannedIssue>();
  const warnings = new Map<string, PlannedIssue[]>();

  for (const user of users) {
    const login = user.login.toLowerCase();
    if (logins.has(login)) excluded.set(user.id, `login ${user.login} is excluded by the policy`);
    else if (patterns.some((pattern) => pattern.test(login)))
      excluded.set(user.id, `login ${user.login} fits an excluded pattern`);
    else if (exclude.withoutLicence && user.licences.length === 0)
      excluded.set(user.id, 'holds no licence of the directory');
    if (excluded.has(user.id)) continue;

    const obstacle = obstacleOf(user);
    if (obstacle !== null) invalid.set(user.id, obstacle);
    const found = [...textWarnings(user), ...extensionWarnings(user, holders)];
    if (found.length > 0) warnings.set(user.id, found);
  }
  return { excluded, invalid, warnings };
}

function obstacleOf(user: DirectoryUser): PlannedIssue | null {
  if (user.displayName.trim() === '')
    return {
      severity: 'failure',
      code: 'name.missing',
      message: `User ${user.login || user.id} has no name in the directory; give them one there.`,
    };
  if (user.login.trim() === '')
    return {
      severity: 'failure',
      code: 'login.missing',
      message: `User ${user.displayName} has no login in the directory; give them one there.`,
    };
  return null;
}

function textWarnings({ cleaned = [] }: DirectoryUser): PlannedIssue[] {
  if (cleaned.length === 0) return [];
  return [
    {
      severity: 'warning',
      code: 'text.control',
      message: `In the directory, ${cleaned.join(' and ')} ${cleaned.length === 1 ? 'holds' : 'hold'} line breaks or other characters that nobody sees; the CRM gets the text without them. Write it anew in the directory.`,
    },
  ];
}

function extensionWarnings(user: DirectoryUser, holders: ReadonlyMap<string, string[]>): PlannedIssue[] {
  if (user.extension === null) return [];
  const found: PlannedIssue[] = [];
  if (!/^\d+$/.test(user.extension))
    found.push({
      severity: 'warning',
      code: 'extension.digitsOnly',
      message: `Extension ${user.extension} has characters other than digits; it is imported as it is.`,
    });
  const others = (holders.get(user.extension) ?? []).filter((login) => login !== user.login);
  if (others.length > 0)
    found.push({
      severity: 'warning',
      code: 'extension.duplicate',
      message: `Extension ${user.extension} is also that of ${others.join(', ')}; calls may ring at either.`,
    });
  return found;
}

function extensionHolders(users: readonly DirectoryUser[]): Map<string, string[]> {
  const holders = new Map<string, string[]>();
  for (const { extension, login } of users) {
    if (extension === null) continue;
    const known = holders.get(extension);
    if (known === undefined) holders.set(extension, [login]);
    else known.push(login);
  }
  return holders;
}

/** Is a login among these, or does it fit one of these patterns? Without case; `*` stands for anything. */
export function loginPatterns(
  logins: readonly string[],
  patterns: readonly string[],
): (login: string) => boolean {
  const names = new Set(logins.map((login) => login.toLowerCase()));
  const forms = patterns.map(patternOf);
  return (login) => {
    const lower = login.toLowerCase();
    return names.has(lower) || forms.some((form) => form.test(lower));
  };
}

function patternOf(glob: string): RegExp {
  const escaped = glob.toLowerCase().replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*')}$`, 'u');
}
