import type { Schedule } from '../../src/domain/schedule/schedule.ts';
import type { JobSpec } from '../../src/runtime/job-spec.ts';
import { fetchPage } from '../fetch-page/job.ts';

/**
 * The job that does a schedule's work of the time `slot`: the same one whenever it is asked for.
 * @param head the version of its dataset, 0 where there is none
 */
export function scheduledSpec(tenant: string, { name, version, work }: Schedule, slot: number, head: number): JobSpec {
  const { since, ...others } = work.parameters;
  return fetchPage.spec({
    kind: 'open',
    tenant,
    dataset: work.dataset,
    request: `${name}-${version}-${slot}`,
    // How far a new dataset reaches back: every later run would fetch all of it again.
    parameters: head === 0 ? work.parameters : others,
  });
}
