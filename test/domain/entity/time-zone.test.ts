import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantsOf, isTimeZone, wallClockAt } from '../../../src/domain/entity/time-zone.ts';

const utc = (iso: string) => Date.parse(`${iso}Z`);

describe('a time zone', () => {
  it('is an IANA name', () => {
    expect(['UTC', 'Europe/Berlin', 'America/Argentina/Ushuaia'].every(isTimeZone)).toBe(true);
    expect(['', '+02:00', 'Mars/Base', 'Europe/Berlin '].some(isTimeZone)).toBe(false);
  });

  it('shows each instant, and finds it again', () => {
    const zones = fc.constantFrom(
      'UTC',
      'Europe/London',
      'America/New_York',
      'Asia/Kathmandu',
      'Australia/Lord_Howe',
      'Pacific/Apia',
    );
    fc.assert(
      fc.property(zones, fc.integer({ min: utc('1972-01-01T00:00'), max: utc('2100-01-01T00:00') }), (zone, ms) => {
        const instant = Math.floor(ms / 1000) * 1000;
        expect(instantsOf(zone, wallClockAt(zone, instant))).toContain(instant);
      }),
    );
  });

  it('has two instants in the repeated hour, and one after the gap in the skipped one', () => {
    expect(instantsOf('Europe/Berlin', utc('2026-10-25T02:30'))).toEqual([
      utc('2026-10-25T00:30'),
      utc('2026-10-25T01:30'),
    ]);
    expect(instantsOf('Europe/Berlin', utc('2026-03-29T02:30'))).toEqual([utc('2026-03-29T01:30')]);
    expect(instantsOf('Australia/Lord_Howe', utc('2026-10-04T02:15'))).toEqual([utc('2026-10-03T15:45')]);
  });
});
