import { readFile } from 'node:fs/promises';
import { type Calibration, parseCalibration } from '../../src/domain/sentiment/calibration.ts';
import { sentenceOf } from '../../src/domain/sentiment/invalid-field.ts';
import { MlopsError } from '../../src/errors.ts';
import { whyUnreadable } from '../../src/unreadable-file.ts';
import { inspectJson } from '../json-inspection.ts';

/** The calibration whose thresholds are in force. @throws MlopsError BAD_INPUT with the place */
export async function readBase(file: string | undefined): Promise<Calibration> {
  if (file === undefined)
    throw new MlopsError('BAD_INPUT', 'no calibration has been applied yet. Name its file', { field: 'base' });
  const parsed = parseCalibration(parseJson(await readText(file), file));
  if (parsed.ok) return parsed.calibration;
  const more = parsed.more === 0 ? '' : `; and ${parsed.more} more`;
  throw new MlopsError('BAD_INPUT', `${file}: ${parsed.fields.map(sentenceOf).join('; ')}${more}`, { where: file });
}

async function readText(file: string): Promise<string> {
  const refused = (why: string) => new MlopsError('BAD_INPUT', `${file}: ${why}`, { where: file });
  const bytes = await readFile(file).catch((error: unknown) => {
    throw refused(whyUnreadable(error) ?? 'this file cannot be read');
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refused('the file is not UTF-8. Convert it');
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const { error } = inspectJson(text);
    const place = `${file}:${error?.line ?? 1}:${error?.column ?? 1}`;
    throw new MlopsError('BAD_INPUT', `${place}: not valid JSON`, { where: place });
  }
}
