import { MlopsError } from '../../errors.ts';
import type { Manifest } from '../dataset/manifest.ts';

/** By how much clocks of different machines may differ without harm. */
export const clockToleranceMs = 5 * 60_000;

/** Whether `instant` is minutes after `now` (ms). */
export function isAhead(instant: string, now: number): boolean {
  return Date.parse(instant) - now > clockToleranceMs;
}

/**
 * Refuses to move a dataset whose watermark is in the future: interactions until then would never be fetched.
 * @param now our clock, in ms
 * @throws MlopsError CLOCK_SKEWED
 */
export function refuseFutureWatermark(dataset: string, head: Manifest | null, now: number): void {
  if (head === null || !isAhead(head.watermark, now)) return;
  throw new MlopsError(
    'CLOCK_SKEWED',
    `the watermark of ${dataset}, ${head.watermark}, is after this machine's clock, ${new Date(now).toISOString()}. Set the clock; if it is right, go back with dataset restore ${dataset}@VERSION --rewind`,
    { where: dataset },
  );
}

/**
 * Refuses a window that ends minutes after our clock or the platform's: one of the clocks is wrong, or the watermark is.
 * @param upper the window's end (ISO)
 * @param now our clock, in ms
 * @param answeredAt the platform's clock, in ms; `null` where it does not say
 * @throws MlopsError CLOCK_SKEWED
 */
export function refuseSkewedBound(upper: string, now: number, answeredAt: number | null): void {
  const earlier = Math.min(now, answeredAt ?? now);
  if (!isAhead(upper, earlier)) return;
  const whose = earlier === now ? "this machine's clock" : "the platform's clock";
  throw new MlopsError(
    'CLOCK_SKEWED',
    `the window would end at ${upper}, after ${whose}, ${new Date(earlier).toISOString()}: rows until then would never be fetched. Set this machine's clock (doctor compares it); if it is right, restore an earlier version of the dataset with --rewind`,
  );
}
