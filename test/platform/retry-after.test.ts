import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusalBackoffMs, retryAfterMs } from '../../src/platform/retry-after.ts';

const date = 'Wed, 15 May 2024 12:00:00 GMT';
const longest = 15 * 60_000;

describe('retryAfterMs', () => {
  it('reads seconds', () => {
    expect(retryAfterMs({ 'retry-after': '7' })).toBe(7_000);
    expect(retryAfterMs({ 'retry-after': ' 0.5 ' })).toBe(500);
  });

  it('reads an HTTP date against the answer’s own date', () => {
    expect(retryAfterMs({ 'retry-after': 'Wed, 15 May 2024 12:00:30 GMT', date })).toBe(30_000);
  });

  it('waits 15 minutes at the most', () => {
    expect(retryAfterMs({ 'retry-after': '86400' })).toBe(longest);
    expect(retryAfterMs({ 'retry-after': 'Thu, 16 May 2024 12:00:00 GMT', date })).toBe(longest);
    expect(retryAfterMs({ 'retry-after': '9'.repeat(400) })).toBe(longest);
  });

  it.each([
    {},
    { 'retry-after': '0' },
    { 'retry-after': '-5', date },
    { 'retry-after': 'Wed, 15 May 2024 11:59:30 GMT', date },
    { 'retry-after': '' },
    { 'retry-after': 'soon', date },
    { 'retry-after': 'Wed, 15 May 2024 12:00:30 GMT' },
    { 'retry-after': '5 minutes', date: 'x' },
  ])('is null for what cannot be read, and for what is no wait', headers => expect(retryAfterMs(headers)).toBeNull());

  it('is null or a sane wait, whatever a platform sends', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer().map(String), fc.double().map(String)), text => {
        const ms = retryAfterMs({ 'retry-after': text, date });
        if (ms !== null) expect(ms >= 0 && ms <= longest).toBe(true);
      }),
    );
  });
});

describe('refusalBackoffMs', () => {
  it('doubles from 1 s to 60 s, and up to half of it more', () => {
    for (let refusals = 1; refusals < 40; refusals++) {
      const base = Math.min(1_000 * 2 ** (refusals - 1), 60_000);
      const wait = refusalBackoffMs(refusals);
      expect(wait >= base && wait <= base * 1.5).toBe(true);
    }
  });
});
