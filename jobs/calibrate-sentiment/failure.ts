import type { Calibrated } from '../../src/domain/sentiment/calibration-log.ts';
import { MlopsError } from '../../src/errors.ts';
import {
  calibrationBusy,
  calibrationFailed,
  calibrationRefused,
  calibrationSuperseded,
  calibrationUnknown,
  calibrationUntracked,
} from './errors.ts';

/** The failure of a calibration that was not applied, or of which that is not known; `null` for any other. */
export function failureOf(calibration: Calibrated): MlopsError | null {
  const { state, version, reason, supersededBy } = calibration;
  const why = reason?.message ?? 'no reason is known';
  switch (state) {
    case 'failed':
      return notApplied(calibration, `version ${version} was not applied: ${why}`);
    case 'unknown':
      return new MlopsError(
        calibrationUnknown,
        `it is unknown whether the platform applied version ${version}: ${why}. Retry the job: it is sent again with the same key`,
      );
    case 'untracked':
      return new MlopsError(
        calibrationUntracked,
        `the platform accepted version ${version} as ${calibration.accepted?.jobId}, whose end is not known: ${why}. Look it up on the platform`,
      );
    case 'superseded':
      return new MlopsError(
        calibrationSuperseded,
        `version ${supersededBy} was accepted while it was unknown whether version ${version} was applied: it is not sent again`,
      );
    default:
      return null;
  }
}

function notApplied({ accepted, reason }: Calibrated, message: string): MlopsError {
  if (accepted !== null) return new MlopsError(calibrationFailed, message);
  if (reason?.code === calibrationBusy.code) return new MlopsError(calibrationBusy, message);
  return new MlopsError(calibrationRefused, message);
}
