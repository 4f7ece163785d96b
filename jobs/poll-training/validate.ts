import { createHash } from 'node:crypto';
import { checkTrainingData } from '../../src/domain/skill-training/check-training-data.ts';
import { downsample } from '../../src/domain/skill-training/downsample.ts';
import { fingerprintLines } from '../../src/domain/skill-training/fingerprint.ts';
import { payloadOf } from '../../src/domain/skill-training/payload.ts';
import { refusal } from '../../src/domain/skill-training/problem.ts';
import { parseTrainingData, type TrainingData } from '../../src/domain/skill-training/training-data.ts';
import { MlopsError } from '../../src/errors.ts';
import { readText } from '../../src/store/uploads/read-text.ts';
import type { Resources } from '../resources.ts';
import type { Context } from './context.ts';
import type { TrainPayload } from './job.ts';

/**
 * Creates the request: stores its payload and starts its log.
 * @throws MlopsError BAD_INPUT with all problems of the data, UPLOAD_NOT_FOUND
 */
export async function validate(payload: TrainPayload, { resources }: Pick<Context, 'resources'>): Promise<void> {
  const { trainings, uploads } = resources;
  const given = await readData(payload.data, uploads);
  const sampled = payload.downsample === null ? null : downsample(given, payload.downsample.seed);
  const data = sampled?.data ?? given;
  const body = payloadOf(payload.skillId, data);
  const dropped = given.utterances.length - data.utterances.length;
  await trainings.append(payload.request, 0, {
    kind: 'validated',
    at: new Date().toISOString(),
    request: payload.request,
    skillId: payload.skillId,
    by: payload.by,
    data: {
      fingerprint: fingerprintOf(data),
      utterances: data.utterances.length,
      labels: data.labels.length,
      source: payload.source,
      ...(payload.downsample === null || dropped === 0 ? {} : { downsampled: { ...payload.downsample, dropped } }),
    },
    payload: await trainings.writePayload(payload.request, body),
    warnings: checkTrainingData(data).warnings.map(({ code, count }) => ({ code, count })),
  });
}

async function readData(ref: string, uploads: Resources['uploads']): Promise<TrainingData> {
  const upload = await uploads.find(ref);
  if (upload === null)
    throw new MlopsError(
      'UPLOAD_NOT_FOUND',
      `upload ${ref} was not found or has expired. Upload the training data again`,
    );
  const parsed = parseTrainingData(parseJson(await readText(uploads, upload), upload.name));
  if (parsed.ok) return parsed.data;
  throw refusal(`${upload.name} is not valid training data`, parsed.problems);
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MlopsError('BAD_INPUT', `${name} is not valid JSON`, { where: name });
  }
}

function fingerprintOf(data: TrainingData): string {
  const hash = createHash('sha256');
  for (const line of fingerprintLines(data)) hash.update(line, 'utf8');
  return hash.digest('hex');
}
