import {
  endStates,
  type ListedRequest,
  listedRequest,
  type RequestEnd,
  type RequestFilter,
  requestEnd,
} from '../../domain/request/listed-request.ts';
import { parseArtifact } from '../artifacts/parse-artifact.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import { matches, parseRequestName, type RequestName, requestName } from './request-name.ts';

/** An entry of the list; `end` is `null` while the request waits or runs. */
export interface RequestEntry {
  readonly request: ListedRequest;
  readonly end: RequestEnd | null;
}

export interface RequestPage {
  /** Newest first. */
  readonly entries: readonly RequestEntry[];
  /** The name after which the next page begins; `null` on the last page. A page may be short, or empty, before the last. */
  readonly next: string | null;
}

/**
 * All requests of one tenant by time. Open requests are in one folder; a request that has ended is in the folder of the
 * minute in which it was accepted. Adding and ending a request costs one file each, whatever the history. A page reads the
 * names of the open requests and those of as many minutes as it takes to fill it, at most `mostNames` names.
 */
export interface RequestList {
  /** Adds a request as open, unless the list has it. */
  add(request: ListedRequest): Promise<void>;
  /** Notes the end of a request: of equal ends the first, of different ones the last. */
  end(request: ListedRequest, end: RequestEnd): Promise<void>;
  /** An ended request is open again, as after a retry. */
  reopen(request: ListedRequest): Promise<void>;
  /** The end of a request; `null` while it is open, or if the list does not have it. */
  endOf(request: ListedRequest): Promise<RequestEnd | null>;
  /** The requests that wait or run, oldest first. */
  open(): AsyncIterable<ListedRequest>;
  /** @param after the `next` of the page before */
  page(filter: RequestFilter, limit: number, after: string | null): Promise<RequestPage>;
}

const openFolder = 'request-list/open';
export const endedFolder = 'request-list/ended';

/** Names that one page reads at most. */
export const mostNames = 5_000;

const entry = listedRequest.extend({ end: requestEnd });

export function openRequestList(store: ArtifactStore): RequestList {
  async function readOpen(name: string): Promise<ListedRequest | null> {
    const key = `${openFolder}/${name}`;
    const content = await store.readIfThere(key);
    return content === null ? null : parseArtifact(key, content, listedRequest);
  }

  async function readEnded(at: number, name: string): Promise<RequestEntry | null> {
    const key = `${minuteFolder(at)}/${name}`;
    const content = await store.readIfThere(key);
    if (content === null) return null;
    const { end, ...request } = parseArtifact(key, content, entry);
    return { request, end };
  }

  /** Looks for each state, because the minute may have had any number of requests. */
  async function endedAs(name: string, at: number): Promise<string | null> {
    for (const state of endStates)
      if (await store.exists(`${minuteFolder(at)}/${name}.${state}`)) return `${name}.${state}`;
    return null;
  }

  async function endedName(request: ListedRequest): Promise<string | null> {
    return await endedAs(requestName(request), Date.parse(request.at));
  }

  async function read({ name, at, state }: RequestName): Promise<RequestEntry | null> {
    if (state !== 'open') return await readEnded(at, `${name}.${state}`);
    const request = await readOpen(name);
    if (request !== null) return { request, end: null };
    // It ended since its name was read.
    const ended = await endedAs(name, at);
    return ended === null ? null : await readEnded(at, ended);
  }

  /** The names of ended requests, newest first, from `before` on. */
  async function* endedNames(before: number): AsyncGenerator<RequestName> {
    for (const day of (await store.list(endedFolder)).reverse()) {
      if (Date.parse(`${day}T00:00:00Z`) > before) continue;
      for (const minute of (await store.list(`${endedFolder}/${day}`)).reverse()) {
        if (Date.parse(`${day}T${minute.replace('-', ':')}:00Z`) > before) continue;
        yield* (await store.list(`${endedFolder}/${day}/${minute}`)).reverse().flatMap(parseRequestName);
      }
    }
  }

  return {
    async add(request) {
      if ((await endedName(request)) !== null) return;
      await store.create(`${openFolder}/${requestName(request)}`, JSON.stringify(request));
    },
    async end(request, end) {
      const name = requestName(request);
      const folder = minuteFolder(Date.parse(request.at));
      const key = `${folder}/${name}.${end.state}`;
      const before = await endedName(request);
      // Created before the open entry is removed, so that a list has at least one of the two.
      await store.create(key, JSON.stringify({ ...request, end }));
      if (before !== null && before !== `${name}.${end.state}`) await store.remove(`${folder}/${before}`);
      await store.remove(`${openFolder}/${name}`);
    },
    async reopen(request) {
      const name = await endedName(request);
      if (name === null) return;
      await store.create(`${openFolder}/${requestName(request)}`, JSON.stringify(request));
      await store.remove(`${minuteFolder(Date.parse(request.at))}/${name}`);
    },
    async endOf(request) {
      const name = await endedName(request);
      return name === null ? null : ((await readEnded(Date.parse(request.at), name))?.end ?? null);
    },
    async *open() {
      for (const name of (await store.list(openFolder)).flatMap(parseRequestName)) {
        const request = await readOpen(name.name);
        if (request !== null) yield request;
      }
    },
    async page(filter, limit, after) {
      const before = after === null ? Number.POSITIVE_INFINITY : (parseRequestName(after)[0]?.at ?? 0);
      // Read first: a request that ends meanwhile is in both.
      const open = (await store.list(openFolder)).reverse().flatMap(parseRequestName);
      const found: RequestEntry[] = [];
      let seen = 0;
      let last: string | null = null;
      for await (const name of newestFirst(open, endedNames(before))) {
        if (after !== null && name.name >= after) continue;
        if (filter.since !== undefined && name.at < filter.since) return { entries: found, next: null };
        if (found.length === limit || seen === mostNames) return { entries: found, next: last };
        seen++;
        last = name.name;
        const entry = matches(name, filter) ? await read(name) : null;
        if (entry !== null) found.push(entry);
      }
      return { entries: found, next: null };
    },
  };
}

/** Merges both, newest first; of a request that is in both, the ended entry. */
async function* newestFirst(
  open: readonly RequestName[],
  ended: AsyncGenerator<RequestName>,
): AsyncGenerator<RequestName> {
  let place = 0;
  for await (const name of ended) {
    for (let next = open[place]; next !== undefined && next.name > name.name; next = open[++place]) yield next;
    if (open[place]?.name === name.name) place++;
    yield name;
  }
  yield* open.slice(place);
}

function minuteFolder(at: number): string {
  const [day = '', time = ''] = new Date(at).toISOString().split('T');
  return `${endedFolder}/${day}/${time.slice(0, 5).replace(':', '-')}`;
}
