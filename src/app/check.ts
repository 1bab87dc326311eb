import type { AppDeps } from './deps.ts';
import { failure, ok } from './findings.ts';
import { mappingProblems, nameOf } from './mapping-check.ts';
import type { DirectoryAccount } from './ports/directory.ts';
import type { MemoryStore } from './ports/store.ts';
import { linkedDomain } from './remembered.ts';
import type { Finding } from './rollcall.ts';

/** Object classes of the directory that an import reads. */
const NEEDED_SCOPES = ['users', 'roles', 'license'];

/** What is tried; of the store only what it remembers, so that a check can do without one. */
export type CheckDeps = Pick<AppDeps, 'directory' | 'crm' | 'mapping' | 'policy'> & {
  readonly store: { readonly memory: MemoryStore };
};

/** Tries connections, rights and the mapping without changing anything; one finding for each thing found. */
export async function checkConnections(deps: CheckDeps): Promise<readonly Finding[]> {
  const [directory, crm] = await Promise.all([checkDirectory(deps), checkCrm(deps)]);
  return [...directory, ...crm, ...checkPolicy(deps)];
}

async function checkDirectory(deps: CheckDeps): Promise<Finding[]> {
  const { directory } = deps;
  const found: Finding[] = [];
  const area = directory.product;
  const uncovered = new Set<string>();
  let account: DirectoryAccount;
  try {
    account = await directory.whoAmI();
    found.push(
      ok(
        `${area}.sign-in`,
        `Signed in as ${account.login} of domain ${account.domainName || account.domainId}.`,
      ),
    );
    const known = await linkedDomain(deps);
    if (known !== undefined && known !== account.domainId)
      found.push({
        severity: 'error',
        code: `${area}.domain`,
        message: `The domain is ${account.domainId}, but people were linked in domain ${known}.`,
        cure: 'Point the connection back at the old domain, or give the new one a mapping and a data directory of its own.',
      });
    const { scopes } = account;
    for (const scope of scopes === null ? [] : NEEDED_SCOPES)
      if (scopes?.includes(scope) === false) {
        uncovered.add(scope);
        found.push({
          severity: 'error',
          code: `${area}.scope.${scope}`,
          message: `The licence of ${account.login} does not cover ${scope}.`,
          cure: `Give the account a licence whose scope includes ${scope}.`,
        });
      }
  } catch (error) {
    return [failure(`${area}.sign-in`, error)];
  }
  found.push(...checkPushRights(deps, account));
  const reads: [string, string, () => Promise<unknown>][] = [
    ['users', 'users', () => directory.readUsersById([account.userId])],
    ['licences', 'license', () => directory.readLicences()],
    ['roles', 'roles', () => directory.readRoles()],
  ];
  for (const [what, scope, read] of reads) {
    // Refused for a reason that is named already; one problem is one finding.
    if (uncovered.has(scope)) continue;
    try {
      await read();
      found.push(ok(`${area}.${what}`, `The ${what} can be read.`));
    } catch (error) {
      found.push(failure(`${area}.${what}`, error));
    }
  }
  return found;
}

/** Permissions that pushes need, each with what cannot be done without it. */
const PUSH_PERMISSIONS = [
  ['write', 'Names, logins and extensions cannot be changed there.'],
  ['add', 'Users whom an administrator adds in the CRM cannot be made there.'],
  ['delete', 'Users whose records are deleted in the CRM cannot be removed there.'],
  ['manage_user_license', 'Licences cannot be granted or taken there.'],
  ['manage_user_roles', 'Roles cannot be given or taken there.'],
  ['change_user_password', 'New users cannot get a password there.'],
] as const;

/** What pushes and syncs lack; imports do without it, so that nothing here is an error. */
function checkPushRights({ directory }: CheckDeps, account: DirectoryAccount): Finding[] {
  const code = `${directory.product}.push`;
  if (directory.writer === null)
    return [
      {
        severity: 'warning',
        code,
        message: `Users of ${directory.product} can only be read: a push does nothing.`,
        cure: null,
      },
    ];
  const { permissions } = account;
  if (permissions === null)
    return [ok(code, `${directory.product} does not tell which permissions the account has.`)];
  const lacking = PUSH_PERMISSIONS.filter(([permission]) => !permissions.includes(permission));
  if (lacking.length === 0) return [ok(code, 'The account has every permission that a push needs.')];
  return lacking.map(([permission, consequence]) => ({
    severity: 'warning',
    code: `${code}.${permission}`,
    message: `The account lacks the permission ${permission}. ${consequence}`,
    cure: `Give a role of ${account.login} the permission ${permission}, or only import.`,
  }));
}

