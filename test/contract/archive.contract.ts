import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Archive } from '../../src/app/ports/archive.ts';
import type { Store } from '../../src/app/ports/store.ts';
import { createArchive, createStore, type Engine } from '../../src/store/index.ts';
import { makeDirectory, systemClock } from '../store/support.ts';
import { link, operation, plan, run } from './store.contract.ts';

export interface OpenedEngine {
  readonly engine: Engine;
  remove(): Promise<void>;
}

export interface Archived {
  readonly store: Store;
  readonly archive: Archive;
}

let ids = 0;

export function archiveOf(engine: Engine): Archive {
  return createArchive({ engine, clock: systemClock, productVersion: '1.2.3', newId: () => `new${++ids}` });
}

const AT = '2026-03-01T10:00:00.123Z';
const AWKWARD = 'Ім’я\u2028 "quoted" \\ back\n\tعلي 𝒳 \u0001';

/** Puts something into every table, more than a page of it into some. */
export async function fill(
  { runs, holds, cases, memory, hints, tokens, requests }: Store,
  people = 1234,
): Promise<void> {
  const operations = Array.from({ length: people }, (_, index) => operation(`op${index}`, { Name: AWKWARD }));
  await runs.create(run('done'));
  await runs.savePlan('done', {
    plan: plan(operations, people),
    places: operations.map(() => ({ stage: 0, chunk: 0 })),
    reading: {
      readAt: AT,
      domainId: '1',
      sizes: [{ entity: 'Contact', rows: 12_345_678, pageSize: 0.1 }],
      showsOwnRows: false,
      isPartial: false,
      strangers: null,
      crmUserRight: null,
    },
    phase: 'applying',
  });
  await runs.settle(
    'done',
    operations.map(({ id }) => ({
      operationId: id,
      state: 'confirmed',
      code: null,
      message: null,
      image: { Id: id },
    })),
    Array.from({ length: people }, (_, index) => link(String(index), { login: `${AWKWARD}${index}` })),
  );
  await runs.addSpent('done', { creatio: { used: 7, retries: 1 } });
  await runs.update('done', { phase: 'done', status: 'succeeded', finishedAt: AT });
  await holds.add('webitel', [
    { directoryUserId: '5', login: 'five', displayName: AWKWARD, reason: 'why', runId: 'done', since: AT },
  ]);
  await cases.reconcile(
    'webitel',
    'done',
    [
      {
        kind: 'match',
        directoryUserId: '6',
        login: 'six',
        displayName: AWKWARD,
        reason: 'two',
        candidates: [],
      },
    ],
    AT,
  );
  await hints.add([{ entity: 'UsrWebitelUser', rowId: AWKWARD, event: 'added', source: 'webhook' }], {
    now: Date.parse(AT),
    due: Date.parse(AT),
  });
  await tokens.add(
    { id: 't1', name: AWKWARD, scopes: ['read'], createdAt: AT, expiresAt: null, revokedAt: null },
    'hash',
  );
  await requests.save({ id: 'q1', runId: 'done', requestedBy: 'c1' }, Date.parse(AT));
  const [disputed] = await cases.list();
  if (disputed === undefined) throw new Error('There is no case.');
  const verdict = { directory: 'webitel', directoryUserId: '6', contactId: 'c-6', rejected: [] };
  await cases.decide(disputed.id, { ...verdict, id: 'v-1', kind: 'same' }, AT);
  await memory.set('domain:webitel', '1');
}

