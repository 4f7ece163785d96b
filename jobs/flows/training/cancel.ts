import { closeIfCancelled } from '../../../src/store/trainings/close-cancelled.ts';
import { pollTraining } from '../../poll-training/job.ts';
import type { FlowResources, StartedRequest } from '../flow.ts';
import { trainingOf } from './status.ts';

/** Ends a cancelled training where its log still allows it; a job of the platform continues there. */
export async function cancelTraining(
  resources: Pick<FlowResources, 'queues' | 'trainings' | 'cancellations'>,
  { id }: StartedRequest,
): Promise<readonly string[]> {
  const { state, events } = await closeIfCancelled(trainingOf(id), id, resources);
  switch (state?.name) {
    case undefined:
      await resources.queues.withdraw([{ queue: pollTraining.name, id }]);
      return [];
    case 'submitting':
      return [
        'It is being submitted now: if the platform accepts it, its job continues there, but its result is ignored here',
      ];
    case 'cancelled': {
      if (state.jobId === null) return [];
      const hasEnded = events.some(({ kind }) => kind === 'evaluated');
      return [
        hasEnded
          ? `The job ${state.jobId} has ended on the platform: its model stays there, and is not registered here`
          : `The job ${state.jobId} continues on the platform, but its result is ignored here`,
      ];
    }
    case 'exported':
      return ['Its model is being registered, which cannot be undone'];
    default:
      return [];
  }
}
