import type { ApiToken } from '../../src/app/ports/tokens.ts';
import type { ArchiveSummary } from '../../src/app/ports/archive.ts';
import { createHash } from 'node:crypto';
import { signInSteps } from '../../src/app/plan-run.ts';
import { allAtOnce } from '../../src/domain/steps.ts';
import type { CaseRecord } from '../../src/app/ports/cases.ts';
import type { Hold } from '../../src/app/ports/store.ts';
import { Plan } from '../../src/domain/planning/plan.ts';
import { Report } from '../../src/domain/run.ts';

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A plan with one person in each of these situations, and one operation. */
export function samplePlan(changes: Partial<Omit<Plan, 'fingerprint'>> = {}): Plan {
  const person = (
    userId: string,
    displayName: string,
    situation: Plan['people'][number]['situation'],
    reason: string,
  ) => ({
    userId,
    login: `login${userId}`,
    displayName,
    situation,
    rule: null,
    reason,
    recordId: null,
    contactId: null,
    contactName: null,
    crmUserId: null,
    evidence: [],
    candidates: [],
    issues: [],
    pendingPush: false,
    base: null,
    succeeds: null,
    held: false,
  });
  return Plan.parse(
    allAtOnce(
      signInSteps(
        {
          version: 1,
          kind: 'import',
          undoes: null,
          mapping: { directory: 'webitel', digest: 'm1' },
          directory: { product: 'webitel', domainId: '1', users: 3, complete: true, problems: [] },
          crm: {
            product: 'creatio',
            contacts: 5,
            crmUsers: 2,
            telephonyRecords: 1,
            complete: true,
            problems: [],
          },
          people: [
            person('1', 'Олена Коваль', 'matched', 'The login equals that of a CRM user.'),
            person('2', 'سارة', 'unmatched', 'Nobody in the CRM resembles this person.'),
            person('3', 'Ivan\u001B[2J Petrov', 'disputed', 'Two contacts bear this name.'),
          ],
          gone: [],
          operations: [
            {
              id: 'contact.create:c2',
              entity: 'contact',
              kind: 'create',
              person: '2',
              target: { entity: 'Contact', id: 'c2' },
              before: null,
              after: { Name: 'سارة' },
              reason: 'New.',
              dependsOn: [],
            },
          ],
          omissions: [],
          refusals: [],
          guards: [],
          ...changes,
        },
        digest,
      ),
    ),
  );
}

export function sampleReport(changes: Partial<Report> = {}): Report {
  return Report.parse({
    runId: 'run-1',
    kind: 'import',
    trigger: 'command',
    status: 'succeeded',
    startedAt: '2026-01-02T03:04:05.000Z',
    finishedAt: '2026-01-02T03:04:17.000Z',
    directory: { users: 3, complete: true },
    crm: { contacts: 5, crmUsers: 2, telephonyRecords: 1, complete: true },
    situations: { linked: 0, matched: 1, unmatched: 1, disputed: 1, excluded: 0, invalid: 0 },
    held: 0,
    gone: 0,
    added: 0,
    pendingPush: 0,
    operations: { 'contact.create': 1, 'telephonyRecord.create': 2 },
    outcomes: { confirmed: 3, failed: 0, stale: 0, skipped: 0 },
    cases: 1,
    guards: [],
    failures: [],
    warnings: [],
    notes: [],
    requests: { used: 12, floor: 11, retries: 1, bySystem: { creatio: 8, webitel: 4 } },
    durationMs: 12_000,
    ...changes,
  });
}

export function sampleCase(changes: Partial<CaseRecord> = {}): CaseRecord {
  return {
    id: 'case-1',
    kind: 'match',
    directory: 'webitel',
    directoryUserId: '3',
    login: 'login3',
    displayName: 'Ivan Petrov',
    reason: 'Two contacts bear this name.',
    candidates: [
      {
        contactId: 'contact-a',
        contactName: 'Коваль Олена',
        crmUserId: null,
        recordId: null,
        score: 0.9,
        evidence: [
          {
            rule: 'name',
            field: 'name',
            directoryValue: 'Ivan Petrov',
            crmValue: 'Ivan Petrov',
            verdict: 'for',
            weight: 'decisive',
            text: 'The names are equal.',
          },
        ],
      },
    ],
    status: 'open',
    runId: 'run-1',
    openedAt: '2026-01-02T03:04:05.000Z',
    decidedAt: null,
    verdictIds: [],
    ...changes,
  };
}

export function sampleHold(): Hold {
  return {
    directoryUserId: '3',
    login: 'login3',
    displayName: 'Ivan\u001B[2J Petrov',
    reason: 'run 0192 was undone',
    runId: '0193',
    since: '2026-01-02T03:04:05.000Z',
  };
}

export function sampleArchive(): ArchiveSummary {
  return {
    createdAt: '2026-01-02T03:04:05.000Z',
    productVersion: '1.2.3',
    schemaVersion: 2,
    rows: { run: 2, link: 40 },
  };
}

export function sampleToken(changes: Partial<ApiToken> = {}): ApiToken {
  return {
    id: '0123456789abcdef',
    name: 'creatio',
    scopes: ['trigger'],
    createdAt: '2026-01-02T00:00:00.000Z',
    expiresAt: null,
    revokedAt: null,
    ...changes,
  };
}
