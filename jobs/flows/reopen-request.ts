import { findRequest } from './find-request.ts';
import type { FlowJob, FlowResources } from './flow.ts';
import { flows } from './flows.ts';
import { listedAs } from './start-request.ts';

/** The request that a job belongs to is listed as open again, as when a failed job is retried. */
export async function reopenRequest(resources: FlowResources, job: FlowJob): Promise<void> {
  for (const flow of flows) {
    const id = await flow.requestOf(resources, job);
    const known = id === null ? null : await findRequest(resources, id);
    const listed = known === null || known.accepted === null ? null : listedAs(known.accepted);
    if (listed !== null) return await resources.requestList.reopen(listed);
  }
}
