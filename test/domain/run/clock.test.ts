import { describe, expect, it } from 'vitest';
import { refuseFutureWatermark, refuseSkewedBound } from '../../../src/domain/run/clock.ts';
import { iso } from '../../../src/domain/run/window.ts';
import { codedBy } from '../../thrown.ts';
import { version } from '../dataset/version.ts';

const noon = Date.UTC(2024, 4, 15, 12);
const minute = 60_000;

describe('a watermark', () => {
  it('may be a little ahead of our clock', () => {
    for (const ahead of [-1_000 * minute, 0, 5 * minute])
      expect(() => refuseFutureWatermark('demo', version({ watermark: iso(noon + ahead) }), noon)).not.toThrow();
    expect(() => refuseFutureWatermark('demo', null, noon)).not.toThrow();
  });

  it('is refused minutes after it, naming both and the ways out', async () => {
    const head = version({ watermark: '2027-05-15T12:00:00.000Z' });
    const error = await codedBy(() => refuseFutureWatermark('demo', head, noon));
    expect(error.code).toBe('CLOCK_SKEWED');
    for (const part of [head.watermark, iso(noon), 'Set the clock', '--rewind']) expect(error.message).toContain(part);
  });
});

describe('the end of a window', () => {
  it.each([
    [0, null],
    [5 * minute, 0],
    [0, -5 * minute],
    [-600 * minute, 600 * minute],
  ])('%d ms from our clock, which is %j ms from the platform\u2019s, is taken', (ahead, platform) => {
    const theirs = platform === null ? null : noon + platform;
    expect(() => refuseSkewedBound(iso(noon + ahead), noon, theirs)).not.toThrow();
  });

  it('is refused minutes after either clock, naming whose', async () => {
    const late = iso(noon + 6 * minute);
    const ours = await codedBy(() => refuseSkewedBound(late, noon, noon + 20 * minute));
    expect(ours).toMatchObject({ code: 'CLOCK_SKEWED', message: expect.stringContaining('this machine') });
    const theirs = await codedBy(() => refuseSkewedBound(late, noon + 20 * minute, noon));
    expect(theirs).toMatchObject({ code: 'CLOCK_SKEWED', message: expect.stringContaining('the platform') });
  });
});
