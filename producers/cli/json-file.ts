import { readFile } from 'node:fs/promises';
import { listed, quoted } from '../../src/domain/skill-training/problem.ts';
import { MlopsError } from '../../src/errors.ts';
import { BadGzip, Gunzip, unpackLimits } from '../../src/store/cv-export/gunzip.ts';
import { whyUnreadable } from '../../src/unreadable-file.ts';
import { inspectJson } from '../json-inspection.ts';

/** A warning about repeated keys: `JSON.parse` keeps the last of several values of one key, and drops the others. */
export function repeatedKeys(text: string, file: string): string[] {
  const { repetitions, repeated } = inspectJson(text);
  if (repetitions === 0) return [];
  const places = repeated.map(({ key, place }) => `${quoted(key)} at ${file}:${place.line}:${place.column}`);
  const what = repetitions === 1 ? '1 key repeats one' : `${repetitions} keys repeat one`;
  return [`warning: ${what} of the same object, and the earlier value is dropped: ${listed(places, 5)}`];
}

/** The text of a file, which may be packed with gzip. @throws MlopsError BAD_INPUT */
export async function readTextFile(file: string): Promise<string> {
  const refused = (why: string, cause?: unknown) =>
    new MlopsError('BAD_INPUT', `${file}: ${why}`, { where: file, cause });
  let bytes: Uint8Array;
  try {
    bytes = await unpacked(await readFile(file));
  } catch (error) {
    if (error instanceof BadGzip) throw refused(gzipTrouble[error.why], error);
    throw refused(whyUnreadable(error) ?? 'this file cannot be read', error);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw refused(isUtf16(bytes) ? 'the file is UTF-16. Save it as UTF-8' : 'the file is not UTF-8. Convert it', error);
  }
}

const gzipTrouble: Readonly<Record<BadGzip['why'], string>> = {
  truncated: 'the gzip file is truncated. Copy it again',
  damaged: 'the gzip file is damaged. Copy it again',
  'too-large': 'the gzip file unpacks to more than 512 MiB, or to more than 250 times its size. Check what is in it',
  'trailing-bytes': 'there are other bytes after the end of the gzip data. Remove them, or pack the file again',
};

/** It is held in memory, as a text. */
const mostUnpacked = 512 * 2 ** 20;

async function unpacked(bytes: Uint8Array): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const chunks: Uint8Array[] = [];
  const gunzip = new Gunzip(chunk => chunks.push(chunk), { ...unpackLimits, most: mostUnpacked });
  try {
    await gunzip.write(bytes);
    await gunzip.end();
  } finally {
    gunzip.close();
  }
  return Buffer.concat(chunks);
}

function isUtf16([first = 0, second = 0]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

/** The parser's own message quotes the text and often omits the place. */
export function parseJsonFile(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const { error } = inspectJson(text);
    const place = `${file}:${error?.line ?? 1}:${error?.column ?? 1}`;
    throw new MlopsError('BAD_INPUT', `${place}: not valid JSON`, { where: place });
  }
}
