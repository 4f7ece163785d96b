import type { Calibration } from '../../src/domain/sentiment/calibration.ts';
import { lastApplied } from '../../src/domain/sentiment/calibration-log.ts';
import { MlopsError } from '../../src/errors.ts';
import type { Calibrations } from '../../src/store/calibrations/calibrations.ts';
import { readCalibrationFile } from '../calibration/calibration-file.ts';
import { say } from '../cli/terminal.ts';

/**
 * The calibration whose thresholds are in force: that of a file, or the last applied one with its interactions.
 * @throws MlopsError BAD_INPUT with the place in the file, or if no calibration is kept
 */
export async function readBase(calibrations: Calibrations, file: string | undefined): Promise<Calibration> {
  if (file !== undefined) {
    const { calibration, notes } = await readCalibrationFile(file);
    for (const note of notes) say(note);
    return calibration;
  }
  const applied = lastApplied((await calibrations.read()).log);
  if (applied === null) throw absent('no calibration has been applied yet. Name the file of the one in force');
  const input = applied.interactions === null ? null : await calibrations.input(applied.interactions);
  if (input === null)
    throw absent(`the interactions of calibration ${applied.version} are no longer kept. Name its file`);
  return input.calibration;
}

function absent(message: string): MlopsError {
  return new MlopsError('BAD_INPUT', message, { field: 'base' });
}
