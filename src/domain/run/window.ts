import { beginsAgain, type Manifest } from '../dataset/manifest.ts';
import type { Run, RunParameters } from './run.ts';

/** From where a run asks: known before its first question. */
export type WindowStart = Pick<Run['window'], 'after' | 'sweeps' | 'watermark'>;

/**
 * Where a run's window begins: a look-back before the watermark; where late ratings are due, the rating horizon before
 * it; and never later than `since`. A new dataset, and one without rows whose settings change, takes all there is, or all
 * from `since` on.
 * @param now our clock, in ms
 */
export function windowStart(head: Manifest | null, parameters: RunParameters, now: number): WindowStart {
  const { since, lookBackMs, ratingHorizonMs, ratingSweepEveryMs } = parameters;
  // The platform's filter excludes its bound: what shares a boundary's timestamp is reached for by a millisecond.
  const fromSince = since === null ? null : Date.parse(since) - 1;
  if (head === null || beginsAgain(head, parameters.identity))
    return { after: fromSince === null ? null : iso(fromSince), sweeps: ratingHorizonMs > 0, watermark: null };

  const watermark = Date.parse(head.watermark);
  const sweeps = ratingHorizonMs > 0 && now - Date.parse(head.sweptAt) >= ratingSweepEveryMs;
  const starts = [
    watermark - Math.max(1, lookBackMs),
    ...(sweeps ? [watermark - ratingHorizonMs] : []),
    ...(fromSince === null ? [] : [fromSince]),
  ];
  return { after: iso(Math.max(0, Math.min(...starts))), sweeps, watermark: head.watermark };
}

/** What bounds a window: the clocks, in ms, when page 1 was asked for, and the newest row that its answer holds. */
export interface Bounds {
  readonly sentAt: number;
  /** The platform's clock; `null` where its answer has no `Date`. */
  readonly answeredAt: number | null;
  /** ISO; `null` where the answer has no readable row. */
  readonly newestRow: string | null;
}

/**
 * The upper bound of a window: the earlier of our clock and the platform's. If the platform does not report its clock,
 * ours may be ahead unnoticed: then the bound is not after the newest row, and without a row it stays where the dataset is.
 * Never below the watermark, which does not move back.
 */
export function windowUpper({ sentAt, answeredAt, newestRow }: Bounds, { watermark, after }: WindowStart): string {
  const known = answeredAt ?? (newestRow === null ? null : Date.parse(newestRow));
  if (known === null) return watermark ?? (after === null ? iso(0) : iso(Date.parse(after) + 1));
  const upper = iso(Math.min(sentAt, known));
  return watermark !== null && watermark > upper ? watermark : upper;
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
