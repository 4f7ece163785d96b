import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import axios, { isAxiosError } from 'axios';
import { z } from 'zod';
import { MlopsError } from '../errors.ts';
import { type LinkRules, lookupFor, privateAddress, proveLink, tooLargeFile } from './link-rules.ts';
import { proxyFor } from './proxy.ts';
import { isRedirect } from './status.ts';
import { tlsProblem } from './tls-failure.ts';
import { refusedByProxy } from './transport.ts';

/** How many times in a row a download may break without receiving a byte. */
const mostBreaks = 6;

/** Milliseconds. */
export interface DownloadWaits {
  /** After a break, doubled with each in a row. */
  readonly backoffMs: number;
  /** A connection that receives nothing for this long counts as broken. */
  readonly silenceMs: number;
}

/** Redirects that are followed, each within the rules. */
const mostRedirects = 3;

const usualWaits: DownloadWaits = { backoffMs: 200, silenceMs: 30_000 };

/** Downloads of files that the platform gives signed links to. */
export interface Downloads {
  /** See `download`. */
  open(link: () => Promise<string>, signal: AbortSignal): AsyncGenerator<Uint8Array>;
}

/** @param rules read at each download, because a service that is not configured has none */
export function openDownloads(rules: () => LinkRules): Downloads {
  return { open: (link, signal) => download(link, signal, rules()) };
}

/** The link is no longer valid; a new one may be. */
const expired: readonly number[] = [401, 403, 404, 410];

/**
 * The bytes behind a signed URL, unchanged. A broken download resumes where it broke if the server supports that for the
 * same file; otherwise it ends with DOWNLOAD_BROKEN, since the bytes already returned cannot be revoked.
 * @param link returns a currently valid URL; called again once the URL has expired
 * @throws MlopsError DOWNLOAD_BROKEN, DOWNLOAD_EXPIRED, DOWNLOAD_REFUSED, PLATFORM_UNTRUSTED; the URL is never part of an
 *   error
 */
