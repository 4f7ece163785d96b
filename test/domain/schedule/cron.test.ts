import { describe, expect, it } from 'vitest';
import { nextCronTime } from '../../../src/domain/schedule/cron.ts';

/** The next `count` times, as ISO 8601. */
function times(pattern: string, tz: string, from: string, count: number): string[] {
  const found: string[] = [];
  for (let at = Date.parse(from); found.length < count; ) {
    at = nextCronTime(pattern, tz, at) ?? Number.NaN;
    found.push(new Date(at).toISOString().slice(0, 16));
  }
  return found;
}

describe('the times of a cron pattern', () => {
  it('come after the instant, never at it', () => {
    expect(times('0 3 * * *', 'UTC', '2026-03-01T03:00:00.000Z', 2)).toEqual(['2026-03-02T03:00', '2026-03-03T03:00']);
    expect(times('*/15 * * * *', 'UTC', '2026-03-01T03:10:00.000Z', 2)).toEqual([
      '2026-03-01T03:15',
      '2026-03-01T03:30',
    ]);
  });

  it('are those of the clocks in the zone, also where they change', () => {
    expect(times('30 2 * * *', 'Europe/Berlin', '2026-03-27T12:00:00.000Z', 3)).toEqual([
      '2026-03-28T01:30',
      // There is no half past two on this night.
      '2026-03-29T01:30',
      '2026-03-30T00:30',
    ]);
    expect(times('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00.000Z', 2)).toEqual([
      // There are two, of which one counts.
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ]);
  });

  it.each(['61 * * * *', 'x', '0 0 30 2 *', '0 0 * * 8'])('are refused of %j', pattern => {
    expect(() => nextCronTime(pattern, 'UTC', 0)).toThrow();
  });
});
