import { mayBeCancelled } from '../../src/domain/sentiment/calibration-log.ts';
import type { Calibrations } from '../../src/store/calibrations/calibrations.ts';
import type { Cancellations } from '../../src/store/requests/cancellations.ts';
import { calibrationJobId } from './job.ts';
import { record } from './record.ts';

/**
 * Withdraws a cancelled calibration while no PUT can have had an effect. Any other takes its course, and is reported by
 * its result.
 */
export async function closeIfCancelled(
  request: string,
  resources: { readonly calibrations: Calibrations; readonly cancellations: Cancellations },
): Promise<void> {
  const mark = await resources.cancellations.find(calibrationJobId(request));
  if (mark === null) return;
  const { log } = await resources.calibrations.read();
  const own = log.calibrations.find(each => each.request === request);
  if (own === undefined) return;
  const { version } = own;
  const at = new Date().toISOString();
  if (mayBeCancelled(own)) await record({ kind: 'cancelled', version, at, by: mark.by }, resources);
}
