import type { Calibrated } from './calibration-log.ts';

/**
 * For how long, in milliseconds, a reweight held this calibration or those behind it: while the platform answered 503, and
 * from its acceptance to the end of a reweight of its own.
 */
export function heldMs({ busy, accepted, state, since, body }: Calibrated): number {
  const hasEnded = state === 'completed' || state === 'failed';
  const ownMs =
    accepted !== null && hasEnded && body.trigger_model_reweight ? Date.parse(since) - Date.parse(accepted.at) : 0;
  return (busy?.ms ?? 0) + Math.max(0, ownMs);
}
