import type { Calibration } from '../../src/domain/sentiment/calibration.ts';
import { lastApplied } from '../../src/domain/sentiment/calibration-log.ts';
import { MlopsError } from '../../src/errors.ts';
import type { Calibrations } from '../../src/store/calibrations/calibrations.ts';
import { readCalibrationFile } from '../calibration/calibration-file.ts';

/**
 * The calibration whose thresholds are in force: that of `file`, or the last one that was applied.
 * @throws MlopsError BAD_INPUT with the place
 */
export async function readBase(file: string | undefined, calibrations: Calibrations): Promise<Calibration> {
  if (file !== undefined) return (await readCalibrationFile(file)).calibration;
  const applied = lastApplied((await calibrations.read()).log);
  if (applied === null)
    throw new MlopsError('BAD_INPUT', 'no calibration has been applied yet. Name its file', { field: 'base' });
  const input = applied.interactions === null ? null : await calibrations.input(applied.interactions);
  if (input !== null) return input.calibration;
  throw new MlopsError('BAD_INPUT', `the texts of version ${applied.version} are no longer kept. Name its file`, {
    field: 'base',
  });
}
