import { z } from 'zod';
import { type JobStatus, jobStatus } from '../../src/domain/skill-training/job-status.ts';
import {
  type ArtifactExport,
  artifactExport,
  exportArtifacts,
  readEvaluation,
  readTrainingJob,
  services,
  submitTraining,
  type TrainingEvaluation,
  type TrainingSubmission,
} from '../../src/platform/endpoints.ts';
import { Random } from '../../src/sandbox/kernel/random.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { json, tokenOf } from './tenant.ts';

/** A token of the training service. */
export function trainingToken(sandbox: Sandbox): Promise<string> {
  return tokenOf(sandbox, {}, services.training);
}

/** Submits a training; a text is sent as it is. */
export function submit(sandbox: Sandbox, token: string, body: unknown): Promise<Response> {
  return fetch(`${sandbox.url}${submitTraining.path}`, { method: 'POST', ...json(body, token) });
}

const accepted = z.strictObject({ jobId: z.string() });

/** The id of a job that was accepted. */
export async function submitted(sandbox: Sandbox, token: string, body: unknown = trainingSet()): Promise<string> {
  return accepted.parse(await (await submit(sandbox, token, body)).json()).jobId;
}

type Asking = typeof readTrainingJob | typeof readEvaluation | typeof exportArtifacts;

export function askJob(
  sandbox: Sandbox,
  token: string,
  jobId: string,
  endpoint: Asking = readTrainingJob,
): Promise<Response> {
  const path = endpoint.path.replace('{jobId}', encodeURIComponent(jobId));
  return fetch(`${sandbox.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
}

export async function jobOf(sandbox: Sandbox, token: string, jobId: string): Promise<JobStatus> {
  return jobStatus.parse(await (await askJob(sandbox, token, jobId)).json());
}

/** As it comes over the wire. */
const sentEvaluation: z.ZodType<TrainingEvaluation> = z.object({
  labels: z.array(z.strictObject({ id: z.string(), name: z.string() })),
  predictions: z.array(z.union([z.string(), z.strictObject({ label: z.string(), score: z.number() })])),
  actuals: z.array(z.string()),
  trainingDurationSeconds: z.number(),
});

export async function evaluationOf(sandbox: Sandbox, token: string, jobId: string): Promise<TrainingEvaluation> {
  return sentEvaluation.parse(await (await askJob(sandbox, token, jobId, readEvaluation)).json());
}

export async function exportOf(sandbox: Sandbox, token: string, jobId: string): Promise<ArtifactExport> {
  return artifactExport.parse(await (await askJob(sandbox, token, jobId, exportArtifacts)).json());
}

/**
 * A submission of `classes` labels with `each` utterances: two words of the label's own five among four that all share.
 * Now and then one is of another label's five, so that no model gets all of them.
 */
export function trainingSet(classes = 3, each = 10): TrainingSubmission {
  const random = new Random('training set', classes, each);
  const labels = Array.from({ length: classes }, (_, index) => ({
    id: `label-${index}`,
    name: `Label ${index}`,
    description: `What is said of ${index}`,
  }));
  const utterances = labels.flatMap(({ id }, index) =>
    Array.from({ length: each }, () => {
      const about = () => (random.chance(0.2) ? random.below(classes) : index);
      const own = Array.from({ length: 2 }, () => `w${about()}x${random.below(5)}`);
      const shared = Array.from({ length: 4 }, () => `common${random.below(40)}`);
      return { text: [...shared, ...own].join(' '), label: id, language: 'en' };
    }),
  );
  return {
    skillId: 'skill-1',
    trainingData: { utterances, validationSplit: 0.2, language: 'en' },
    labels,
    hyperparameters: { maxEpochs: 50, earlyStopping: true, patience: 5 },
  };
}
