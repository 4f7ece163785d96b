import { bodyOf } from '../../src/domain/sentiment/calibration-body.ts';
import type { CalibrationEvent } from '../../src/domain/sentiment/calibration-event.ts';
import type { Calibrated, CalibrationLog } from '../../src/domain/sentiment/calibration-log.ts';
import { MlopsError } from '../../src/errors.ts';
import { type Calibrations, inputKey } from '../../src/store/calibrations/calibrations.ts';
import { calibrationNotFound } from './errors.ts';
import type { CalibrationPayload } from './job.ts';

/**
 * Gives a request its version, once: versions are sent in their order.
 * @throws MlopsError CALIBRATION_NOT_FOUND if it goes back to a version that was never applied, ARTIFACT_MISSING if what
 *   it gave is not kept
 */
export async function placeInOrder(
  payload: CalibrationPayload,
  { calibrations }: { readonly calibrations: Calibrations },
): Promise<void> {
  for (;;) {
    const { log, length } = await calibrations.read();
    if (log.calibrations.some(each => each.request === payload.request)) return;
    const event = await requestedBy(payload, log, calibrations);
    if ((await calibrations.append(length, event)) !== null) return;
  }
}

async function requestedBy(
  { request, by, rollbackTo }: CalibrationPayload,
  log: CalibrationLog,
  calibrations: Calibrations,
): Promise<CalibrationEvent> {
  const next = {
    kind: 'requested',
    version: log.calibrations.length + 1,
    at: new Date().toISOString(),
    request,
    by,
  } as const;
  if (rollbackTo !== null) {
    const { body, interactions } = appliedVersion(log, rollbackTo);
    return { ...next, source: { kind: 'rollback', version: rollbackTo }, body, interactions };
  }
  const input = await calibrations.input(inputKey(request));
  if (input === null)
    throw new MlopsError('ARTIFACT_MISSING', `the calibration of request ${request} is not kept: request it again`);
  return { ...next, source: { kind: 'request' }, body: bodyOf(input.calibration), interactions: inputKey(request) };
}

/** @throws MlopsError CALIBRATION_NOT_FOUND */
export function appliedVersion({ calibrations }: CalibrationLog, version: number): Calibrated {
  const found = calibrations[version - 1];
  if (found?.state === 'completed') return found;
  throw new MlopsError(
    calibrationNotFound,
    found === undefined
      ? `version ${version} not found. List versions with calibrate history`
      : `version ${version} was never applied (state: ${found.state}). Only an applied version can be rolled back to`,
    { where: 'VERSION' },
  );
}
