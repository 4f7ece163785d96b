import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type DownloadWaits, download } from '../../src/platform/download.ts';
import { eventually } from '../eventually.ts';
import { thrownBy } from '../thrown.ts';

const never = new AbortController().signal;
/** Any pattern whose parts differ from each other. */
const file = Buffer.from(
  Array.from({ length: 1_000 }, (_, n) => createHash('sha256').update(`${n}`).digest('hex')).join(''),
);
const etag = '"v1"';
const signature = 'sig-4f1c9e';

type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** A server of one file; `answers` are for the first requests, the last one for all that follow. */
async function server(...answers: Answer[]) {
  const asked: { range: string | undefined; ifRange: string | undefined; url: string }[] = [];
  const http = createServer((request, response) => {
    const ifRange = request.headers['if-range'];
    asked.push({ range: request.headers.range, ifRange: ifRange?.toString(), url: request.url ?? '' });
    answers[Math.min(asked.length, answers.length) - 1]?.(request, response, asked.length);
  });
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    http.closeAllConnections();
    await new Promise(resolve => http.close(resolve));
  });
  const address = http.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  let links = 0;
  return {
    asked,
    links: () => links,
    link: async () => `${origin}/file?link=${++links}&signature=${signature}`,
  };
}

const waits: DownloadWaits = { backoffMs: 1, silenceMs: 5_000 };

