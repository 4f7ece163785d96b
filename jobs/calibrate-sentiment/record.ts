import type { CalibrationEvent } from '../../src/domain/sentiment/calibration-event.ts';
import { type CalibrationLog, foldCalibrations } from '../../src/domain/sentiment/calibration-log.ts';
import { isCoded } from '../../src/errors.ts';
import type { Calibrations } from '../../src/store/calibrations/calibrations.ts';

/**
 * Appends `event` unless it can no longer follow what the log holds: another worker was first.
 * @param applies a further condition on the log
 * @returns whether it was appended
 */
export async function record(
  event: CalibrationEvent,
  { calibrations }: { readonly calibrations: Calibrations },
  applies: (log: CalibrationLog) => boolean = () => true,
): Promise<boolean> {
  for (;;) {
    const { log, length } = await calibrations.read();
    if (!applies(log) || !mayFollow(log, event)) return false;
    if ((await calibrations.append(length, event)) !== null) return true;
  }
}

function mayFollow(log: CalibrationLog, event: CalibrationEvent): boolean {
  try {
    foldCalibrations([event], log);
    return true;
  } catch (error) {
    if (isCoded(error, 'CALIBRATION_LOG_DAMAGED')) return false;
    throw error;
  }
}
