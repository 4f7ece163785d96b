import type { Schedule } from '../../src/domain/schedule/schedule.ts';
import type { Order } from '../../src/runtime/job.ts';
import { fetchPage } from '../fetch-page/job.ts';

/**
 * The job that does a schedule's work of the time `slot`: the same one whenever it is asked for.
 * @param head the version of its dataset, 0 where there is none
 */
export function workOrder(tenant: string, { name, version, work }: Schedule, slot: number, head: number): Order {
  const { since, ...others } = work.parameters;
  return fetchPage.order({
    kind: 'open',
    tenant,
    dataset: work.dataset,
    request: `${name}-${version}-${slot}`,
    // How far a new dataset reaches back: every later run would fetch all of it again.
    parameters: head === 0 ? work.parameters : others,
  });
}
