import { mayBeCancelled } from '../../domain/skill-training/request-state.ts';
import type { Cancellations } from '../requests/cancellations.ts';
import type { Trainings } from './trainings.ts';

interface Edge {
  readonly trainings: Pick<Trainings, 'read' | 'append'>;
  readonly cancellations: Pick<Cancellations, 'find'>;
}

type Standing = Awaited<ReturnType<Trainings['read']>>;

/**
 * Ends a training request that its requester has cancelled, if it can still be ended. Its log decides whether this or the
 * next step came first, so that nothing is submitted or registered once a request is reported as cancelled.
 * @param id the request's id, which the caller sees
 * @returns its state afterwards
 */
export async function closeIfCancelled(
  request: string,
  id: string,
  { trainings, cancellations }: Edge,
): Promise<Standing> {
  const mark = await cancellations.find(id);
  for (;;) {
    const standing = await trainings.read(request);
    const { state, length } = standing;
    if (mark === null || state === null || !mayBeCancelled(state)) return standing;
    await trainings.append(request, length, { kind: 'cancelled', at: new Date().toISOString(), by: mark.by });
  }
}
