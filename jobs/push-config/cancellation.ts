import type { Push } from '../../src/domain/push/push.ts';
import { tuningJobId } from '../compute-roc/job.ts';
import type { Resources } from '../resources.ts';
import type { PushPayload } from './job.ts';

/** The id the caller sees: that of the tuning the push belongs to, or its own job's. */
export function requestIdOf(payload: PushPayload): string {
  return payload.kind === 'tuning' ? tuningJobId(payload.tuning) : `rollback.${payload.request}`;
}

/** Whether the requester has cancelled the push. A push that was ever sent may have been accepted and is not undone. */
export async function isCancelled(push: Push, { cancellations }: Pick<Resources, 'cancellations'>): Promise<boolean> {
  if (push.timesSent > 0) return false;
  return await cancellations.isCancelled(
    push.source.kind === 'tuning' ? tuningJobId(push.source.tuning) : push.request,
  );
}
