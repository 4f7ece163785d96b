import type { RequestState } from '../../src/domain/skill-training/request-state.ts';
import { MlopsError } from '../../src/errors.ts';
import { submissionRefused, submissionUnknown, trainingCancelled, trainingFailed, trainingTimedOut } from './errors.ts';

/** A request that has ended without a model, or needs a recovery. */
export type Failed = Extract<
  RequestState,
  { name: 'submission-unknown' | 'submission-refused' | 'failed' | 'cancelled' | 'timed-out' }
>;

/** The failure of the request, and what to do about it. */
export function failureOf(state: Failed): MlopsError {
  const { request } = state.opening;
  switch (state.name) {
    case 'submission-unknown':
      return new MlopsError(
        submissionUnknown,
        `it is unknown whether the platform accepted the training request ${request} (${state.reason.message}). Look for its job on the platform: attach the request to that job, or resubmit it if there is none`,
      );
    case 'submission-refused':
      return new MlopsError(
        submissionRefused,
        `the platform rejected the training: ${state.reason.message}. Fix the data or the skill, then train again`,
      );
    case 'failed':
      return new MlopsError(
        trainingFailed,
        `the training ${state.jobId} failed on the platform: ${state.reason.message}. See the platform for details, fix the cause, then train again`,
      );
    case 'cancelled':
      return new MlopsError(
        trainingCancelled,
        `the training ${state.jobId ?? request} was cancelled by ${state.by}: train again if the model is still needed`,
      );
    case 'timed-out':
      return new MlopsError(
        trainingTimedOut,
        `the training ${state.jobId} was still running after ${state.polls} polls: attach to ${state.jobId} to resume polling`,
      );
  }
}