async function checkCrm(deps: CheckDeps): Promise<Finding[]> {
  const { crm, mapping } = deps;
  const area = crm.product;
  const found: Finding[] = [];
  try {
    const account = await crm.whoAmI();
    found.push(ok(`${area}.sign-in`, `Signed in as ${account.login}.`));
  } catch (error) {
    return [failure(`${area}.sign-in`, error)];
  }
  try {
    const problems = mappingProblems(mapping, await crm.describe());
    for (const problem of problems)
      found.push({
        severity: 'error',
        code: problem.column === null ? 'mapping.object.missing' : 'mapping.column.missing',
        message: `The mapping names the ${nameOf(problem)}, which the CRM lacks.`,
        cure: 'Correct the name in the mapping document, or add and publish it in the CRM.',
      });
    if (problems.length === 0)
      found.push(ok('mapping', 'Every object and column of the mapping exists in the CRM.'));
    else return found;
  } catch (error) {
    return [...found, failure(`${area}.metadata`, error)];
  }
  const { record, contact, crmUser, licences, roles } = mapping;
  const entities = [
    record.entity,
    contact.entity,
    crmUser.entity,
    ...(licences === undefined ? [] : [licences.lookup.entity, licences.detail.entity]),
    ...(roles === undefined ? [] : [roles.lookup.entity, roles.detail.entity]),
  ];
  for (const entity of entities)
    try {
      await crm.findRows({ entity, columns: ['Id'], by: { column: 'Id', values: [PROBE_ID] } });
      found.push(ok(`${area}.read.${entity}`, `${entity} can be read.`));
    } catch (error) {
      found.push(failure(`${area}.read.${entity}`, error));
    }
  found.push(await checkCrmUsers(deps));
  found.push(ok(`${area}.write`, 'Rights to add and edit rows are not tried: that would change the CRM.'));
  return found;
}

/** May CRM users be made? Without them everything else works, so that nothing here is an error. */
async function checkCrmUsers({ crm, policy }: CheckDeps): Promise<Finding> {
  const code = `${crm.product}.users`;
  if (policy.createCrmUsers === 'never')
    return ok(code, 'CRM users are not made, as policy.createCrmUsers says.');
  const warning = (message: string, cure: string | null): Finding => ({
    severity: 'warning',
    code,
    message: `${message} Telephony records of new people are made without CRM users.`,
    cure,
  });
  if (crm.crmUsers === null) return warning(`Rollcall cannot make users of ${crm.product}.`, null);
  try {
    const right = await crm.crmUsers.probe();
    return right.allowed
      ? ok(code, 'CRM users can be made; they cannot sign in until an administrator activates them.')
      : warning(right.message, right.cure);
  } catch (error) {
    return { ...failure(code, error), severity: 'warning' };
  }
}

function checkPolicy({ policy }: CheckDeps): Finding[] {
  const found: Finding[] = [];
  if (!policy.createContacts)
    found.push({
      severity: 'warning',
      code: 'policy.createContacts',
      message: 'Contacts are not created: people without one get a telephony record that is tied to nobody.',
      cure: 'Set policy.createContacts to true unless that is what you want.',
    });
  const all = policy.exclude.patterns.find((pattern) => /^\*+$/u.test(pattern));
  if (all !== undefined)
    found.push({
      severity: 'warning',
      code: 'policy.exclude.patterns',
      message: `The pattern "${all}" of policy.exclude.patterns fits every login: nobody will be imported.`,
      cure: 'Name only the logins that take no part, for example "svc-*".',
    });
  return found;
}

/** An id that no row has: the answer is empty, the right to read is proved. */
const PROBE_ID = '00000000-0000-4000-8000-000000000000';
