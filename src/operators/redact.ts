import type { z } from 'zod';
import { findError } from '../../jobs/errors.ts';
import { isTimeZone } from '../domain/entity/time-zone.ts';
import { cancelledCode, readReason } from '../runtime/failure-reason.ts';
import type { QueueDefinition } from '../runtime/job.ts';
import { showMarked } from '../runtime/shown.ts';
import { shownId } from '../runtime/shown-name.ts';

/** The answer of a route of the board: JSON or text. */
export type Body = string | object;

/**
 * What operators may see of jobs on the board, as an allow list: fields of payloads, results and progress that a
 * definition marks with `shown()`, if the values match its schema; failure reasons written by this system; ids in the
 * forms of this system and BullMQ. Anything else in Redis is left out.
 *
 * @param jobs the queues of this system
 */
export function redact(body: Body, jobs: readonly ShownJob[]): Body {
  const byName = new Map(jobs.map(job => [job.name, job]));
  const walked = walk(body, name => byName.get(name));
  return typeof walked === 'object' && walked !== null ? walked : {};
}

/** An answer of the board as for read-only queues. */
export function withoutButtons(body: Body): Body {
  if (!isRecord(body) || !Array.isArray(body.queues)) return body;
  const queues = body.queues.map(queue =>
    isRecord(queue) ? { ...queue, readOnlyMode: true, allowRetries: false, allowCompletedRetries: false } : queue,
  );
  return { ...body, queues };
}

/** Log lines of a job. This system writes none, so only their number is shown. */
export function redactLogs(body: Body): Body {
  return Array.isArray(body) ? body.map(() => hidden) : [];
}

const hidden = '[redacted]';

/** The schemas of a queue's jobs; `shown()` marks the fields that operators may see. */
export type ShownJob = Pick<QueueDefinition<never>, 'name' | 'payload' | 'result' | 'progress'>;
type FindJob = (name: string) => ShownJob | undefined;

/** Around the jobs there are counts, settings and states, which are shown as they are. */
function walk(value: unknown, findJob: FindJob, queue?: ShownJob): unknown {
  if (Array.isArray(value)) return value.map(each => walk(each, findJob, queue));
  if (!isRecord(value)) return value;
  const own = jobOf(value, findJob) ?? queue;
  return mapFields(value, (field, each) => {
    if (jobFields.includes(field)) return showJobs(each, findJob, own);
    if (field === 'schedulers' && Array.isArray(each)) return each.map(one => showScheduler(one, findJob));
    return ids.includes(field) ? showId(each) : walk(each, findJob, own);
  });
}

/** The queue that a record of the board is about, by its name: our jobs have the name of their queue. */
function jobOf({ name, queueName }: Readonly<Record<string, unknown>>, findJob: FindJob): ShownJob | undefined {
  return [queueName, name].flatMap(each => (typeof each === 'string' ? (findJob(each) ?? []) : [])).at(0);
}

/** Where the answers of the board's routes hold jobs and trees of jobs. */
const jobFields: readonly string[] = ['jobs', 'job', 'flowRoot'];
const ids: readonly string[] = ['id', 'jobId', 'nodeId', 'deduplicationId', 'groupId', 'nextRunJobId', 'lastRunJobId'];

function showScheduler(value: unknown, findJob: FindJob): unknown {
  if (!isRecord(value)) return null;
  const isNamed = typeof value.id === 'string' && schedulerName.test(value.id);
  const job = jobOf(value, findJob);
  return {
    ...mapFields(value, (field, each) => showJobField(field, each, findJob, job)),
    id: isNamed ? value.id : hidden,
  };
}

function showJobs(value: unknown, findJob: FindJob, queue: ShownJob | undefined): unknown {
  if (Array.isArray(value)) return value.map(each => showJobs(each, findJob, queue));
  if (!isRecord(value)) return null;
  const job = jobOf(value, findJob) ?? queue;
  return mapFields(value, (field, each) => showJobField(field, each, findJob, job));
}

/** A field of a job, of a scheduler, or of their options. */
function showJobField(field: string, value: unknown, findJob: FindJob, job: ShownJob | undefined): unknown {
  if (ids.includes(field)) return showId(value);
  if (plain.includes(field) && isPlain(value)) return value;
  switch (field) {
    case 'name':
    case 'queueName':
      return typeof value === 'string' ? (findJob(value)?.name ?? hidden) : undefined;
    case 'data':
      return showOf(job?.payload, value);
    case 'returnValue':
      return showOf(job?.result, value);
    case 'progress':
      return showOf(job?.progress, value);
    case 'externalUrl':
      return isRecord(value) && typeof value.href === 'string' && isOwnPage(value.href) ? value : undefined;
    case 'failedReason':
    case 'deferredFailure':
      return typeof value === 'string' ? showReason(value) : undefined;
    case 'stacktrace':
      return Array.isArray(value) ? value.map(each => (typeof each === 'string' ? showStack(each) : '')) : [];
    case 'ignoredChildFailureReasons':
      return isRecord(value) ? Object.values(value).map(each => showReason(String(each))) : undefined;
    case 'opts':
    case 'template':
    case 'repeat':
    case 'backoff':
    case 'removeOnComplete':
    case 'removeOnFail':
    case 'dependencies':
    case 'children':
      return showJobs(value, findJob, job);
    case 'state':
    case 'type':
      return typeof value === 'string' && words.includes(value) ? value : undefined;
    case 'pattern':
      return typeof value === 'string' && cron.test(value) ? value : undefined;
    case 'tz':
      return typeof value === 'string' && isTimeZone(value) ? value : undefined;
    default:
      return undefined;
  }
}

