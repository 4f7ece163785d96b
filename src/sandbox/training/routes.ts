import { createHash } from 'node:crypto';
import {
  exportArtifacts,
  readEvaluation,
  readTrainingJob,
  services,
  submitTraining,
} from '../../platform/endpoints.ts';
import { type Answer, answerJson, answerJsonText, refuse } from '../kernel/answer.ts';
import type { SandboxClock } from '../kernel/clock.ts';
import type { SandboxService } from '../kernel/pipeline.ts';
import type { SandboxRequest } from '../kernel/sandbox-request.ts';
import { artifactNames, artifactOf } from './artifacts.ts';
import { download } from './download.ts';
import { Evaluations } from './evaluation.ts';
import { isTerminal, type JobState, jobAnswer, type StoredJob } from './job.ts';
import type { TrainingJobs } from './jobs.ts';
import { artifactPath, Links, secretParameter } from './links.ts';
import { readSubmission } from './submission.ts';

/** The simulated training of models, and the downloads of what came of it. */
export function trainingService(jobs: TrainingJobs, clock: SandboxClock): SandboxService {
  const evaluations = new Evaluations();
  const links = new Links(clock);

  async function submit(request: SandboxRequest): Promise<Answer> {
    const read = readSubmission(request);
    if ('refusal' in read) return read.refusal;
    const jobId = await jobs.submit(read.body);
    if (jobId === null) return refuse(503, 'The training cluster is under heavy load. Try again later.');
    return answerJson(202, { jobId });
  }

  async function evaluation(request: SandboxRequest): Promise<Answer> {
    const found = await completed(jobs, request);
    if ('refusal' in found) return found.refusal;
    if (jobs.evaluation !== null) return answerJsonText(200, jobs.evaluation);
    const { job } = found;
    const evaluated = await evaluations.of(job, () => jobs.submission(job.jobId));
    return answerJson(200, { note: 'Of the sandbox’s own toy model, trained on what was submitted.', ...evaluated });
  }

  async function exported(request: SandboxRequest): Promise<Answer> {
    const found = await completed(jobs, request);
    if ('refusal' in found) return found.refusal;
    // A link carries whole seconds, so that is what is promised.
    const expiresAt = Math.floor(clock.now() / 1_000 + jobs.artifactLifetimeSeconds) * 1_000;
    const link = (name: string): string => links.sign(request.origin, found.job.jobId, name, expiresAt);
    return answerJson(200, {
      artifacts: { modelWeightsUrl: link('model.bin'), configUrl: link('config.json') },
      expiresAt: new Date(expiresAt).toISOString(),
    });
  }

  async function artifact(request: SandboxRequest): Promise<Answer> {
    const refused = links.refuse(request);
    if (refused !== null) return refused;
    const found = await completed(jobs, request);
    const name = artifactNames.find(each => each === request.params.name);
    if ('refusal' in found || name === undefined) return refuse(404, 'Artifact not found.');
    const { job } = found;
    const file = await artifactOf(job, name, () => jobs.submission(job.jobId));
    const etag = createHash('sha256').update(`${job.jobId}/${name}/${file.size}`).digest('base64url').slice(0, 22);
    return download(request, file, `"${etag}"`);
  }

  return {
    service: services.training,
    routes: [
      { endpoint: submitTraining, answer: submit, unlogged: { body: true } },
      { endpoint: readTrainingJob, answer: request => answerJob(jobs, request) },
      { endpoint: readEvaluation, answer: evaluation },
      { endpoint: exportArtifacts, answer: exported },
      {
        endpoint: { method: 'GET', path: artifactPath, family: null },
        isOpen: true,
        unlogged: { query: [secretParameter] },
        answer: artifact,
      },
    ],
  };
}

async function answerJob(jobs: TrainingJobs, { params }: SandboxRequest): Promise<Answer> {
  const found = await jobs.find(params.jobId ?? '');
  return found === null ? noSuchJob() : answerJson(200, jobAnswer(found.job, found.state));
}

/** A job with results; else 404 if it is unknown, or 409 if it has no results. */
async function completed(
  jobs: TrainingJobs,
  { params }: SandboxRequest,
): Promise<{ readonly job: StoredJob } | { readonly refusal: Answer }> {
  const found = await jobs.find(params.jobId ?? '');
  if (found === null) return { refusal: noSuchJob() };
  return found.state.status === 'COMPLETED' ? { job: found.job } : { refusal: withoutResults(found.state) };
}

function noSuchJob(): Answer {
  return refuse(404, 'Training job not found.');
}

function withoutResults(state: JobState): Answer {
  return refuse(
    409,
    isTerminal(state) ? `The training job ended ${state.status}.` : `The training job is still ${state.status}.`,
  );
}
