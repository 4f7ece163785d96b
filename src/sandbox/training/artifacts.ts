import { createCipheriv, createHash } from 'node:crypto';
import type { TrainingSubmission } from '../../platform/endpoints.ts';
import type { StoredJob } from './job.ts';

/** The files of a completed job. */
export const artifactNames = ['model.bin', 'config.json'] as const;
export type ArtifactName = (typeof artifactNames)[number];

/** A file that is served whole or in part; its bytes are made when they are asked for, and always the same. */
export interface Artifact {
  readonly contentType: string;
  readonly size: number;
  /** The bytes from `from` up to, not including, `to`. */
  bytes(from: number, to: number): Uint8Array;
}

export async function artifactOf(
  job: StoredJob,
  name: ArtifactName,
  submission: () => Promise<TrainingSubmission>,
): Promise<Artifact> {
  return name === 'model.bin' ? weightsOf(job) : configOf(job, await submission());
}

/** Bytes that look random, since real weights hardly compress: a key stream that begins with the job's id. */
function weightsOf({ jobId, artifactBytes }: StoredJob): Artifact {
  const key = createHash('sha256').update(jobId).digest().subarray(0, 16);
  const block = 16;
  return {
    contentType: 'application/octet-stream',
    size: artifactBytes,
    bytes(from, to) {
      const first = Math.floor(from / block);
      const counter = Buffer.alloc(block);
      counter.writeBigUInt64BE(BigInt(first), 8);
      const stream = createCipheriv('aes-128-ctr', key, counter).update(Buffer.alloc(to - first * block));
      return stream.subarray(from - first * block);
    },
  };
}

function configOf(job: StoredJob, { trainingData, labels, hyperparameters }: TrainingSubmission): Artifact {
  const text = JSON.stringify({
    note: 'A simulated tenant trained nothing but a toy: the weights are noise.',
    jobId: job.jobId,
    skillId: job.skillId,
    trainedAt: job.submittedAt,
    model: 'centroids of TF-IDF over words and pairs of neighbours',
    language: trainingData.language,
    utterances: trainingData.utterances.length,
    validationSplit: trainingData.validationSplit,
    hyperparameters,
    labels,
  });
  const content = Buffer.from(text);
  return { contentType: 'application/json', size: content.length, bytes: (from, to) => content.subarray(from, to) };
}
