import { z } from 'zod';
import { urlProblem } from '../redis/url.ts';
import { readFileUrl } from '../store/artifacts/file-url.ts';
import { type Section, type Setting, type SettingReader, text } from './setting.ts';

export interface Storage {
  /** `null`: the embedded redis-server of this folder. */
  readonly redisUrl: string | null;
  readonly redisPrefix: string;
  readonly artifactsUrl: string;
  /** `null`: the model that comes with the package. */
  readonly modelPath: string | null;
  /** The largest file of a trained model that is downloaded, in bytes. */
  readonly modelFileMaxBytes: number;
  /** What a worker process may use for its inference sessions and for the vectors that it remembers, in MB. */
  readonly embeddingMemoryMb: number;
  /** What a worker process may keep of the datasets' vectors between runs, in MB. */
  readonly dedupMemoryMb: number;
}

const redisUrl: Setting<string> = {
  name: 'REDIS_URL',
  description:
    '`redis://`, `rediss://`, `unix:` or `redis-sentinel://[USER:PASSWORD@]HOST:PORT,…/MASTER` of Redis 6.2 or newer',
  example: null,
  unset: 'a private redis-server for this folder, with its data in ./data/redis',
  schema: z.string().superRefine((value, context) => {
    const problem = urlProblem(value);
    if (problem !== null) context.addIssue(problem);
  }),
};
const redisPrefix: Setting<string> = {
  name: 'REDIS_PREFIX',
  description: 'Start of our keys, so that several installations can share one Redis',
  example: 'cxone',
  schema: z.string().regex(/^[A-Za-z0-9_-]+$/, 'may contain letters, digits, - and _'),
};
const artifactsUrl: Setting<string> = {
  name: 'ARTIFACTS_URL',
  description:
    'Where datasets, runs, models and logs are stored. All processes of an installation must see the same folder',
  example: 'file:./data',
  schema: z.string().superRefine((value, context) => {
    const problem = artifactsProblem(value);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  }),
};
const modelPath: Setting<string> = {
  name: 'MODEL_PATH',
  description: 'Folder of another ONNX sentence-embedding model',
  example: null,
  unset: 'the model in models/',
  schema: text,
};

function megabytes(least: number): z.ZodType<number, string> {
  return z
    .string()
    .refine(
      text => /^\d{1,6}$/.test(text) && Number(text) >= least,
      `must be a whole number of MB from ${least} to 999999`,
    )
    .transform(Number);
}

const modelFileMax: Setting<number> = {
  name: 'MODEL_FILE_MAX_MB',
  description: 'The largest file of a trained model that is downloaded from the platform, in MB',
  example: '2048',
  schema: z
    .string()
    .regex(/^[1-9]\d{0,6}$/, 'must be a whole number of MB')
    .transform(Number),
};

function artifactsProblem(value: string): string | null {
  if (/^s3:\/\/[^/]/i.test(value)) return null;
  if (/^(\.{0,2}\/|\.{1,2}$)/.test(value)) return `must begin with file: (write file:${value}) or s3://`;
  if (!/^file:/i.test(value))
    return 'must be file:FOLDER, such as file:./data or file:/srv/data, or s3://BUCKET/PREFIX';
  const read = readFileUrl(value);
  return 'problem' in read ? read.problem : null;
}

const embeddingMemoryMb: Setting<number> = {
  name: 'EMBEDDING_MEMORY_MB',
  description:
    'Memory of a worker process for embedding, in MB. It has an inference session of 170 MB for each core that it may use, as far as this allows, and at least one',
  example: '1600',
  schema: megabytes(64),
};

const dedupMemoryMb: Setting<number> = {
  name: 'DEDUP_MEMORY_MB',
  description:
    'Memory of a worker process for the vectors of kept rows between runs, in MB: 2.3 a thousand rows. Datasets that do not fit are read again by each run with new rows; 0 keeps none',
  example: '512',
  schema: megabytes(0),
};

export function readStorage(reader: SettingReader): Storage {
  return {
    redisUrl: reader.read(redisUrl) ?? null,
    redisPrefix: reader.read(redisPrefix) ?? 'cxone',
    artifactsUrl: reader.read(artifactsUrl) ?? 'file:./data',
    modelPath: reader.read(modelPath) ?? null,
    modelFileMaxBytes: (reader.read(modelFileMax) ?? 2048) * 1024 * 1024,
    embeddingMemoryMb: reader.read(embeddingMemoryMb) ?? 1600,
    dedupMemoryMb: reader.read(dedupMemoryMb) ?? 512,
  };
}

export const storageSections: readonly Section[] = [
  {
    title: 'Redis and files',
    introduction: 'Where queues and data are kept.',
    settings: [redisUrl, redisPrefix, artifactsUrl, modelPath, modelFileMax, embeddingMemoryMb, dedupMemoryMb],
  },
];
