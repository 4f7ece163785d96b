import { z } from 'zod';
import { findRequest, type KnownRequest } from '../../jobs/flows/find-request.ts';
import type { App } from '../../src/app/app.ts';
import { type Caller, mayUse } from './guard.ts';
import { Refused } from './problem.ts';

/** The path of a request's routes. */
export const params = z.object({ id: z.string().describe('The id from the 202 response') });

/** A request of another owner is answered like one that does not exist. @throws Refused 404 */
export async function requestOf(app: App, id: string, caller: Caller): Promise<KnownRequest> {
  const known = await findRequest(app, id);
  if (known !== null && mayUse(caller, known.accepted ?? {})) return known;
  throw new Refused(404, 'no-such-job', `Job ${JSON.stringify(id.slice(0, 160))} not found`);
}
