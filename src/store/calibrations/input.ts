import { z } from 'zod';
import { calibration } from '../../domain/sentiment/calibration.ts';
import { verificationRules } from '../../domain/sentiment/verification.ts';

/** What a request for a calibration gave: the calibration with the texts of its interactions, and how to verify them. */
export const calibrationInput = z.strictObject({ calibration, rules: verificationRules });
export type CalibrationInput = Readonly<z.infer<typeof calibrationInput>>;
