import { createHash } from 'node:crypto';
import { z } from 'zod';
import { endStates, type RequestFilter } from '../../src/domain/request/listed-request.ts';
import { MlopsError } from '../../src/errors.ts';
import type { FlowResources } from './flow.ts';
import { flows } from './flows.ts';
import { type RequestLine, requestLine, requestLineOf } from './request-overview.ts';

export const requestKinds = flows.map(({ name }) => name);
export const requestStates = ['open', ...endStates] as const;
export const mostPerPage = 200;

/** A page of the list of requests, newest first. */
export const requestsPage = z.object({
  requests: z.array(requestLine),
  next: z
    .string()
    .nullable()
    .describe('Pass it as `cursor` to get the next page; null on the last one. A page may be short before the last'),
});
export type RequestsPage = z.infer<typeof requestsPage>;

/** What is listed, and from where on. */
export interface RequestQuery extends RequestFilter {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/**
 * Lists requests in pages. A page costs the open requests' names and those of the requests on it; see `RequestList`.
 * @throws MlopsError BAD_INPUT for a cursor of another query
 */
export async function listRequests(resources: FlowResources, query: RequestQuery): Promise<RequestsPage> {
  const { limit, cursor, ...filter } = query;
  const mark = markOf(filter);
  const { entries, next } = await resources.requestList.page(filter, limit, afterOf(cursor, mark));
  const requests: RequestLine[] = [];
  for (const entry of entries) requests.push(await requestLineOf(resources, entry));
  return { requests, next: next === null ? null : `${mark}.${next}` };
}

function afterOf(cursor: string | undefined, mark: string): string | null {
  if (cursor === undefined) return null;
  if (cursor.startsWith(`${mark}.`)) return cursor.slice(mark.length + 1);
  throw new MlopsError('BAD_INPUT', 'the cursor belongs to a query with other filters; omit it to begin again', {
    field: 'cursor',
  });
}

function markOf(filter: RequestFilter): string {
  const { kind, state, subject, owners, since } = filter;
  return createHash('sha256')
    .update(JSON.stringify([kind, state, subject, owners, since]))
    .digest('hex')
    .slice(0, 8);
}
