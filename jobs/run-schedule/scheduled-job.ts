import type { Schedule } from '../../src/domain/schedule/schedule.ts';
import { MlopsError } from '../../src/errors.ts';
import type { JobSpec } from '../../src/runtime/job-spec.ts';
import type { Flow, Scheduling } from '../flows/flow.ts';
import { flowNamed } from '../flows/flows.ts';

/**
 * The job that starts a schedule's work for the due time `slot`: equal inputs give the same job.
 * @param head the version of its dataset, 0 if there is none
 * @throws MlopsError BAD_INPUT if the flow does not exist or cannot be scheduled
 */
export function scheduledSpec(tenant: string, { name, version, work }: Schedule, slot: number, head: number): JobSpec {
  const { flow, scheduling } = scheduledFlow(work);
  return flow.start({
    tenant,
    token: `${name}-${version}-${slot}`,
    by: `schedule ${name}`,
    parameters: scheduling.parametersAt(work.parameters, head),
  });
}

/** The dataset that a schedule updates. @throws MlopsError BAD_INPUT */
export function scheduledDataset({ work }: Pick<Schedule, 'work'>): string {
  return scheduledFlow(work).scheduling.dataset(work.parameters);
}

function scheduledFlow({ flow: name }: Schedule['work']): {
  readonly flow: Flow;
  readonly scheduling: Scheduling<unknown>;
} {
  const flow = flowNamed(name);
  if (flow.scheduling !== null) return { flow, scheduling: flow.scheduling };
  throw new MlopsError('BAD_INPUT', `the flow ${name} cannot be scheduled`);
}
