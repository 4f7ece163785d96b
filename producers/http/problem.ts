import { STATUS_CODES } from 'node:http';
import { hasZodFastifySchemaValidationErrors, type ZodFastifySchemaValidationError } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { isCoded, MlopsError } from '../../src/errors.ts';
import { isRedisAway } from '../../src/redis/connect.ts';

/** What went wrong, as RFC 9457 has it. */
export const problem = z
  .object({
    type: z.string().describe('A URN that names the kind of problem and never changes'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What is wrong here, and what to do'),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .describe('Of a body that cannot be taken: each field and what is wrong with it'),
  })
  .meta({ description: 'Problem details (RFC 9457)' });
export type Problem = z.infer<typeof problem>;

export const problemType = 'application/problem+json';

/** What goes wrong with any route under /v1, for its documentation. */
export const problems = (...statuses: readonly number[]) =>
  Object.fromEntries(
    statuses.map(status => [
      status,
      { description: meanings[status] ?? '', content: { [problemType]: { schema: problem } } },
    ]),
  );

const meanings: Readonly<Record<number, string>> = {
  400: 'The request is not what is asked for: `errors` names each field',
  401: 'No key or login, or a wrong one',
  404: 'Not found',
  409: 'It contradicts what is there',
  413: 'Larger than is taken here',
  415: 'Not a content-type that is taken here',
  422: 'Well-formed, but it cannot be done: `errors` names the field',
  503: 'Not now: `Retry-After` tells when, unless a service is not set up, which the detail names',
};

/** A problem on its way to the client. */
export interface Trouble {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
  /** Ours: worth a line in the log. */
  readonly isOurs: boolean;
}

/** A refusal of the HTTP side itself, with its own status and headers. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  readonly slug: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The fields that are wrong, where it is about fields. */
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
  if (isRedisAway(thrown))
    return codedTrouble(new MlopsError('REDIS_UNAVAILABLE', 'Redis does not answer: try again in a moment'));
  if (hasZodFastifySchemaValidationErrors(thrown)) return invalid(thrown.validation, thrown.validationContext);
  const status = statusIn(thrown);
  if (status === 503) return trouble(503, 'too-slow', 'No answer in time: try again in a moment', retryAfter, true);
  if (status < 500 && thrown instanceof Error) return trouble(status, slugOf(status), detailOf(status, thrown));
  return trouble(
    500,
    'internal',
    'Something went wrong that should not have: the log of the server says what',
    {},
    true,
  );
}

function refused({ status, slug, message, headers, errors }: Refused): Trouble {
  const made = trouble(status, slug, message, headers);
  return errors === undefined ? made : { ...made, problem: { ...made.problem, errors } };
}

function codedTrouble({ entry, message, field }: MlopsError): Trouble {
  const status = entry.http;
  const slug = entry.code.toLowerCase().replaceAll('_', '-');
  const detail = entry.publicMessage ?? message;
  const headers = entry.retryAfterS === undefined ? {} : { 'retry-after': String(entry.retryAfterS) };
  const made = trouble(status, slug, detail, headers, status >= 500);
  if (status !== 422 || field === undefined) return made;
  return { ...made, problem: { ...made.problem, errors: [{ field, message: detail }] } };
}

function invalid(issues: readonly ZodFastifySchemaValidationError[], context: string | undefined): Trouble {
  const errors = issues.flatMap(issue => {
    const place = issue.instancePath.split('/').filter(part => part !== '');
    const unknown: unknown = issue.params.keys;
    const fields = Array.isArray(unknown) ? unknown.map(key => [...place, String(key)]) : [place];
    return fields.map(field => ({ field: field.join('.') || `(${context ?? 'body'})`, message: issue.message ?? '' }));
  });
  const detail = errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
  const made = trouble(400, 'invalid', `The ${context ?? 'body'} is not what is asked for. ${detail}`);
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

/** Of a body that does not parse the parser's message would quote it. */
function detailOf(status: number, error: Error): string {
  switch (status) {
    case 400:
      return error instanceof SyntaxError || /JSON/.test(error.message)
        ? 'The body is not valid JSON. Send a JSON object with content-type: application/json'
        : 'The request cannot be read';
    case 413:
      return 'The body is larger than is taken here. Send a file to POST /v1/uploads and name its ref';
    case 415:
      return 'This content-type is not taken here. Send application/json (POST /v1/uploads takes files)';
    default:
      return STATUS_CODES[status] ?? 'Error';
  }
}
