import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pollInterval, throttledInterval } from '../../../src/domain/skill-training/waits.ts';

describe('pollInterval', () => {
  it('grows by half from 2 s to 30 s', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 60].map(pollInterval)).toEqual([
      2000, 2000, 3000, 4500, 6750, 10125, 15188, 22781, 30000, 30000, 30000,
    ]);
  });

  it('is never under 2 s or over 30 s', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1_000_000 }), answers => {
        expect(pollInterval(answers)).toBeGreaterThanOrEqual(2000);
        expect(pollInterval(answers)).toBeLessThanOrEqual(30_000);
        expect(pollInterval(answers + 1)).toBeGreaterThanOrEqual(pollInterval(answers));
      }),
    );
  });
});

describe('throttledInterval', () => {
  it('doubles with each refusal, up to a minute', () => {
    expect([1, 2, 3, 4, 5, 6, 5000].map(refusals => throttledInterval(refusals, 1))).toEqual([
      4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000,
    ]);
    expect(throttledInterval(1, 60)).toBe(60_000);
  });
});
