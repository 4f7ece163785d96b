import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type RegistryEntry, registryEntry } from '../../../src/domain/skill-training/registry-entry.ts';
import {
  isSettled,
  type RequestState,
  refuseAttach,
  refuseResubmission,
} from '../../../src/domain/skill-training/request-state.ts';
import { MlopsError } from '../../../src/errors.ts';
import type { JobSpec } from '../../../src/runtime/job-spec.ts';
import { trainingNotFound } from '../../poll-training/errors.ts';
import { pollTraining, type TrainPayload, trainPayload } from '../../poll-training/job.ts';
import type { FlowResources } from '../flow.ts';

/** The parameters of a training request, once its data is an upload. */
export const trainingParameters = trainPayload.omit({ kind: true, tenant: true, request: true, by: true });

/** A training request. */
export type TrainingRequest = Omit<TrainPayload, 'kind'>;

/** The job that carries out the request. */
export function trainingSpec(request: TrainingRequest): JobSpec {
  return pollTraining.spec({ kind: 'train', ...request });
}

/** How to continue a request that has stopped: attach it to its job on the platform, or submit it again. */
export interface Recovery {
  readonly tenant: string;
  readonly request: string;
  readonly attach: string | null;
  readonly maxPolls: number;
  readonly by: string;
}

export function recoverySpec(recovery: Recovery): JobSpec {
  return pollTraining.spec({ kind: 'recovery', recoveryId: randomUUID(), ...recovery });
}

/** Which request a recovery is for. */
export interface Patient {
  readonly request?: string | undefined;
  readonly skillId?: string | undefined;
  /** The platform's job; `null` for a resubmission. */
  readonly attach: string | null;
}

/**
 * The request that a recovery is for: the named one, else the one that waits for or timed out on that job, else the one
 * whose submission has an unknown outcome.
 * @throws MlopsError BAD_INPUT if there is none, or more than one
 */
export async function findPatient({ trainings }: Pick<FlowResources, 'trainings'>, patient: Patient): Promise<string> {
  const { request, attach } = patient;
  if (request !== undefined) {
    const { state } = await trainings.read(request);
    if (state === null)
      throw new MlopsError(trainingNotFound, `training request ${request} was not found`, { field: 'request' });
    if (attach === null) refuseResubmission(state);
    else if (!isUnderWayOn(state, attach)) refuseAttach(state, attach);
    return request;
  }
  const states = await Promise.all((await trainings.list()).map(async id => (await trainings.read(id)).state));
  const ofSkill = states
    .filter(state => state !== null)
    .filter(state => patient.skillId === undefined || state.opening.skillId === patient.skillId);
  const own = ofSkill.filter(
    state => attach !== null && ((state.name === 'timed-out' && state.jobId === attach) || isUnderWayOn(state, attach)),
  );
  const unknown = ofSkill.filter(state => state.name === 'submission-unknown');
  return only(own.length > 0 ? own : unknown);
}

/** A request in progress may have lost its job, for example after a long outage of the platform: then it is resumed. */
function isUnderWayOn(state: RequestState, jobId: string): boolean {
  return !isSettled(state) && 'jobId' in state && state.jobId === jobId;
}

function only(states: readonly RequestState[]): string {
  const [first, ...others] = states;
  if (first !== undefined && others.length === 0) return first.opening.request;
  const named = states.map(({ opening }) => `${opening.request} (${opening.skillId}, ${opening.at})`).join(', ');
  throw new MlopsError(
    'BAD_INPUT',
    first === undefined
      ? 'no training request is submission-unknown, or timed out on this job'
      : `several training requests match; name one of: ${named}`,
    { field: 'request' },
  );
}

/** The result of a training: what `train --json` prints. */
export const trainingSummaryShape = z.object({
  jobId: z.string().describe('The platform’s'),
  status: z.literal('COMPLETED'),
  request: z.string(),
  model: z.int().describe('Its number in the model registry'),
  metrics: registryEntry.shape.metrics,
  bestThreshold: registryEntry.shape.bestThreshold.describe(
    'On the grid from 0.30 to 0.90 by 0.05, and over all scores; null if the platform reported no scores',
  ),
  artifacts: z.array(registryEntry.shape.files.element.pick({ name: true, bytes: true, sha256: true })),
  stray: registryEntry.shape.stray.describe('Predictions of the evaluation outside its labels, which count as wrong'),
});
export type TrainingSummary = z.infer<typeof trainingSummaryShape>;

export function trainingSummary(
  { jobId, request, metrics, bestThreshold, files, stray }: RegistryEntry,
  model: number,
): TrainingSummary {
  return {
    jobId,
    status: 'COMPLETED',
    request,
    model,
    metrics,
    bestThreshold,
    artifacts: files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
    ...(stray === undefined ? {} : { stray }),
  };
}

/** The registered model of a request, `null` until there is one. */
export async function modelOf({ trainings, models }: Pick<FlowResources, 'trainings' | 'models'>, request: string) {
  const { state } = await trainings.read(request);
  if (state?.name !== 'audited') return null;
  const found = (await models.list()).find(({ number }) => number === state.registryEntry);
  if (found !== undefined) return found;
  throw new MlopsError(
    'ARTIFACT_DAMAGED',
    `the model ${state.registryEntry} of ${request} is missing in the registry: bring models/log back from a backup`,
  );
}
