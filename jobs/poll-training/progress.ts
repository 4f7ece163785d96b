import { z } from 'zod';
import { computeUnits } from '../../src/domain/skill-training/job-status.ts';
import type { Context } from '../../src/runtime/handler.ts';
import type { JsonObject } from '../../src/runtime/outcome.ts';

/**
 * What the job shows of itself, which is also all that a try knows of those before it: it outlives the worker, not
 * Redis. What is not there, or is no such thing, is as in the beginning.
 */
const shown = z.object({
  jobId: z.string().nullable().catch(null),
  status: z.string().nullable().catch(null),
  computeUnits: computeUnits.nullable().catch(null),
  /** Answers with a status so far. */
  polls: z.number().int().catch(0),
  /** 429s since the last of those. */
  refusals: z.number().int().catch(0),
  /** When the next poll may leave, in ms. */
  dueAt: z.number().nullable().catch(null),
  /** Tries that went wrong since the last one that went well. */
  troubles: z.number().int().catch(0),
});
export type Shown = z.infer<typeof shown>;

export function readShown({ shown: progress }: Pick<Context<unknown>, 'shown'>): Shown {
  return shown.parse(jsonObject.parse(progress));
}

/** Changes some of what is shown. */
export async function show(context: Pick<Context<unknown>, 'shown' | 'progress'>, changes: JsonObject): Promise<void> {
  await context.progress({ ...jsonObject.parse(context.shown), ...changes });
}

const jsonObject = z.record(z.string(), z.json()).catch({});
