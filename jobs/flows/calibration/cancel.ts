import { isOpen } from '../../../src/domain/sentiment/calibration-log.ts';
import { closeIfCancelled } from '../../calibrate-sentiment/cancellation.ts';
import { calibrateSentiment } from '../../calibrate-sentiment/job.ts';
import type { FlowResources, StartedRequest } from '../flow.ts';
import { calibrationOf, findCalibration } from './status.ts';

/** Withdraws a cancelled calibration where its log still allows it; one that was sent is not undone. */
export async function cancelCalibration(
  resources: Pick<FlowResources, 'queues' | 'calibrations' | 'cancellations'>,
  { id }: StartedRequest,
): Promise<readonly string[]> {
  await closeIfCancelled(calibrationOf(id), resources);
  const { own } = await findCalibration(resources, calibrationOf(id));
  // The job of a withdrawn one notes that in the audit log.
  if (own === null) await resources.queues.withdraw([{ queue: calibrateSentiment.name, id }]);
  if (own === null || !isOpen(own)) return [];
  return [
    own.accepted === null
      ? `Version ${own.version} was already sent: the platform may apply it, and it is followed to its end`
      : `The platform has accepted version ${own.version}: it is not undone, and it is followed to its end`,
  ];
}
