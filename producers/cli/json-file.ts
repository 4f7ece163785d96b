import { readFile } from 'node:fs/promises';
import { listed, quoted } from '../../src/domain/skill-training/problem.ts';
import { MlopsError, systemCode } from '../../src/errors.ts';
import { inspectJson } from '../json-inspection.ts';

/** The text of a UTF-8 file. @throws MlopsError BAD_INPUT */
export async function readTextFile(file: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    const code = systemCode(error);
    const what =
      code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'is not UTF-8' : `cannot be read: ${code ?? 'unknown error'}`;
    throw new MlopsError('BAD_INPUT', `${file} ${what}`, { where: file });
  }
}

/** The parser's own message quotes the text and often omits the place. @throws MlopsError BAD_INPUT with the place */
export function parseJsonFile(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const { error } = inspectJson(text);
    const place = `${file}:${error?.line ?? 1}:${error?.column ?? 1}`;
    throw new MlopsError('BAD_INPUT', `${place}: not valid JSON`, { where: place });
  }
}

/** A warning about repeated keys: `JSON.parse` keeps the last of several values of one key, and drops the others. */
export function repeatedKeys(text: string, file: string): string[] {
  const { repetitions, repeated } = inspectJson(text);
  if (repetitions === 0) return [];
  const places = repeated.map(({ key, place }) => `${quoted(key)} at ${file}:${place.line}:${place.column}`);
  const what = repetitions === 1 ? '1 key is' : `${repetitions} keys are`;
  return [`warning: ${what} in the object before, whose value is dropped: ${listed(places, 5)}`];
}
