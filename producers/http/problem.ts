import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { isCoded, type MlopsError } from '../../src/errors.ts';
import { redisSocketError } from '../../src/redis/replies.ts';
import { cut, InvalidRequest, mostOfDetail } from './invalid-request.ts';

/** Problem details as defined by RFC 9457. */
export const problem = z
  .object({
    type: z.string().describe('A stable URN of the kind of problem'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What is wrong and what to do'),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .describe('Each invalid field once, with what is wrong with it: at most 20 fields'),
  })
  .meta({ description: 'Problem details (RFC 9457)' });
export type Problem = z.infer<typeof problem>;

export const problemType = 'application/problem+json';

/** The error responses of a route under /v1, for its documentation. */
export const problems = (...statuses: readonly number[]) =>
  Object.fromEntries(
    statuses.map(status => [
      status,
      { description: meanings[status] ?? '', content: { [problemType]: { schema: problem } } },
    ]),
  );

const meanings: Readonly<Record<number, string>> = {
  400: 'The request is invalid: `errors` lists each field',
  401: 'API key or login missing or invalid',
  403: 'The role of the key or login does not allow it, or a page of another origin sent a change',
  404: 'Not found',
  409: 'Conflicts with existing state',
  410: 'Removed',
  413: 'Body too large',
  415: 'Content-Type not supported',
  421: 'Sent to a host name that is not this server',
  422: 'Well-formed, but cannot be processed: `errors` lists the field',
  503: 'Unavailable: retry after `Retry-After`. Without that header a service is not configured; see `detail`',
};

/** A problem with its headers. */
export interface Trouble {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
  /** An error of the server, to be logged. */
  readonly isOurs: boolean;
}

/** A request rejected by the HTTP layer, with status and headers. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  readonly slug: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The invalid fields, if any. */
  readonly errors: Problem['errors'];

  constructor(
    status: number,
    slug: string,
    detail: string,
    headers: Readonly<Record<string, string>> = {},
    errors?: Problem['errors'],
  ) {
    super(detail);
    this.status = status;
    this.slug = slug;
    this.headers = headers;
    this.errors = errors;
  }
}

const retryAfter = { 'retry-after': '5' } as const;

/** A thrown error as a problem. Unknown errors are not described: their messages may hold secrets. */
export function troubleOf(thrown: unknown): Trouble {
  if (thrown instanceof Refused) return refused(thrown);
  if (isCoded(thrown)) return codedTrouble(thrown);
  const ofRedis = redisSocketError(thrown);
  if (ofRedis !== null) return codedTrouble(ofRedis);
  if (thrown instanceof InvalidRequest) return invalid(thrown);
  const status = statusIn(thrown);
  if (status === 503) return trouble(503, 'too-slow', 'The request timed out. Retry in a moment', retryAfter, true);
  if (status < 500 && thrown instanceof Error) return trouble(status, slugOf(status), detailOf(status, thrown));
  return trouble(500, 'internal', 'Internal error. See the server log', {}, true);
}

function refused({ status, slug, message, headers, errors }: Refused): Trouble {
  const made = trouble(status, slug, message, headers);
  return errors === undefined ? made : { ...made, problem: { ...made.problem, errors } };
}

function codedTrouble({ entry, message, field }: MlopsError): Trouble {
  const status = entry.http;
  const slug = entry.code.toLowerCase().replaceAll('_', '-');
  const detail = cut(entry.publicMessage ?? message, mostOfDetail);
  const headers = entry.retryAfterS === undefined ? {} : { 'retry-after': String(entry.retryAfterS) };
  const made = trouble(status, slug, detail, headers, status >= 500);
  if (status !== 422 || field === undefined) return made;
  return { ...made, problem: { ...made.problem, errors: [{ field, message: detail }] } };
}

function invalid({ fields, more, validationContext: part = 'body' }: InvalidRequest): Trouble {
  const errors = fields.map(({ field, message }) => ({ field: field || `(${part})`, message }));
  const named = errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
  const rest = more === 0 ? '' : `; and ${more.toLocaleString('en-US')} more`;
  const made = trouble(400, 'invalid', `The request ${part} is invalid. ${named}${rest}`);
  return { ...made, problem: { ...made.problem, errors } };
}

function trouble(
  status: number,
  slug: string,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
  isOurs = false,
): Trouble {
  const title = STATUS_CODES[status] ?? 'Error';
  return { problem: { type: `urn:problem-type:cxone-mlops:${slug}`, title, status, detail }, headers, isOurs };
}

function statusIn(thrown: unknown): number {
  if (!(thrown instanceof Error) || !('statusCode' in thrown)) return 500;
  return typeof thrown.statusCode === 'number' && thrown.statusCode >= 400 ? thrown.statusCode : 500;
}

function slugOf(status: number): string {
  return (STATUS_CODES[status] ?? 'error').toLowerCase().replaceAll(/[^a-z]+/g, '-');
}

/** The parser's own message is not used, because it would quote the body. */
function detailOf(status: number, error: Error): string {
  switch (status) {
    case 400:
      return error instanceof SyntaxError || /JSON/.test(error.message)
        ? 'The body is not valid JSON. Send a JSON object with content-type: application/json'
        : 'The request cannot be read';
    case 413:
      return 'The body is too large. Upload the data to POST /v1/uploads and send its ref';
    case 415:
      return 'Content-Type not supported. Send application/json (for files use POST /v1/uploads)';
    default:
      return STATUS_CODES[status] ?? 'Error';
  }
}
