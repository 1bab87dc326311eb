import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RunRecord } from '../../src/app/ports/runs.ts';
import type { Store } from '../../src/app/ports/store.ts';
import type { Link, Verdict } from '../../src/domain/person.ts';
import type { Operation, Plan } from '../../src/domain/planning/plan.ts';
import { RunOrder, type Report } from '../../src/domain/run.ts';
import { createStore, type Engine } from '../../src/store/index.ts';
import { createHandClock } from '../store/support.ts';

const START = '2026-03-01T10:00:00.000Z';

export function run(id: string, changes: Partial<RunRecord> = {}): RunRecord {
  return {
    id,
    kind: 'import',
    trigger: 'command',
    status: 'running',
    phase: 'reading',
    order: RunOrder.parse({}),
    startedAt: START,
    finishedAt: null,
    report: null,
    problem: null,
    ...changes,
  };
}

export function operation(id: string, after: Operation['after'] = { Name: 'x' }): Operation {
  return {
    id,
    entity: 'contact',
    kind: 'create',
    person: '1',
    target: { entity: 'Contact', id: `row-of-${id}` },
    before: null,
    after,
    reason: 'nobody in the CRM',
    dependsOn: [],
  };
}

export function plan(operations: readonly Operation[], people = 1): Plan {
  return {
    version: 1,
    kind: 'import',
    undoes: null,
    mapping: { directory: 'webitel', digest: 'abc' },
    directory: { product: 'webitel', domainId: '1', users: people, complete: true, problems: [] },
    crm: { product: 'creatio', contacts: 0, crmUsers: 0, telephonyRecords: 0, complete: true, problems: [] },
    people: Array.from({ length: people }, (_, index) => ({
      userId: String(index),
      login: `user${index}`,
      displayName: `Ім’я №${index} "quoted" \\ back`,
      situation: 'unmatched',
      rule: null,
      reason: 'nobody in the CRM',
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
    })),
    gone: [
      { userId: '77', login: 'left', recordId: 'r-77', isNew: true, reason: 'not in the directory any more' },
    ],
    operations: [...operations],
    omissions: [],
    refusals: [],
    guards: [],
    fingerprint: 'f00d',
  };
}

export function link(userId: string, changes: Partial<Link> = {}): Link {
  return {
    directory: 'webitel',
    directoryUserId: userId,
    login: `user${userId}`,
    recordId: `r-${userId}`,
    contactId: null,
    crmUserId: null,
    status: 'active',
    base: {
      fields: { login: { crm: 'a', directory: 'b' }, active: { crm: true, directory: null } },
      licences: { crm: ['CC'], directory: ['CC'], rows: { CC: 'row-1' } },
      roles: { crm: [], directory: [], rows: {} },
    },
    ...changes,
  };
}

const report: Report = {
  runId: 'r',
  kind: 'import',
  trigger: 'command',
  status: 'succeeded',
  startedAt: START,
  finishedAt: START,
  directory: { users: 1, complete: true },
  crm: { contacts: 0, crmUsers: 0, telephonyRecords: 0, complete: true },
  situations: { linked: 0, matched: 0, unmatched: 1, disputed: 0, excluded: 0, invalid: 0 },
  held: 0,
  gone: 0,
  added: 0,
  pendingPush: 0,
  operations: { 'contact.create': 1 },
  outcomes: { confirmed: 1, failed: 0, stale: 0, skipped: 0 },
  cases: 0,
  guards: [],
  failures: [],
  warnings: [],
  notes: ['a note'],
  requests: { used: 3, floor: 3, retries: 0, bySystem: { creatio: 3 } },
  durationMs: 12,
};

const confirmed = (operationId: string) =>
  ({ operationId, state: 'confirmed', code: null, message: null, image: { Id: 'x', Name: 'y' } }) as const;
const failed = (operationId: string, code: string) =>
  ({ operationId, state: 'failed', code, message: `${code} it was`, image: null }) as const;

