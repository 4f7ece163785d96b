import { mayBeCancelled } from '../../domain/skill-training/request-state.ts';
import type { Cancellations } from '../requests/cancellations.ts';
import type { Trainings } from './trainings.ts';

interface Edge {
  readonly trainings: Pick<Trainings, 'read' | 'append'>;
  readonly cancellations: Pick<Cancellations, 'find'>;
}

type Standing = Awaited<ReturnType<Trainings['read']>>;

/**
 * Ends a training request whose asker has cancelled it, where it can still be ended. Its log says which came first, that or
 * the next step: so nothing is submitted or registered for who was told that it is cancelled.
 * @param id the request's id, which the caller sees
 * @returns where it stands then
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
