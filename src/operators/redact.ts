import { codes } from '../errors.ts';
import { shownId } from '../runtime/shown-name.ts';

/** What a route of the board answers: JSON, or a text. */
export type Body = string | object;

/**
 * What operators may see of jobs on the board. All of it is a list of what is shown, not of what is hidden: the fields
 * of payloads, results and progress that stand below, with values that look as such a field's do; of failures the
 * reasons that this system wrote itself; ids in the forms that this system and BullMQ give. Anything else, whoever put
 * it into Redis, is left out.
 *
 * @param queueNames what a job of ours may be called
 */
export function redact(body: Body, queueNames: readonly string[]): Body {
  const isQueue = new Set(queueNames);
  const walked = walk(body, name => (isQueue.has(name) ? name : hidden));
  return typeof walked === 'object' && walked !== null ? walked : {};
}

/** An answer of the board as for queues that nobody may change. */
export function withoutButtons(body: Body): Body {
  if (!isRecord(body) || !Array.isArray(body.queues)) return body;
  const queues = body.queues.map(queue =>
    isRecord(queue) ? { ...queue, readOnlyMode: true, allowRetries: false, allowCompletedRetries: false } : queue,
  );
  return { ...body, queues };
}

/** Log lines of a job: this system writes none, so of whatever they are only the number is shown. */
export function redactLogs(body: Body): Body {
  return Array.isArray(body) ? body.map(() => hidden) : [];
}

const hidden = '[redacted]';

type ShowName = (name: string) => string;

/** Around the jobs there are counts, settings and states, which are shown as they are. */
function walk(value: unknown, showName: ShowName): unknown {
  if (Array.isArray(value)) return value.map(each => walk(each, showName));
  if (!isRecord(value)) return value;
  return mapFields(value, (field, each) => {
    if (jobs.includes(field)) return showJobs(each, showName);
    if (field === 'schedulers' && Array.isArray(each)) return each.map(one => showScheduler(one, showName));
    return ids.includes(field) ? showId(each) : walk(each, showName);
  });
}

/** Where the answers of the board's routes hold jobs and trees of jobs. */
const jobs: readonly string[] = ['jobs', 'job', 'flowRoot'];
const ids: readonly string[] = ['id', 'jobId', 'nodeId', 'deduplicationId', 'groupId', 'nextRunJobId', 'lastRunJobId'];

function showScheduler(value: unknown, showName: ShowName): unknown {
  if (!isRecord(value)) return null;
  const isNamed = typeof value.id === 'string' && schedulerName.test(value.id);
  return { ...mapFields(value, (field, each) => showJobField(field, each, showName)), id: isNamed ? value.id : hidden };
}

function showJobs(value: unknown, showName: ShowName): unknown {
  if (Array.isArray(value)) return value.map(each => showJobs(each, showName));
  return isRecord(value) ? mapFields(value, (field, each) => showJobField(field, each, showName)) : null;
}

