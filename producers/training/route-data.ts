import { checkTrainingData } from '../../src/domain/skill-training/check-training-data.ts';
import { downsample } from '../../src/domain/skill-training/downsample.ts';
import { type Problem, refusal } from '../../src/domain/skill-training/problem.ts';
import { parseTrainingData, type TrainingData } from '../../src/domain/skill-training/training-data.ts';
import { isCoded, MlopsError } from '../../src/errors.ts';
import { readText } from '../../src/store/uploads/read-text.ts';
import type { Upload } from '../../src/store/uploads/uploads.ts';
import type { RequestContext } from '../http/flow-route.ts';
import { bytesOf, inlineOptions } from '../http/inline-upload.ts';
import { ownUpload } from '../http/own-upload.ts';
import { Refused } from '../http/problem.ts';
import { inspectJson } from '../json-inspection.ts';

/** The field of the body that holds the data or the ref of an upload. */
const field = 'data';
const mib = 2 ** 20;
/** The data is held in memory while it is validated, in a process that serves other requests too. */
const mostBytes = 64 * mib;

/**
 * The training data as an upload. It is validated first: if it has errors, nothing is enqueued. Inline data is stored as
 * a new upload.
 * @param given a ref, or the data
 * @param seed of the downsampling, `null` without
 * @throws Refused with all problems; MlopsError UPLOAD_NOT_FOUND, BAD_INPUT
 */
export async function takeTrainingData(
  given: string | object,
  seed: number | null,
  context: RequestContext,
): Promise<Upload> {
  const { uploads } = context.app;
  if (typeof given !== 'string') {
    const data = usable(given, seed, field);
    return await uploads.take('inline.json', bytesOf(JSON.stringify(data)), inlineOptions(context));
  }
  const upload = await ownUpload(given, field, 'training data', context);
  await context.checks.run(async () => usable(await readJson(upload, context), seed, upload.name));
  return upload;
}

async function readJson(upload: Upload, { app, signal }: RequestContext): Promise<unknown> {
  const { name, bytes } = upload;
  if (bytes > mostBytes)
    throw new MlopsError('BAD_INPUT', `${name} is too large: training data may have at most ${mostBytes / mib} MiB`, {
      field,
    });
  const text = await readText(app.uploads, upload).catch((error: unknown) => {
    if (!isCoded(error, 'BAD_INPUT')) throw error;
    throw new MlopsError('BAD_INPUT', error.message, { field });
  });
  signal.throwIfAborted();
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    const { error } = inspectJson(text);
    throw new MlopsError('BAD_INPUT', `${name}:${error?.line ?? 1}:${error?.column ?? 1}: not valid JSON`, {
      field,
    });
  }
}

/** @throws Refused if it is not valid training data or cannot be used for training */
function usable(json: unknown, seed: number | null, name: string): TrainingData {
  const parsed = parseTrainingData(json);
  if (!parsed.ok) throw refused(`${name} is not valid training data`, parsed.problems);
  const { problems } = checkTrainingData(seed === null ? parsed.data : downsample(parsed.data, seed).data);
  const hint = problems.some(({ code }) => code === 'imbalance') ? ' (use downsample to fix the imbalance)' : '';
  if (problems.length > 0) throw refused(`${name} cannot be used for training${hint}`, problems);
  return parsed.data;
}

function refused(what: string, problems: readonly Problem[]): Refused {
  const errors = problems.map(({ where, message }) => ({ field: fieldOf(where), message }));
  return new Refused(422, 'bad-input', refusal(what, problems).message, {}, errors);
}

/** Places in the form of other fields of a body: `data.utterances.17.text`. */
function fieldOf(where: string | undefined): string {
  if (where === undefined || where === '(whole)') return field;
  return `${field}.${where.replaceAll(/\[(\d+)\]/g, '.$1')}`;
}
