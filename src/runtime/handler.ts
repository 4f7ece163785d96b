import type { Logger } from 'pino';
import { z } from 'zod';
import { MlopsError } from '../errors.ts';
import type { Job } from './job.ts';
import type { JsonObject, Outcome } from './outcome.ts';
import { shownName } from './shown-name.ts';

/** What a handler works with. `Resources` is what the app gives all handlers to reach the world. */
export interface Context<Resources> {
  readonly resources: Resources;
  readonly jobId: string;
  /** Which try of the job this is, from 1. */
  readonly attempt: number;
  /** Bound to the job: every line names queue and id. */
  readonly logger: Logger;
  /** Aborted when the job timed out, its lock was lost, or the worker must go. */
  readonly signal: AbortSignal;
  /** What `progress` showed last, in this try or an earlier one: it outlives the worker, not Redis. */
  readonly shown: unknown;
  /** Shows how far the job is, on the board and to whoever waits. */
  progress(progress: JsonObject): Promise<void>;
}

export interface Handler<Resources> {
  readonly queue: string;
  run(data: unknown, context: Context<Resources>): Promise<Outcome>;
  /** Told once when the job fails for good, before it does. */
  failed(data: unknown, error: MlopsError, context: Context<Resources>): Promise<void>;
}

/**
 * What a worker does with the jobs of `job`'s queue. Data that is not a payload fails for good, naming the field.
 */
export function handle<Payload, Resources>(
  job: Job<Payload>,
  run: (payload: Payload, context: Context<Resources>) => Promise<Outcome>,
  failed: (payload: Payload, error: MlopsError, context: Context<Resources>) => Promise<void> = async () => undefined,
): Handler<Resources> {
  return {
    queue: job.name,
    run: async (data, context) => await run(parse(job, data), context),
    async failed(data, error, context) {
      const parsed = job.payload.safeParse(data);
      if (parsed.success) await failed(parsed.data, error, context);
    },
  };
}

function parse<Payload>(job: Job<Payload>, data: unknown): Payload {
  const parsed = job.payload.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new MlopsError(
    'BAD_PAYLOAD',
    `not a payload of ${job.name}: ${describeIssues(parsed.error)}. Discard this job, and ask for it by a command or the API`,
  );
}

/** `field: what is wrong`, for each issue; the values themselves are left out. */
export function describeIssues(error: z.core.$ZodError): string {
  return error.issues.map(issue => `${z.core.toDotPath(issue.path) || '(whole)'}: ${wrongIn(issue)}`).join('; ');
}

/** The schema's own words quote fields that it does not know, whatever they are called. */
function wrongIn(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return issue.message;
  return `fields that are not known: ${issue.keys.map(shownName).join(', ')}`;
}
