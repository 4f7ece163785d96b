import { z } from 'zod';
import { urlProblem } from '../redis/url.ts';
import { type Section, type Setting, type SettingReader, text, url } from './setting.ts';

export interface Storage {
  /** `null`: the embedded redis-server of this folder. */
  readonly redisUrl: string | null;
  readonly redisPrefix: string;
  readonly artifactsUrl: string;
  /** `null`: the model that comes with the package. */
  readonly modelPath: string | null;
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
  schema: url(['file:', 's3:']),
};
const modelPath: Setting<string> = {
  name: 'MODEL_PATH',
  description: 'Folder of another ONNX sentence-embedding model',
  example: null,
  unset: 'the model in models/',
  schema: text,
};

export function readStorage(reader: SettingReader): Storage {
  return {
    redisUrl: reader.read(redisUrl) ?? null,
    redisPrefix: reader.read(redisPrefix) ?? 'cxone',
    artifactsUrl: reader.read(artifactsUrl) ?? 'file:./data',
    modelPath: reader.read(modelPath) ?? null,
  };
}

export const storageSections: readonly Section[] = [
  {
    title: 'Redis and files',
    introduction: 'Where queues and data are kept.',
    settings: [redisUrl, redisPrefix, artifactsUrl, modelPath],
  },
];