/** A field of a job, of a scheduler, or of their options. */
function showJobField(field: string, value: unknown, showName: ShowName): unknown {
  if (ids.includes(field)) return showId(value);
  if (plain.includes(field) && isPlain(value)) return value;
  switch (field) {
    case 'name':
    case 'queueName':
      return typeof value === 'string' ? showName(value) : undefined;
    case 'data':
    case 'returnValue':
    case 'progress':
      return showPayload(value);
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
      return showJobs(value, showName);
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

/** Fields whose values are numbers or yes and no. */
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
/** A page of ours about a job whose id may be shown. */
const ownPage = /^\/board\/about\/[a-z-]{1,64}\/([A-Za-z0-9_.-]{1,200})$/;
const cron = /^[\d*/,?#LW-]+( [\d*/,?#LWA-Z-]+){4,5}$/;

function isOwnPage(href: string): boolean {
  const [, id] = ownPage.exec(href) ?? [];
  return id !== undefined && shownId(id) === id;
}

function isPlain(value: unknown): boolean {
  return value === null || typeof value === 'number' || typeof value === 'boolean';
}

function isTimeZone(name: string): boolean {
  return name === 'UTC' || Intl.supportedValuesOf('timeZone').includes(name);
}

/** What operators call a schedule. */
const schedulerName = /^[A-Za-z0-9][\w.-]{0,99}$/;

function showId(value: unknown): unknown {
  return value === null || value === undefined ? value : shownId(value);
}

/** Of a payload, a result or a progress; a bare number can only be a percentage. */
function showPayload(value: unknown): unknown {
  if (value === null || value === undefined) return value;
  if (typeof value === 'number' && value >= 0 && value <= 100) return value;
  return isRecord(value) ? showFields(value) : hidden;
}

function showFields(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const shown = mapFields(value, showField);
  const left = Object.keys(value).length - Object.keys(shown).length;
  return left === 0 ? shown : { ...shown, [hidden]: left === 1 ? '1 field' : `${left} fields` };
}

function showField(field: string, value: unknown): unknown {
  if (value === null)
    return numbers.includes(field) || names.includes(field) || groups.includes(field) ? null : undefined;
  if (numbers.includes(field)) return typeof value === 'number' || typeof value === 'boolean' ? value : hidden;
  if (names.includes(field)) return Array.isArray(value) ? value.map(asName) : asName(value);
  if (groups.includes(field)) return isRecord(value) ? showFields(value) : hidden;
  return undefined;
}

/** What is counted, measured or numbered, and yes or no. */
const numbers: readonly string[] = [
  'page',
  'pass',
  'time',
  'batch',
  'batches',
  'asked',
  'joined',
  'complete',
  'total',
  'of',
  'decided',
  'embedded',
  'interactions',
  'turns',
  'texts',
  'kept',
  'removed',
  'rejects',
  'version',
  'rows',
  'minRating',
  'similarity',
  'lookBackMs',
  'ratingHorizonMs',
  'ratingSweepEveryMs',
  'maxFpr',
  'maxFprConfidence',
  'bootstrap',
  'seed',
  'minPositives',
  'minNegatives',
  'maxChange',
  'globalThreshold',
  'intents',
  'pushable',
  'skipped',
  'waitingForVersion',
  'maxPolls',
  'polls',
  'refusals',
  'dueAt',
  'percent',
  'troubles',
  'allocated',
  'used',
  'accuracy',
  'macroPrecision',
  'macroRecall',
  'macroF1',
  'slot',
  'over',
  'again',
  'answered',
  'waitingSince',
];
/** What is called by an id, a name, a hash or an instant. */
const names: readonly string[] = [
  'kind',
  'tenant',
  'dataset',
  'run',
  'runId',
  'request',
  'waitingFor',
  'since',
  'watermark',
  'bots',
  'model',
  'tuning',
  'csv',
  'by',
  'stage',
  'skillId',
  'data',
  'jobId',
  'status',
  'trainingStage',
  'attach',
  'asked',
  'name',
  'manifestSha256',
  'labelsSha256',
  'schedule',
  'target',
  'event',
];
/** What holds fields of its own. */
const groups: readonly string[] = ['parameters', 'identity', 'push', 'source', 'downsample', 'computeUnits'];
/** No blanks, not long; of the signs that customers' texts and secrets are full of only what an instant has. */
const name = /^[\w.:-]{1,80}$/;

function asName(value: unknown): string {
  return typeof value === 'string' && name.test(value) ? value : hidden;
}

const ourReason = new RegExp(`^(${[...Object.keys(codes), 'CANCELLED'].join('|')}): `);
const theirReasons: readonly string[] = [
  'job stalled more than allowable limit',
  'job started more than allowable limit',
];

function showReason(reason: string): string {
  if (reason === '' || theirReasons.includes(reason)) return reason;
  return ourReason.test(reason) ? withoutSecrets(reason) : `${hidden}: not a reason of this system`;
}

/** Our reasons may quote what another system said. */
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

/** The object with each field shown as `show` says; those of which it says `undefined` are left out. */
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