export async function* download(
  link: () => Promise<string>,
  signal: AbortSignal,
  rules: LinkRules,
  { backoffMs, silenceMs }: DownloadWaits = usualWaits,
): AsyncGenerator<Uint8Array> {
  let url = await link();
  let offset = 0;
  let total: number | null = null;
  let etag: string | null = null;
  let breaks = 0;
  let renewed = false;
  for (;;) {
    const part = await open(url, { offset, etag, silenceMs, rules }, signal);
    if (part !== null && expired.includes(part.status)) {
      part.close();
      if (renewed)
        throw new MlopsError(
          'DOWNLOAD_EXPIRED',
          `a fresh link of the platform was answered ${part.status}: retry, or check on the platform whether the files still exist`,
        );
      renewed = true;
      url = await link();
      continue;
    }
    if (part !== null && (part.status === 200 || part.status === 206)) {
      if (offset > 0 && !goesOn(part, { offset, total, etag })) {
        part.close();
        throw new MlopsError('DOWNLOAD_BROKEN', `the download broke at ${offset} bytes and cannot be resumed`);
      }
      total ??= part.length;
      etag ??= part.etag;
      if (total !== null && total > rules.mostBytes) {
        part.close();
        throw tooLargeFile(total, rules);
      }
      for await (const chunk of untilBroken(part, silenceMs, signal)) {
        if (offset + chunk.byteLength > rules.mostBytes) throw tooLargeFile(offset + chunk.byteLength, rules);
        yield chunk;
        offset += chunk.byteLength;
        breaks = 0;
        renewed = false;
      }
      if (total === null ? part.isWhole() : offset === total) return;
      if (total !== null && offset > total)
        throw new MlopsError('DOWNLOAD_BROKEN', `the platform sent ${offset} bytes of a file of ${total}`);
    } else part?.close();
    breaks += 1;
    if (breaks > mostBreaks)
      throw new MlopsError('DOWNLOAD_BROKEN', `the download broke ${breaks} times at ${offset} bytes${statusOf(part)}`);
    await pause(backoffMs * 2 ** breaks, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

interface Part {
  readonly status: number;
  /** The offset of its bytes in the file; `null` if the server does not give it. */
  readonly from: number | null;
  /** Bytes of the whole file. */
  readonly length: number | null;
  readonly etag: string | null;
  readonly body: AsyncIterable<Uint8Array>;
  /** Whether the body was complete. */
  isWhole(): boolean;
  close(): void;
}

const statusOf = (part: Part | null) => (part === null ? '' : ` (${part.status})`);

/** Whether a part continues the same file after its first `offset` bytes. */
function goesOn(part: Part, begun: { offset: number; total: number | null; etag: string | null }): boolean {
  return (
    part.status === 206 &&
    part.from === begun.offset &&
    (begun.total === null || part.length === null || part.length === begun.total) &&
    (begun.etag === null || part.etag === null || part.etag === begun.etag)
  );
}

/** `bytes 5-9/10`: the start of the part and the length of the whole. */
function placeOf(contentRange = ''): { from: number | null; length: number | null } {
  const [, from, length] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(contentRange) ?? [];
  return { from: numberOf(from), length: numberOf(length) };
}

function numberOf(digits: string | undefined): number | null {
  return digits !== undefined && /^\d+$/.test(digits) ? Number(digits) : null;
}

interface Opening {
  readonly offset: number;
  readonly etag: string | null;
  readonly silenceMs: number;
  readonly rules: LinkRules;
}

/** `null` if there is no answer. Redirects are followed, since object stores use them; no token of ours is sent. */
async function open(url: string, opening: Opening, signal: AbortSignal): Promise<Part | null> {
  let target = url;
  for (let redirects = 0; ; redirects++) {
    await proveLink(target, opening.rules);
    const part = await openOnce(target, opening, signal);
    const next = part === null || !isRedirect(part.status) ? null : part.location;
    if (part === null || next === null || redirects === mostRedirects || !URL.canParse(next, target)) return part;
    part.close();
    target = new URL(next, target).href;
  }
}

/** `null` if there is no answer. */
async function openOnce(
  url: string,
  { offset, etag, silenceMs, rules }: Opening,
  signal: AbortSignal,
): Promise<(Part & { readonly location: string | null }) | null> {
  // The axios timeout cannot be paused: a slow reader would count as a silent connection.
  const stop = new AbortController();
  const abort = () => stop.abort();
  const timer = setTimeout(abort, silenceMs);
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    const { proxy } = proxyFor(url);
    // A proxy resolves the names itself.
    const lookup = proxy === false ? await lookupFor(rules) : undefined;
    const { status, headers, data } = await axios.get(url, {
      responseType: 'stream',
      validateStatus: () => true,
      maxRedirects: 0,
      signal: stop.signal,
      decompress: false,
      headers: {
        // A compressed answer would be stored compressed, with a different hash.
        'accept-encoding': 'identity',
        ...(offset === 0 ? {} : { range: `bytes=${offset}-`, ...(etag === null ? {} : { 'if-range': etag }) }),
      },
      ...(lookup === undefined ? {} : { httpAgent: new HttpAgent({ lookup }), httpsAgent: new HttpsAgent({ lookup }) }),
      proxy,
    });
    if (status === 407) {
      data.destroy();
      throw refusedByProxy(url);
    }
    const header = (name: string) => z.string().safeParse(headers[name]).data;
    const whole = { from: 0, length: numberOf(header('content-length')) };
    return {
      status,
      ...(status === 206 ? placeOf(header('content-range')) : whole),
      etag: header('etag') ?? null,
      location: header('location') ?? null,
      body: data,
      isWhole: () => data.readableEnded === true,
      close: () => data.on('error', () => undefined).destroy(),
    };
  } catch (error) {
    signal.throwIfAborted();
    if (!isAxiosError(error)) throw error;
    const { host } = new URL(url);
    if (error.code === privateAddress)
      throw new MlopsError(
        'DOWNLOAD_REFUSED',
        `the link of a model file to ${host} is not followed: the name resolves to an address of a private network. Report it to the platform`,
      );
    const problem = tlsProblem(error.code ?? '');
    if (problem !== null) throw new MlopsError('PLATFORM_UNTRUSTED', `the link of a model file to ${host}: ${problem}`);
    return null;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

/** The part's bytes; a break ends them. */
async function* untilBroken(part: Part, silenceMs: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  let timer: NodeJS.Timeout | undefined;
  const watch = () => {
    clearTimeout(timer);
    timer = setTimeout(() => part.close(), silenceMs);
  };
  const abort = () => part.close();
  signal.addEventListener('abort', abort, { once: true });
  watch();
  try {
    for await (const chunk of part.body) {
      // The reader's time does not count as silence of the connection.
      clearTimeout(timer);
      yield chunk;
      watch();
    }
    signal.throwIfAborted();
  } catch {
    signal.throwIfAborted();
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    part.close();
  }
}
