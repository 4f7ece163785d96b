import type { Logger } from 'pino';
import { z } from 'zod';
import { MlopsError } from '../errors.ts';
import type { Outcome } from './outcome.ts';
import { shownName } from './shown-name.ts';

/** What a handler works with. `Resources` is what it needs to reach the world: a `Pick` of what the app has. */
export interface Context<Resources, Progress = unknown> {
  readonly resources: Resources;
  readonly jobId: string;
  /** Which attempt of the job this is, from 1. */
  readonly attempt: number;
  /** Bound to the job: every line names queue and id. */
  readonly logger: Logger;
  /** Aborted when the job timed out, its lock was lost, or the worker must go. */
  readonly signal: AbortSignal;
  /** What `progress` showed last, in this attempt or an earlier one, if it is valid: it outlives the worker, not Redis. */
  readonly lastProgress: Progress | null;
  /** Shows how far the job is, on the board and to callers that wait. */
  progress(progress: Progress): Promise<void>;
}

/** The context of the handler of one queue: `JobContext<typeof fetchPage, Pick<Resources, 'runs'>>`. */
export type JobContext<Definition extends { readonly progress: z.ZodType }, Resources> = Context<
  Resources,
  z.output<Definition['progress']>
>;

export interface Handler<Resources> {
  readonly queue: string;
  run(data: unknown, context: RawContext<Resources>): Promise<Outcome<unknown>>;
  /** Called once when the job fails for good, before it does. */
  failed(data: unknown, error: MlopsError, context: RawContext<Resources>): Promise<void>;
}

/** A context whose last progress is not parsed yet. */
export type RawContext<Resources> = Context<Resources, unknown>;

/** The part of a queue's definition that its handler needs. */
interface Types<Payload, Result, Progress> {
  readonly name: string;
  readonly payload: z.ZodType<Payload>;
  readonly result: z.ZodType<Result>;
  readonly progress: z.ZodType<Progress>;
}

/**
 * What a worker does with the jobs of `job`'s queue. Data that does not match the payload's schema fails for good, naming
 * the field.
 */
export function handle<Payload, Result, Progress, Resources>(
  job: Types<Payload, Result, Progress>,
  run: (payload: Payload, context: Context<Resources, Progress>) => Promise<Outcome<Result>>,
  failed: (payload: Payload, error: MlopsError, context: Context<Resources, Progress>) => Promise<void> = async () =>
    undefined,
): Handler<Resources> {
  return {
    queue: job.name,
    run: async (data, context) => await run(parse(job, data), withProgress(job, context)),
    async failed(data, error, context) {
      const parsed = job.payload.safeParse(data);
      if (parsed.success) await failed(parsed.data, error, withProgress(job, context));
    },
  };
}

function withProgress<Progress, Resources>(
  { progress }: { readonly progress: z.ZodType<Progress> },
  context: RawContext<Resources>,
): Context<Resources, Progress> {
  return {
    resources: context.resources,
    jobId: context.jobId,
    attempt: context.attempt,
    get logger() {
      return context.logger;
    },
    get signal() {
      return context.signal;
    },
    get lastProgress() {
      return progress.safeParse(context.lastProgress).data ?? null;
    },
    progress: value => context.progress(value),
  };
}

function parse<Payload>(job: Pick<Types<Payload, unknown, unknown>, 'name' | 'payload'>, data: unknown): Payload {
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

/** The schema's own messages quote the names of unknown fields. */
function wrongIn(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return issue.message;
  return `fields that are not known: ${issue.keys.map(shownName).join(', ')}`;
}
