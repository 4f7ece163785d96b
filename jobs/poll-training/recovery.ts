import { refuseAttach, refuseResubmission } from '../../src/domain/skill-training/request-state.ts';
import { MlopsError } from '../../src/errors.ts';
import { readTrainingJob } from '../../src/platform/endpoints.ts';
import type { Context } from './context.ts';
import { trainingNotFound } from './errors.ts';
import type { RecoveryPayload } from './job.ts';

/**
 * Adds the recovery to the request's log, once: a request that is in progress by then needs none, and a request that
 * stops again needs another one.
 * @throws MlopsError BAD_INPUT if it does not apply to the request's state, PLATFORM_NOT_FOUND if the
 *   platform does not know the job
 */
export async function recover(
  { request, attach, by, recoveryId }: RecoveryPayload,
  { resources, signal }: Context,
): Promise<void> {
  const { trainings, cxone } = resources;
  const { state, length, events } = await trainings.read(request);
  if (state === null) throw new MlopsError(trainingNotFound, `training request ${request} was not found`);
  if (events.some(event => 'recoveryId' in event && event.recoveryId === recoveryId)) return;
  if (state.name !== 'submission-unknown' && state.name !== 'timed-out') return;
  const at = new Date().toISOString();
  if (attach === null) {
    refuseResubmission(state);
    await trainings.append(request, length, { kind: 'resubmission', at, by, recoveryId });
    return;
  }
  refuseAttach(state, attach);
  await cxone.ask(readTrainingJob, { path: { jobId: attach } }, signal);
  await trainings.append(request, length, { kind: 'attached', at, jobId: attach, by, recoveryId });
}
