import { createHash } from 'node:crypto';
import {
  type EndState,
  endStates,
  type ListedRequest,
  type RequestFilter,
} from '../../domain/request/listed-request.ts';

/**
 * The name of a request's entry in the list: `<ms>.<kind>.<token>.<subject>.<owner>`, the last two as
 * hashes, followed by `.<state>` once it has ended. Names sort by time, and a filter needs no content.
 */
export interface RequestName {
  readonly name: string;
  readonly at: number;
  readonly kind: string;
  readonly token: string;
  readonly subject: string;
  readonly owner: string;
  readonly state: 'open' | EndState;
}

const form = /^(\d{13})\.([a-z]+)\.([A-Za-z0-9_-]{1,64})\.([0-9a-f]{12})\.([0-9a-f]{12})(?:\.([a-z]+))?$/;

export function requestName({ at, kind, token, subject, owner }: Omit<ListedRequest, 'id' | 'by'>): string {
  return [String(Date.parse(at)).padStart(13, '0'), kind, token, hashOf(subject), hashOf(owner)].join('.');
}

/** An empty list if `name` is not the name of an entry. */
export function parseRequestName(name: string): RequestName[] {
  const [, at, kind, token, subject, owner, ended] = form.exec(name) ?? [];
  if (at === undefined || kind === undefined || token === undefined || subject === undefined || owner === undefined)
    return [];
  const state = ended === undefined ? 'open' : endStates.find(each => each === ended);
  if (state === undefined) return [];
  return [{ name: [at, kind, token, subject, owner].join('.'), at: Number(at), kind, token, subject, owner, state }];
}

export function matches(name: RequestName, { kind, state, subject, owners, since }: RequestFilter): boolean {
  return (
    (kind === undefined || name.kind === kind) &&
    (state === undefined || name.state === state) &&
    (subject === undefined || name.subject === hashOf(subject)) &&
    (owners === undefined || owners.some(owner => name.owner === hashOf(owner))) &&
    (since === undefined || name.at >= since)
  );
}

function hashOf(text: string | null): string {
  return createHash('sha256').update(JSON.stringify(text)).digest('hex').slice(0, 12);
}