function showOf(schema: z.ZodType | undefined, value: unknown): unknown {
  if (schema !== undefined) return showMarked(schema, value);
  return value === null || value === undefined ? value : hidden;
}

/** Fields whose values are numbers or booleans. */
const plain: readonly string[] = [
  'timestamp',
  'processedOn',
  'finishedOn',
  'delay',
  'priority',
  'attempts',
  'attemptsStarted',
  'stalledCounter',
  'isFailed',
  'every',
  'limit',
  'count',
  'offset',
  'startDate',
  'endDate',
  'next',
  'prevMillis',
  'iterationCount',
  'lastRun',
  'age',
  'jitter',
  'removeOnComplete',
  'removeOnFail',
  'backoff',
  'lifo',
  'sizeLimit',
  'keepLogs',
  'processed',
  'unprocessed',
  'ignored',
  'failed',
  'truncated',
];
const words: readonly string[] = [
  'active',
  'waiting',
  'waiting-children',
  'prioritized',
  'delayed',
  'completed',
  'failed',
  'unknown',
  'exponential',
  'fixed',
];
/** Our page about a job, if the job's id may be shown. */
const ownPage = /^about\/[a-z-]{1,64}\/([A-Za-z0-9_.-]{1,200})$/;
const cron = /^[\d*/,?#LW-]+( [\d*/,?#LWA-Z-]+){4,5}$/;

function isOwnPage(href: string): boolean {
  const [, id] = ownPage.exec(href) ?? [];
  return id !== undefined && shownId(id) === id;
}

function isPlain(value: unknown): boolean {
  return value === null || typeof value === 'number' || typeof value === 'boolean';
}

/** What operators call a schedule. */
const schedulerName = /^[A-Za-z0-9][\w.-]{0,99}$/;

function showId(value: unknown): unknown {
  return value === null || value === undefined ? value : shownId(value);
}

const theirReasons: readonly string[] = [
  'job stalled more than allowable limit',
  'job started more than allowable limit',
];

function showReason(reason: string): string {
  if (reason === '' || theirReasons.includes(reason)) return reason;
  return isOurs(reason) ? withoutSecrets(reason) : `${hidden}: not a reason of this system`;
}

function isOurs(reason: string): boolean {
  const { code } = readReason(reason);
  return code === cancelledCode || findError(code) !== undefined;
}

/** Our reasons may quote the answers of other systems. */
function withoutSecrets(reason: string): string {
  return secrets.reduce((text, secret) => text.replace(secret, hidden), reason);
}

const secrets: readonly RegExp[] = [
  /\b(bearer|basic)\s+[\w.~+/=-]+/gi,
  /\beyJ[\w-]+(\.[\w-]+)*/g,
  /\b\w*(token|secret|password|passwd|api[_-]?key|authorization)\w*["']?\s*[=:]\s*["']?[^\s"',;]+/gi,
  /\b(sk|pk|rk|tok|key|pat|ghp|gho|ghs|xox[abp])[-_][\w-]{8,}/gi,
  /[\w.+-]+@[\w-]+(\.[\w-]+)+/g,
  /(?<![\w.-])\+?\d(?:[ -]?\d){8,}(?![\w.-])/g,
];

/** The frames, and the first line where it is a reason of ours. */
function showStack(stack: string): string {
  return stack
    .split('\n')
    .map(line => (frame.test(line) ? line : showReason(line.replace(/^\w*Error: /, ''))))
    .filter(line => line !== '' && !line.startsWith(hidden))
    .join('\n');
}

const frame =
  /^ {4}at (async )?(new )?([\w$.#<>]+( \[as [\w$]+\])? )?\(?((file:|node:|\/)[^\s()]*:\d+:\d+|<anonymous>|native|index \d+)\)?$/;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object with each field shown as `show` says; fields for which it returns `undefined` are left out. */
function mapFields(
  value: Readonly<Record<string, unknown>>,
  show: (field: string, value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value)
      .map(([field, each]) => [field, show(field, each)] as const)
      .filter(([, shown]) => shown !== undefined),
  );
}