/** What a store promises on every engine. */
export function describeStore(
  title: string,
  openEngine: () => Promise<{ engine: Engine; remove(): Promise<void> }>,
): void {
  describe(`the store on ${title}`, () => {
    const clock = createHandClock(START);
    let engine: Engine;
    let store: Store;
    let remove: () => Promise<void> = () => Promise.resolve();

    beforeAll(async () => {
      ({ engine, remove } = await openEngine());
      store = await createStore(engine, { clock });
    });

    afterAll(() => remove());

    /** Ends whatever run is under way: one at a time may be. */
    const end = async (): Promise<void> => {
      const open = await store.runs.underWay();
      if (open !== null) await store.runs.update(open.id, { phase: 'done', finishedAt: START });
    };
    const start = async (id: string, changes: Partial<RunRecord> = {}): Promise<void> => {
      await end();
      await store.runs.create(run(id, changes));
    };
    const keep = (
      id: string,
      kept: Plan,
      phase: 'planned' | 'applying' = 'applying',
    ): Promise<readonly string[]> =>
      store.runs.savePlan(id, {
        plan: kept,
        places: kept.operations.map((_, index) => ({ stage: index % 2, chunk: index % 3 })),
        reading: null,
        phase,
      });

    describe('runs', () => {
      test('come back as they were kept and changed', async () => {
        await start('r-1');
        expect(await store.runs.get('r-1')).toEqual(run('r-1'));
        await store.runs.update('r-1', { status: 'succeeded', phase: 'done', finishedAt: START, report });
        const kept = run('r-1', { status: 'succeeded', phase: 'done', finishedAt: START, report });
        expect(await store.runs.get('r-1')).toEqual(kept);
        expect(await store.runs.get('no-such')).toBeNull();
        await expect(store.runs.update('no-such', { problem: 'p' })).rejects.toMatchObject({
          code: 'NOT_FOUND',
        });
      });

      test('are listed newest first', async () => {
        await start('r-3', { startedAt: '2026-03-03T00:00:00.000Z' });
        await start('r-2', { startedAt: '2026-03-02T00:00:00.000Z' });
        expect((await store.runs.list(2)).map((one) => one.id)).toEqual(['r-3', 'r-2']);
      });
    });

    describe('one run at a time', () => {
      test('is under way; a second one is refused with the name of the first', async () => {
        await start('first');
        await expect(store.runs.create(run('second'))).rejects.toMatchObject({
          code: 'BUSY',
          details: { runId: 'first' },
        });
        expect(await store.runs.get('second')).toBeNull();
        expect((await store.runs.underWay())?.id).toBe('first');
        await end();
        expect(await store.runs.underWay()).toBeNull();
        await store.runs.create(run('second'));
      });

      test('is not kept from starting by one whose plan waits, which cannot come under way beside it', async () => {
        await start('waits');
        await keep('waits', plan([operation('contact.create:w')]), 'planned');
        expect((await store.runs.waiting()).map(({ id }) => id)).toEqual(['waits']);
        await store.runs.create(run('beside'));
        await expect(store.runs.advance('waits', 'planned', { phase: 'approved' })).rejects.toMatchObject({
          code: 'BUSY',
          details: { runId: 'beside' },
        });
        await end();
        expect(await store.runs.advance('waits', 'planned', { phase: 'approved' })).toBe(true);
        expect(await store.runs.advance('waits', 'planned', { phase: 'approved' })).toBe(false);
      });

      test('takes the place of one that waits as soon as it has a plan of its own', async () => {
        await start('older');
        await keep('older', plan([operation('contact.create:o')]), 'planned');
        await store.runs.update('older', {
          status: 'awaiting-approval',
          report: { ...report, status: 'awaiting-approval', finishedAt: null },
        });
        await start('newer');
        expect((await store.runs.get('older'))?.status).toBe('awaiting-approval');
        await keep('newer', plan([]));
        expect(await store.runs.get('older')).toMatchObject({
          status: 'stopped',
          phase: 'done',
          problem: expect.stringContaining('newer'),
          report: { status: 'stopped', finishedAt: expect.stringMatching(/^\d{4}-.*Z$/u) },
        });
      });

      test('counts as alive as long as it gives signs of life', async () => {
        await start('alive');
        expect(await store.runs.isAlive('alive')).toBe(false);
        await store.runs.keepAlive('alive', clock.now() + 1000);
        expect(await store.runs.isAlive('alive')).toBe(true);
        clock.move(1001);
        expect(await store.runs.isAlive('alive')).toBe(false);
      });

      test('adds up what it costs, whoever works on it', async () => {
        await start('costs');
        await store.runs.addSpent('costs', {
          creatio: { used: 3, retries: 1 },
          webitel: { used: 0, retries: 0 },
        });
        await store.runs.addSpent('costs', {
          creatio: { used: 4, retries: 0 },
          webitel: { used: 2, retries: 0 },
        });
        expect(await store.runs.spent('costs')).toEqual({
          creatio: { used: 7, retries: 1 },
          webitel: { used: 2, retries: 0 },
        });
      });
    });

    describe('plans', () => {
      test('come back whole and in order, however long', async () => {
        const operations = Array.from({ length: 1203 }, (_, index) =>
          operation(`contact.create:${index}`, { Name: `№${index}`, Active: true, Age: 1.5, Note: null }),
        );
        const long = plan(operations, 450);
        await start('long');
        expect(await store.runs.plan('long')).toBeNull();
        await keep('long', long);
        expect(await store.runs.plan('long')).toEqual(long);
        expect((await store.runs.get('long'))?.phase).toBe('applying');
        const stored = await store.runs.operations('long');
        expect(stored.map((one) => one.position)).toEqual(operations.map((_, index) => index));
        expect(stored[7]).toEqual({
          operation: operations[7],
          position: 7,
          state: 'planned',
          code: null,
          message: null,
        });
      });

      test('give some of their operations by id, in plan order, and leave out what they do not have', async () => {
        const [first = '', second = '', third = ''] = ['a', 'b', 'c'].map((name) => `contact.create:${name}`);
        await start('by-id');
        await keep('by-id', plan([operation(first), operation(second), operation(third)]));
        const found = await store.runs.operationsById('by-id', [third, 'contact.create:none', first]);
        expect(found.map((one) => one.operation.id)).toEqual([first, third]);
        expect(await store.runs.operationsById('by-id', [])).toEqual([]);
      });

      test('are kept all or nothing, and once', async () => {
        await start('twice');
        const same = operation('contact.create:same');
        await expect(keep('twice', plan([same, same]))).rejects.toThrow();
        expect(await store.runs.get('twice')).toMatchObject({ phase: 'reading' });
        expect(await store.runs.plan('twice')).toBeNull();
        await keep('twice', plan([same]));
        await expect(keep('twice', plan([]))).rejects.toMatchObject({ code: 'CONFLICT' });
        await expect(keep('no-such', plan([]))).rejects.toMatchObject({ code: 'NOT_FOUND' });
      });

      test('are given in chunks, stage by stage, with the people of a chunk', async () => {
        await start('chunks');
        const operations = Array.from({ length: 6 }, (_, index) => operation(`contact.create:${index}`));
        await store.runs.savePlan('chunks', {
          plan: plan(operations, 3),
          places: [0, 0, 1, 2, 2, 2].map((chunk) => ({ stage: chunk === 0 ? 0 : 1, chunk })),
          reading: {
            readAt: START,
            domainId: '7',
            sizes: [],
            showsOwnRows: false,
            isPartial: false,
            strangers: null,
            crmUserRight: null,
          },
          phase: 'applying',
        });
        expect(await store.runs.stages('chunks')).toEqual([[0], [1, 2]]);
        expect((await store.runs.chunk('chunks', 2)).map((one) => one.position)).toEqual([3, 4, 5]);
        expect((await store.runs.people('chunks', ['2', '0', 'x'])).map(({ userId }) => userId)).toEqual([
          '0',
          '2',
        ]);
        expect(await store.runs.reading('chunks')).toMatchObject({ domainId: '7' });
        await store.runs.noteReading(
          'chunks',
          {
            readAt: START,
            domainId: '8',
            sizes: [],
            showsOwnRows: true,
            isPartial: false,
            strangers: null,
            crmUserRight: { allowed: true },
          },
          ['went on'],
        );
        expect(await store.runs.reading('chunks')).toMatchObject({
          domainId: '8',
          showsOwnRows: true,
          crmUserRight: { allowed: true },
        });
        expect(await store.runs.notes('chunks')).toEqual(['went on']);
        expect(await store.runs.findPerson('USER2')).toMatchObject({ userId: '2' });
        expect(await store.runs.findPerson('nobody')).toBeNull();
      });

      test('are kept anew once they were checked again, with what is out of date marked', async () => {
        await start('anew');
        const [a, b] = [operation('contact.create:a'), operation('contact.create:b')];
        await keep('anew', plan([a, b]), 'planned');
        await store.runs.savePlan('anew', {
          plan: plan([a, b]),
          places: [],
          reading: null,
          phase: 'applying',
          stale: new Map([['contact.create:b', 'gone']]),
        });
        expect((await store.runs.operations('anew')).map(({ state, message }) => [state, message])).toEqual([
          ['planned', null],
          ['stale', 'gone'],
        ]);
      });

      test('bear text that Postgres refuses', async () => {
        await start('odd');
        await keep('odd', plan([operation('contact.create:odd', { Name: 'a\0b\uD800c' })]));
        expect((await store.runs.plan('odd'))?.operations[0]?.after).toEqual({ Name: 'a\uFFFDb\uFFFDc' });
      });
    });

    describe('operations', () => {
      test('are intended, then settled together with their links', async () => {
        await start('settle');
        await keep('settle', plan(['a', 'b', 'c', 'd'].map((id) => operation(id))));
        await store.runs.markIntended('settle', ['a', 'b', 'c']);
        expect(await store.runs.countByState('settle')).toEqual({
          planned: 1,
          intended: 3,
          confirmed: 0,
          failed: 0,
          stale: 0,
          skipped: 0,
        });
        const spent = { creatio: { used: 2, retries: 1 } };
        await store.runs.settle(
          'settle',
          [confirmed('a'), failed('b', 'VALIDATION')],
          [link('settled')],
          spent,
        );
        expect(await store.runs.spent('settle')).toEqual(spent);
        expect(
          (await store.runs.operations('settle', { states: ['confirmed', 'failed'] })).map(
            ({ operation: { id }, state, code }) => [id, state, code],
          ),
        ).toEqual([
          ['a', 'confirmed', null],
          ['b', 'failed', 'VALIDATION'],
        ]);
        expect(await store.links.all('webitel')).toEqual([link('settled')]);
        await store.links.remove('webitel', ['settled']);
      });

      test('that were confirmed stay so when a job is delivered again', async () => {
        await store.runs.markIntended('settle', ['a', 'd']);
        expect(await store.runs.countByState('settle')).toMatchObject({
          confirmed: 1,
          intended: 2,
          planned: 0,
        });
      });

      test('that were settled meanwhile are not given to be sent, nor unsettled', async () => {
        await store.runs.settleUnsent('settle', [
          { ...failed('a', 'STALE'), state: 'stale' },
          { ...failed('c', 'STALE'), state: 'stale' },
        ]);
        expect(await store.runs.countByState('settle')).toMatchObject({
          confirmed: 1,
          intended: 2,
          stale: 0,
        });
        expect(await store.runs.markIntended('settle', ['a', 'c', 'd'])).toEqual(new Set(['c', 'd']));
      });

      test('are settled all or nothing', async () => {
        await expect(
          store.runs.settle('settle', [confirmed('d'), confirmed('no-such')], [link('never')], {
            creatio: { used: 9, retries: 0 },
          }),
        ).rejects.toMatchObject({ code: 'NOT_FOUND' });
        expect(await store.runs.spent('settle')).toEqual({ creatio: { used: 2, retries: 1 } });
        expect(await store.runs.countByState('settle')).toMatchObject({ confirmed: 1 });
        expect(await store.links.all('webitel')).toEqual([]);
      });

      test('that failed for good are remembered until they are confirmed or changed', async () => {
        const settleIn = async (
          id: string,
          outcome: ReturnType<typeof failed> | ReturnType<typeof confirmed>,
          after: Operation['after'] = { Name: 'x' },
        ): Promise<void> => {
          clock.move(1000);
          await start(id, { startedAt: new Date(clock.now()).toISOString() });
          await keep(id, plan([operation(outcome.operationId, after)]));
          await store.runs.settle(id, [outcome], []);
        };
        await settleIn('f-1', failed('bad', 'VALIDATION'));
        await settleIn('f-2', failed('passing', 'UNAVAILABLE'));
        await settleIn('f-3', failed('cured', 'VALIDATION'));
        await settleIn('f-4', confirmed('cured'));
        const first = await store.runs.lastingFailures();
        expect(first.has('passing')).toBe(false);
        expect(first.has('cured')).toBe(false);
        expect(first.get('bad')).toMatchObject({ code: 'VALIDATION', message: 'VALIDATION it was' });

        await settleIn('f-5', failed('bad', 'FORBIDDEN'), { Name: 'other' });
        const second = await store.runs.lastingFailures();
        expect(second.get('bad')?.code).toBe('FORBIDDEN');
        expect(second.get('bad')?.digest).not.toBe(first.get('bad')?.digest);

        // Listed again without being sent: nothing new is known.
        clock.move(1000);
        await start('f-6');
        await keep('f-6', plan([operation('bad', { Name: 'other' })]));
        await store.runs.settle(
          'f-6',
          [{ operationId: 'bad', state: 'skipped', code: null, message: null, image: null }],
          [],
        );
        expect((await store.runs.lastingFailures()).get('bad')).toEqual(second.get('bad'));
      });
    });

    describe('what a run leaves behind', () => {
      const base = link('any').base;
      const linked = (one: Plan['people'][number]): Plan['people'][number] => ({
        ...one,
        situation: 'matched',
        recordId: `r-${one.userId}`,
        base: {
          ...base,
          licences: { ...base.licences, crm: [...base.licences.crm], directory: [], rows: {} },
          roles: { crm: [], directory: [], rows: {} },
        },
      });

      test('are links of those who are done, with how each stood before', async () => {
        await store.links.remove('webitel', ['0', '1', '2', '3', '77']);
        const before = link('1', { login: 'before' });
        await store.links.save([before, link('77'), link('88')]);
        await start('behind');
        const made = plan(
          ['a', 'b'].map((id) => operation(`contact.create:${id}`)),
          4,
        );
        const [first, second] = made.operations;
        const people = made.people.map((one) => linked(one));
        const three = people[3];
        if (three !== undefined) people[3] = { ...three, succeeds: '88' };
        await keep('behind', {
          ...made,
          people,
          operations: [
            { ...(first ?? operation('a')), person: '0' },
            { ...(second ?? operation('b')), person: '2' },
          ],
        });
        await store.runs.settle(
          'behind',
          [confirmed('contact.create:a'), failed('contact.create:b', 'VALIDATION')],
          [],
        );
        await store.runs.completeLinks('behind', 'webitel');
        const now = new Map((await store.links.all('webitel')).map((one) => [one.directoryUserId, one]));
        expect(now.get('0')).toMatchObject({ recordId: 'r-0', status: 'active' });
        expect(now.get('1')).toMatchObject({ login: 'user1' });
        expect(now.has('2')).toBe(false);
        expect(now.get('77')?.status).toBe('gone');
        expect(now.has('88')).toBe(false);
        const former = await store.runs.formerLinks('behind');
        expect(new Map(former.map((one) => [one.directoryUserId, one.link]))).toEqual(
          new Map([
            ['0', null],
            ['1', before],
            ['3', null],
            ['77', link('77')],
            ['88', link('88')],
          ]),
        );
        // Called again after a crash, it forgets nothing of how it was.
        await store.runs.completeLinks('behind', 'webitel');
        expect(await store.runs.formerLinks('behind')).toEqual(former);
      });

      test('are figures for its report', async () => {
        const figures = await store.runs.figures('behind');
        expect(figures).toMatchObject({
          situations: { matched: 4, unmatched: 0 },
          gone: 1,
          held: 0,
          operations: [
            { entity: 'contact', kind: 'create', target: 'Contact', state: 'confirmed', count: 1 },
            { state: 'failed', count: 1 },
          ],
        });
        expect(figures.failures.map(({ code }) => code)).toEqual(['VALIDATION']);
        expect(await store.runs.failedPeople('behind')).toEqual(['2']);
        expect([...(await store.runs.images('behind')).keys()]).toEqual(['contact.create:a']);
      });

      test('are people on hold, until they are released', async () => {
        const hold = {
          directoryUserId: '5',
          login: 'five',
          displayName: 'П’ять',
          reason: 'why',
          runId: null,
          since: START,
        };
        await store.holds.add('webitel', [hold]);
        await store.holds.add('webitel', [
          { ...hold, reason: 'another' },
          { ...hold, directoryUserId: '6', login: 'six' },
        ]);
        expect((await store.holds.all('webitel')).map(({ login, reason }) => [login, reason])).toEqual([
          ['five', 'why'],
          ['six', 'why'],
        ]);
        expect(await store.holds.all('other')).toEqual([]);
        expect(await store.holds.remove('webitel', ['5', 'x'])).toBe(1);
        expect(await store.holds.remove('webitel', ['6'])).toBe(1);
      });
    });

    describe('links', () => {
      test('are replaced by user, and belong to one directory', async () => {
        const many = Array.from({ length: 1100 }, (_, index) => link(String(index).padStart(5, '0')));
        await store.links.save(many);
        await store.links.save([
          link('00000', { status: 'gone', contactId: 'c' }),
          link('x', { directory: 'other' }),
        ]);
        const all = await store.links.all('webitel');
        expect(all.filter(({ directoryUserId }) => directoryUserId.length === 5)).toHaveLength(1100);
        expect(all.find(({ directoryUserId }) => directoryUserId === '00000')).toEqual(
          link('00000', { status: 'gone', contactId: 'c' }),
        );
        await store.links.remove('webitel', ['00000', '00001']);
        expect(await store.links.all('webitel')).toHaveLength(all.length - 2);
        expect(await store.links.all('other')).toHaveLength(1);
      });
    });

    describe('cases', () => {
      const disputed = (directoryUserId: string, reason = 'two of the same name') => ({
        kind: 'match' as const,
        directoryUserId,
        login: `user${directoryUserId}`,
        displayName: 'Іван Франко',
        reason,
        candidates: [
          {
            contactId: 'c-1',
            contactName: 'Коваль Олена',
            crmUserId: null,
            recordId: null,
            score: 0.5,
            evidence: [
              {
                rule: 'name' as const,
                field: 'name',
                directoryValue: 'Ivan',
                crmValue: 'Іван',
                verdict: 'for' as const,
                weight: 'supporting' as const,
                text: 'same name',
              },
            ],
          },
        ],
      });
      const verdict = (id: string, directoryUserId: string): Verdict => ({
        id,
        directory: 'webitel',
        directoryUserId,
        kind: 'different',
        contactId: null,
        rejected: ['c-1'],
      });

      test('of kinds and people that a run did not look at stay open', async () => {
        const conflict = (id: string) => ({ ...disputed(id), kind: 'conflict' as const, candidates: [] });
        await store.cases.reconcile('scoped', 'run-1', [disputed('1'), conflict('2'), conflict('3')], START);
        const openOnes = async (): Promise<string[]> =>
          (await store.cases.list({ status: 'open' }))
            .filter(({ directory }) => directory === 'scoped')
            .map(({ directoryUserId }) => directoryUserId);
        const scope = { kinds: ['conflict', 'login-held'] as const, people: ['2'] };
        await store.cases.reconcile('scoped', 'run-2', [], START, scope);
        expect(await openOnes()).toEqual(['1', '3']);
        await store.cases.reconcile('scoped', 'run-3', [], START, { ...scope, people: null });
        expect(await openOnes()).toEqual(['1']);
        const [left] = (await store.cases.list({ status: 'open' })).filter(
          ({ directory }) => directory === 'scoped',
        );
        await store.cases.close(left?.id ?? '', START);
        await expect(store.cases.close(left?.id ?? '', START)).rejects.toMatchObject({ code: 'CONFLICT' });
        expect(await openOnes()).toEqual([]);
      });

      test('are opened, refreshed and closed as the runs find them', async () => {
        await store.cases.reconcile('webitel', 'run-1', [disputed('1'), disputed('2')], START);
        const [first] = await store.cases.list({ status: 'open' });
        expect(first).toEqual({
          ...disputed('1'),
          id: expect.any(String),
          directory: 'webitel',
          status: 'open',
          runId: 'run-1',
          openedAt: START,
          decidedAt: null,
          verdictIds: [],
        });
        const later = '2026-03-02T10:00:00.000Z';
        await store.cases.reconcile('webitel', 'run-2', [disputed('1', 'still'), disputed('3')], later);
        const open = await store.cases.list({ status: 'open' });
        expect(open.map((one) => [one.directoryUserId, one.reason, one.runId, one.openedAt])).toEqual([
          ['1', 'still', 'run-2', START],
          ['3', 'two of the same name', 'run-2', later],
        ]);
        expect(open[0]?.id).toBe(first?.id);
        const closed = (await store.cases.list({ status: 'closed' })).filter(
          ({ directory }) => directory === 'webitel',
        );
        expect(closed.map((one) => one.directoryUserId)).toEqual(['2']);
        await store.cases.reconcile('other', 'run-3', [], later);
        expect(await store.cases.list({ status: 'open' })).toHaveLength(2);
      });

      test('are decided once, and opened again when the verdict is revoked', async () => {
        const [one] = await store.cases.list({ status: 'open' });
        const id = one?.id ?? '';
        await store.cases.decide(id, verdict('v-1', '1'), START);
        expect(await store.cases.get(id)).toMatchObject({
          status: 'decided',
          decidedAt: START,
          verdictIds: ['v-1'],
        });
        expect(await store.cases.verdicts('webitel')).toEqual([verdict('v-1', '1')]);
        await expect(store.cases.decide(id, verdict('v-2', '1'), START)).rejects.toMatchObject({
          code: 'CONFLICT',
        });
        // It belongs to the case, and goes with its decision only.
        expect(await store.cases.lastUnlinking('webitel', '1')).toBeNull();
        await expect(store.cases.revokeVerdict('v-1', START)).rejects.toMatchObject({ code: 'NOT_FOUND' });
        // The run that opened it starts over after a crash: what was decided meanwhile stays decided.
        await store.cases.reconcile('webitel', 'run-2', [disputed('1'), disputed('3')], START);
        expect(await store.cases.get(id)).toMatchObject({ status: 'decided' });
        expect(await store.cases.list({ status: 'open' })).toHaveLength(1);

        await store.cases.revoke(id, START);
        expect(await store.cases.get(id)).toMatchObject({ status: 'open', decidedAt: null, verdictIds: [] });
        expect(await store.cases.verdicts('webitel')).toEqual([]);
        await expect(store.cases.revoke(id, START)).rejects.toMatchObject({ code: 'CONFLICT' });
        await expect(store.cases.decide('no-such', verdict('v-3', '1'), START)).rejects.toMatchObject({
          code: 'NOT_FOUND',
        });
      });

      test('verdicts may stand outside any case', async () => {
        await store.cases.addVerdict(verdict('v-9', '9'), START);
        expect(await store.cases.verdicts('webitel')).toEqual([verdict('v-9', '9')]);
        expect(await store.cases.verdicts('other')).toEqual([]);
      });

      test('verdicts outside any case are revoked one by one, the last first', async () => {
        const { cases } = store;
        const later = '2026-03-02T10:00:00.000Z';
        const [first, second] = [verdict('v-11', '10'), verdict('v-10', '10')];
        await cases.addVerdict(first, START);
        await cases.addVerdict(second, later);
        expect(await cases.lastUnlinking('webitel', '10')).toEqual(second);
        expect(await cases.lastUnlinking('webitel', '11')).toBeNull();
        expect(await cases.lastUnlinking('other', '10')).toBeNull();
        await cases.revokeVerdict('v-10', later);
        expect(await cases.lastUnlinking('webitel', '10')).toEqual(first);
        expect(await cases.verdicts('webitel')).not.toContainEqual(second);
        await expect(cases.revokeVerdict('v-10', later)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      });
    });

    test('small facts are kept and replaced', async () => {
      expect(await store.memory.get('prefix')).toBeUndefined();
      await store.memory.set('prefix', '/0');
      await store.memory.set('prefix', '/1');
      expect(await store.memory.get('prefix')).toBe('/1');
    });

    test('a lease excludes others until it runs out or is given back', async () => {
      const take = (owner: string): Promise<boolean> => store.leases.acquire('run', owner, 1000);
      expect(await take('a')).toBe(true);
      expect(await take('b')).toBe(false);
      clock.move(900);
      expect(await take('a')).toBe(true);
      clock.move(900);
      expect(await take('b')).toBe(false);
      clock.move(100);
      expect(await take('b')).toBe(true);
      await store.leases.release('run', 'a');
      expect(await take('a')).toBe(false);
      await store.leases.release('run', 'b');
      expect(await take('a')).toBe(true);
      expect(
        (await Promise.all([1, 2, 3].map((n) => store.leases.acquire('raced', `o${n}`, 1000)))).filter(
          Boolean,
        ),
      ).toEqual([true]);
    });

    test('a database of a newer version is refused with the cure', async () => {
      await engine.pool.query(
        `INSERT INTO rollcall.migration (version, name) VALUES (999, 'from the future')`,
      );
      await expect(createStore(engine, { clock })).rejects.toMatchObject({
        code: 'CONFIGURATION',
        cure: expect.stringContaining('Install'),
      });
      await engine.pool.query('DELETE FROM rollcall.migration WHERE version = 999');
      await expect(createStore(engine, { clock })).resolves.toBeDefined();
    });
  });
}
