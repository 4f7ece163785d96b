import { z } from 'zod';

/** The platform's answer to an accepted calibration. */
export const calibrationAnswer = z.object({ jobId: z.string().min(1), status: z.string().optional() });

/** The platform's answer to the question for a calibration job. `error` may be of any form, and may hold secrets. */
export const calibrationJob = z.object({
  jobId: z.string().optional(),
  status: z.string(),
  error: z.unknown().optional(),
});

/** How a job with this status ended; `null` while it runs, which is what any other status means. */
export function endOf(status: string | undefined): 'completed' | 'failed' | null {
  return status === 'completed' || status === 'failed' ? status : null;
}