/** What a backup holds, without the line that says when it was made. */
export async function contentOf(file: string): Promise<string> {
  const text = gunzipSync(await readFile(file)).toString('utf8');
  const [header = '', ...lines] = text.split('\n');
  // The footer's digest takes the header in.
  return [header.replace(/"createdAt":"[^"]+"/u, ''), ...lines.slice(0, -2)].join('\n');
}

/** What backups promise from one engine to another. */
export function describeArchive(
  title: string,
  openSource: () => Promise<OpenedEngine>,
  openTarget: () => Promise<OpenedEngine>,
): void {
  describe(`a backup from ${title}`, () => {
    const opened: OpenedEngine[] = [];
    let folder: string;
    let file: string;
    let source: Archived;
    let target: Archived;

    async function open(make: () => Promise<OpenedEngine>): Promise<Archived> {
      const one = await make();
      opened.push(one);
      return { store: await createStore(one.engine, { clock: systemClock }), archive: archiveOf(one.engine) };
    }

    beforeAll(async () => {
      folder = await makeDirectory();
      file = join(folder, 'rollcall.backup');
      source = await open(openSource);
      target = await open(openTarget);
      await fill(source.store);
    }, 60_000);
    afterAll(async () => {
      for (const one of opened) await one.remove();
      await rm(folder, { recursive: true, force: true });
    });

    test('holds every table, and only its owner may read it', async () => {
      const { rows } = await source.archive.backup(file);
      expect(rows).toEqual({
        api_token: 1,
        hint: 1,
        hold: 1,
        lasting_failure: 0,
        link: 1234,
        memory: 1,
        operation: 1234,
        plan_gone: 1,
        plan_person: 1234,
        request: 1,
        review_case: 1,
        run: 1,
        run_link: 1234,
        run_spent: 1,
        verdict: 1,
      });
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect(await readdir(folder)).toEqual(['rollcall.backup']);
    });

    test('fills an empty store, which then gives the same backup and says the same', async () => {
      expect(await target.store.leases.acquire('scheduler', 'somebody', 60_000)).toBe(true);
      await target.store.memory.set('found out', 'by a check');
      const { rows } = await source.archive.backup(file);
      expect(await target.archive.restore(file, { replace: false })).toMatchObject({
        productVersion: '1.2.3',
        rows,
      });
      const again = join(folder, 'again.backup');
      expect((await target.archive.backup(again)).rows).toEqual(rows);
      expect(await contentOf(again)).toBe(await contentOf(file));
      for (const question of [
        (store: Store) => store.runs.list(10),
        (store: Store) => store.runs.plan('done'),
        (store: Store) => store.runs.reading('done'),
        (store: Store) => store.links.all('webitel'),
        (store: Store) => store.runs.formerLinks('done'),
        (store: Store) => store.cases.list(),
        (store: Store) => store.holds.all('webitel'),
      ])
        expect(await question(target.store)).toEqual(await question(source.store));
      // Whoever held a lease holds it still.
      expect(await target.store.leases.acquire('scheduler', 'somebody else', 60_000)).toBe(false);
    });

    test('goes into a store that is not empty only in the place of everything there', async () => {
      await target.store.memory.set('own', 'of the target');
      await expect(target.archive.restore(file, { replace: false })).rejects.toMatchObject({
        code: 'CONFLICT',
        cure: expect.stringContaining('--replace'),
      });
      expect(await target.store.memory.get('own')).toBe('of the target');
      await target.archive.restore(file, { replace: true });
      expect(await target.store.memory.get('own')).toBeUndefined();
      expect(await target.store.memory.get('domain:webitel')).toBe('1');
    });

    test('lets numbers that were given once stand for nothing else, there or here', async () => {
      const numberOf = async ({ hints }: Store, rowId: string): Promise<number> => {
        await hints.add([{ entity: 'Record', rowId, event: 'added', source: 'webhook' }], { now: 0, due: 0 });
        const waiting = await hints.take(Date.now(), 1000);
        return Number(waiting.find((hint) => hint.rowId === rowId)?.heard);
      };
      let there = 0;
      for (let row = 0; row < 30; row += 1) there = await numberOf(source.store, `there-${row}`);
      await source.archive.backup(file);
      await target.archive.restore(file, { replace: true });
      const first = await numberOf(target.store, 'here');
      expect(first).toBeGreaterThan(there);
      await target.archive.restore(file, { replace: true });
      expect(await numberOf(target.store, 'again')).toBeGreaterThan(first);
    });

    test('of a run that was under way makes a run that has failed, with its writes in doubt', async () => {
      const { runs } = source.store;
      const operations = ['sure', 'sent', 'not sent'].map((id) => operation(id));
      await runs.create(run('cut', { startedAt: AT }));
      await runs.savePlan('cut', {
        plan: plan(operations),
        places: operations.map(() => ({ stage: 0, chunk: 0 })),
        reading: null,
        phase: 'applying',
      });
      const confirmed = { state: 'confirmed', code: null, message: null, image: null } as const;
      await runs.markIntended('cut', ['sure', 'sent']);
      await runs.settle('cut', [{ operationId: 'sure', ...confirmed }], []);
      await runs.keepAlive('cut', Date.now() + 60_000);
      const during = join(folder, 'during.backup');
      const { createdAt } = await source.archive.backup(during);
      await runs.update('cut', { phase: 'done', status: 'stopped', finishedAt: AT });

      expect(await target.archive.restore(during, { replace: true })).toMatchObject({ endedRuns: ['cut'] });
      const restored = target.store.runs;
      expect(await restored.underWay()).toBeNull();
      expect(await restored.isAlive('cut')).toBe(false);
      expect(await restored.get('cut')).toMatchObject({
        phase: 'done',
        status: 'failed',
        finishedAt: createdAt,
        problem: expect.stringContaining('when the backup was made'),
      });
      expect((await restored.operations('cut')).map(({ state, code }) => [state, code])).toEqual([
        ['confirmed', null],
        ['failed', 'UNKNOWN_OUTCOME'],
        ['failed', 'UNKNOWN_OUTCOME'],
      ]);
      // The next import sends them again.
      expect(await restored.lastingFailures()).toEqual(new Map());
      expect(await restored.get('done')).toEqual(await runs.get('done'));
      await source.archive.backup(file);
      expect(await target.archive.restore(file, { replace: true })).toMatchObject({ endedRuns: [] });
    });

    test('is not restored while a run is under way', async () => {
      await target.store.runs.create(run('busy'));
      await expect(target.archive.restore(file, { replace: true })).rejects.toMatchObject({
        code: 'BUSY',
        details: { runId: 'busy' },
      });
      expect((await target.store.runs.underWay())?.id).toBe('busy');
      await target.store.runs.update('busy', { phase: 'done', status: 'stopped' });
      await target.archive.restore(file, { replace: true });
      expect(await target.store.runs.get('busy')).toBeNull();
    });
  });
}
