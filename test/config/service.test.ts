import { describe, expect, test } from '@jest/globals';
import { readSchedules } from '../../src/config/service.ts';

const place = (path: readonly PropertyKey[]): string => `rollcall.yaml:${path.join('.')}`;

function read(...written: { cron: string; timeZone?: string; run?: 'import' | 'push' | 'sync' }[]) {
  return readSchedules(
    written.map(({ cron, timeZone = 'Europe/Kyiv', run = 'sync' }) => ({ cron, timeZone, run })),
    place,
  );
}

/** The first times of a schedule, in UTC. */
function times(cron: string, timeZone: string, from: string, count: number): string[] {
  const [schedule] = read({ cron, timeZone }).value;
  const found: string[] = [];
  for (let at = Date.parse(from); found.length < count;) {
    at = schedule?.next(at) ?? Number.NaN;
    found.push(new Date(at).toISOString());
  }
  return found;
}

describe('A schedule', () => {
  test('comes once in the night in which summer time leaves its hour out, when the clock has passed it', () => {
    expect(times('30 3 * * *', 'Europe/Kyiv', '2026-03-28T00:00:00Z', 3)).toEqual([
      '2026-03-28T01:30:00.000Z',
      '2026-03-29T01:30:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
  });

  test('comes once in the night in which its hour is there twice', () => {
    expect(times('30 3 * * *', 'Europe/Kyiv', '2026-10-24T00:00:00Z', 3)).toEqual([
      '2026-10-24T00:30:00.000Z',
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
  });

  test('comes at the same time of the day all year where there is no summer time', () => {
    expect(
      times('30 3 29 * *', 'Asia/Dubai', '2026-03-01T00:00:00Z', 8).map((time) => time.slice(11)),
    ).toEqual(Array.from({ length: 8 }, () => '23:30:00.000Z'));
  });

  test.each(['', '30 2 * *', '0 30 2 * * *', '61 2 * * *', '0 2 30 2 *', 'every night', '@reboot'])(
    'that says "%s" is a mistake with its place and a cure',
    (cron) => {
      const { value, problems } = read({ cron });
      expect(value).toEqual([]);
      expect(problems).toEqual([
        {
          place: 'rollcall.yaml:schedule.0.cron',
          what: expect.stringContaining('"schedule[0].cron"'),
          cure: expect.stringContaining('30 2 * * *'),
        },
      ]);
    },
  );

  test('in a time zone that nobody knows is a mistake with its place and a cure', () => {
    expect(read({ cron: '30 2 * * *', timeZone: 'Europe/Kyjiv' }).problems).toEqual([
      {
        place: 'rollcall.yaml:schedule.0.timeZone',
        what: expect.stringContaining('time zone'),
        cure: expect.stringContaining('Europe/Kyiv'),
      },
    ]);
  });
});

describe('Two schedules', () => {
  const met = (a: string, b: string, zone = 'Europe/Kyiv'): number =>
    read({ cron: a }, { cron: b, timeZone: zone, run: 'import' }).problems.length;

  test('that are due at the same minute, be it once a year, are a mistake at the second one', () => {
    expect(read({ cron: '30 2 * * *' }, { cron: '30 2 * * *', run: 'import' }).problems).toEqual([
      {
        place: 'rollcall.yaml:schedule.1',
        what: expect.stringContaining('sync 30 2 * * * Europe/Kyiv'),
        cure: expect.stringContaining('Move one'),
      },
    ]);
    expect(met('0 2 * * *', '0 2 29 2 *')).toBe(1);
    expect(met('*/15 * * * *', '45 4 * * 0')).toBe(1);
    expect(met('0 2 * * *', '0 0 * * *', 'UTC')).toBe(1);
  });

  test('that never are due at the same minute pass, however often they are due', () => {
    expect(met('0 2 * * *', '30 2 * * *')).toBe(0);
    expect(met('0 2 * * 1', '0 2 * * 2')).toBe(0);
    expect(met('*/2 * * * *', '1-59/2 * * * *')).toBe(0);
  });
});
