import { type Calibration, parseCalibration } from '../../src/domain/sentiment/calibration.ts';
import {
  firstFields,
  type InvalidFields,
  invalidFieldsOf,
  sentenceOf,
} from '../../src/domain/sentiment/invalid-field.ts';
import {
  defaultRules,
  failedInteractions,
  failureSentence,
  type VerificationRules,
  verificationRules,
} from '../../src/domain/sentiment/verification.ts';
import { MlopsError } from '../../src/errors.ts';
import { parseJsonFile, readTextFile, repeatedKeys } from '../cli/json-file.ts';

/** A calibration file, and what a person should know of how it was read. */
export interface GivenCalibration {
  readonly calibration: Calibration;
  readonly notes: readonly string[];
}

/** @throws MlopsError BAD_INPUT that lists every field that breaks a rule */
export async function readCalibrationFile(file: string): Promise<GivenCalibration> {
  const text = await readTextFile(file);
  const parsed = parseCalibration(parseJsonFile(text, file));
  if (!parsed.ok) throw refusedFields(`${file} is not a valid calibration`, parsed, file);
  return { calibration: parsed.calibration, notes: repeatedKeys(text, file) };
}

/** The rules of a verification file, or the default ones. @throws MlopsError BAD_INPUT */
export async function readRules(file: string | undefined): Promise<VerificationRules> {
  if (file === undefined) return defaultRules;
  const json = parseJsonFile(await readTextFile(file), file);
  const parsed = verificationRules.safeParse(json);
  if (parsed.success) return parsed.data;
  const invalid = firstFields(invalidFieldsOf(parsed.error, json));
  throw refusedFields(`${file} does not hold valid verification rules`, invalid, file);
}

/** @throws MlopsError BAD_INPUT that names every interaction that fails, with its reasons */
export function refuseUnverified({ interactions }: Calibration, rules: VerificationRules, file: string): void {
  const failed = failedInteractions(interactions, rules);
  if (failed.length === 0) return;
  const what = failed.length === 1 ? '1 interaction fails' : `${failed.length} interactions fail`;
  throw new MlopsError(
    'BAD_INPUT',
    lines(`${file}: ${what} the verification; nothing was sent`, failed.map(failureSentence)),
    { where: file },
  );
}

function refusedFields(what: string, { fields, more }: InvalidFields, file: string): MlopsError {
  const sentences = fields.map(sentenceOf);
  return new MlopsError('BAD_INPUT', lines(what, more === 0 ? sentences : [...sentences, `and ${more} more`]), {
    where: file,
  });
}

function lines(what: string, items: readonly string[]): string {
  return [`${what}:`, ...items.map(item => `  ${item}`)].join('\n');
}
