import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { openStored } from '../../src/app/stored.ts';
import type { BatchOptions, OnBadLine } from '../../src/domain/entity/batch.ts';
import { describeInvalid } from '../../src/domain/entity/invalid-field.ts';
import { checkOptions, checkRequest, type ResolvedRequest, requestDefaults } from '../../src/domain/entity/request.ts';
import { MlopsError } from '../../src/errors.ts';
import type { Upload } from '../../src/store/uploads/uploads.ts';
import { whyUnreadable } from '../../src/unreadable-file.ts';
import { checkedLines } from './checked-lines.ts';

/** The options of a request as they are typed. */
export interface TypedOptions {
  readonly language?: string;
  readonly types?: string;
  readonly threshold?: string;
  readonly timeZone?: string;
  readonly referenceTime?: string;
  readonly prefer?: string;
}

/** The options in the form of a request's fields; a threshold that is not a number stays as it is, to be reported. */
function fieldsOf({ language, types, threshold, timeZone, referenceTime, prefer }: TypedOptions) {
  const asNumber = threshold === undefined || threshold.trim() === '' ? Number.NaN : Number(threshold);
  const given = {
    language,
    types: types?.split(',').map(type => type.trim()),
    threshold: Number.isNaN(asNumber) ? threshold : asNumber,
    timeZone,
    referenceTime,
    prefer,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** @throws MlopsError BAD_INPUT with every invalid option */
export function typedRequest(text: string, options: TypedOptions, maxTextKb: number): ResolvedRequest {
  // What a shell passes as bytes that are not UTF-8 arrives as replacement characters: that is a text.
  const checked = checkRequest({ ...fieldsOf(options), text }, maxTextKb);
  if (checked.ok) return checked.request;
  throw new MlopsError('BAD_INPUT', `invalid request: ${describeInvalid(checked.invalid)}. Nothing was enqueued`);
}

/** The defaults of a file's lines. @throws MlopsError BAD_INPUT with every invalid option */
export function typedDefaults(options: TypedOptions): BatchOptions {
  const fields = fieldsOf(options);
  const invalid = checkOptions(fields);
  if (invalid.length > 0)
    throw new MlopsError('BAD_INPUT', `invalid options: ${describeInvalid(invalid)}. Nothing was enqueued`);
  // The options are valid; a text makes a request of them, whose defaults are filled in.
  const checked = checkRequest({ ...fields, text: '-' }, 1);
  if (!checked.ok) throw new MlopsError('INTERNAL', 'valid options made no valid request');
  const { language, types, threshold, timeZone, referenceTime, prefer } = checked.request;
  return {
    language,
    types,
    threshold,
    timeZone,
    ...(referenceTime !== undefined && { referenceTime }),
    ...(prefer !== undefined && { prefer }),
  };
}

type Stored = Pick<ReturnType<typeof openStored>, 'uploads' | 'datasets'>;

export interface FileTerms {
  readonly options: BatchOptions;
  readonly onBadLine: OnBadLine;
  readonly maxTextKb: number;
}

/** The file (`-`: standard input) as an upload. @throws MlopsError BAD_INPUT with FILE:LINE; nothing is kept then */
export async function takeFile(file: string, { uploads }: Stored, terms: FileTerms): Promise<Upload> {
  const name = file === '-' ? '-' : file;
  return await uploads.take(
    file === '-' ? 'standard-input.jsonl' : basename(file),
    checkedLines(bytesOf(file), lineTerms(name, terms)),
  );
}

/** The user utterances of a dataset as an upload; the id of a line is that of its conversation. */
export async function takeDataset(
  { dataset, version }: { readonly dataset: string; readonly version: number | undefined },
  { uploads, datasets }: Stored,
  terms: FileTerms,
): Promise<Upload> {
  const { number, entry } = await datasets.version(dataset, version);
  async function* lines(): AsyncGenerator<Uint8Array> {
    for (const part of entry.parts) {
      const rows = await datasets.keptRows(dataset, part);
      yield Buffer.from(rows.map(row => `${JSON.stringify({ id: row[0], text: row[4] })}\n`).join(''));
    }
  }
  const name = `${dataset}@${number}`;
  return await uploads.take(`${name}.jsonl`, checkedLines(lines(), lineTerms(name, terms, 'fromDataset')));
}

function lineTerms(name: string, { options, onBadLine, maxTextKb }: FileTerms, field = 'file') {
  const { language, types, threshold, timeZone, referenceTime, prefer } = options;
  const defaults = { ...requestDefaults, language, types, threshold, timeZone, referenceTime, prefer };
  return { name, onBadLine, maxTextKb, field, defaults };
}

/** Opened lazily: an error before the first read would be unhandled. */
async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* file === '-' ? process.stdin : createReadStream(file);
  } catch (error) {
    const reason = whyUnreadable(error);
    if (reason === null) throw error;
    throw new MlopsError('BAD_INPUT', `${file}: ${reason}`, { field: 'file' });
  }
}
