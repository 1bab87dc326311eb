import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { chunkOperations } from '../../../src/domain/planning/chunks.ts';
import type { Operation } from '../../../src/domain/planning/plan.ts';

function operation(
  id: string,
  person: string | null,
  dependsOn: string[] = [],
  entity: Operation['entity'] = person === null ? 'role' : 'telephonyRecord',
): Operation {
  return {
    id,
    entity,
    kind: 'create',
    person,
    target: { entity: 'X', id },
    before: null,
    after: {},
    reason: '',
    dependsOn,
  };
}

const plans = fc
  .record({
    shared: fc.nat({ max: 30 }),
    people: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 80 }),
  })
  .map(({ shared, people }) => [
    ...Array.from({ length: shared }, (_, index) => operation(`s${index}`, null)),
    ...people.flatMap((count, person) =>
      Array.from({ length: count }, (_, index) =>
        operation(`p${person}.${index}`, `p${person}`, index === 0 ? [] : [`p${person}.0`]),
      ),
    ),
  ]);

describe('cutting a plan into requests', () => {
  test('every operation is in exactly one chunk', () => {
    fc.assert(
      fc.property(plans, (operations) => {
        const ids = chunkOperations(operations, 100).flat();
        expect([...ids].toSorted()).toEqual(operations.map(({ id }) => id).toSorted());
      }),
    );
  });

  test('no chunk holds more than a request, and parents stand before their children in the same one', () => {
    fc.assert(
      fc.property(plans, (operations) => {
        const chunks = chunkOperations(operations, 100);
        const byId = new Map(operations.map((item) => [item.id, item]));
        for (const chunk of chunks) {
          expect(chunk.length).toBeLessThanOrEqual(100);
          for (const [index, id] of chunk.entries())
            for (const parent of byId.get(id)?.dependsOn ?? [])
              expect(chunk.slice(0, index)).toContain(parent);
        }
      }),
    );
  });

  test('shared rows are all in the first chunk, which goes alone', () => {
    fc.assert(
      fc.property(plans, (operations) => {
        const [, ...rest] = chunkOperations(operations, 100);
        expect(rest.flat().filter((id) => id.startsWith('s'))).toEqual([]);
      }),
    );
  });

  test('few places are wasted: at most one request in a hundred operations more than the least, and one', () => {
    fc.assert(
      fc.property(plans, (operations) => {
        const least = Math.ceil(operations.length / 100);
        expect(chunkOperations(operations, 100).length).toBeLessThanOrEqual(Math.ceil(least * 1.09) + 1);
      }),
    );
  });

  test('more shared rows than a request holds stay together in the first chunk', () => {
    const shared = Array.from({ length: 130 }, (_, index) => operation(`s${index}`, null));
    const chunks = chunkOperations([...shared, operation('p1.0', 'p1')], 100);
    expect(chunks.map((chunk) => chunk.length)).toEqual([130, 1]);
  });

  test('people who get a CRM user share chunks, a hundred in each, apart from all others', () => {
    const newcomers = Array.from({ length: 230 }, (_, index) => [
      operation(`n${index}.contact`, `n${index}`),
      operation(`n${index}.user`, `n${index}`, [`n${index}.contact`], 'crmUser'),
      operation(`n${index}.record`, `n${index}`, [`n${index}.contact`]),
    ]);
    const others = Array.from({ length: 230 }, (_, index) => [operation(`o${index}`, `o${index}`)]);
    const mixed = newcomers.flatMap((own, index) => [...own, ...(others[index] ?? [])]);
    const chunks = chunkOperations(mixed, 100);
    expect(chunks.map((chunk) => chunk.length)).toEqual([100, 100, 30, 300, 300, 90]);
    for (const chunk of chunks) expect(new Set(chunk.map((id) => id.charAt(0))).size).toBe(1);
    expect(chunks.flat().toSorted()).toEqual(mixed.map(({ id }) => id).toSorted());
  });

  test('people with a CRM user but a contact that stands still fill a chunk', () => {
    const newcomers = Array.from({ length: 150 }, (_, index) => [
      operation(`n${index}.user`, `n${index}`, [], 'crmUser'),
      operation(`n${index}.record`, `n${index}`),
    ]);
    expect(chunkOperations(newcomers.flat(), 100).map((chunk) => chunk.length)).toEqual([200, 100]);
  });

  test('a person who needs more than one request gets a chunk of their own', () => {
    const many = Array.from({ length: 101 }, (_, index) => operation(`p.${index}`, 'p'));
    const chunks = chunkOperations([operation('q', 'q'), ...many, operation('r', 'r')], 100);
    expect(chunks.map((chunk) => chunk.length)).toEqual([2, 101]);
  });
});
