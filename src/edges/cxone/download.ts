import { setTimeout as pause } from 'node:timers/promises';
import axios, { isAxiosError } from 'axios';
import { z } from 'zod';
import { MlopsError } from '../../errors.ts';
import { proxyFor } from './transport.ts';

/** How often in a row a download may break without a byte in between. */
const mostBreaks = 6;
const backoffMs = 200;
/** A connection that says nothing for so long is broken. */
const silenceMs = 30_000;

/** The link itself is no longer good: another one may be. */
const expired: readonly number[] = [401, 403, 404, 410];

/**
 * The bytes behind a signed URL. A broken connection is taken up where it broke, when the server can do that for the
 * very same file, else the download starts anew (with DOWNLOAD_BROKEN, as what was given out cannot be taken back).
 * @param link a URL that is good now; asked again once one has expired
 * @throws MlopsError DOWNLOAD_BROKEN, DOWNLOAD_EXPIRED; the URL is never part of an error
 */
export async function* download(link: () => Promise<string>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  let url = await link();
  let offset = 0;
  let total: number | null = null;
  let etag: string | null = null;
  let breaks = 0;
  let renewed = false;
  for (;;) {
    const part = await open(url, offset, etag, signal);
    if (part !== null && expired.includes(part.status)) {
      part.close();
      if (renewed)
        throw new MlopsError(
          'DOWNLOAD_EXPIRED',
          `a fresh link of the platform was answered ${part.status}: retry, or look there whether the files still exist`,
        );
      renewed = true;
      url = await link();
      continue;
    }
    if (part !== null && (part.status === 200 || part.status === 206)) {
      if (offset > 0 && part.status === 200) {
        part.close();
        throw new MlopsError('DOWNLOAD_BROKEN', 'the download broke, and the platform cannot go on with it');
      }
      total ??= part.length;
      etag ??= part.etag;
      for await (const chunk of untilBroken(part, signal)) {
        yield chunk;
        offset += chunk.byteLength;
        breaks = 0;
        renewed = false;
      }
      if (total === null ? part.isWhole() : offset >= total) return;
    } else part?.close();
    breaks += 1;
    if (breaks > mostBreaks)
      throw new MlopsError('DOWNLOAD_BROKEN', `the download broke ${breaks} times at ${offset} bytes${statusOf(part)}`);
    await pause(backoffMs * 2 ** breaks, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

interface Part {
  readonly status: number;
  /** Bytes of the whole file. */
  readonly length: number | null;
  readonly etag: string | null;
  readonly body: AsyncIterable<Uint8Array>;
  /** Whether the body came to its own end. */
  isWhole(): boolean;
  close(): void;
}

const statusOf = (part: Part | null) => (part === null ? '' : ` (${part.status})`);

const range = z.string().transform(text => Number(/\/(\d+)$/.exec(text)?.[1] ?? Number.NaN));

/** `null` where there is no answer. */
async function open(url: string, offset: number, etag: string | null, signal: AbortSignal): Promise<Part | null> {
  try {
    const { status, headers, data } = await axios.get(url, {
      ...{
        responseType: 'stream',
        validateStatus: () => true,
        maxRedirects: 3,
        timeout: silenceMs,
        signal,
        decompress: false,
      },
      headers: offset === 0 ? {} : { range: `bytes=${offset}-`, ...(etag === null ? {} : { 'if-range': etag }) },
      ...proxyFor(url),
    });
    const header = (name: string) => z.string().safeParse(headers[name]).data;
    const size = status === 206 ? range.safeParse(header('content-range')).data : Number(header('content-length'));
    return {
      status,
      length: size === undefined || Number.isNaN(size) ? null : size,
      etag: header('etag') ?? null,
      body: data,
      isWhole: () => data.readableEnded === true,
      close: () => data.destroy(),
    };
  } catch (error) {
    signal.throwIfAborted();
    if (!isAxiosError(error)) throw error;
    return null;
  }
}

/** The part's bytes; a break ends them. */
async function* untilBroken(part: Part, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  let timer: NodeJS.Timeout | undefined;
  const watch = () => {
    clearTimeout(timer);
    timer = setTimeout(() => part.close(), silenceMs);
  };
  watch();
  try {
    for await (const chunk of part.body) {
      watch();
      yield chunk;
    }
  } catch {
    signal.throwIfAborted();
  } finally {
    clearTimeout(timer);
    part.close();
  }
}
