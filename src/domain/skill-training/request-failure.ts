import { MlopsError } from '../../errors.ts';
import type { RequestState } from './request-state.ts';

/** A request that has come to rest without a model. */
export type Failed = Extract<
  RequestState,
  { name: 'submission-unknown' | 'submission-refused' | 'failed' | 'cancelled' | 'timed-out' }
>;

/** What is told of it, with what to do about it. */
export function failureOf(state: Failed): MlopsError {
  const { request } = state.opening;
  switch (state.name) {
    case 'submission-unknown':
      return new MlopsError(
        'SUBMISSION_UNKNOWN',
        `whether the platform took the training ${request} cannot be known (${state.reason.message}). Look for its job there: if there is one, train --attach JOBID --request ${request} goes on with it; if there is none, train --resubmit --request ${request} submits it once more`,
      );
    case 'submission-refused':
      return new MlopsError(
        'SUBMISSION_REFUSED',
        `the training was not taken: ${state.reason.message}. Mend the data or the skill, then train anew`,
      );
    case 'failed':
      return new MlopsError(
        'TRAINING_FAILED',
        `the training ${state.jobId} failed on the platform: ${state.reason.message}. Look there for more, mend it, then train anew`,
      );
    case 'cancelled':
      return new MlopsError(
        'TRAINING_CANCELLED',
        `the training ${state.jobId ?? request} was cancelled by ${state.by}: train anew if it is still wanted`,
      );
    case 'timed-out':
      return new MlopsError(
        'TRAINING_TIMED_OUT',
        `the training ${state.jobId} was not done after ${state.polls} polls: train --attach ${state.jobId} goes on waiting`,
      );
  }
}