async function fetched(link: () => Promise<string>, change: Partial<DownloadWaits> = {}, signal = never) {
  const chunks: Uint8Array[] = [];
  const rules = { platform: 'https://platform.example', mostBytes: 1_000_000 };
  const fromPlatform = async () => {
    const url = await link();
    rules.platform = new URL(url).origin;
    return url;
  };
  for await (const chunk of download(fromPlatform, signal, rules, { ...waits, ...change })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The bytes from where they are asked for, as a good server gives them, up to `until`, where the connection breaks. */
function serve({ until = file.length, content = file, tag = etag, chunked = false } = {}): Answer {
  return (request, response) => {
    const ranged = request.headers['if-range'] === undefined || request.headers['if-range'] === tag;
    const from = ranged ? Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0;
    response.writeHead(from > 0 ? 206 : 200, {
      ...(tag === '' ? {} : { etag: tag }),
      ...(chunked ? {} : { 'content-length': content.length - from }),
      ...(from > 0 ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
    });
    if (until >= content.length) response.end(content.subarray(from));
    else response.write(content.subarray(from, until), () => response.destroy());
  };
}

const status =
  (code: number): Answer =>
  (_, response) =>
    void response.writeHead(code, { 'content-length': 2 }).end('no');

/** What such a download fails with; neither the link nor its signature is in it, however deep. */
async function failure(link: () => Promise<string>, change: Partial<DownloadWaits> = {}) {
  const error = await thrownBy(() => fetched(link, change));
  const shown = `${inspect(error, { depth: null, showHidden: true })} ${error instanceof Error ? error.stack : ''}`;
  expect(shown).not.toContain(signature);
  expect(shown).not.toContain('/file?');
  return error;
}

describe('a download', () => {
  it('is the bytes that lie there', async () => {
    const { link, asked } = await server(serve());
    expect((await fetched(link)).equals(file)).toBe(true);
    expect(asked).toEqual([{ range: undefined, ifRange: undefined, url: expect.any(String) }]);
  });

  it('that breaks is taken up where it broke, as often as that happens', async () => {
    const stops = [10_000, 10_001, 30_000, 63_999];
    const { link, asked, links } = await server(...stops.map(until => serve({ until })), serve());
    expect((await fetched(link)).equals(file)).toBe(true);
    expect(asked.map(({ range }) => range)).toEqual([undefined, ...stops.map(stop => `bytes=${stop}-`)]);
    expect(asked.slice(1).every(({ ifRange }) => ifRange === etag)).toBe(true);
    expect(links()).toBe(1);
  });

  it('without a length is whole when it ends, and is taken up all the same when it breaks', async () => {
    const whole = await server(serve({ chunked: true }));
    expect((await fetched(whole.link)).equals(file)).toBe(true);
    const broken = await server(serve({ chunked: true, until: 20_000 }), serve({ chunked: true }));
    expect((await fetched(broken.link)).equals(file)).toBe(true);
    expect(broken.asked[1]?.range).toBe('bytes=20000-');
  });

  it('of a server that names no version goes on while the length is the same', async () => {
    const { link, asked } = await server(serve({ tag: '', until: 500 }), serve({ tag: '' }));
    expect((await fetched(link)).equals(file)).toBe(true);
    expect(asked[1]).toMatchObject({ range: 'bytes=500-', ifRange: undefined });
    const other = await server(
      serve({ tag: '', until: 500 }),
      serve({ tag: '', content: Buffer.concat([file, file]) }),
    );
    expect(await failure(other.link)).toMatchObject({ code: 'DOWNLOAD_BROKEN' });
  });

  it('is not packed on the way: the hash is that of the file', async () => {
    const packing: Answer = (request, response) => {
      const isPacked = String(request.headers['accept-encoding'] ?? '').includes('gzip');
      const content = isPacked ? gzipSync(file) : file;
      response.writeHead(200, {
        'content-length': content.length,
        ...(isPacked ? { 'content-encoding': 'gzip' } : {}),
      });
      response.end(content);
    };
    expect((await fetched((await server(packing)).link)).equals(file)).toBe(true);
  });

  it('of nothing is nothing', async () => {
    expect(await fetched((await server(serve({ content: Buffer.alloc(0) }))).link)).toHaveLength(0);
  });
});

describe('what cannot go on is DOWNLOAD_BROKEN, to be begun anew', () => {
  const broken = { code: 'DOWNLOAD_BROKEN', verdict: 'retry' };
  const changed = Buffer.from(file.toString().toUpperCase());

  it('where the server ignores ranges', async () => {
    const { link, asked } = await server(serve({ until: 9_000 }), (_, response) => void response.end(file));
    expect(await failure(link)).toMatchObject(broken);
    expect(asked).toHaveLength(2);
  });

  it('where the file has become another one', async () => {
    const { link } = await server(serve({ until: 9_000 }), serve({ content: changed, tag: '"v2"' }));
    expect(await failure(link)).toMatchObject(broken);
  });

  it.each<[string, Record<string, string | number>]>([
    ['of another version', { etag: '"v2"', 'content-range': `bytes 9000-${file.length - 1}/${file.length}` }],
    ['from elsewhere', { etag, 'content-range': `bytes 9001-${file.length}/${file.length}` }],
    ['of a file of another length', { etag, 'content-range': `bytes 9000-${file.length}/${file.length + 1}` }],
    ['that does not say where it is from', { etag }],
  ])('where the part is one %s, though it was not asked for', async (_case, headers) => {
    const { link } = await server(serve({ until: 9_000 }), (_, response) => {
      response.writeHead(206, headers).end(changed.subarray(9_000));
    });
    expect(await failure(link)).toMatchObject(broken);
  });

  it('where it breaks again and again without a byte in between', async () => {
    const { link, asked } = await server(serve({ until: 9_000 }), (request, response) => {
      request.socket.destroy();
      response.destroy();
    });
    expect(await failure(link)).toMatchObject(broken);
    expect(asked).toHaveLength(1 + 6);
  });

  it('where the server only answers 5xx, and says which', async () => {
    const { link } = await server(status(503));
    expect(await failure(link)).toMatchObject({ ...broken, message: expect.stringContaining('503') });
  });

  it('where nobody is there', async () => {
    expect(await failure(async () => `http://127.0.0.1:9/file?signature=${signature}`)).toMatchObject(broken);
  });
});

describe('trouble on the way', () => {
  it('by 5xx passes', async () => {
    const { link, links } = await server(status(503), status(500), serve({ until: 5 }), status(502), serve());
    expect((await fetched(link)).equals(file)).toBe(true);
    expect(links()).toBe(1);
  });

  it('by silence is a break: before the answer, and within it', async () => {
    const silent: Answer = (_, response) => {
      response.writeHead(200, { 'content-length': file.length, etag }).write(file.subarray(0, 700));
    };
    const { link, asked } = await server(() => undefined, silent, serve());
    expect((await fetched(link, { silenceMs: 500 })).equals(file)).toBe(true);
    expect(asked.map(({ range }) => range)).toEqual([undefined, undefined, 'bytes=700-']);
  });

  it('is not that the reader takes its time', async () => {
    const { link, asked } = await server(serve());
    const silent = await server(() => undefined);
    const stop = new AbortController();
    const patient = { ...waits, silenceMs: 600 };
    let bytes = 0;
    let other: Promise<unknown> | null = null;
    const rules = { platform: await link(), mostBytes: file.length };
    for await (const chunk of download(link, never, rules, patient)) {
      if (bytes === 0) {
        // Meanwhile another one, begun later, is found silent.
        other = thrownBy(() => fetched(silent.link, patient, stop.signal));
        await eventually(() => silent.asked.length > 1);
        stop.abort();
      }
      bytes += chunk.byteLength;
    }
    await other;
    expect(bytes).toBe(file.length);
    expect(asked).toHaveLength(1);
  });

  it('ends with the reason of whoever gives it up, also while nothing comes', async () => {
    const stop = new AbortController();
    const { link } = await server(() => stop.abort(new Error('enough')));
    expect(await thrownBy(() => fetched(link, {}, stop.signal))).toMatchObject({ message: 'enough' });
  });
});

describe('a link that has expired', () => {
  it.each([401, 403, 404, 410])('(%i) is asked for anew, once', async code => {
    const { link, asked, links } = await server(status(code), serve());
    expect((await fetched(link)).equals(file)).toBe(true);
    expect(links()).toBe(2);
    expect(asked.map(({ url }) => /link=(\d)/.exec(url)?.[1])).toEqual(['1', '2']);
  });

  it('in the middle goes on under the new one, from where it broke', async () => {
    const { link, asked, links } = await server(serve({ until: 40_000 }), status(403), serve());
    expect((await fetched(link)).equals(file)).toBe(true);
    expect(asked.map(({ range }) => range)).toEqual([undefined, 'bytes=40000-', 'bytes=40000-']);
    expect(links()).toBe(2);
  });

  it('when it is fresh is no use asking for again', async () => {
    const { link, links } = await server(status(403));
    expect(await failure(link)).toMatchObject({ code: 'DOWNLOAD_EXPIRED', verdict: 'retry' });
    expect(links()).toBe(2);
  });

  it('fails as asking for it does', async () => {
    const error = new Error('no link now');
    expect(await thrownBy(() => fetched(() => Promise.reject(error)))).toBe(error);
  });
});
