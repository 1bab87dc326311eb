import { describe, expect, test } from '@jest/globals';
import type { Base, Link } from '../../../src/domain/person.ts';
import type { Operation } from '../../../src/domain/planning/plan.ts';
import { linksAfterUndo, type UndoneLink } from '../../../src/domain/planning/undo-links.ts';
import { MAPPING } from './bench.ts';

const set = (rows: Record<string, string>): Base['licences'] => ({
  crm: Object.keys(rows).toSorted(),
  directory: Object.keys(rows).toSorted(),
  rows,
});
const link = (base: Partial<Base>, changes: Partial<Link> = {}): Link => ({
  directory: 'directory',
  directoryUserId: '7',
  login: 'login',
  recordId: 'record',
  contactId: 'contact',
  crmUserId: null,
  status: 'active',
  base: { fields: {}, licences: set({}), roles: set({}), ...base },
  ...changes,
});
const undone = (
  entity: Operation['entity'],
  kind: Operation['kind'],
  id: string,
  after: Operation['after'] = {},
): Operation => ({
  id: `${entity}.${kind}:${id}`,
  entity,
  kind,
  person: '7',
  target: { entity: 'any', id },
  before: {},
  after,
  reason: '',
  dependsOn: [],
});
const after = (one: Omit<UndoneLink, 'directoryUserId'>, operations: readonly Operation[] = []) =>
  linksAfterUndo([{ directoryUserId: '7', ...one }], () => operations, MAPPING);

describe('a link that the run made', () => {
  test.each([true, false])('ends, whatever is left of the rows (left: %s)', (isPartial) => {
    const current = link({ licences: set({ A: 'row-a' }) });
    expect(after({ former: null, current, isPartial })).toEqual({ removed: ['7'], saved: [] });
  });
});

describe('a link that the run changed', () => {
  const former = link({ licences: set({ A: 'row-a' }), fields: { email: { crm: 'old', directory: 'old' } } });
  const current = link({
    licences: set({ B: 'row-b', C: 'row-c' }),
    fields: { email: { crm: 'new', directory: 'new' } },
  });

  test('has its earlier form where all was taken back', () => {
    expect(after({ former, current, isPartial: false }).saved).toEqual([former]);
  });

  test('stays as it is where nothing was', () => {
    expect(after({ former, current, isPartial: true }).saved).toEqual([current]);
  });

  test('lists no row that the undo deleted, and each that it brought back', () => {
    const [saved] = after({ former, current, isPartial: true }, [
      undone('recordLicence', 'delete', 'row-b'),
      undone('recordLicence', 'create', 'row-a'),
    ]).saved;
    expect(saved?.base.licences).toEqual(set({ A: 'row-a', C: 'row-c' }));
    expect(saved?.base.fields).toEqual(current.base.fields);
  });

  test('has the earlier pair of a field that the directory or the record got back', () => {
    for (const operation of [
      undone('directoryUser', 'update', '7', { email: 'old' }),
      undone('telephonyRecord', 'update', 'record', { [MAPPING.record.fields.email?.column ?? '']: 'old' }),
    ]) {
      const [saved] = after({ former, current, isPartial: true }, [operation]).saved;
      expect(saved?.base.fields).toEqual(former.base.fields);
      expect(saved?.base.licences).toEqual(current.base.licences);
    }
  });

  test('has the earlier half of a licence that the directory got back', () => {
    const [saved] = after({ former, current, isPartial: true }, [
      undone('directoryUser', 'update', '7', { 'licence:A': true, 'licence:B': false }),
    ]).saved;
    expect(saved?.base.licences).toEqual(set({ A: 'row-a', C: 'row-c' }));
  });
});

describe('a link that is not there any more', () => {
  const former = link({}, { directoryUserId: '6', status: 'gone' });

  test('stays ended, since somebody else ended it', () => {
    expect(after({ former, current: null, isPartial: false })).toEqual({ removed: [], saved: [] });
  });

  test.each([
    [false, [former]],
    [true, []],
  ])('comes back with the record that its successor gives back (record left: %s)', (isPartial, saved) => {
    const links = linksAfterUndo(
      [
        { directoryUserId: '6', former, current: null, isPartial: false },
        { directoryUserId: '7', former: null, current: link({}), isPartial },
      ],
      () => [],
      MAPPING,
    );
    expect(links).toEqual({ removed: ['7'], saved });
  });
});
